package query

import (
	"bytes"
	"io"
)

// chunkSize is how much of a text is read and folded at once.
const chunkSize = 8 << 10

// scratch is the memory that the search of one text needs. It is kept from one
// message to the next.
type scratch struct {
	raw    []byte
	folded []byte
	header []byte
	text   []byte
}

// matcher looks for a pattern in a text that comes in pieces. Between pieces it
// keeps as much of the folded text as the beginning of a match may need.
type matcher struct {
	pattern []byte
	folder  folder
	found   bool
	buf     []byte
}

// feed takes a piece and reports whether the pattern has been found.
func (m *matcher) feed(piece []byte, final bool) bool {
	if m.found {
		return true
	}
	m.buf = m.folder.fold(m.buf, piece, final)
	if bytes.Contains(m.buf, m.pattern) {
		m.found = true
		return true
	}
	if keep := len(m.pattern) - 1; len(m.buf) > keep {
		n := copy(m.buf, m.buf[len(m.buf)-keep:])
		m.buf = m.buf[:n]
	}
	return false
}

// containsText reports whether a string in UTF-8 contains the pattern.
func (s *scratch) containsText(p Pattern, text string) bool {
	if p.Empty() {
		return true
	}
	f := folder{comparator: p.comparator}
	s.text = append(s.text[:0], text...)
	s.folded = f.fold(s.folded[:0], s.text, true)
	return bytes.Contains(s.folded, p.folded)
}

// containsStream reports whether a text in UTF-8 contains the pattern. It reads
// no further than the match.
func (s *scratch) containsStream(p Pattern, r io.Reader) (bool, error) {
	if p.Empty() {
		return true, nil
	}
	if s.raw == nil {
		s.raw = make([]byte, chunkSize)
	}
	m := matcher{pattern: p.folded, buf: s.folded[:0], folder: folder{comparator: p.comparator}}
	defer func() { s.folded = m.buf }()
	for {
		n, err := r.Read(s.raw)
		if m.feed(s.raw[:n], err != nil) {
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}
