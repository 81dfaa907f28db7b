package imapwire

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/restante/restante/imap"
)

// decoderFor returns a decoder for a command held in memory, with its tag and
// name read.
func decoderFor(t testing.TB, command string, mode Mode) (*Decoder, string, string) {
	t.Helper()
	frags, err := FragmentsOf([]byte(command), DefaultLimits())
	if err != nil {
		t.Fatalf("%q: %v", command, err)
	}
	d := NewDecoder(frags, mode, DefaultLimits())
	tag := d.Tag()
	return d, tag, d.Command()
}

// A FETCH with a section, a partial and modifiers is read as the client meant it.
func TestDecodeFetch(t *testing.T) {
	d, tag, name := decoderFor(t, "a1 UID FETCH 1:4,9:* (FLAGS body.peek[1.2.header.fields (Date \"From\")]<0.20> BINARY.SIZE[2]) (CHANGEDSINCE 17 VANISHED)\r\n", Mode{})
	if tag != "a1" || name != "UID FETCH" {
		t.Fatalf("tag %q, name %q", tag, name)
	}
	got, err := DecodeFetch(d, true)
	if err != nil {
		t.Fatal(err)
	}
	want := imap.FetchRequest{
		Messages: imap.MessagesByUID(imap.UIDSet{{Start: 1, Stop: 4}, {Start: 9, Stop: 0}}),
		Items: []imap.FetchItem{
			{Kind: imap.FetchFlags},
			{Kind: imap.FetchSection, Peek: true, Partial: imap.Partial{Length: 20}, Section: imap.Section{
				Part: imap.PartPath{1, 2}, Text: imap.SectionHeaderFields, Fields: []string{"Date", "From"},
			}},
			{Kind: imap.FetchBinarySize, Section: imap.Section{Part: imap.PartPath{2}}},
		},
		ChangedSince: 17, Vanished: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// A FETCH response is written as the grammar has it.
func TestEncodeFetch(t *testing.T) {
	var out bytes.Buffer
	e := NewEncoder(&out)
	w := e.Fetch(12)
	w.UID(99)
	w.Flags([]imap.Flag{imap.FlagSeen})
	w.Item(&imap.FetchItem{Kind: imap.FetchSection, Peek: true, Partial: imap.Partial{Offset: 3, Length: 9}}).Literal([]byte("abc"))
	w.End()
	if err := e.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "* 12 FETCH (UID 99 FLAGS (\\Seen) BODY[]<3> {3}\r\nabc)\r\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
