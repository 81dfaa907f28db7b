package message

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
)

// ErrNotTextual reports a part that holds NUL and cannot be encoded: because its
// encoding is not known or its type admits none (RFC 2045 §6.4), or because a
// signature covers it as it is (RFC 1847 §2.1).
var ErrNotTextual = errors.New("message: a part holds NUL and cannot be encoded")

// BinaryPart is a part that cannot be sent as it is, because it holds NUL.
type BinaryPart struct {
	part   *Part
	isRoot bool // of a message
	isBare bool // what is around it does not end its header, as if this went on with it
}

// BinaryParts returns the leaves of a message that hold NUL, in their order. NUL in
// headers and between parts, for which no encoding exists, is passed over.
func BinaryParts(s *Structure, r io.ReaderAt) ([]BinaryPart, error) {
	f := binaryFinder{r: r}
	err := f.look(&s.Root, false, true)
	return f.found, err
}

// binaryFinder looks for leaves that hold NUL.
type binaryFinder struct {
	r      io.ReaderAt
	found  []BinaryPart
	buffer []byte
}

// look looks through a part and what it contains. What is fixed must stay as it is.
func (f *binaryFinder) look(p *Part, fixed, isRoot bool) error {
	container := p.IsMultipart() || p.Message != nil
	fixed = fixed || p.IsMultipart() && p.Subtype == "signed" || container && !p.IsIdentity()
	switch {
	case p.IsMultipart():
		for i := range p.Parts {
			child := &p.Parts[i]
			// A leaf that begins with its parent has no place for a header: the
			// multipart has no delimiter.
			if err := f.look(child, fixed || child.Header.Start == p.Body.Start, false); err != nil {
				return err
			}
		}
		return nil
	case p.Message != nil:
		return f.lookEmbedded(p, fixed)
	}
	binary, err := f.holdsNUL(p)
	if err != nil || !binary {
		return err
	}
	if fixed || p.Type == "message" || !p.HasKnownEncoding() {
		return ErrNotTextual
	}
	f.found = append(f.found, BinaryPart{part: p, isRoot: isRoot})
	return nil
}

// lookEmbedded looks through a message in a part. What is in a digest is one without
// that any header says so, and its own then needs a line before it.
func (f *binaryFinder) lookEmbedded(p *Part, fixed bool) error {
	before := len(f.found)
	if err := f.look(&p.Message.Root, fixed, true); err != nil || len(f.found) == before {
		return err
	}
	end, err := f.endOfHeader(p)
	f.found[before].isBare = end != "\n" && end != "\r\n" && end != "\n\r\n" && !strings.HasSuffix(end, "\n\n")
	return err
}

// endOfHeader returns the last octets of a header, as far as it has some.
func (f *binaryFinder) endOfHeader(p *Part) (string, error) {
	var end [len("\n\r\n")]byte
	n := min(p.Header.Len(), int64(len(end)))
	_, err := io.ReadFull(io.NewSectionReader(f.r, p.Header.End-n, n), end[:n])
	return string(end[:n]), err
}

func (f *binaryFinder) holdsNUL(p *Part) (bool, error) {
	if f.buffer == nil {
		f.buffer = make([]byte, 32<<10)
	}
	for body := p.Open(f.r); ; {
		n, err := body.Read(f.buffer)
		if bytes.IndexByte(f.buffer[:n], 0) >= 0 {
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

// WriteTextual writes a message with some of its parts in base64: those that
// BinaryParts returned. All else stays as it is, octet by octet.
func WriteTextual(to io.Writer, s *Structure, r io.ReaderAt, parts []BinaryPart) error {
	w := bufio.NewWriter(to)
	written := int64(0)
	for _, b := range parts {
		header := b.part.Header
		if err := copySpan(w, r, Span{written, header.Start}); err != nil {
			return err
		}
		if b.isBare {
			_, _ = w.WriteString("\r\n")
		}
		h := headerEditor{w: w, isRoot: b.isRoot}
		if err := h.copy(io.NewSectionReader(r, header.Start, header.Len())); err != nil {
			return err
		}
		decoded, err := b.part.OpenDecoded(r)
		if err != nil {
			return err
		}
		lines := &lineBreaker{w: w}
		encoder := base64.NewEncoder(base64.StdEncoding, lines)
		if _, err := io.Copy(encoder, decoded); err != nil {
			return err
		}
		if err := encoder.Close(); err != nil {
			return err
		}
		if written = b.part.Body.End; written == s.Size {
			_, _ = w.WriteString("\r\n") // else a delimiter follows, with its line end
		}
	}
	if err := copySpan(w, r, Span{written, s.Size}); err != nil {
		return err
	}
	return w.Flush()
}

func copySpan(w io.Writer, r io.ReaderAt, span Span) error {
	_, err := io.Copy(w, io.NewSectionReader(r, span.Start, span.Len()))
	return err
}

const (
	encodingField = "Content-Transfer-Encoding"
	versionField  = "MIME-Version"
)

// headerEditor copies a header and says in it that the body is in base64. Its
// bufio.Writer keeps the first error.
type headerEditor struct {
	w      *bufio.Writer
	isRoot bool
	// encoded says that the field is written, versioned that the header of a
	// message has MIME-Version, without which it would not count (RFC 2045 §4).
	encoded, versioned bool
}

func (h *headerEditor) copy(header io.Reader) error {
	lines := bufio.NewReader(header)
	skips, starts := false, true // at the field, at the start of a line
	for {
		line, err := lines.ReadSlice('\n')
		if starts && len(line) > 0 {
			if isBlankLine(line) {
				break
			}
			if line[0] != ' ' && line[0] != '\t' {
				skips = h.begin(line)
			}
		}
		if !skips {
			_, _ = h.w.Write(line)
		}
		starts = len(line) > 0 && line[len(line)-1] == '\n'
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
	h.write()
	if h.isRoot && !h.versioned {
		_, _ = h.w.WriteString(versionField + ": 1.0\r\n")
	}
	_, err := h.w.WriteString("\r\n")
	return err
}

// begin looks at the first line of a field, and reports whether the field is left
// out.
func (h *headerEditor) begin(line []byte) bool {
	name, _, _ := cutField(line)
	switch {
	case strings.EqualFold(string(name), versionField):
		h.versioned = true
	case strings.EqualFold(string(name), encodingField):
		h.write()
		return true
	}
	return false
}

// write writes the field once.
func (h *headerEditor) write() {
	if !h.encoded {
		h.encoded = true
		_, _ = h.w.WriteString(encodingField + ": base64\r\n")
	}
}

// lineBreaker breaks base64 into lines (RFC 2045 §6.8).
type lineBreaker struct {
	w      io.Writer
	column int
}

const encodedLine = 76

func (l *lineBreaker) Write(p []byte) (n int, err error) {
	for n < len(p) {
		if l.column == encodedLine {
			if _, err := io.WriteString(l.w, "\r\n"); err != nil {
				return n, err
			}
			l.column = 0
		}
		part := p[n:min(len(p), n+encodedLine-l.column)]
		if _, err := l.w.Write(part); err != nil {
			return n, err
		}
		n += len(part)
		l.column += len(part)
	}
	return n, nil
}
