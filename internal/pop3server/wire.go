package pop3server

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/restante/restante/internal/mail"
)

// readBody hands a body's octets to use, in portions.
func readBody(body mail.StoredBody, buffer []byte, use func([]byte) error) error {
	if whole, err := body.Bytes(); err != nil {
		return err
	} else if whole != nil {
		return use(whole)
	}
	for offset, size := int64(0), body.Size(); offset < size; {
		n, err := body.ReadAt(buffer[:min(int64(len(buffer)), size-offset)], offset)
		if n == 0 && err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		if err := use(buffer[:n]); err != nil {
			return err
		}
		offset += int64(n)
	}
	return nil
}

// lineCounter counts the octets that a message has on the wire, without the
// dots that are doubled there (RFC 1939 §11 leaves them out, too).
type lineCounter struct {
	octets int64
	last   byte
}

func (c *lineCounter) count(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	bare := bytes.Count(p, []byte{'\n'}) - bytes.Count(p, []byte{'\r', '\n'})
	if p[0] == '\n' && c.last == '\r' {
		bare-- // its CR ended the portion before
	}
	c.octets += int64(len(p) + bare)
	c.last = p[len(p)-1]
	return nil
}

// size returns the count, with the end of line that is added to a last line
// without one.
func (c *lineCounter) size() int64 {
	if c.octets > 0 && c.last != '\n' {
		return c.octets + 2
	}
	return c.octets
}

// lineWriter writes a message with lines that end in CR LF and dots doubled at
// their beginning (RFC 1939 §3). After the header it stops behind so many
// lines of the body, if lines is not negative: TOP.
type lineWriter struct {
	to     *bufio.Writer
	lines  int
	inBody bool
	inLine bool
	last   byte
	empty  bool // the line has no octets so far but CR
	octets int64
}

// errEnough ends the reading of a message of which no more is wanted.
var errEnough = errors.New("enough")

func (w *lineWriter) write(p []byte) error {
	for len(p) > 0 {
		if !w.inLine {
			if w.inBody && w.lines == 0 {
				return errEnough
			}
			w.inLine, w.empty = true, true
			if p[0] == '.' {
				if err := w.to.WriteByte('.'); err != nil {
					return err
				}
			}
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			return w.partOfLine(p)
		}
		if err := w.partOfLine(p[:end]); err != nil {
			return err
		}
		if err := w.endLine(); err != nil {
			return err
		}
		p = p[end+1:]
	}
	return nil
}

// partOfLine writes octets none of which is LF.
func (w *lineWriter) partOfLine(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	w.empty = w.empty && w.last != '\r' && len(p) == 1 && p[0] == '\r'
	w.last = p[len(p)-1]
	w.octets += int64(len(p))
	_, err := w.to.Write(p)
	return err
}

// endLine writes the end of a line; its CR may be there already.
func (w *lineWriter) endLine() error {
	end := "\r\n"
	if w.last == '\r' {
		end = "\n"
	}
	_, err := w.to.WriteString(end)
	w.octets += int64(len(end))
	switch {
	case w.inBody && w.lines > 0:
		w.lines--
	case !w.inBody && w.empty:
		w.inBody = true
	}
	w.inLine, w.last = false, '\n'
	return err
}

// close ends a last line that has no end, and the message.
func (w *lineWriter) close() error {
	if w.inLine {
		// A lone CR at the very end stays what it is.
		w.last = 0
		if err := w.endLine(); err != nil {
			return err
		}
	}
	_, err := w.to.WriteString(".\r\n")
	return err
}
