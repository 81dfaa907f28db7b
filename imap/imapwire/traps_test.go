package imapwire

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

// decodeCommand reads a command by its codec.
func decodeCommand(t *testing.T, command string, mode Mode) (any, error) {
	t.Helper()
	d, _, name := decoderFor(t, command+"\r\n", mode)
	if d.Err() != nil {
		return nil, d.Err()
	}
	return codecs[name].decode(d)
}

// Names that clients use come out as they meant them, in both modes.
func TestMailboxNames(t *testing.T) {
	const legal = "!#$&'+,-.0123456789:;<=>?@^_`|[}"
	cases := []struct{ argument, rev1, rev2 string }{
		{"inbox", "INBOX", "INBOX"},
		{`"iNbOx"`, "INBOX", "INBOX"},
		{"{5}\r\nInBoX", "INBOX", "INBOX"},
		{"inbox/sub", "inbox/sub", "inbox/sub"},
		{"NIL", "NIL", "NIL"},
		{`"NIL"`, "NIL", "NIL"},
		{legal, legal, legal},
		{"a]b", "a]b", "a]b"},
		{`"a \"b\" \\c"`, `a "b" \c`, `a "b" \c`},
		{"&Jjo-", "\u263a", "&Jjo-"},
		{"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
		{"A&-B", "A&B", "A&-B"},
		{"A&", "A&", "A&"},
		{"\"\u00e9t\u00e9\"", "\u00e9t\u00e9", "\u00e9t\u00e9"},
		{"{5}\r\n\u00e9t\u00e9", "\u00e9t\u00e9", "\u00e9t\u00e9"},
	}
	for _, c := range cases {
		for mode, want := range map[Mode]string{{}: c.rev1, {UTF8: true}: c.rev2} {
			got, err := decodeCommand(t, "t SUBSCRIBE "+c.argument, mode)
			if err != nil || got != want {
				t.Errorf("%q in %v: %q, %v, want %q", c.argument, mode, got, err, want)
			}
		}
	}
}

// A name with a broken shift is refused where names are modified UTF-7
// (RFC 9051 §A.1).
func TestBrokenUTF7Names(t *testing.T) {
	for _, name := range []string{"&Jjo!", "&U,BTFw-&ZeVnLIqe-", "&AGE-", "x&Jjo"} {
		if got, err := decodeCommand(t, "t CREATE "+name, Mode{}); err == nil {
			t.Errorf("%q is read as %q", name, got)
		}
	}
}

// What the grammar does not admit is refused with a reason and a place.
func TestRefused(t *testing.T) {
	for _, command := range []string{
		"t NOOP ", "t NOOP x", "t  NOOP", "t LOGIN a", "t LOGIN  a b", "t LOGIN a b ", "t LOGIN a\tb",
		"t LOGIN \"a b", "t LOGIN \"a\\b\" c", "t LOGIN \"\xff\" c", "t LOGIN \u00e9 c", "t LOGIN ~{1}\r\na b",
		"t LOGIN {1}\r\n\x00 b", "t LOGIN a{1}\r\nb c", "t LOGIN a(b c", "t LOGIN a b%",
		"t SELECT", "t SELECT x ()", "t SELECT x (UNKNOWN)", "t SELECT x (QRESYNC (0 1))", "t SELECT x (QRESYNC (1 0))",
		"t SELECT x (QRESYNC (1 2 1:*))", "t SELECT x (QRESYNC (1 2 3 (4)))", "t SELECT \xff", "t SELECT {1}\r\n\xff",
		"t CREATE x (USE \\All)", "t CREATE x (USE (All))", "t RENAME a", "t STATUS x ()", "t STATUS x (NOTHING)", "t STATUS x MESSAGES",
		"t LIST \"\"", "t LIST (RECURSIVEMATCH) \"\" x", "t LIST (REMOTE RECURSIVEMATCH) \"\" x", "t LIST (NOTHING) \"\" x",
		"t LIST \"\" ()", "t LIST \"\" x RETURN", "t LIST \"\" x RETURN (STATUS ())", "t LIST \"\" x (CHILDREN)",
		"t FETCH 0 FLAGS", "t FETCH 01 FLAGS", "t FETCH 1: FLAGS", "t FETCH 1,,2 FLAGS", "t FETCH 1,$ FLAGS", "t FETCH 4294967296 FLAGS",
		"t FETCH 1 ()", "t FETCH 1 (FLAGS ALL)", "t FETCH 1 NOTHING", "t FETCH 1 BODY.PEEK", "t FETCH 1 BODY[MIME]", "t FETCH 1 BODY[1.]",
		"t FETCH 1 BODY[0]", "t FETCH 1 BODY[HEADER.FIELDS]", "t FETCH 1 BODY[HEADER.FIELDS ()]", "t FETCH 1 BODY[]<0>", "t FETCH 1 BODY[]<0.0>",
		"t FETCH 1 BINARY[1.TEXT]", "t FETCH 1 BINARY.SIZE[1]<0.1>", "t FETCH 1 FLAGS (CHANGEDSINCE 0)", "t FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)",
		"t UID FETCH 1 FLAGS (VANISHED)", "t FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)",
		"t STORE 1 FLAGS", "t STORE 1 FLAG \\Seen", "t STORE 1 (UNCHANGEDSINCE 1 UNCHANGEDSINCE 2) FLAGS x", "t STORE 1 *FLAGS x",
		"t STORE 1 FLAGS \\", "t STORE 1 FLAGS \\*", "t STORE 1 FLAGS (a  b)", "t COPY 1", "t UID EXPUNGE",
		"t SEARCH", "t SEARCH NOTHING", "t SEARCH ()", "t SEARCH NOT", "t SEARCH OR SEEN", "t SEARCH KEYWORD \\Seen", "t SEARCH SEEN ",
		"t SEARCH ON 30-Feb-2001", "t SEARCH ON 1-Feb-01", "t SEARCH ON 001-Feb-2001", "t SEARCH ON \"1-Feb-2001", "t SEARCH ON 1-Foo-2001",
		"t SEARCH CHARSET \"\" ALL", "t SEARCH RETURN ALL SEEN", "t SEARCH RETURN (NOTHING) SEEN", "t SEARCH MODSEQ \"/flags/x\" none 1", "t SEARCH HEADER x",
		"t AUTHENTICATE", "t AUTHENTICATE PLAIN AB", "t AUTHENTICATE PLAIN ====", "t ENABLE", "t ID", "t ID (\"a\")", "t ID x",
	} {
		_, err := decodeCommand(t, command, Mode{})
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Reason == "" || syntax.Position < 2 || syntax.Position > len(command) {
			t.Errorf("%q: %v", command, err)
		}
	}
}

// A word of a search may be one of the grammar's.
func TestSearchWords(t *testing.T) {
	for _, command := range []string{
		"t SEARCH SUBJECT NIL", "t SEARCH SUBJECT {3}\r\nNIL", "t SEARCH KEYWORD NIL", "t SEARCH FROM SEEN TO \"\"",
		"t SEARCH HEADER NIL NIL", "t SEARCH ON \"01-feb-1994\" since 1-FEB-1994", "t SEARCH (SEEN)", "t SEARCH ((SEEN (UNSEEN)))",
		"t SEARCH CHARSET US-ASCII ALL", "t SEARCH charset {5}\r\nUTF-8 text {2}\r\n\u00e9", "t SEARCH 1,3:* UID * $ UID $",
	} {
		if !checkCommand(t, []byte(command+"\r\n"), Mode{}) {
			t.Errorf("%q cannot be read", command)
		}
	}
}

// Nesting, sets and lists end at their limits, with an error that says which.
func TestLimits(t *testing.T) {
	limits := DefaultLimits()
	limits.DepthMax, limits.RangesMax, limits.ItemsMax = 5, 4, 6
	for _, c := range []struct {
		command string
		within  bool
	}{
		{"t SEARCH " + strings.Repeat("NOT ", 5) + "SEEN", true},
		{"t SEARCH " + strings.Repeat("NOT ", 6) + "SEEN", false},
		{"t SEARCH " + strings.Repeat("(", 5) + "SEEN" + strings.Repeat(")", 5), true},
		{"t SEARCH " + strings.Repeat("(", 6) + "SEEN" + strings.Repeat(")", 6), false},
		{"t SEARCH " + strings.Repeat("OR SEEN ", 5) + "SEEN", true},
		{"t SEARCH " + strings.Repeat("OR SEEN ", 6) + "SEEN", false},
		{"t SEARCH SEEN" + strings.Repeat(" SEEN", 5), true},
		{"t SEARCH SEEN" + strings.Repeat(" SEEN", 6), false},
		{"t FETCH 1,2,3,4 FLAGS", true},
		{"t FETCH 1,2,3,4,5 FLAGS", false},
		{"t FETCH 1 (UID UID UID UID UID UID)", true},
		{"t FETCH 1 (UID UID UID UID UID UID UID)", false},
		{"t FETCH 1 BODY[1.1.1.1.1]", true},
		{"t FETCH 1 BODY[1.1.1.1.1.1]", false},
		{"t STORE 1 FLAGS a b c d e f", true},
		{"t STORE 1 FLAGS a b c d e f g", false},
		{"t GETMETADATA a" + strings.Repeat(" /shared/comment", 6), true},
		{"t GETMETADATA a" + strings.Repeat(" /shared/comment", 7), false},
	} {
		frags, err := FragmentsOf([]byte(c.command+"\r\n"), limits)
		if err != nil {
			t.Fatal(err)
		}
		d := NewDecoder(frags, Mode{}, limits)
		d.Tag()
		_, err = codecs[d.Command()].decode(d)
		var limit *LimitError
		if c.within != (err == nil) || !c.within && !errors.As(err, &limit) {
			t.Errorf("%q: %v", c.command, err)
		}
	}
}

// What a response ends with ends at the limit, too.
func TestLimitsOfResponses(t *testing.T) {
	limits := DefaultLimits()
	limits.ItemsMax = 6
	for _, c := range []struct{ response, item string }{
		{"* ACL a", " b lr"}, {"* LISTRIGHTS a b \"\"", " l"}, {"* QUOTAROOT a", " r"}, {"* METADATA a", " /shared/comment"},
	} {
		for _, count := range []int{6, 7} {
			frags, err := FragmentsOf([]byte(c.response+strings.Repeat(c.item, count)+"\r\n"), limits)
			if err != nil {
				t.Fatal(err)
			}
			_, err = DecodeResponse(NewDecoder(frags, Mode{}, limits))
			var limit *LimitError
			if within := count == 6; within != (err == nil) || !within && !errors.As(err, &limit) {
				t.Errorf("%q, %d times: %v", c.response, count, err)
			}
		}
	}
}

// A value that is refused for a fault of its fragments says which fault.
func TestFaultReachesTheCommand(t *testing.T) {
	_, err := decodeCommand(t, "t LOGIN a \x00", Mode{})
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || !strings.Contains(syntax.Reason, "NUL") {
		t.Errorf("%v", err)
	}
}

// A date-time is read with its zone, and with the forms of day that clients send.
func TestDateTimes(t *testing.T) {
	for text, want := range map[string]imap.DateTime{
		`" 7-Feb-1994 21:52:25 -0800"`: {Unix: 760686745, ZoneMinutes: -480},
		`"07-feb-1994 21:52:25 -0800"`: {Unix: 760686745, ZoneMinutes: -480},
		`"7-Feb-1994 21:52:25 -0800"`:  {Unix: 760686745, ZoneMinutes: -480},
		`"01-Jan-1970 05:30:00 +0530"`: {Unix: 0, ZoneMinutes: 330},
		`"31-Dec-1969 23:59:60 +0000"`: {Unix: -1},
	} {
		got, err := readDateTime(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		`"32-Jan-1970 00:00:00 +0000"`, `"  1-Jan-1970 00:00:00 +0000"`, `"1-Jan-1970 24:00:00 +0000"`,
		`"1-Jan-1970 00:60:00 +0000"`, `"1-Jan-1970 00:00:00 0000"`, `"1-Jan-1970 00:00:00 +0060"`,
		`"1-Jan-1970 00:00:00"`, `1-Jan-1970 00:00:00 +0000`, `"1-Jan-70 00:00:00 +0000"`, `"00-Jan-1970 00:00:00 +0000"`,
	} {
		if got, err := readDateTime(text); err == nil {
			t.Errorf("%s is read as %+v", text, got)
		}
	}
}

func readDateTime(text string) (imap.DateTime, error) {
	frags, err := FragmentsOf([]byte(text+"\r\n"), DefaultLimits())
	if err != nil {
		return imap.DateTime{}, err
	}
	d := NewDecoder(frags, Mode{}, DefaultLimits())
	at := d.DateTime()
	return at, d.End()
}

// Every item, key, option and word of the vocabulary has a row in the grammar.
func TestTablesAreComplete(t *testing.T) {
	for kind := range imap.FetchKinds {
		item := imap.FetchItem{Kind: kind}
		if kind == imap.FetchAnnotations {
			item.Annotation = &imap.FetchAnnotation{Entries: []string{"/x"}, Attributes: []string{imap.AttributeValue}}
		}
		request := imap.FetchRequest{Messages: imap.MessagesBySeq(imap.SetOf[imap.Seq](1)), Items: []imap.FetchItem{item}}
		_, got, ok := readCommand(writeCommand("FETCH", request, Mode{}), Mode{})
		if !ok || !reflect.DeepEqual(got, request) {
			t.Errorf("%v is read as %+v", kind, got)
		}
	}
	for item := range imap.StatusItems {
		request := imap.StatusRequest{Mailbox: "x", Items: []imap.StatusItem{item}}
		if _, got, ok := readCommand(writeCommand("STATUS", request, Mode{}), Mode{}); !ok || !reflect.DeepEqual(got, request) {
			t.Errorf("%v is read as %+v", item, got)
		}
	}
	for _, word := range imap.CodeWords {
		if code, ok := readCode(word.Name()); !ok || code != imap.Code(word) {
			t.Errorf("%v is read as %#v", word, code)
		}
	}
}
