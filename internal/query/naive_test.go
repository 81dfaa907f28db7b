package query

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// naive answers a key by the full scan of RFC 9051 §6.4.4: everything is read,
// nothing cached is believed, and texts are compared whole.
func naive(key Key, m *fakeMessage) bool {
	s := message.ParseBytes(m.content)
	switch k := key.(type) {
	case All:
		return true
	case None:
		return false
	case And:
		return !slices.ContainsFunc(k, func(key Key) bool { return !naive(key, m) })
	case Or:
		return slices.ContainsFunc(k, func(key Key) bool { return naive(key, m) })
	case Not:
		return !naive(k.Key, m)
	case UIDs:
		return k.Set.Contains(m.uid)
	case HasFlag:
		return (m.flags>>k.Bit&1 == 1) != k.Absent
	case ChangedSince:
		return m.modseq >= k.ModSeq
	case Email:
		return m.row.Email == k.ID
	case Larger:
		return uint64(len(m.content)) > k.Octets
	case Smaller:
		return uint64(len(m.content)) < k.Octets
	case InternalDate:
		return k.When.holds(m.row.InternalDay, k.Day)
	case Received:
		return k.Since && m.row.InternalUnix >= k.Unix || !k.Since && m.row.InternalUnix <= k.Unix
	case SaveDate:
		return k.When.holds(m.row.SaveDay, k.Day)
	case SentDate:
		return !s.Sent.IsZero() && k.When.holds(DayAt(s.Sent), k.Day)
	case Envelope:
		return naiveEnvelope(k, &s.Envelope)
	case Header:
		header := m.content[s.Root.Header.Start:s.Root.Header.End]
		for value := range message.HeaderValues(header, k.Field) {
			if naiveContains(k.Pattern, message.DecodeWords(value)) {
				return true
			}
		}
		return false
	case Text:
		return naiveText(k, s, m.content)
	}
	panic("a key that the full scan does not know")
}

func naiveContains(p Pattern, text string) bool {
	return bytes.Contains(NewPattern(text).folded, p.folded)
}

func naiveEnvelope(k Envelope, e *message.Envelope) bool {
	if k.Place == Subject {
		return e.Subject.Present && naiveContains(k.Pattern, message.DecodeWords(e.Subject.Text))
	}
	list := map[Place][]message.Address{From: e.From, To: e.To, Cc: e.Cc, Bcc: e.Bcc}[k.Place]
	return slices.ContainsFunc(list, func(a message.Address) bool {
		return naiveContains(k.Pattern, addressText(&a))
	})
}

func naiveText(k Text, s *message.Structure, content []byte) (found bool) {
	if k.Pattern.Empty() {
		return true
	}
	var parts func(p *message.Part)
	parts = func(p *message.Part) {
		if k.Headers {
			for f := range message.Fields(content[p.Header.Start:p.Header.End]) {
				line := string(f.Name) + ": " + string(message.Unfold(nil, f.Value))
				found = found || naiveContains(k.Pattern, message.DecodeWords(line))
			}
		}
		if p.Message != nil {
			parts(&p.Message.Root)
		} else if p.IsText() || p.Type == "message" {
			text, _ := io.ReadAll(p.TextReader(bytes.NewReader(content)))
			found = found || naiveContains(k.Pattern, string(text))
		}
		for i := range p.Parts {
			parts(&p.Parts[i])
		}
	}
	parts(&s.Root)
	return found
}

// generator makes random keys over words that the messages have, or nearly.
type generator struct {
	*rand.Rand
	messages []*fakeMessage
}

var generatorFields = []string{
	"Subject", "MESSAGE-ID", "In-Reply-To", "From", "to", "Cc", "Bcc", "References", "Date",
	"Received", "Content-Type", "X-Mailer", "Reply-To", "Absent",
}

