package journal

import (
	"fmt"
	"io"
)

// body is the body that a bodyReader has open.
type body struct {
	r     *bodyReader
	row   bodyRow
	place Place

	whole []byte // the verified content, if it is held
	// Of a content that is not held whole: the sums, and the verified blocks
	// that are in the window at present.
	sums      []byte
	from, to  int64 // octets of the stored content in the window
	followsAt int64 // where a read would go on
	chunks    chunks
}

func (b *body) Size() int64  { return b.row.size }
func (b *body) Place() Place { return b.place }

func (b *body) damaged(block int64) error {
	return fmt.Errorf("%w: segment %d, octet %d: body %x: sum of block %d is wrong",
		ErrCorrupt, b.place.segment(), b.place.at(), b.row.id[:8], block)
}

// Bytes returns the whole content if body and sums fit into the window.
func (b *body) Bytes() ([]byte, error) {
	if b.row.size == 0 {
		return []byte{}, nil
	}
	if b.whole != nil {
		return b.whole, nil
	}
	if b.row.room() > windowSize || b.row.size > windowSize {
		return nil, nil
	}
	raw, err := b.r.see(b.place.at(), b.row.room())
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) < b.row.room() {
		return nil, b.damaged(0)
	}
	content, sums := raw[bodyHeadSize:bodyHeadSize+b.row.stored], raw[bodyHeadSize+b.row.stored:]
	if bad := checkSums(content, sums, b.r.j.seed); bad >= 0 {
		return nil, b.damaged(int64(bad))
	}
	if b.row.encoding == encodingZstd {
		if content, err = b.decodeWhole(content); err != nil {
			return nil, err
		}
	}
	b.whole = content
	return content, nil
}

// ReadAt reads verified content. Of a large body only the blocks that are
// touched are read and verified.
func (b *body) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("body: negative offset %d", off)
	}
	if off >= b.row.size {
		return 0, io.EOF
	}
	var short error
	if int64(len(p)) > b.row.size-off {
		p, short = p[:b.row.size-off], io.EOF
	}
	whole, err := b.Bytes()
	if err != nil {
		return 0, err
	}
	if whole != nil {
		return copy(p, whole[off:]), short
	}
	n := 0
	for n < len(p) {
		part, err := b.content(off+int64(n), len(p)-n)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], part)
	}
	return n, short
}

// content returns some of the content from an offset on, at least one octet.
func (b *body) content(off int64, want int) ([]byte, error) {
	if b.row.encoding == encodingZstd {
		return b.decodedAt(off)
	}
	return b.stored(off, int64(want))
}

// stored returns some of the content as stored, from an offset on. Who reads on
// where the last read ended is given a whole window, others only the blocks
// they ask for.
func (b *body) stored(off, want int64) ([]byte, error) {
	if off >= b.from && off < b.to {
		b.followsAt = min(off+want, b.to)
		return (*b.r.window)[off-b.from : b.to-b.from], nil
	}
	if b.sums == nil {
		sums := make([]byte, sumSize*blocks(b.row.stored))
		if err := readStored(b.r.file, sums, b.place.at()+bodyHeadSize+b.row.stored); err != nil {
			return nil, err
		}
		b.sums = sums
	}
	from := off / blockSize * blockSize
	to := min((off+want+blockSize-1)/blockSize*blockSize, from+windowSize)
	if off == b.followsAt {
		to = from + windowSize
	}
	to = min(to, b.row.stored)
	if err := b.load(from, to); err != nil {
		return nil, err
	}
	b.followsAt = min(off+want, to)
	return (*b.r.window)[off-from : to-from], nil
}

// load brings whole blocks into the window and verifies them.
func (b *body) load(from, to int64) error {
	r := b.r
	if r.window == nil {
		r.window = windows.Get().(*[]byte)
	}
	r.filled, b.from, b.to = 0, 0, 0
	piece := (*r.window)[:to-from]
	if err := readStored(r.file, piece, b.place.at()+bodyHeadSize+from); err != nil {
		return err
	}
	if bad := checkSums(piece, b.sums[from/blockSize*sumSize:], r.j.seed); bad >= 0 {
		return b.damaged(from/blockSize + int64(bad))
	}
	b.from, b.to = from, to
	return nil
}
