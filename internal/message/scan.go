package message

import (
	"bytes"
	"io"
)

// scanner reads a message forwards through one window and counts line ends as
// it goes. Offsets are from the start of the message.
//
// The window always keeps the two octets before the position, so that the line
// end before a boundary can be told to be CRLF or bare LF.
type scanner struct {
	r     io.ReaderAt // nil once everything is in buf
	size  int64
	base  int64 // offset of buf[0]
	buf   []byte
	pos   int   // next unread octet in buf
	lines int64 // line ends before pos
	err   error // the first failure of r; the rest of the message then reads as absent
}

func newBytesScanner(b []byte) *scanner { return &scanner{buf: b, size: int64(len(b))} }

// newScanner reads through a window, which must have room for a delimiter line.
func newScanner(r io.ReaderAt, size, window int64) *scanner {
	s := &scanner{r: r, size: size, buf: make([]byte, 0, min(size, window))}
	s.fill()
	return s
}

// offset returns the position.
func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// rest returns what is in the window from the position on.
func (s *scanner) rest() []byte { return s.buf[s.pos:] }

// fill moves the window forwards and reports whether it now holds more octets
// after the position than before.
func (s *scanner) fill() bool {
	if s.r == nil {
		return false
	}
	keep := min(s.pos, 2)
	if drop := s.pos - keep; drop > 0 {
		n := copy(s.buf, s.buf[drop:])
		s.buf, s.pos, s.base = s.buf[:n], keep, s.base+int64(drop)
	}
	start := len(s.buf)
	want := min(int64(cap(s.buf)-start), s.size-s.base-int64(start))
	if want <= 0 {
		if s.base+int64(start) >= s.size {
			s.r = nil
		}
		return false
	}
	n, err := s.r.ReadAt(s.buf[start:start+int(want)], s.base+int64(start))
	s.buf = s.buf[:start+n]
	if int64(n) < want {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		s.err, s.r = err, nil
		s.size = s.base + int64(len(s.buf))
	}
	return n > 0
}

// ensure reads on until n octets are in the window after the position, or the
// window or the message ends.
func (s *scanner) ensure(n int) {
	for len(s.buf)-s.pos < n && s.fill() {
	}
}

// line consumes and returns the next line with its line end; nil at the end of
// the message. A line that does not fit the window comes in pieces: whole is
// false for each but the last.
func (s *scanner) line() (line []byte, whole bool) {
	from := 0
	for {
		rest := s.rest()
		if end := bytes.IndexByte(rest[from:], '\n'); end >= 0 {
			line = rest[:from+end+1]
			s.pos += len(line)
			s.lines++
			return line, true
		}
		from = len(rest)
		if !s.fill() {
			line = s.rest()
			s.pos += len(line)
			return line, s.r == nil
		}
	}
}

// unread goes back to the start of the whole line that line just returned.
func (s *scanner) unread(line []byte) {
	s.pos -= len(line)
	if len(line) > 0 && line[len(line)-1] == '\n' {
		s.lines--
	}
}

// dashes moves forwards to the next line that begins with "--" and reports
// whether there is one; if not, the whole message is consumed. atStart says
// whether the position is the start of a line.
func (s *scanner) dashes(atStart bool) bool {
	s.ensure(2)
	if atStart && bytes.HasPrefix(s.rest(), dashDash) {
		return true
	}
	for {
		rest := s.rest()
		if i := bytes.Index(rest, lineDashDash); i >= 0 {
			s.skip(i + 1)
			return true
		}
		if s.r == nil {
			s.skip(len(rest))
			return false
		}
		s.skip(max(len(rest)-2, 0)) // "\n-" may be the start of a match
		if !s.fill() && s.r == nil {
			s.skip(len(s.rest()))
			return false
		}
	}
}

var (
	dashDash     = []byte("--")
	lineDashDash = []byte("\n--")
	newline      = []byte("\n")
)

// skip consumes n octets of the window.
func (s *scanner) skip(n int) {
	s.lines += int64(bytes.Count(s.buf[s.pos:s.pos+n], newline))
	s.pos += n
}

// finish consumes the rest of the message.
func (s *scanner) finish() {
	for {
		s.skip(len(s.rest()))
		if !s.fill() {
			return
		}
	}
}

// lineEndBefore returns the length of the line end just before the position:
// 2, 1, or 0 at the start of the message.
func (s *scanner) lineEndBefore() int64 {
	switch {
	case s.pos >= 2 && s.buf[s.pos-1] == '\n' && s.buf[s.pos-2] == '\r':
		return 2
	case s.pos >= 1 && s.buf[s.pos-1] == '\n':
		return 1
	}
	return 0
}