// word takes a piece out of a message, or mangles one.
func (g *generator) word() Pattern {
	switch m := g.messages[g.IntN(len(g.messages))]; g.IntN(6) {
	case 0:
		return NewPattern("")
	case 1:
		return NewPattern(strings.ToUpper(m.structure.Envelope.Subject.Text))
	case 2:
		if len(m.structure.Envelope.From) > 0 {
			return NewPattern(m.structure.Envelope.From[0].Addr())
		}
	case 3:
		return NewPattern(message.DecodeWords(m.structure.Envelope.Subject.Text))
	case 4:
		text := m.structure.Preview(bytes.NewReader(m.content))
		start := g.IntN(len(text) + 1)
		return NewPattern(text[start:min(len(text), start+1+g.IntN(12))])
	}
	return NewPattern([]string{"the", "no such word", "é", "example.org", "charset", "<"}[g.IntN(6)])
}

func (g *generator) key(depth int) Key {
	kinds := 17
	if depth == 0 {
		kinds = 13
	}
	day, when := Day(11000+g.IntN(2000)), When(1+g.IntN(3))
	switch g.IntN(kinds) {
	case 0:
		return []Key{All{}, None{}}[g.IntN(2)]
	case 1:
		first := imap.UID(1 + g.IntN(len(g.messages)))
		return UIDs{imap.UIDSet{{Start: first, Stop: first + imap.UID(g.IntN(40))}}[:g.IntN(2)]}
	case 2:
		return HasFlag{uint16(g.IntN(4)), g.IntN(2) == 0}
	case 3:
		return ChangedSince{imap.ModSeq(g.IntN(100))}
	case 4:
		return Larger{uint64(g.IntN(6000))}
	case 5:
		return Smaller{uint64(g.IntN(6000))}
	case 6:
		return InternalDate{when, day}
	case 7:
		if g.IntN(2) == 0 {
			return Received{g.IntN(2) == 0, int64(day) * 86400}
		}
		return SaveDate{when, day}
	case 8:
		return SentDate{when, day}
	case 9, 10:
		return Envelope{Place(1 + g.IntN(5)), g.word()}
	case 11:
		return Header{generatorFields[g.IntN(len(generatorFields))], g.word()}
	case 12:
		return Text{g.word(), g.IntN(2) == 0}
	case 13:
		return Not{g.key(depth - 1)}
	case 14:
		return And(g.keys(depth - 1))
	}
	return Or(g.keys(depth - 1))
}

func (g *generator) keys(depth int) []Key {
	keys := make([]Key, g.IntN(4))
	for i := range keys {
		keys[i] = g.key(depth)
	}
	return keys
}

// Staged evaluation finds what the full scan finds, and simplifying a program
// never changes its answer.
func TestRunEqualsFullScan(t *testing.T) {
	const seed, programs = 20261123, 400
	g := generator{rand.New(rand.NewPCG(seed, 1)), goldenMessages(t)}
	for _, m := range g.messages {
		m.flags, m.modseq = g.Uint64(), imap.ModSeq(g.IntN(100))
		m.row.InternalUnix = (11000 + int64(g.IntN(2000))) * 86400
		m.row.InternalDay, m.row.SaveDay = Day(11000+g.IntN(2000)), Day(11000+g.IntN(2000))
	}
	matched := 0
	for i := range programs {
		key := g.key(3)
		sample := make([]*fakeMessage, 0, 20)
		for range cap(sample) {
			sample = append(sample, g.messages[g.IntN(len(g.messages))])
		}
		var want []imap.UID
		for _, m := range sample {
			if naive(key, m) {
				want = append(want, m.uid)
			}
			simple := Simplify(key)
			if naive(simple, m) != naive(key, m) {
				t.Fatalf("seed %d program %d: %#v is simplified to %#v, which answers otherwise", seed, i, key, simple)
			}
		}
		if got := run(t, key, sample); !slices.Equal(got, want) {
			t.Fatalf("seed %d program %d: %#v finds %v, the full scan %v", seed, i, key, got, want)
		}
		matched += len(want)
	}
	if matched < programs || matched > programs*19 {
		t.Errorf("%d matches in %d programs: the programs say too little", matched, programs)
	}
}
