package message

import (
	"errors"
	"io"
)

// ErrUnknownEncoding reports a Content-Transfer-Encoding that cannot be
// decoded. In IMAP that is the response code UNKNOWN-CTE (RFC 9051 §7.1).
var ErrUnknownEncoding = errors.New("message: unknown content transfer encoding")

// transferKind is what a Content-Transfer-Encoding means.
type transferKind uint8

const (
	transferUnknown transferKind = iota
	transferIdentity
	transferBase64
	transferQuoted
)

// transferOf reads an encoding in lower case, in its registered spelling or in
// those that real mail has.
func transferOf(encoding string) transferKind {
	switch encoding {
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none":
		return transferIdentity
	case "base64", "base-64":
		return transferBase64
	case "quoted-printable", "quoted-printible", "quotedprintable", "qp":
		return transferQuoted
	}
	return transferUnknown
}

// NewTransferReader returns what r holds without its transfer encoding, as
// BINARY does (RFC 9051 §6.4.5). Rubbish in the encoded text is passed over as
// RFC 2045 §6.7 and §6.8 advise, so the only failures are those of r and
// ErrUnknownEncoding, which comes at once. encoding is Part.Encoding.
func NewTransferReader(r io.Reader, encoding string) (io.Reader, error) {
	switch transferOf(encoding) {
	case transferIdentity:
		return r, nil
	case transferBase64:
		return newChunkReader(r, new(base64Decoder).decode), nil
	case transferQuoted:
		return newChunkReader(r, new(quotedDecoder).decode), nil
	}
	return nil, ErrUnknownEncoding
}

// TransferSize returns how many octets NewTransferReader yields of r: the value
// of BINARY.SIZE (RFC 9051 §6.4.5).
func TransferSize(r io.Reader, encoding string) (int64, error) {
	decoded, err := NewTransferReader(r, encoding)
	if err != nil {
		return 0, err
	}
	if c, ok := decoded.(*chunkReader); ok {
		return c.count()
	}
	return io.Copy(io.Discard, decoded)
}

// HasKnownEncoding reports whether the body can be decoded.
func (p *Part) HasKnownEncoding() bool { return transferOf(p.Encoding) != transferUnknown }

// IsIdentity reports whether a body is sent as it is, so that its decoded form
// is its span.
func (p *Part) IsIdentity() bool { return transferOf(p.Encoding) == transferIdentity }

// Open returns the body of the part as sent, out of the whole message r.
func (p *Part) Open(r io.ReaderAt) *io.SectionReader {
	return io.NewSectionReader(r, p.Body.Start, p.Body.Len())
}

// OpenDecoded returns the body of the part without its transfer encoding, out
// of the whole message r.
func (p *Part) OpenDecoded(r io.ReaderAt) (io.Reader, error) {
	return NewTransferReader(p.Open(r), p.Encoding)
}

// DecodedSize returns the number of octets that OpenDecoded yields. It reads
// the body only where that depends on it.
func (p *Part) DecodedSize(r io.ReaderAt) (int64, error) {
	if p.IsIdentity() {
		return p.Body.Len(), nil
	}
	return TransferSize(p.Open(r), p.Encoding)
}

// chunkReader passes a stream through a decoder by chunks.
type chunkReader struct {
	r      io.Reader
	decode func(dst, src []byte, final bool) []byte
	src    []byte
	dst    []byte // decoded and not yet read: dst[pos:]
	pos    int
	err    error
}

const chunkSize = 8 << 10

func newChunkReader(r io.Reader, decode func(dst, src []byte, final bool) []byte) *chunkReader {
	return &chunkReader{r: r, decode: decode}
}

// next decodes a chunk. It may yield nothing without an error. Chunks are full
// however r is read, so that the same body always decodes to the same octets.
func (c *chunkReader) next() {
	if c.src == nil {
		c.src = make([]byte, chunkSize)
	}
	n, err := io.ReadFull(c.r, c.src)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	c.dst, c.pos = c.decode(c.dst[:0], c.src[:n], err == io.EOF), 0
	c.err = err
}

func (c *chunkReader) Read(p []byte) (int, error) {
	for c.pos == len(c.dst) {
		if c.err != nil {
			return 0, c.err
		}
		c.next()
	}
	n := copy(p, c.dst[c.pos:])
	c.pos += n
	return n, nil
}

// count reads to the end without handing anything out.
func (c *chunkReader) count() (int64, error) {
	var size int64
	for c.err == nil {
		c.next()
		size += int64(len(c.dst))
	}
	if c.err != io.EOF {
		return 0, c.err
	}
	return size, nil
}
