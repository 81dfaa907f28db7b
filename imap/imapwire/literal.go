package imapwire

import (
	"bufio"
	"bytes"
	"io"
	"math"
)

// cutAnnouncement removes the announcement of a literal from the end of the line
// that begins at start: {n}, {n+}, ~{n} or ~{n+} (RFC 9051 §9, literal and
// literal8; RFC 7888 §8). A size beyond 63 bits becomes the largest there is, so
// that it is refused as too large and not taken for text.
func (f *Fragmenter) cutAnnouncement(start int) (literal announced, found bool) {
	line := f.frags.data[start:]
	n := len(line)
	if n < 3 || line[n-1] != '}' || f.responses && start == 0 && isStatusLine(line) {
		return literal, false
	}
	n--
	if line[n-1] == '+' && !f.responses {
		literal.nonSync = true
		n--
	}
	digits := n
	for digits > 0 && isDigit(line[digits-1]) {
		digits--
	}
	if digits == n || digits == 0 || line[digits-1] != '{' {
		return literal, false
	}
	for _, c := range line[digits:n] {
		if literal.sizeOctets > (math.MaxInt64-9)/10 {
			literal.sizeOctets = math.MaxInt64
			break
		}
		literal.sizeOctets = literal.sizeOctets*10 + uint64(c-'0')
	}
	cut := digits - 1
	if cut > 0 && line[cut-1] == '~' {
		literal.binary = true
		cut--
	}
	f.frags.data = f.frags.data[:start+cut]
	return literal, true
}

// isStatusLine reports whether a response consists of human-readable text, which
// may end in what looks like a literal: "+ …" and status responses
// (RFC 9051 §7.1).
func isStatusLine(line []byte) bool {
	if line[0] == '+' {
		return true
	}
	_, rest, _ := bytes.Cut(line, []byte{' '})
	word, _, _ := bytes.Cut(rest, []byte{' '})
	for _, status := range [...]string{"OK", "NO", "BAD", "BYE", "PREAUTH"} {
		if equalFold(word, status) {
			return true
		}
	}
	return false
}

// isContent reports whether the text before a literal of a response ends in an
// item of FETCH that holds the text of a message: "BODY[…]<0> ", "RFC822 ".
func isContent(text []byte) bool {
	item, spaced := bytes.CutSuffix(text, []byte{' '})
	if !spaced || len(item) == 0 {
		return false
	}
	if last := item[len(item)-1]; last == ']' || last == '>' {
		return true
	}
	item = item[bytes.LastIndexAny(item, " (")+1:]
	return equalFold(item, "RFC822") || equalFold(item, "RFC822.HEADER") || equalFold(item, "RFC822.TEXT")
}

// streamReader turns the end of the connection within a literal into an error.
type streamReader struct{ limited *io.LimitedReader }

func (s *streamReader) Read(p []byte) (int, error) {
	n, err := s.limited.Read(p)
	if err == io.EOF && s.limited.N > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// memoryHandler accepts every literal within the limits.
type memoryHandler struct{}

func (memoryHandler) Admit(Announcement) (Verdict, error) { return Buffer, nil }
func (memoryHandler) Continue() error                     { return nil }

func readAll(data []byte, limits Limits, responses bool) (*Fragments, error) {
	f := Fragmenter{handler: memoryHandler{}, limits: limits, responses: responses}
	frags, err := f.Read(bufio.NewReader(bytes.NewReader(data)))
	if err != nil {
		return nil, err
	}
	return frags, nil
}
