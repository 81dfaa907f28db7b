package query

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/restante/restante/imap"
)

const repeatedMessage = "Subject: one\r\nSubject: two\r\nTo: a@example.org\r\nTo: b@example.org\r\n\r\n"

const plainMessage = "From: Zoë Müller <zoe@example.org>\r\nTo: bob@example.com\r\n" +
	"Subject: =?utf-8?Q?Caf=C3=A9?= in\r\n the =?utf-8?B?8J+Yig==?= morning\r\nMessage-ID: <id1@example.org>\r\n" +
	"X-Trace: here\r\nContent-Type: text/plain; charset=iso-8859-1\r\n" +
	"Content-Transfer-Encoding: quoted-printable\r\n\r\nStra=DFe und\r\n  Gr=FC=DFe=\r\n!\r\n"

// Each kind of key goes no further than it must to decide.
func TestTiersAreLazy(t *testing.T) {
	word := NewPattern("no such word")
	for _, test := range []struct {
		name string
		key  Key
		want Tier
	}{
		{"UID", UIDs{imap.SetOf[imap.UID](1)}, TierUID},
		{"flags", HasFlag{Bit: 1}, TierMarks},
		{"a set and a text", And{Text{Pattern: word}, UIDs{imap.SetOf[imap.UID](9)}}, TierUID},
		{"flags decide before text", And{Text{Pattern: word}, HasFlag{Bit: 1}}, TierMarks},
		{"an alternative decides", Or{Text{Pattern: word}, HasFlag{Bit: 1, Absent: true}}, TierMarks},
		{"size", Larger{1}, TierRow},
		{"size decides before the envelope", And{Envelope{From, word}, Smaller{1}}, TierRow},
		{"subject", Envelope{Subject, word}, TierStructure},
		{"cached header field", Header{"message-id", NewPattern("id1")}, TierStructure},
		{"cached header field without a match", Header{"Subject", word}, TierStructure},
		{"presence of From", Header{"From", NewPattern("")}, TierStructure},
		{"other header field", Header{"X-Trace", word}, TierHeader},
		{"deep in a tree", Or{And{HasFlag{Bit: 2}, Text{Pattern: word}}, Not{Or{Larger{1}, Text{Pattern: word}}}}, TierRow},
		{"everything", Text{Pattern: NewPattern("")}, TierUID},
	} {
		m := newFake(1, plainMessage)
		run(t, test.key, []*fakeMessage{m})
		if m.dearest != test.want {
			t.Errorf("%s: tier %d was reached, want %d", test.name, m.dearest, test.want)
		}
	}
}

// Strings match without regard to case, encoding, charset and line breaks.
func TestTextMatching(t *testing.T) {
	m := []*fakeMessage{newFake(1, plainMessage), newFake(2, "Subject:\r\n\r\nnothing\r\n")}
	for _, key := range []Key{
		Header{"Subject", NewPattern("two")}, Header{"Subject", NewPattern("one")}, Header{"To", NewPattern("b@")},
		Envelope{Subject, NewPattern("one")}, Envelope{To, NewPattern("b@")}, Not{Envelope{Subject, NewPattern("two")}},
	} {
		if len(run(t, key, []*fakeMessage{newFake(1, repeatedMessage)})) != 1 {
			t.Errorf("repeated fields: %#v finds nothing", key)
		}
	}
	for _, test := range []struct {
		name string
		key  Key
		want bool
	}{
		{"name", Envelope{From, NewPattern("ZOË MÜLLER")}, true},
		{"name without accents at the end", Envelope{From, NewPattern("zoe")}, true},
		{"address", Envelope{From, NewPattern("zoe@EXAMPLE")}, true},
		{"other place", Envelope{To, NewPattern("zoe@")}, false},
		{"absent place", Envelope{Bcc, NewPattern("")}, false},
		{"folded subject", Envelope{Subject, NewPattern("café in the")}, true},
		{"subject beyond the first plane", Envelope{Subject, NewPattern("😊 morning")}, true},
		{"undecoded subject", Envelope{Subject, NewPattern("=?utf-8")}, false},
		{"field", Header{"x-TRACE", NewPattern("HERE")}, true},
		{"absent field", Header{"X-Absent", NewPattern("")}, false},
		{"body", Text{Pattern: NewPattern("STRASSE")}, false},
		{"body with its own letter", Text{Pattern: NewPattern("STRAßE")}, true},
		{"body across lines", Text{Pattern: NewPattern("straße und grüße!")}, true},
		{"body has no header", Text{Pattern: NewPattern("x-trace")}, false},
		{"text has the header", Text{NewPattern("x-trace: here"), true}, true},
		{"text has the decoded header", Text{NewPattern("subject: CAFÉ"), true}, true},
	} {
		want := []imap.UID{1}
		if !test.want {
			want = nil
		}
		if got := run(t, test.key, m); !slices.Equal(got, want) {
			t.Errorf("%s: found %v, want %v", test.name, got, want)
		}
	}
}

