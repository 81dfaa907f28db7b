package transfer

import (
	"bytes"
	"io"
)

// crlfWriter turns every LF that has no CR before it into CR LF.
type crlfWriter struct {
	to   io.Writer
	last byte
	line []byte
}

func (w *crlfWriter) Write(p []byte) (int, error) {
	w.line = w.line[:0]
	for rest := p; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			w.line = append(w.line, rest...)
			w.last = rest[len(rest)-1]
			break
		}
		if end > 0 {
			w.last = rest[end-1]
		}
		w.line = append(w.line, rest[:end]...)
		if w.last != '\r' {
			w.line = append(w.line, '\r')
		}
		w.line = append(w.line, '\n')
		w.last = '\n'
		rest = rest[end+1:]
	}
	if _, err := w.to.Write(w.line); err != nil {
		return 0, err
	}
	return len(p), nil
}

// lfWriter turns CR LF into LF. It is used for canonical messages only.
type lfWriter struct {
	to   io.Writer
	held bool // a CR that may belong to a CR LF
	line []byte
}

func (w *lfWriter) Write(p []byte) (int, error) {
	w.line = w.line[:0]
	for _, octet := range p {
		if w.held && octet != '\n' {
			w.line = append(w.line, '\r')
		}
		if w.held = octet == '\r'; !w.held {
			w.line = append(w.line, octet)
		}
	}
	if _, err := w.to.Write(w.line); err != nil {
		return 0, err
	}
	return len(p), nil
}

// flush writes a CR that was the last octet.
func (w *lfWriter) flush() error {
	if !w.held {
		return nil
	}
	_, err := w.to.Write([]byte{'\r'})
	return err
}

// lineEnds looks at the line ends of a message.
type lineEnds struct {
	crlf, bare, doubled bool
	last, before        byte
}

func (l *lineEnds) Write(p []byte) (int, error) {
	for _, octet := range p {
		if octet == '\n' {
			if l.last == '\r' {
				l.crlf = true
				l.doubled = l.doubled || l.before == '\r'
			} else {
				l.bare = true
			}
		}
		l.before, l.last = l.last, octet
	}
	return len(p), nil
}

// canonical reports whether a message can be written with LF alone and comes
// back the same: all its lines end in CR LF, and no CR LF would be left.
func (l *lineEnds) canonical() bool { return !l.bare && !l.doubled }
