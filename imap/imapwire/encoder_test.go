package imapwire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/restante/restante/imap"
)

// written returns what write puts on the wire.
func written(mode Mode, write func(*Encoder)) string {
	var out bytes.Buffer
	e := NewEncoder(&out)
	e.SetMode(mode)
	write(e)
	if err := e.Flush(); err != nil {
		return err.Error()
	}
	return out.String()
}

// Strings come in quotes where they may, and as literals where they must.
func TestStrings(t *testing.T) {
	long := strings.Repeat("x", quotedOctetsMax+1)
	for _, c := range []struct{ text, rev1, rev2 string }{
		{"", `""`, `""`},
		{"plain text", `"plain text"`, `"plain text"`},
		{`a "b" \c`, `"a \"b\" \\c"`, `"a \"b\" \\c"`},
		{"line\r\nend", "{9}\r\nline\r\nend", "{9}\r\nline\r\nend"},
		{"\u00e9", "{2}\r\n\u00e9", "\"\u00e9\""},
		{"\xe9", "{1}\r\n\xe9", "{1}\r\n\xe9"},
		{"a\x00b", "{2}\r\nab", "{2}\r\nab"},
		{"tab\t", "\"tab\t\"", "\"tab\t\""},
		{long, "{1001}\r\n" + long, "{1001}\r\n" + long},
	} {
		for mode, want := range map[Mode]string{{}: c.rev1, {UTF8: true}: c.rev2} {
			if got := written(mode, func(e *Encoder) { e.String(c.text) }); got != want {
				t.Errorf("%q in %v: %q, want %q", c.text, mode, got, want)
			}
		}
	}
}

// Mailbox names come in modified UTF-7 for IMAP4rev1, and in quotes where an atom
// would be something else.
func TestMailboxNamesWritten(t *testing.T) {
	for _, c := range []struct{ name, rev1, rev2 string }{
		{"INBOX", "INBOX", "INBOX"},
		{"NIL", `"NIL"`, `"NIL"`},
		{"nil", `"nil"`, `"nil"`},
		{"a b", `"a b"`, `"a b"`},
		{"a]b", `"a]b"`, `"a]b"`},
		{"a%b", `"a%b"`, `"a%b"`},
		{"\u263a", "&Jjo-", "\"\u263a\""},
		{"A&B", "A&-B", "A&B"},
		{"\U0001f600", "&2D3eAA-", "\"\U0001f600\""},
	} {
		for mode, want := range map[Mode]string{{}: c.rev1, {UTF8: true}: c.rev2} {
			if got := written(mode, func(e *Encoder) { e.Mailbox(c.name) }); got != want {
				t.Errorf("%q in %v: %q, want %q", c.name, mode, got, want)
			}
		}
	}
}

