package journal

import (
	"context"
	"fmt"
	"io"

	"github.com/restante/restante/internal/vfs"
)

// rewriter copies the units of one segment into a new file.
type rewriter struct {
	*Embedded
	live   func(BodyID) bool
	in     io.ReaderAt
	out    vfs.File
	number uint64
	at     int64 // in the new file
	moved  []BodyRef

	meta, sums      []byte
	content, packed []byte
}

func (w *rewriter) write(b []byte) error {
	_, err := w.out.WriteAt(b, w.at)
	w.at += int64(len(b))
	if err != nil {
		return writeError(err)
	}
	return nil
}

func (w *rewriter) run(ctx context.Context, s *segment) error {
	h := s.segmentHead
	h.rewritten, h.end = true, s.last
	if err := w.write(h.encode()); err != nil {
		return err
	}
	seed := segmentSeed(w.identity, w.number)
	sc := w.scan(w.in, s)
	for {
		if err := w.reclaimable(ctx); err != nil {
			return err
		}
		u, err := sc.next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := w.unit(u, seed); err != nil {
			return err
		}
	}
}

// unit copies one unit: its bodies first, because only then its rows are known.
func (w *rewriter) unit(u *unit, seed uint32) error {
	kept := make([]int, 0, len(u.rows))
	for i := range u.rows {
		if w.live(u.rows[i].id) {
			kept = append(kept, i)
		}
	}
	h := u.unitHead
	h.metaSize -= uint32((len(u.rows) - len(kept)) * bodyRowSize)
	h.bodies = uint32(len(kept))
	start := w.at
	w.at += unitHeadSize + int64(h.metaSize)
	bodiesAt := w.at
	rows := make([]bodyRow, 0, len(kept))
	for _, i := range kept {
		at := w.at
		row, err := w.body(u.places[i], &u.rows[i])
		if err != nil {
			return err
		}
		rows = append(rows, row)
		w.moved = append(w.moved, BodyRef{row.id, makePlace(w.number, row.room(), at)})
	}
	h.bodiesSize = w.at - bodiesAt
	return w.head(start, &h, u.frames, rows, seed)
}

// head writes what stands before the bodies of a unit.
func (w *rewriter) head(start int64, h *unitHead, frames []Frame, rows []bodyRow, seed uint32) error {
	b := append(w.meta[:0], make([]byte, unitHeadSize)...)
	for i := range frames {
		b = appendEntry(b, &frames[i])
	}
	for i := range rows {
		b = rows[i].append(b)
	}
	w.meta = b
	if len(b) != unitHeadSize+int(h.metaSize) {
		panic(fmt.Sprintf("journal: meta of %d octets was rewritten as %d", h.metaSize, len(b)-unitHeadSize))
	}
	h.metaSum = sum(w.seed, b[unitHeadSize:])
	h.encode(b, seed)
	if _, err := w.out.WriteAt(b, start); err != nil {
		return writeError(err)
	}
	return nil
}

// body copies one body, and compresses it if that is worth while. The old one
// is verified while it is read.
func (w *rewriter) body(from int64, old *bodyRow) (bodyRow, error) {
	row := *old
	if row.encoding == encodingPlain && row.size >= compressMin && row.size <= compressMax {
		w.content = w.content[:0]
		err := w.checkBody(w.in, from, old, func(b []byte) error { w.content = append(w.content, b...); return nil })
		if err != nil {
			return row, err
		}
		if w.packed, err = appendChunks(w.packed[:0], w.content); err != nil {
			return row, err
		}
		// A sixteenth is the least for which reading shall have to decode.
		if int64(len(w.packed)) < row.size-row.size/16 {
			row.encoding, row.stored = encodingZstd, int64(len(w.packed))
			return row, w.stored(&row, w.packed)
		}
		return row, w.stored(&row, w.content)
	}
	return row, w.copy(from, &row)
}

// stored writes a body that is held in memory.
func (w *rewriter) stored(row *bodyRow, content []byte) error {
	w.sums = append(w.sums[:0], make([]byte, bodyHeadSize)...)
	row.encodeBodyHead(w.sums, w.seed)
	if err := w.write(w.sums); err != nil {
		return err
	}
	if err := w.write(content); err != nil {
		return err
	}
	w.sums = appendSums(w.sums[:0], content, w.seed)
	return w.write(w.sums)
}

// copy copies a body as it is, in pieces.
func (w *rewriter) copy(from int64, row *bodyRow) error {
	head := make([]byte, bodyHeadSize)
	row.encodeBodyHead(head, w.seed)
	if err := w.write(head); err != nil {
		return err
	}
	var sums []byte
	err := w.checkBody(w.in, from, row, func(b []byte) error {
		sums = appendSums(sums, b, w.seed)
		return w.write(b)
	})
	if err != nil {
		return err
	}
	return w.write(sums)
}

// appendChunks encodes a content with zstd.
func appendChunks(out, content []byte) ([]byte, error) {
	e, err := encoder()
	if err != nil {
		return nil, err
	}
	table := len(out)
	n := int(chunkCount(int64(len(content))))
	out = append(out, make([]byte, 4*n)...)
	for i := range n {
		chunk := content[i*chunkSize : min((i+1)*chunkSize, len(content))]
		out = e.EncodeAll(chunk, out)
		le.PutUint32(out[table+4*i:], uint32(len(out)-table-4*n))
	}
	return out, nil
}
