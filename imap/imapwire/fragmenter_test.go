package imapwire

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// boundedHandler buffers literals up to a size, refuses larger ones, and counts.
type boundedHandler struct {
	max       uint64
	continued int
	seen      []Announcement
}

var errTooLarge = errors.New("too large")

func (h *boundedHandler) Admit(a Announcement) (Verdict, error) {
	h.seen = append(h.seen, a)
	if a.SizeOctets > h.max {
		return Refuse, errTooLarge
	}
	return Buffer, nil
}

func (h *boundedHandler) Continue() error { h.continued++; return nil }

// outcome is what becomes of one command: its tag, and the kind of its fault.
type outcome struct{ tag, fault string }

func faultName(err error) string {
	var syntax *SyntaxError
	var limit *LimitError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &syntax):
		return "syntax"
	case errors.As(err, &limit):
		return "limit"
	}
	return err.Error()
}

// readCommands reads every command of a stream and returns what became of each,
// and the error that ended it.
func readCommands(f *Fragmenter, stream io.Reader) ([]outcome, error) {
	r := bufio.NewReaderSize(stream, 16)
	var outcomes []outcome
	for {
		frags, err := f.Read(r)
		if err != nil {
			return outcomes, err
		}
		outcomes = append(outcomes, outcome{frags.Tag(), faultName(frags.Fault())})
	}
}

func smallLimits() Limits {
	limits := DefaultLimits()
	limits.LineOctetsMax = 100
	limits.DiscardOctetsMax = 5000
	limits.BufferedOctetsMax = 60
	limits.LiteralsMax = 3
	return limits
}

// The boundary of a command holds, whatever is wrong with it: the next one is
// read as if nothing had happened.
func TestBoundaries(t *testing.T) {
	long := strings.Repeat("x", 300)
	cases := []struct {
		name, command string
		tag, fault    string
	}{
		{"good", "a NOOP\r\n", "a", ""},
		{"empty line", "\r\n", "", ""},
		{"no tag", " NOOP\r\n", "", ""},
		{"NUL", "a NO\x00OP\r\n", "a", "syntax"},
		{"bare LF", "a NOOP\nb NOOP\r\n", "a", "syntax"},
		{"bare CR", "a NO\rOP\r\n", "a", "syntax"},
		{"CR before CRLF", "a NOOP\r\r\n", "a", "syntax"},
		{"octets beyond ASCII", "a \xff\xfe\r\n", "a", ""},
		{"long line", "a " + long + "\r\n", "a", "limit"},
		{"long line with synchronising literal", "a " + long + " {5}\r\n", "a", "limit"},
		{"long line with literal", "a " + long + " {5+}\r\nb x\r\n y\r\n", "a", "limit"},
		{"long line in pieces", "a {1+}\r\nx" + long[:60] + "{1+}\r\nx" + long[:60] + "\r\n", "a", "limit"},
		{"refused synchronising literal", "a LOGIN {50}\r\n", "a", "too large"},
		{"refused literal", "a LOGIN {50+}\r\n" + strings.Repeat("\r\n", 25) + " {3+}\r\n\r\n\r\r\n", "a", "too large"},
		{"literal", "a LOGIN {3+}\r\na b {3+}\r\n\r\n \r\n", "a", ""},
		{"literal8", "a X ~{3+}\r\n\x00\r\n\r\n", "a", ""},
		{"literal after a fault", "a \x00 {3+}\r\n\r\nb\r\n", "a", "syntax"},
		{"synchronising literal after a fault", "a \x00 {3}\r\n", "a", "syntax"},
		{"too many literals", "a {0+}\r\n{0+}\r\n{0+}\r\n{1+}\r\nx\r\n", "a", "limit"},
		{"too much in literals", "a {30+}\r\n" + long[:30] + " {31+}\r\n" + long[:31] + "\r\n", "a", "too large"},
		{"braces that announce nothing", "a {} {x} {1+ +} {-1}\r\n", "a", ""},
		{"tag with a plus", "a+ NOOP\r\n", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, reader := range []io.Reader{
				strings.NewReader(c.command + "next NOOP\r\n"),
				iotest.OneByteReader(strings.NewReader(c.command + "next NOOP\r\n")),
			} {
				h := &boundedHandler{max: 30}
				got, err := readCommands(NewFragmenter(h, smallLimits()), reader)
				want := []outcome{{c.tag, c.fault}, {"next", ""}}
				if err != io.EOF || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
					t.Errorf("got %v, %v; want %v", got, err, want)
				}
			}
		})
	}
}

