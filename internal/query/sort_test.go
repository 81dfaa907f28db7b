package query

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// The grammar of RFC 5256 §5 as expressions, for one step at a time.
var (
	naiveTrailer = regexp.MustCompile(`(?i)(\(fwd\)| )$`)
	naiveLeader  = regexp.MustCompile(`(?i)^((\[[^\[\]]*\] *)*(re|fwd?) *(\[[^\[\]]*\] *)?:| )`)
	naiveBlob    = regexp.MustCompile(`^\[[^\[\]]*\] *`)
	naiveForward = regexp.MustCompile(`(?i)^\[fwd:(.*)\]$`)
)

// naiveBaseSubject takes the steps of RFC 5256 §2.1 one by one.
func naiveBaseSubject(field string) (string, bool) {
	s, reply := regexp.MustCompile(`[\t\r\n ]+`).ReplaceAllString(message.DecodeWords(field), " "), false
	for {
		for naiveTrailer.MatchString(s) { // (2)
			reply = reply || strings.HasSuffix(s, ")")
			s = naiveTrailer.ReplaceAllString(s, "")
		}
		for {
			if found := naiveLeader.FindString(s); found != "" { // (3)
				reply = reply || found != " "
				s = s[len(found):]
				continue
			}
			found := naiveBlob.FindString(s) // (4)
			if found == "" || strings.Trim(s[len(found):], " ") == "" {
				break // (5)
			}
			s = s[len(found):]
		}
		found := naiveForward.FindStringSubmatch(s) // (6)
		if found == nil {
			return s, reply
		}
		s, reply = found[1], true
	}
}

var subjectPieces = []string{"re", "Re:", "fw", "FWD:", "fwd", " ", "  ", "\t", "[", "]", "[x]", "[fwd:", "(fwd)", ":", "a", "Öl", "re [1]:", ""}

// The aim: base subjects are those of the RFC's grammar.
func TestBaseSubject(t *testing.T) {
	for field, want := range map[string]string{
		"Re: [list] Re[2]: hello (fwd) ": "hello",
		"[fwd: [x] Re: deep]":            "deep",
		"=?utf-8?Q?re=3A_caf=C3=A9?=":    "café",
		"Re:":                            "",
		"[only]":                         "[only]",
		"[a] [b] ":                       "[b]",
		"regards":                        "regards",
		"Fwd: fwd : FW[x] :a\tb  c":      "a b c",
		"AW: this is no reply as far as the RFC goes": "AW: this is no reply as far as the RFC goes",
	} {
		if got, _ := BaseSubject(field); got != want {
			t.Errorf("%q: got %q, want %q", field, got, want)
		}
	}
	for seed := range uint64(50_000) {
		g := rand.New(rand.NewPCG(seed, 1))
		var b strings.Builder
		for range g.IntN(9) {
			b.WriteString(subjectPieces[g.IntN(len(subjectPieces))])
		}
		checkBaseSubject(t, b.String())
	}
}

func checkBaseSubject(t *testing.T, field string) {
	t.Helper()
	got, reply := BaseSubject(field)
	want, naiveReply := naiveBaseSubject(field)
	if got != want || reply != naiveReply {
		t.Fatalf("%q: got %q (reply %v), the grammar says %q (reply %v)", field, got, reply, want, naiveReply)
	}
}

func FuzzBaseSubject(f *testing.F) {
	f.Add("Re: [x] Fwd: [fwd: re: a (fwd)]")
	f.Add("[a][b] re [1] : x")
	f.Fuzz(func(t *testing.T, field string) {
		if strings.ContainsAny(field, "\x00\n\r") || strings.Contains(field, "=?") {
			return
		}
		checkBaseSubject(t, field)
	})
}

// The aim: a subject made to be slow is not.
func TestHostileSubjects(t *testing.T) {
	for _, piece := range []string{"[a]", "[fwd:", "re:[x]", "[", "(fwd)", "re [", " ["} {
		start := time.Now()
		BaseSubject(strings.Repeat(piece, 300_000) + strings.Repeat("]", 300_000))
		if spent := time.Since(start); spent > 5*time.Second {
			t.Errorf("%q took %v", piece, spent)
		}
	}
}

