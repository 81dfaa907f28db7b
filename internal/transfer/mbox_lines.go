package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"
)

// mboxLines reads an mbox file by lines, and can look at the next one before
// it is taken.
type mboxLines struct {
	file   io.ReaderAt
	buffer *bufio.Reader
	offset int64 // of what is taken next

	next  []byte // the next piece, nil if none has been read
	ended bool   // next ends its line
	start bool   // next begins its line
	err   error
}

func newMboxLines(file io.ReaderAt, size int64) *mboxLines {
	return &mboxLines{
		file: file, start: true,
		buffer: bufio.NewReaderSize(io.NewSectionReader(file, 0, size), copyBuffer),
	}
}

// peek returns the next line, or a piece of one that is longer than the
// buffer, valid until the next call of take. io.EOF at the end.
func (l *mboxLines) peek() ([]byte, error) {
	if l.next != nil || l.err != nil {
		return l.next, l.err
	}
	piece, err := l.buffer.ReadSlice('\n')
	switch {
	case len(piece) > 0:
		l.next, l.ended = piece, err == nil
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			l.next, l.err = nil, err
		}
	default:
		l.err = err
	}
	return l.next, l.err
}

// take goes on behind what peek returned.
func (l *mboxLines) take() {
	l.offset += int64(len(l.next))
	l.start, l.next = l.ended, nil
}

// atSeparator reports whether the next line begins a message: the "From "
// line with a date that parts messages in an mbox (RFC 4155).
func (l *mboxLines) atSeparator() bool {
	line, err := l.peek()
	if err != nil || !l.start || !l.ended {
		return false
	}
	_, ok := separatorDate(line)
	return ok
}

// separatorAt reports whether a message ends at an offset: the file does, or a
// separator follows, perhaps behind an empty line.
func (l *mboxLines) separatorAt(offset int64) bool {
	var window [256]byte
	n, err := l.file.ReadAt(window[:], offset)
	if err != nil && err != io.EOF {
		return false
	}
	rest := bytes.TrimLeft(window[:n], "\r\n")
	if len(rest) == 0 {
		return n < len(window)
	}
	line, _, found := bytes.Cut(rest, []byte{'\n'})
	_, ok := separatorDate(line)
	return found && ok
}

// separatorLayouts are the forms that the date has in separators: that of
// asctime, with a zone before or behind the year or without seconds.
var separatorLayouts = []string{
	"Mon Jan _2 15:04:05 2006",
	"Mon Jan _2 15:04:05 2006 -0700",
	"Mon Jan _2 15:04:05 -0700 2006",
	"Mon Jan _2 15:04:05 MST 2006",
	"Mon Jan _2 15:04 2006",
	"Mon, _2 Jan 2006 15:04:05 -0700",
	"Mon, _2 Jan 2006 15:04:05",
}

// separatorDate returns the date of a separator, and whether a line is one.
// The sender may be missing, or hold spaces.
func separatorDate(line []byte) (time.Time, bool) {
	if !bytes.HasPrefix(line, []byte("From ")) {
		return time.Time{}, false
	}
	fields := bytes.Fields(line[5:])
	for first := range fields {
		if first > 8 {
			break
		}
		if len(fields[first]) < 3 || len(fields)-first < 4 || len(fields)-first > 8 {
			continue
		}
		text := string(bytes.Join(fields[first:], []byte{' '}))
		for _, layout := range separatorLayouts {
			if date, err := time.Parse(layout, text); err == nil {
				return date.UTC(), true
			}
		}
	}
	return time.Time{}, false
}

// isBlank reports whether a line has only its end.
func isBlank(line []byte) bool { return string(line) == "\n" || string(line) == "\r\n" }

// unquoted returns a line without the ">" that was put before "From " so that
// the line is no separator (mboxrd; mboxo for a single one).
func unquoted(line []byte) []byte {
	if rest := bytes.TrimLeft(line, ">"); len(rest) < len(line) && bytes.HasPrefix(rest, []byte("From ")) {
		return line[1:]
	}
	return line
}