// Literals held in memory are bounded together, not each by itself.
func TestBufferedTogether(t *testing.T) {
	h := &boundedHandler{max: 50}
	command := "a {40+}\r\n" + strings.Repeat("x", 40) + " {21+}\r\n" + strings.Repeat("x", 21) + "\r\nb NOOP\r\n"
	got, err := readCommands(NewFragmenter(h, smallLimits()), strings.NewReader(command))
	if err != io.EOF || len(got) != 2 || got[0].fault != "limit" || got[1].tag != "b" {
		t.Errorf("got %v, %v", got, err)
	}
}

// A peer that sends more than may be thrown away is given up.
func TestDiscardIsBounded(t *testing.T) {
	for name, stream := range map[string]io.Reader{
		"line":     io.MultiReader(strings.NewReader("a "), endless{'x'}),
		"literal":  strings.NewReader("a X {6000+}\r\n" + strings.Repeat("x", 6000) + "\r\n"),
		"overflow": strings.NewReader("a X {99999999999999999999999+}\r\nxx"),
		"literals": strings.NewReader("a X " + strings.Repeat("{3000+}\r\n"+strings.Repeat("x", 3000), 2) + "\r\n"),
	} {
		_, err := readCommands(NewFragmenter(&boundedHandler{max: 30}, smallLimits()), stream)
		if faultName(err) != "limit" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type endless struct{ c byte }

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.c
	}
	return len(p), nil
}

// The connection's end within a command is told from its end between commands.
func TestEnds(t *testing.T) {
	for stream, want := range map[string]error{
		"":                      io.EOF,
		"a NOOP\r\n":            io.EOF,
		"a":                     io.ErrUnexpectedEOF,
		"a NOOP\r":              io.ErrUnexpectedEOF,
		"a X {5+}\r\nab":        io.ErrUnexpectedEOF,
		"a X {5+}\r\nabcde":     io.ErrUnexpectedEOF,
		"a X {500+}\r\nabcde":   io.ErrUnexpectedEOF,
		"a X {5+}\r\n":          io.ErrUnexpectedEOF,
		"a NOOP\r\nb X {5}\r\n": io.ErrUnexpectedEOF,
	} {
		_, err := readCommands(NewFragmenter(&boundedHandler{max: 30}, smallLimits()), strings.NewReader(stream))
		if err != want {
			t.Errorf("%q: %v, want %v", stream, err, want)
		}
	}
}

// The handler is told of each literal what it needs to decide, and is asked to
// continue for those that wait and were admitted.
func TestAnnouncements(t *testing.T) {
	h := &boundedHandler{max: 30}
	stream := "t1 append {5}\r\nINBOX () {9+}\r\n123456789\r\nt2 uid Search ~{1}\r\nx\r\nt3 X {99}\r\n"
	if _, err := readCommands(NewFragmenter(h, smallLimits()), strings.NewReader(stream)); err != io.EOF {
		t.Fatal(err)
	}
	want := []Announcement{
		{Tag: "t1", Command: "APPEND", SizeOctets: 5, Leading: true},
		{Tag: "t1", Command: "APPEND", SizeOctets: 9, NonSync: true},
		{Tag: "t2", Command: "UID SEARCH", SizeOctets: 1, Binary: true, Leading: true},
		{Tag: "t3", Command: "X", SizeOctets: 99, Leading: true},
	}
	if len(h.seen) != len(want) || h.continued != 2 {
		t.Fatalf("seen %+v, continued %d", h.seen, h.continued)
	}
	for i, a := range h.seen {
		if a != want[i] {
			t.Errorf("got %+v, want %+v", a, want[i])
		}
	}
}

// With the quirk of bare LF, lines that end so are commands.
func TestBareLF(t *testing.T) {
	f := NewFragmenter(&boundedHandler{max: 30}, smallLimits())
	f.BareLF = true
	got, err := readCommands(f, strings.NewReader("a NOOP\nb X {2+}\n\r\n\r\nc NOOP\r\n"))
	want := []outcome{{"a", ""}, {"b", ""}, {"c", ""}}
	if err != io.EOF || len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v, %v", got, err)
	}
}
