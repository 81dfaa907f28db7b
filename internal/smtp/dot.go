package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// dotReader reads the message that follows DATA, and stops in front of the
// line that ends it, which go-smtp then reads itself. Only CR LF ends a line:
// a bare LF or CR before a dot is part of the message, so that no two hosts
// can disagree where it ends (RFC 5321 §2.3.8, §4.1.1.4).
//
// go-smtp's own reader takes an octet at a time, and does not see CR LF after
// another CR: a message whose last line ends in CR would never end, and a dot
// that was doubled after such a line would stay doubled.
type dotReader struct {
	from *bufio.Reader
	// inLine is true behind anything but CR LF.
	inLine bool
	lastCR bool
	done   bool
}

// Read returns the next octets. io.EOF in front of the terminating line.
func (d *dotReader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if !d.inLine {
			if err := d.beginLine(); err != nil {
				return n, err
			}
		}
		if d.from.Buffered() == 0 {
			if n > 0 {
				return n, nil
			}
			if _, err := d.from.Peek(1); err != nil {
				return n, unexpected(err)
			}
		}
		n += d.takeLine(p[n:])
	}
	return n, nil
}

// beginLine looks at the beginning of a line: io.EOF if it is the last, else
// the dot that was added to it is dropped (RFC 5321 §4.5.2).
func (d *dotReader) beginLine() error {
	if d.done {
		return io.EOF
	}
	start, err := d.from.Peek(1)
	if err != nil {
		return unexpected(err)
	}
	if start[0] == '.' {
		// What follows is at least the line that ends the message.
		if start, err = d.from.Peek(3); err != nil {
			return unexpected(err)
		}
		if string(start) == ".\r\n" {
			d.done = true
			return io.EOF
		}
		_, _ = d.from.Discard(1)
	}
	d.inLine, d.lastCR = true, false
	return nil
}

// takeLine copies what is buffered, up to the end of the line.
func (d *dotReader) takeLine(p []byte) int {
	buffered, _ := d.from.Peek(min(len(p), d.from.Buffered()))
	for at := 0; at < len(buffered); {
		end := bytes.IndexByte(buffered[at:], '\n')
		if end < 0 {
			break
		}
		end += at
		if end > 0 && buffered[end-1] == '\r' || end == 0 && d.lastCR {
			d.inLine = false
			buffered = buffered[:end+1]
			break
		}
		at = end + 1
	}
	taken := copy(p, buffered)
	d.lastCR = buffered[taken-1] == '\r'
	_, _ = d.from.Discard(taken)
	return taken
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