// Responses come as the grammar and old clients want them.
func TestResponsesWritten(t *testing.T) {
	one, two := imap.SetOf[imap.UID](7), imap.SetOf[imap.UID](3, 4)
	for want, write := range map[string]func(*Encoder){
		"a OK [COPYUID 9 7 7] done\r\n": func(e *Encoder) {
			e.Status("a", imap.StatusOK, imap.CodeCopyUID{UIDValidity: 9, Source: one, Destination: one}, "done")
		},
		"a OK [APPENDUID 9 3:4] done\r\n": func(e *Encoder) {
			e.Status("a", imap.StatusOK, imap.CodeAppendUID{UIDValidity: 9, UIDs: two}, "done")
		},
		"* NO [ALERT] ?full??\r\n": func(e *Encoder) {
			e.Untagged(imap.StatusNo, imap.CodeAlert, "\rfull\xc3\xa9")
		},
		"* OK OK\r\n":                  func(e *Encoder) { e.Untagged(imap.StatusOK, nil, "") },
		"* OK  [x] y\r\n":              func(e *Encoder) { e.Untagged(imap.StatusOK, nil, "[x] y") },
		"+ idling\r\n":                 func(e *Encoder) { e.Continuation("idling") },
		"* 3 EXISTS\r\n":               func(e *Encoder) { e.Exists(3) },
		"* 0 RECENT\r\n":               func(e *Encoder) { e.Recent(0) },
		"* 3 EXPUNGE\r\n":              func(e *Encoder) { e.Expunge(3) },
		"* VANISHED 3:4\r\n":           func(e *Encoder) { e.Vanished(false, two) },
		"":                             func(e *Encoder) { e.Vanished(true, nil) },
		"* FLAGS ()\r\n":               func(e *Encoder) { e.Flags(nil) },
		"* ENABLED\r\n":                func(e *Encoder) { e.Enabled(nil) },
		"* ID NIL\r\n":                 func(e *Encoder) { e.ID(nil) },
		"* SEARCH\r\n":                 func(e *Encoder) { e.SearchUIDs(nil, 5) },
		"* SEARCH 3 4\r\n":             func(e *Encoder) { e.SearchUIDs(two, 0) },
		"* ESEARCH (TAG \"\\\"\")\r\n": func(e *Encoder) { e.ESearch(&imap.SearchData{Tag: `"`}) },
		"* LIST () \"\\\\\" \"a b\" (\"CHILDINFO\" (\"SUBSCRIBED\") \"OLDNAME\" (c))\r\n": func(e *Encoder) {
			e.List(&imap.ListData{Delimiter: '\\', Mailbox: "a b", ChildInfo: []string{"SUBSCRIBED"}, OldName: "c"})
		},
		"* LSUB (\\Noselect) NIL x\r\n": func(e *Encoder) {
			e.Lsub(&imap.ListData{Attrs: []imap.MailboxAttr{imap.AttrNoSelect}, Mailbox: "x"})
		},
		"* STATUS x (MESSAGES 1 APPENDLIMIT NIL)\r\n": func(e *Encoder) {
			e.MailboxStatus(&imap.StatusData{Mailbox: "x", Values: []imap.StatusValue{
				{Item: imap.StatusMessages, Number: 1}, {Item: imap.StatusAppendLimit, Nil: true}}})
		},
		"* NAMESPACE ((\"\" \"/\")) NIL ((\"&Jjo-/\" NIL))\r\n": func(e *Encoder) {
			e.Namespaces(&imap.NamespaceData{Personal: []imap.Namespace{{Delimiter: '/'}}, Shared: []imap.Namespace{{Prefix: "\u263a/"}}})
		},
	} {
		if got := written(Mode{}, write); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A literal of any size passes through a small buffer, whole and in order, and a
// source that ends early spoils the encoder.
func TestLiteralFrom(t *testing.T) {
	content := strings.Repeat("0123456789", 1000)
	for _, wrap := range []func(io.Reader) io.Reader{
		func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader,
	} {
		got := written(Mode{}, func(e *Encoder) {
			e.Attach(make([]byte, 0, 600))
			e.Raw("* x ").LiteralFrom(wrap(strings.NewReader(content)), int64(len(content))).octet(')').CRLF()
		})
		if want := "* x {10000}\r\n" + content + ")\r\n"; got != want {
			t.Errorf("%d octets, want %d", len(got), len(want))
		}
	}
	if got := written(Mode{}, func(e *Encoder) { e.Literal8From(strings.NewReader("abc"), 4) }); got != ErrShortLiteral.Error() {
		t.Errorf("%q", got)
	}
}

// A client waits before each literal that the server has to ask for.
func TestCommandLiterals(t *testing.T) {
	var out bytes.Buffer
	waits := 0
	e := NewEncoder(&out)
	e.SetCommandLiterals(4, func() error {
		waits++
		if !strings.HasSuffix(out.String(), "{5}\r\n") {
			t.Errorf("waiting after %q", out.String())
		}
		return nil
	})
	EncodeLogin(e, imap.LoginRequest{User: "a\r\nb", Password: "a\r\nbc"})
	if err := e.Flush(); err != nil || waits != 1 || out.String() != " {4+}\r\na\r\nb {5}\r\na\r\nbc" {
		t.Errorf("%q, %v, %d waits", out.String(), err, waits)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errTooLarge }

// The first error sticks, and nothing more is written.
func TestErrorSticks(t *testing.T) {
	e := NewEncoder(failingWriter{})
	e.Exists(1)
	for range 3 {
		if err := e.Flush(); !errors.Is(err, errTooLarge) {
			t.Fatal(err)
		}
		e.Literal(make([]byte, 100_000))
	}
	if e.Buffered() > EncoderBufferOctets {
		t.Errorf("%d octets are held", e.Buffered())
	}
}

// An idle encoder gives its buffer away and takes another.
func TestDetach(t *testing.T) {
	var out bytes.Buffer
	e := NewEncoder(&out)
	e.Exists(1)
	if e.Detach() != nil {
		t.Error("a buffer with something in it was given away")
	}
	_ = e.Flush()
	buffer := e.Detach()
	if cap(buffer) == 0 {
		t.Fatal("no buffer was given back")
	}
	e.Attach(buffer)
	e.Exists(2)
	if err := e.Flush(); err != nil || out.String() != "* 1 EXISTS\r\n* 2 EXISTS\r\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}

// A set of any length is written without a buffer of its length.
func TestLongSet(t *testing.T) {
	var set imap.UIDSet
	for uid := imap.UID(1); uid < 200_000; uid += 2 {
		set = set.Add(uid)
	}
	got := written(Mode{}, func(e *Encoder) {
		e.Attach(make([]byte, 0, 600))
		e.UIDSet(set)
		if cap(e.buf) > 1200 {
			t.Errorf("the buffer has grown to %d octets", cap(e.buf))
		}
	})
	if got != set.String() {
		t.Error("the set is not what was written")
	}
}