// The aim: i;unicode-casemap as RFC 5051 §2 says it.
func TestCasemap(t *testing.T) {
	for text, want := range map[string]string{
		"aZ_[":   "AZ_[",
		"é":      "E\u0301",
		"ǆ":      "Dz\u030c", // in title case U+01C5, which has three parts
		"ﬁ":      "fi",
		"straße": "STRAßE",
		"ä":      "A\u0308",
	} {
		if got := string(appendCasemap(nil, text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// sortedMessages are messages that are often equal in some respect.
func sortedMessages(g *rand.Rand, count int) []*fakeMessage {
	names := []string{"", "Ann <ann@x>", "\"bob\" <Bob@y>", "=?utf-8?Q?=C3=89va?= <ann@z>", "zed", "Group: a@b;", "anna@x, bob@y"}
	var messages []*fakeMessage
	for i := range count {
		var b strings.Builder
		for _, field := range []string{"From", "To", "Cc"} {
			if name := names[g.IntN(len(names))]; name != "" {
				fmt.Fprintf(&b, "%s: %s\r\n", field, name)
			}
		}
		fmt.Fprintf(&b, "Subject: %s\r\n\r\n", []string{"a", "Re: A", "b", "", "[x] ä", "B (fwd)"}[g.IntN(6)])
		m := newFake(imap.UID(i*3+1), b.String())
		if g.IntN(4) > 0 {
			m.structure.Sent = time.Unix(int64(g.IntN(5)), 0).In(time.FixedZone("", g.IntN(9)*3600))
		}
		m.row = Row{Size: int64(g.IntN(3)), InternalUnix: int64(g.IntN(4))}
		messages = append(messages, m)
	}
	return messages
}

// naiveCompare compares two messages by one criterion of RFC 5256 §3.
func naiveCompare(field imap.SortField, a, b *fakeMessage) int {
	value := func(m *fakeMessage) string {
		e := &m.structure.Envelope
		list := map[imap.SortField][]message.Address{imap.SortFrom: e.From, imap.SortTo: e.To, imap.SortCc: e.Cc,
			imap.SortDisplayFrom: e.From, imap.SortDisplayTo: e.To}[field]
		switch field {
		case imap.SortArrival:
			return fmt.Sprintf("%09d", m.row.InternalUnix)
		case imap.SortSize:
			return fmt.Sprintf("%09d", m.row.Size)
		case imap.SortDate:
			if m.structure.Sent.IsZero() {
				return fmt.Sprintf("%09d", m.row.InternalUnix)
			}
			return fmt.Sprintf("%09d", m.structure.Sent.Unix())
		case imap.SortSubject:
			base, _ := naiveBaseSubject(e.Subject.Text)
			return string(appendCasemap(nil, base))
		case imap.SortFrom, imap.SortTo, imap.SortCc:
			if len(list) > 0 {
				return string(appendCasemap(nil, list[0].Mailbox))
			}
		case imap.SortDisplayFrom, imap.SortDisplayTo:
			switch {
			case len(list) == 0:
			case list[0].Name != "":
				return string(appendCasemap(nil, message.DecodeWords(list[0].Name)))
			case list[0].Kind == message.AddressGroupStart:
				return string(appendCasemap(nil, list[0].Mailbox))
			default:
				return string(appendCasemap(nil, list[0].Mailbox+"@"+list[0].Host))
			}
		}
		return ""
	}
	return strings.Compare(value(a), value(b))
}

// The aim: any list of criteria orders messages as comparing them two by two
// does, and leaves those that are equal in their order.
func TestSortEqualsPlainComparison(t *testing.T) {
	for seed := range uint64(300) {
		g := rand.New(rand.NewPCG(seed, 2))
		messages := sortedMessages(g, g.IntN(40))
		var keys []imap.SortKey
		for range 1 + g.IntN(3) {
			keys = append(keys, imap.SortKey{Field: imap.SortArrival + imap.SortField(g.IntN(9)), Reverse: g.IntN(2) == 0})
		}
		sorter := NewSorter(keys, Collation{})
		for _, m := range messages {
			if err := sorter.Add(m); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortStableFunc(messages, func(a, b *fakeMessage) int {
			for _, key := range keys {
				order := naiveCompare(key.Field, a, b)
				if key.Reverse {
					order = -order
				}
				if order != 0 {
					return order
				}
			}
			return 0
		})
		var want []imap.UID
		for _, m := range messages {
			want = append(want, m.uid)
		}
		if got := sorter.Order(); !slices.Equal(got, want) {
			t.Fatalf("seed %d, %v: got %v, want %v", seed, keys, got, want)
		}
	}
}
