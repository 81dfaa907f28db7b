package journal

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// A body with encoding zstd is stored in chunks, so that a part of it can be
// read without decoding all that lies before:
//
//	0  4·n  where each chunk ends, counted from the end of this table;
//	        n = size of the content / 128 KiB, rounded up
//	        then the chunks: each 128 KiB of the content (the last may be
//	        less) as one zstd frame
const chunkSize = 128 << 10

// chunks is what is known of an encoded body while it is read by parts.
type chunks struct {
	ends  []byte // the table; nil until read
	which int64  // the chunk that plain holds, counted from 1
	held  []byte
}

func chunkCount(size int64) int64 { return (size + chunkSize - 1) / chunkSize }

// decoder is shared: DecodeAll may be called by many goroutines.
var decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(4*chunkSize))
})

// encoder makes base64 smaller too, which the default would not.
var encoder = sync.OnceValues(func() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithAllLitEntropyCompression(true),
		zstd.WithEncoderCRC(false), zstd.WithWindowSize(chunkSize))
})

// decodeChunk appends a decoded chunk to out.
func (r *bodyRow) decodeChunk(out, chunk []byte, which int64) ([]byte, error) {
	d, err := decoder()
	if err != nil {
		return nil, err
	}
	before := len(out)
	if out, err = d.DecodeAll(chunk, out); err != nil {
		return nil, fmt.Errorf("%w: chunk %d of body %x: %w", ErrCorrupt, which, r.id[:8], err)
	}
	if want := min(chunkSize, r.size-which*chunkSize); int64(len(out)-before) != want {
		return nil, fmt.Errorf("%w: chunk %d of body %x has %d octets instead of %d", ErrCorrupt, which, r.id[:8], len(out)-before, want)
	}
	return out, nil
}

// chunkAt returns where a chunk lies in the stored content.
func (r *bodyRow) chunkAt(ends []byte, which int64) (from, to int64, err error) {
	table := 4 * chunkCount(r.size)
	from, to = table, table+int64(le.Uint32(ends[4*which:]))
	if which > 0 {
		from += int64(le.Uint32(ends[4*(which-1):]))
	}
	if from > to || to > r.stored {
		return 0, 0, fmt.Errorf("%w: table of chunks of body %x is impossible", ErrCorrupt, r.id[:8])
	}
	return from, to, nil
}

// decodeChunks decodes a content that is held whole, chunk by chunk. What each
// is given lies in out, from its beginning if again is set and otherwise behind
// what was there; the last out is returned.
func (r *bodyRow) decodeChunks(stored, out []byte, again bool, each func([]byte)) ([]byte, error) {
	n := chunkCount(r.size)
	if int64(len(stored)) < 4*n {
		return nil, fmt.Errorf("%w: table of chunks of body %x is cut short", ErrCorrupt, r.id[:8])
	}
	for which := range n {
		from, to, err := r.chunkAt(stored[:4*n], which)
		if err != nil {
			return nil, err
		}
		if again {
			out = out[:0]
		}
		before := len(out)
		if out, err = r.decodeChunk(out, stored[from:to], which); err != nil {
			return nil, err
		}
		each(out[before:])
	}
	return out, nil
}

func (b *body) room() *[]byte {
	if b.r.plain == nil {
		b.r.plain = windows.Get().(*[]byte)
	}
	return b.r.plain
}

// decodeWhole decodes a content that is held whole.
func (b *body) decodeWhole(stored []byte) ([]byte, error) {
	return b.row.decodeChunks(stored, (*b.room())[:0], false, func([]byte) {})
}

// decodedAt returns the rest of the chunk that an offset of the content lies in.
func (b *body) decodedAt(off int64) ([]byte, error) {
	which := off / chunkSize
	if b.chunks.which != which+1 {
		if err := b.loadChunk(which); err != nil {
			return nil, err
		}
	}
	return b.chunks.held[off%chunkSize:], nil
}

func (b *body) loadChunk(which int64) error {
	b.chunks.which = 0
	if b.chunks.ends == nil {
		ends, err := b.storedRange(0, 4*chunkCount(b.row.size), nil)
		if err != nil {
			return err
		}
		b.chunks.ends = ends
	}
	from, to, err := b.row.chunkAt(b.chunks.ends, which)
	if err != nil {
		return err
	}
	chunk, err := b.storedRange(from, to, nil)
	if err != nil {
		return err
	}
	held, err := b.row.decodeChunk((*b.room())[:0], chunk, which)
	if err != nil {
		return err
	}
	b.chunks.held, b.chunks.which = held, which+1
	return nil
}

// storedRange appends a verified range of the stored content to out.
func (b *body) storedRange(from, to int64, out []byte) ([]byte, error) {
	if to > b.row.stored {
		return nil, fmt.Errorf("%w: stored content of body %x is cut short", ErrCorrupt, b.row.id[:8])
	}
	for from < to {
		part, err := b.stored(from, to-from)
		if err != nil {
			return nil, err
		}
		part = part[:min(int64(len(part)), to-from)]
		out = append(out, part...)
		from += int64(len(part))
	}
	return out, nil
}
