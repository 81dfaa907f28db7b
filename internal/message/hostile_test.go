package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// hostileMessages are made to cost time, memory or depth.
func hostileMessages() map[string][]byte {
	var nested, nestedMessages, rising strings.Builder
	for i := range 3 * depthMax {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
		nestedMessages.WriteString("Content-Type: message/rfc822\r\n\r\n")
		fmt.Fprintf(&rising, "Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%[1]s\r\n", strings.Repeat("x", i+1))
	}
	const mixed = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
	return map[string][]byte{
		"nested multiparts":        []byte(nested.String() + "\r\ntext"),
		"nested messages":          []byte(nestedMessages.String() + "\r\ntext"),
		"boundaries in boundaries": []byte(rising.String() + strings.Repeat("--"+strings.Repeat("x", 60)+"\r\n", 5000)),
		"many parts":               []byte(mixed + strings.Repeat("--b\r\n\r\nx\r\n", 3*partsMax)),
		"lines like boundaries":    []byte(mixed + strings.Repeat("--c\r\n", 200_000)),
		"dashes":                   []byte(mixed + strings.Repeat("\n-", 500_000)),
		"a long line":              []byte(mixed + strings.Repeat("x", 1<<20) + "\r\n--b\r\n\r\nend"),
		"a long header line":       []byte("Subject: " + strings.Repeat("x", 1<<20) + "\r\n" + mixed + "--b\r\n\r\nend"),
		"many fields":              []byte(strings.Repeat("To: a@x\r\n", 200_000) + "\r\n"),
		"many continuations":       []byte("To: a@x" + strings.Repeat(",\r\n b@x", 200_000) + "\r\n\r\n"),
		"open comments":            []byte("Content-Type: a/b;" + strings.Repeat("(;", 30_000) + "\r\nDate: " + strings.Repeat("(", 60_000) + "\r\n\r\n"),
		"open words":               []byte("From: " + strings.Repeat("=?x", 20_000) + "\r\nTo: " + strings.Repeat("[", 60_000) + "\r\nCc: " + strings.Repeat("<@,", 20_000) + "\r\n\r\n"),
		"languages":                []byte("Content-Language: " + strings.Repeat(",", 60_000) + "\r\n\r\n"),
		"only line feeds":          bytes.Repeat([]byte("\n"), 1<<20),
		"only carriage returns":    bytes.Repeat([]byte("\r"), 1<<20),
		"a long boundary":          []byte("Content-Type: multipart/mixed; boundary=" + strings.Repeat("b", 5000) + "\r\n\r\n--" + strings.Repeat("b", 5000) + "\r\n\r\nx"),
	}
}

// Hostile messages are described like any other, within the limits.
func TestHostileMessages(t *testing.T) {
	for name, b := range hostileMessages() {
		checkStructure(t, name, b)
		parts, deepest := 0, 0
		ParseBytes(b).Walk(func(path []uint32, _ *Part) bool {
			parts, deepest = parts+1, max(deepest, len(path))
			return true
		})
		if parts > 2*partsMax || deepest > depthMax+2 {
			t.Errorf("%s: %d parts, %d deep", name, parts, deepest)
		}
	}
}

// The work grows with the size of the message and not faster: the scanner
// passes over each octet a bounded number of times. Reads are counted, because
// time cannot be trusted.
func TestParseReadsEachOctetOnce(t *testing.T) {
	for name, b := range hostileMessages() {
		counter := &countingReader{r: bytes.NewReader(b)}
		if _, err := Parse(counter, int64(len(b))); err != nil {
			t.Fatal(err)
		}
		if counter.octets != len(b) {
			t.Errorf("%s: %d octets read of %d", name, counter.octets, len(b))
		}
	}
}

type countingReader struct {
	r      io.ReaderAt
	octets int
}

func (c *countingReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(p, off)
	c.octets += n
	return n, err
}

// Wherever the windows end, the description is the same: within line ends,
// boundaries, fields and long lines.
func TestWindowEdges(t *testing.T) {
	messages := goldenMessages(t)
	for name, b := range hostileMessages() {
		messages[name] = b
	}
	for name, b := range messages {
		want := ParseBytes(b)
		for window := int64(boundaryMax + 16); window < boundaryMax+80; window += 7 {
			if window > int64(len(b)) {
				break
			}
			p := parser{s: newScanner(bytes.NewReader(b), int64(len(b)), window)}
			if got := p.parse(); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s with a window of %d: got\n%.3000s\nwant\n%.3000s", name, window, Describe(got), Describe(want))
			}
		}
	}
}

// A disk that fails is reported, and what could be read is described.
func TestParseReportsFailingReader(t *testing.T) {
	b := typicalMessage(200 << 10)
	broken := errors.New("broken")
	s, err := Parse(failingReader{b, 100 << 10, broken}, int64(len(b)))
	if !errors.Is(err, broken) || s == nil || !s.Envelope.Subject.Present {
		t.Errorf("got %v, %v", s, err)
	}
	if _, err := Parse(bytes.NewReader(b[:1000]), int64(len(b))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a message shorter than its size: %v", err)
	}
}

// failingReader fails beyond a limit.
type failingReader struct {
	b     []byte
	limit int64
	err   error
}

func (f failingReader) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) <= f.limit {
		return copy(p, f.b[off:]), nil
	}
	return 0, f.err
}

// Every message is described, the same way through a window and at once, and
// its description holds together.
func FuzzParse(f *testing.F) {
	for _, b := range goldenMessages(f) {
		if len(b) < 8<<10 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkStructure(t, "fuzzed", b) })
}

// Octets that are no binary form are refused or give a structure that comes
// back from its own form.
func FuzzDecodeBinary(f *testing.F) {
	for _, b := range goldenMessages(f) {
		if len(b) < 8<<10 {
			f.Add(AppendBinary(nil, ParseBytes(b)))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := DecodeBinary(b)
		if err != nil {
			return
		}
		checkPart(t, "fuzzed", &s.Root, Span{s.Root.Header.Start, s.Root.Body.End})
		again, err := DecodeBinary(AppendBinary(nil, s))
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Fatalf("%x: %v\n%s\n%s", b, err, Describe(s), Describe(again))
		}
	})
}

// Other versions of the binary form, and forms that are cut, are refused.
func TestDecodeBinaryRefuses(t *testing.T) {
	form := AppendBinary(nil, ParseBytes(typicalMessage(4<<10)))
	for n := range form {
		if _, err := DecodeBinary(form[:n]); !errors.Is(err, ErrBinary) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	if _, err := DecodeBinary(append(form, 0)); !errors.Is(err, ErrBinary) {
		t.Errorf("with an octet more: %v", err)
	}
	form[0]++
	if _, err := DecodeBinary(form); !errors.Is(err, ErrBinary) {
		t.Errorf("another version: %v", err)
	}
}