// A pattern is found wherever the pieces of a stream end, also within a
// character.
func TestMatchAcrossPieces(t *testing.T) {
	const text = "aaab aaáb ﬁne Ⅳ \u00e9\u0301 x\u00ady straße"
	for _, word := range []string{"aab", "AAÁB", "fine", "iv", "é\u0301 xy", "straße", "e ", text} {
		p := NewPattern(word)
		for first := range len(text) + 1 {
			for second := first; second <= len(text); second++ {
				m := matcher{pattern: p.folded}
				m.feed([]byte(text[:first]), false)
				m.feed([]byte(text[first:second]), false)
				if got, want := m.feed([]byte(text[second:]), true), naiveContains(p, text); got != want {
					t.Fatalf("%q cut at %d and %d: found %v, want %v", word, first, second, got, want)
				}
			}
		}
	}
}

// Folding in pieces gives what folding at once gives, for any octets.
func FuzzFold(f *testing.F) {
	f.Add([]byte("a\xc3"), []byte("\xa9b"))
	f.Add([]byte("\xc3"), []byte("\u00ff"))
	f.Add([]byte("x\xf0\x9f"), []byte("A \x98"))
	f.Add([]byte(" \xe2\x80"), []byte("\x8b "))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var whole, pieces folder
		want := whole.fold(nil, append(slices.Clone(a), b...), true)
		got := pieces.fold(pieces.fold(nil, a, false), b, true)
		if !slices.Equal(got, want) {
			t.Fatalf("%q and %q fold to %q, together to %q", a, b, got, want)
		}
	})
}

// One message that cannot be read hides no other; a source's error, a cancelled
// context and a full sink end the run.
func TestRunEnds(t *testing.T) {
	broken := newFake(1, plainMessage)
	broken.broken = errBroken
	messages := []*fakeMessage{broken, newFake(2, plainMessage), newFake(3, plainMessage)}
	program := Compile(Envelope{From, NewPattern("zoe")})
	var found []imap.UID
	collect := func(m Message) bool { found = append(found, m.UID()); return len(found) < 2 }

	var unreadable []imap.UID
	err := program.Run(t.Context(), source(messages), Sink{Found: collect, Unreadable: func(m Message, err error) error {
		unreadable = append(unreadable, m.UID())
		return nil
	}})
	if err != nil || !slices.Equal(found, []imap.UID{2, 3}) || !slices.Equal(unreadable, []imap.UID{1}) {
		t.Errorf("found %v, unreadable %v, %v", found, unreadable, err)
	}
	if found = nil; program.Run(t.Context(), source(append(messages, messages...)), Sink{Found: collect}) != nil || len(found) != 2 {
		t.Errorf("a full sink: %v", found)
	}
	err = program.Run(t.Context(), source(messages), Sink{Found: collect, Unreadable: func(_ Message, err error) error { return err }})
	if !errors.Is(err, errBroken) {
		t.Errorf("an unreadable message that matters: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := program.Run(ctx, source(messages), Sink{Found: collect}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: %v", err)
	}
	failing := func(yield func(Message, error) bool) { yield(nil, errBroken) }
	if err := program.Run(t.Context(), failing, Sink{Found: collect}); !errors.Is(err, errBroken) {
		t.Errorf("a failing source: %v", err)
	}
	if ok, err := Compile(Or{Envelope{From, NewPattern("x")}, HasFlag{Bit: 1, Absent: true}}).Match(broken); !ok || err != nil {
		t.Errorf("what can be decided without reading: %v, %v", ok, err)
	}
}
