package journal

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
)

// progressEach is how much Verify reads between two signs of progress.
const progressEach = 16 << 20

// verifier is one run of Verify.
type verifier struct {
	*Embedded
	yield       func(Finding) bool
	done, total int64
	told        int64 // done, when progress was last yielded
	last        map[AccountID]Position
	hash        hash.Hash
	stopped     bool
}

// Verify reads every octet of what is durable when it is called: heads,
// records, bodies with their sums and their SHA-256, and the order of every
// account's positions.
func (j *Embedded) Verify(ctx context.Context) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		v := &verifier{Embedded: j, yield: yield, last: map[AccountID]Position{}, hash: sha256.New()}
		segments := j.segmentsFrom(0)
		for i := range segments {
			v.total += segments[i].size
		}
		for i := range segments {
			if i > 0 && segments[i].number != segments[i-1].number+1 {
				v.report(fmt.Errorf("%w: segments %d to %d are missing", ErrCorrupt, segments[i-1].number+1, segments[i].number-1))
			}
			before := v.done
			v.segment(ctx, &segments[i])
			if v.stopped {
				return
			}
			v.done = before + segments[i].size
		}
		v.report(nil)
	}
}

// report yields a finding, unless the reader has had enough.
func (v *verifier) report(err error) {
	if !v.stopped {
		v.stopped = !v.yield(Finding{Done: v.done, Total: v.total, Err: err})
	}
}

func (v *verifier) progress(n int64) {
	v.done += n
	if v.done-v.told >= progressEach {
		v.told = v.done
		v.report(nil)
	}
}

func (v *verifier) segment(ctx context.Context, was *segment) {
	pinned, file, err := v.pin(was.number)
	if err != nil {
		v.report(err)
		return
	}
	defer v.files.put(file)
	s := &pinned
	v.head(file, s)
	sc := v.scan(file, s)
	for !v.stopped {
		if err := ctx.Err(); err != nil {
			v.report(err)
			v.stopped = true
			return
		}
		u, err := sc.next()
		var damage *Damage
		switch {
		case err == io.EOF, err == nil && u.offset >= was.last:
			return
		case errors.As(err, &damage):
			v.report(damage)
		case err != nil:
			v.report(err)
			return
		default:
			v.positions(s, u)
			v.bodies(file, s, u)
			v.progress(unitHeadSize + int64(u.metaSize))
		}
	}
}

// head checks both copies of a segment's head.
func (v *verifier) head(file io.ReaderAt, s *segment) {
	b := make([]byte, segmentHeadSize)
	err := readStored(file, b, 0)
	if err == nil {
		h, whole, headErr := decodeSegmentHead(b)
		switch {
		case headErr != nil:
			err = headErr
		case !whole:
			err = errors.New("one copy of the segment head is damaged")
		case h.number != s.number || h.identity != v.identity:
			err = errors.New("segment head names another segment")
		}
	}
	if err != nil {
		v.report(&Damage{Segment: s.number, To: segmentHeadSize, Reason: err.Error()})
	}
	v.progress(segmentHeadSize)
}

// positions checks that each account goes on by one.
func (v *verifier) positions(s *segment, u *unit) {
	for i := range u.frames {
		f := &u.frames[i]
		if last := v.last[f.Account]; f.Position != last+1 {
			v.report(fmt.Errorf("%w: segment %d, octet %d: account %d goes from position %d to %d",
				ErrCorrupt, s.number, u.at, f.Account, last, f.Position))
		}
		v.last[f.Account] = f.Position
	}
}

// bodies checks the bodies of a unit against their sums and names.
func (v *verifier) bodies(file io.ReaderAt, s *segment, u *unit) {
	for i := range u.rows {
		if v.stopped {
			return
		}
		row := &u.rows[i]
		err := v.content(file, u.places[i], row)
		if err != nil {
			v.report(fmt.Errorf("segment %d, octet %d: %w", s.number, u.places[i], err))
		}
		v.progress(row.room())
	}
}

func (v *verifier) content(file io.ReaderAt, at int64, row *bodyRow) error {
	v.hash.Reset()
	decode, finish := v.contentOf(row)
	if err := v.checkBody(file, at, row, decode); err != nil {
		return err
	}
	if err := finish(); err != nil {
		return err
	}
	var id BodyID
	if v.hash.Sum(id[:0]); id != row.id {
		return fmt.Errorf("%w: content of body %x has another SHA-256", ErrCorrupt, row.id[:8])
	}
	return nil
}

// contentOf returns what is to be done with each piece of a stored content, and
// at its end, so that the content itself is hashed.
func (v *verifier) contentOf(row *bodyRow) (each func([]byte) error, finish func() error) {
	if row.encoding == encodingPlain {
		return func(b []byte) error { v.hash.Write(b); return nil }, func() error { return nil }
	}
	var stored []byte
	each = func(b []byte) error { stored = append(stored, b...); return nil }
	finish = func() error {
		_, err := row.decodeChunks(stored, nil, true, func(b []byte) { v.hash.Write(b) })
		return err
	}
	return each, finish
}
