package imapwire

import (
	"bufio"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

// appendHandler streams the messages of APPEND and buffers what is small.
type appendHandler struct{ continued int }

func (*appendHandler) Admit(a Announcement) (Verdict, error) {
	if a.Command == "APPEND" && !a.Leading && !a.Annotation {
		return Stream, nil
	}
	return Buffer, nil
}

func (h *appendHandler) Continue() error { h.continued++; return nil }

// reading is a fragmenter with its reader.
type reading struct {
	*Fragmenter
	*appendHandler
	r *bufio.Reader
	t *testing.T
}

func readingOf(t *testing.T, stream string) *reading {
	h := &appendHandler{}
	return &reading{NewFragmenter(h, DefaultLimits()), h, bufio.NewReader(strings.NewReader(stream)), t}
}

// begin reads a command and returns its decoder, after the name.
func (r *reading) begin() (*Decoder, *Fragments) {
	r.t.Helper()
	frags, err := r.Read(r.r)
	if err != nil {
		r.t.Fatal(err)
	}
	d := NewDecoder(frags, Mode{}, DefaultLimits())
	d.Tag()
	d.Command()
	return d, frags
}

// message reads the pending literal.
func (r *reading) message() string {
	r.t.Helper()
	body, err := r.Open(r.r)
	if err != nil {
		r.t.Fatal(err)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(content)
}

func (r *reading) next(previous imap.AppendRequest) (*imap.AppendRequest, error) {
	r.t.Helper()
	frags, err := r.Resume(r.r)
	if err != nil {
		r.t.Fatal(err)
	}
	return DecodeAppendNext(NewDecoder(frags, Mode{}, DefaultLimits()), previous)
}

// expectNext demands that the next command is "z NOOP".
func (r *reading) expectNext() {
	r.t.Helper()
	if _, frags := r.begin(); frags.Tag() != "z" || frags.Fault() != nil {
		r.t.Errorf("the next command is %q, %v", frags.Tag(), frags.Fault())
	}
}

// Literals within ANNOTATION are values, and the one behind it is the message
// (RFC 5257 §4.7).
func TestAppendAnnotations(t *testing.T) {
	r := readingOf(t, "a APPEND x (\\Seen) annotation (/comment (value.priv ~{3+}\r\na\x00) value.shared \"(\\\"\") {1+}\r\n/ (value.shared NIL)) {3+}\r\nabc"+
		" ANNOTATION (/comment (value.priv {1+}\r\nx)) ~{2}\r\nde (ANNOTATION) {1+}\r\nf\r\nz NOOP\r\n")
	d, _ := r.begin()
	first, err := DecodeAppend(d)
	if err == nil {
		t.Fatalf("an entry without a name is read: %+v", first)
	}
	r = readingOf(t, "a APPEND x (\\Seen) annotation (/comment (value.priv ~{3+}\r\na\x00) value.shared \"(\\\"\") {2+}\r\n/a (value.shared NIL)) {3+}\r\nabc"+
		" ANNOTATION (/comment (value.priv {1+}\r\nx)) ~{2}\r\nde (ANNOTATION) {1+}\r\nf\r\nz NOOP\r\n")
	d, _ = r.begin()
	first, err = DecodeAppend(d)
	want := []imap.AnnotationEntry{
		{Entry: "/comment", Attributes: []imap.AnnotationAttribute{{Name: "value.priv", Value: []byte("a\x00)")}, {Name: "value.shared", Value: []byte(`("`)}}},
		{Entry: "/a", Attributes: []imap.AnnotationAttribute{{Name: "value.shared"}}},
	}
	if err != nil || !reflect.DeepEqual(first.Annotations, want) || first.SizeOctets != 3 {
		t.Fatalf("%+v, %v", first, err)
	}
	if got := r.message(); got != "abc" {
		t.Errorf("%q", got)
	}
	second, err := r.next(first)
	if err != nil || len(second.Annotations) != 1 || string(second.Annotations[0].Attributes[0].Value) != "x" || second.SizeOctets != 2 {
		t.Fatalf("%+v, %v", second, err)
	}
	if got := r.message(); got != "de" {
		t.Errorf("%q", got)
	}
	third, err := r.next(*second)
	if err != nil || len(third.Flags) != 1 || third.Annotations != nil || third.SizeOctets != 1 {
		t.Fatalf("%+v, %v", third, err)
	}
}

// Each message of an APPEND with several comes with its own flags and date, and
// the forms of the literal are told apart.
func TestAppendMessages(t *testing.T) {
	r := readingOf(t, "a APPEND {5}\r\ninbox (\\seen x) {3+}\r\nabc"+
		" \" 7-Feb-1994 21:52:25 -0800\" ~{2}\r\n\x00d () UTF8 (~{1+}\r\ne)\r\nz NOOP\r\n")
	d, _ := r.begin()
	first, err := DecodeAppend(d)
	if err != nil || first.Mailbox != "INBOX" || len(first.Flags) != 2 || first.SizeOctets != 3 || first.Binary {
		t.Fatalf("%+v, %v", first, err)
	}
	if got := r.message(); got != "abc" {
		t.Errorf("%q", got)
	}
	second, err := r.next(first)
	if err != nil || second.Mailbox != "INBOX" || !second.Binary || second.UTF8 ||
		second.Date.String() != " 7-Feb-1994 21:52:25 -0800" {
		t.Fatalf("%+v, %v", second, err)
	}
	if got := r.message(); got != "\x00d" {
		t.Errorf("%q", got)
	}
	third, err := r.next(*second)
	if err != nil || !third.UTF8 || !third.Binary || third.Flags == nil {
		t.Fatalf("%+v, %v", third, err)
	}
	if got := r.message(); got != "e" {
		t.Errorf("%q", got)
	}
	if end, err := r.next(*third); end != nil || err != nil {
		t.Fatalf("%+v, %v", end, err)
	}
	if r.continued != 2 {
		t.Errorf("continued %d times", r.continued)
	}
	r.expectNext()
}

// A message that is not wanted is not asked for, or is skipped, and what follows
// it in the same command is skipped too.
func TestAbandon(t *testing.T) {
	for _, command := range []string{
		"a APPEND x {3}\r\n",
		"a APPEND x {3+}\r\nabc\r\n",
		"a APPEND x {3+}\r\nabc (\\seen) {2+}\r\n\r\n\r\n",
		"a APPEND x {3+}\r\nabc {2}\r\n",
		"a NOOP\r\n",
	} {
		r := readingOf(t, command+"z NOOP\r\n")
		r.begin()
		if err := r.Abandon(r.r); err != nil {
			t.Errorf("%q: %v", command, err)
		}
		r.expectNext()
		if r.continued != 0 {
			t.Errorf("%q: the message was asked for", command)
		}
	}
}

// What is left of a message that was opened is skipped, and an error in what
// follows leaves the next command whole.
func TestResumeSkips(t *testing.T) {
	r := readingOf(t, "a APPEND x {300}\r\n"+strings.Repeat("m", 300)+" bad\r\nz NOOP\r\n")
	d, _ := r.begin()
	request, err := DecodeAppend(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Open(r.r); err != nil {
		t.Fatal(err)
	}
	if _, err := r.next(request); err == nil {
		t.Error("text after the message is no error")
	}
	r.expectNext()
}

// A message that ends with the connection is an error and not a short message.
func TestShortMessage(t *testing.T) {
	r := readingOf(t, "a APPEND x {30}\r\nabc")
	r.begin()
	body, err := r.Open(r.r)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(body); err != io.ErrUnexpectedEOF {
		t.Errorf("%q, %v", content, err)
	}
}

// Lines that are no commands keep their limits and their step.
func TestReadLine(t *testing.T) {
	r := readingOf(t, "DONE\r\n"+strings.Repeat("x", 70<<10)+"\r\na\x00b\r\n\r\nz NOOP\r\n")
	for _, want := range []string{"", "limit", "syntax", ""} {
		if _, err := r.ReadLine(r.r); faultName(err) != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	r.expectNext()
}
