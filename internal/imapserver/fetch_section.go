package imapserver

import (
	"bytes"
	"errors"
	"io"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// writeSection answers BODY[…] and IMAP4rev1's RFC822 items. A section that
// the message does not have is NIL.
func (f *fetching) writeSection(item *imap.FetchItem) {
	enc := f.w.Item(item)
	span, ok := f.span(item)
	if !ok {
		enc.Raw("NIL")
		return
	}
	switch item.Section.Text {
	case imap.SectionHeaderFields, imap.SectionHeaderFieldsNot:
		f.writeFields(item, span)
		return
	}
	f.writeSpan(narrow(span, item.Partial))
}

// writeFields writes some fields of the header that lies in a span. A header
// that is too large for memory is read twice instead, for the size and for the
// octets.
func (f *fetching) writeFields(item *imap.FetchItem, header message.Span) {
	not := item.Section.Text == imap.SectionHeaderFieldsNot
	if header.Len() > headerInMemory {
		reader, size, err := f.filterLarge(item, header)
		if err != nil {
			f.fail(err)
			return
		}
		f.enc.LiteralFrom(withoutNUL{reader}, size)
		return
	}
	octets, err := f.read(header)
	if err != nil {
		f.fail(err)
		return
	}
	f.writeOctets(cut(message.FilterHeader(nil, octets, item.Section.Fields, not), item.Partial))
}

// filterLarge opens some fields of a header that is too large for memory, and
// says how many octets they have.
func (f *fetching) filterLarge(item *imap.FetchItem, header message.Span) (io.Reader, int64, error) {
	filtered := func() io.Reader {
		not := item.Section.Text == imap.SectionHeaderFieldsNot
		return message.FilterHeaderFrom(io.NewSectionReader(f.body, header.Start, header.Len()), item.Section.Fields, not)
	}
	size, err := io.Copy(io.Discard, filtered())
	if err != nil {
		return nil, 0, err
	}
	span := narrow(message.Span{Start: 0, End: size}, item.Partial)
	reader := filtered()
	if _, err := io.CopyN(io.Discard, reader, span.Start); err != nil {
		return nil, 0, err
	}
	return io.LimitReader(reader, span.Len()), span.Len(), nil
}

// span returns where a section lies in the message.
func (f *fetching) span(item *imap.FetchItem) (message.Span, bool) {
	if isWholeMessage(*item) {
		return message.Span{Start: 0, End: f.body.Size()}, true
	}
	text := message.SectionAll
	switch item.Section.Text {
	case imap.SectionHeader, imap.SectionHeaderFields, imap.SectionHeaderFieldsNot:
		text = message.SectionHeader
	case imap.SectionBody:
		text = message.SectionBody
	case imap.SectionMIME:
		text = message.SectionMIME
	}
	return f.at.structure.Section(item.Section.Part, text)
}

// narrow takes the part of a span that <offset.length> asks for; nothing of it
// is left beyond the end (RFC 9051 §6.4.5).
func narrow(span message.Span, partial imap.Partial) message.Span {
	if partial.IsWhole() {
		return span
	}
	size := uint64(span.Len())
	from := min(partial.Offset, size)
	length := min(partial.Length, size-from)
	start := span.Start + int64(from)
	return message.Span{Start: start, End: start + int64(length)}
}

// cut is narrow for octets.
func cut(octets []byte, partial imap.Partial) []byte {
	span := narrow(message.Span{Start: 0, End: int64(len(octets))}, partial)
	return octets[span.Start:span.End]
}

// read returns the octets of a span, valid until the next read.
func (f *fetching) read(span message.Span) ([]byte, error) {
	if f.octets != nil {
		return f.octets[span.Start:span.End], nil
	}
	if int64(cap(f.scratch)) < span.Len() {
		f.scratch = make([]byte, span.Len())
	}
	octets := f.scratch[:span.Len()]
	n, err := f.body.ReadAt(octets, span.Start)
	if n == len(octets) {
		err = nil
	}
	return octets, err
}

// fail gives the connection up: a response was begun that cannot be finished.
func (f *fetching) fail(err error) {
	f.session.log.Error("cannot read message", "uid", uint32(f.at.meta.UID), "error", err.Error())
	f.enc.LiteralFrom(failingReader{err}, 1)
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// writeSpan writes a span of the message: from memory, or, if it is large,
// piece by piece.
func (f *fetching) writeSpan(span message.Span) {
	if f.octets != nil {
		f.writeOctets(f.octets[span.Start:span.End])
		return
	}
	reader := io.NewSectionReader(f.body, span.Start, span.Len())
	f.enc.LiteralFrom(withoutNUL{reader}, span.Len())
}

// writeOctets writes octets as a literal. A NUL, which no literal may hold, is
// shown as 0x80: sizes and offsets stay what they are (RFC 9051 §4.3.1). Parts with
// NUL were encoded when they came (mail.Textual); this is for headers, and for what
// was imported or could not be encoded.
func (f *fetching) writeOctets(octets []byte) {
	if bytes.IndexByte(octets, 0) >= 0 {
		octets = bytes.ReplaceAll(octets, []byte{0}, []byte{0x80})
	}
	f.enc.Literal(octets)
}

// withoutNUL is writeOctets' substitution for a stream.
type withoutNUL struct{ r io.Reader }

func (w withoutNUL) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	for rest := p[:n]; ; {
		at := bytes.IndexByte(rest, 0)
		if at < 0 {
			return n, err
		}
		rest[at] = 0x80
		rest = rest[at+1:]
	}
}

// checkEncodings finds out whether the parts that BINARY asks for can be
// decoded, while the response can still be NO (RFC 9051 §6.4.5).
func (f *fetching) checkEncodings() error {
	for i := range f.plan.binary {
		part := f.binaryPart(&f.plan.binary[i])
		if part == nil {
			continue
		}
		_, err := part.OpenDecoded(f.body)
		if errors.Is(err, message.ErrUnknownEncoding) {
			return no(imap.CodeUnknownCTE, "The part has an encoding that cannot be decoded")
		}
		if err != nil {
			return f.passOver(err)
		}
	}
	return nil
}

// decodes reports whether the parts of a message that BINARY asks for have encodings
// that are known: a message that is not answered is not seen.
func (f *fetching) decodes(m *fetchedMessage) bool {
	for i := range f.plan.binary {
		path := f.plan.binary[i].Section.Part
		if len(path) == 0 {
			continue
		}
		if part := m.structure.Part(path); part != nil && !part.HasKnownEncoding() {
			return false
		}
	}
	return true
}

// binaryPart returns the part that a BINARY item names; nil for the whole
// message and for a part that is not there.
func (f *fetching) binaryPart(item *imap.FetchItem) *message.Part {
	if len(item.Section.Part) == 0 {
		return nil
	}
	return f.at.structure.Part(item.Section.Part)
}

// decoded opens what a BINARY item names without its transfer encoding; nil if
// the message has no such part.
func (f *fetching) decoded(item *imap.FetchItem) (io.Reader, error) {
	if len(item.Section.Part) == 0 {
		return io.NewSectionReader(f.body, 0, f.body.Size()), nil
	}
	part := f.binaryPart(item)
	if part == nil {
		return nil, nil
	}
	return part.OpenDecoded(f.body)
}

// writeBinary answers BINARY[…]: what holds NUL as a literal8, anything else
// as a literal (RFC 9051 §7.5.2).
func (f *fetching) writeBinary(item *imap.FetchItem) {
	enc := f.w.Item(item)
	size, binary, err := f.measure(item)
	if err != nil {
		f.fail(err)
		return
	}
	if size < 0 {
		enc.Raw("NIL")
		return
	}
	reader, err := f.decoded(item)
	if err != nil {
		f.fail(err)
		return
	}
	span := narrow(message.Span{Start: 0, End: size}, item.Partial)
	if _, err := io.CopyN(io.Discard, reader, span.Start); err != nil {
		f.fail(err)
		return
	}
	if binary {
		enc.Literal8From(reader, span.Len())
		return
	}
	enc.LiteralFrom(reader, span.Len())
}

// measure reads what a BINARY item names once, for its size and for whether it
// holds a NUL. The size is -1 if there is no such part.
func (f *fetching) measure(item *imap.FetchItem) (size int64, binary bool, err error) {
	reader, err := f.decoded(item)
	if err != nil || reader == nil {
		return -1, false, err
	}
	if cap(f.scratch) < measureSize {
		f.scratch = make([]byte, measureSize)
	}
	buffer := f.scratch[:measureSize]
	for {
		n, err := reader.Read(buffer)
		size += int64(n)
		binary = binary || bytes.IndexByte(buffer[:n], 0) >= 0
		if err == io.EOF {
			return size, binary, nil
		}
		if err != nil {
			return size, binary, err
		}
	}
}

// measureSize is how much of a part is decoded at once.
const measureSize = 16 << 10

// writeBinarySize answers BINARY.SIZE[…]; a part that is not there has none,
// and the size of nothing is 0.
func (f *fetching) writeBinarySize(item *imap.FetchItem) {
	size, _, err := f.measure(item)
	if err != nil {
		f.w.Item(item)
		f.fail(err)
		return
	}
	f.w.BinarySize(item, uint64(max(size, 0)))
}
