package message

import (
	"bufio"
	"errors"
	"io"
)

// nameScanMax is how far the colon of a field is looked for in a header that is
// read piece by piece. No name is as long.
const nameScanMax = 4 << 10

// FilterHeaderFrom is FilterHeader for a header too large to be in memory: it
// returns a reader of the same octets, which holds a few KiB whatever the
// header. A name longer than that counts as rubbish.
func FilterHeaderFrom(header io.Reader, names []string, not bool) io.Reader {
	return &headerFilter{in: bufio.NewReaderSize(header, nameScanMax), names: names, not: not, lineStart: true, first: true}
}

// headerFilter passes fields on line by line, or by pieces of long lines.
type headerFilter struct {
	in        *bufio.Reader
	names     []string
	not       bool
	piece     []byte // what is still to be handed out
	keep      bool   // the current field is wanted
	lineStart bool   // the next octet begins a line
	first     bool   // of the header: what begins it begins a field
	rest      bool   // the blank line was reached
}

// Read implements io.Reader.
func (h *headerFilter) Read(p []byte) (int, error) {
	for len(h.piece) == 0 {
		if h.rest {
			return h.in.Read(p)
		}
		if err := h.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, h.piece)
	h.piece = h.piece[n:]
	return n, nil
}

// next takes the next line, or the next piece of a long one.
func (h *headerFilter) next() error {
	if h.lineStart {
		if err := h.begin(); err != nil || h.rest {
			return err
		}
	}
	line, err := h.in.ReadSlice('\n')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) && len(line) == 0 {
		return err
	}
	h.lineStart = err == nil
	if h.keep {
		h.piece = line
	}
	return nil
}

// begin looks at the start of a line: the end of the header, a field, or the
// continuation of one.
func (h *headerFilter) begin() error {
	start, err := h.in.Peek(nameScanMax)
	if len(start) == 0 {
		return err
	}
	if isBlankLine(start) {
		h.rest = true
		return nil
	}
	if h.first || start[0] != ' ' && start[0] != '\t' {
		name, _, ok := cutField(start)
		h.keep = ok && len(name) > 0 && namesContain(h.names, name) != h.not
	}
	h.first = false
	return nil
}
