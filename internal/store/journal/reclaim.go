package journal

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/restante/restante/internal/vfs"
)

// Reclaim says what a run of Embedded.Reclaim shall do.
type Reclaim struct {
	// Live says whether anything can still reach a body. Once it has answered
	// no, no unit may name that body without storing it again.
	Live func(BodyID) bool
	// Moved is told where the bodies of a rewritten segment lie now. Until the
	// index has followed they are found all the same, but slowly; so an error
	// only ends the run. nil: nobody wants to know.
	Moved func([]BodyRef) error
	// DeadShare is the part of a segment that must be dead to make rewriting
	// it worth while. 0: a half.
	DeadShare float64
	// Compress rewrites every segment once, for compression alone.
	Compress bool
}

// Reclaimed is what a run of Reclaim has done.
type Reclaimed struct {
	Segments      int   // rewritten
	Before, After int64 // their octets on the disk
}

// Reclaim rewrites segments that are no longer written to, without the bodies
// that are dead, and compresses the others where that makes them smaller. All
// frames are kept, and all offsets of the journal's order stay valid. Segments
// in which damage is found are left alone. A crash at any moment leaves each
// segment as it was or as it shall be.
func (j *Embedded) Reclaim(ctx context.Context, r Reclaim) (done Reclaimed, err error) {
	if r.DeadShare <= 0 {
		r.DeadShare = deadShareDefault
	}
	j.reclaim.Lock()
	defer j.reclaim.Unlock()
	segments := j.segmentsFrom(0)
	for _, s := range segments[:len(segments)-1] {
		if err := j.reclaimable(ctx); err != nil {
			return done, err
		}
		worth, err := j.worth(ctx, s.number, &r)
		if err != nil || !worth {
			if errors.Is(err, ErrCorrupt) {
				j.log.Error("damaged segment is not reclaimed", "segment", s.number, "err", err)
				continue
			} else if err != nil {
				return done, err
			}
			continue
		}
		after, err := j.rewriteSegment(ctx, s.number, &r)
		if errors.Is(err, ErrCorrupt) {
			j.log.Error("damaged segment is not reclaimed", "segment", s.number, "err", err)
			continue
		} else if err != nil {
			return done, err
		}
		done.Segments++
		done.Before += s.size
		done.After += after
	}
	return done, nil
}

// reclaimable says whether a run may go on.
func (j *Embedded) reclaimable(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return fmt.Errorf("%w: %w", ErrUnavailable, errClosed)
	}
	return ctx.Err()
}

// worth measures how much of a segment is dead.
func (j *Embedded) worth(ctx context.Context, number uint64, r *Reclaim) (bool, error) {
	s, file, err := j.pin(number)
	if err != nil {
		return false, err
	}
	defer j.files.put(file)
	if s.size <= segmentHeadSize {
		return false, nil
	}
	var dead int64
	sc := j.scan(file, &s)
	for {
		if err := j.reclaimable(ctx); err != nil {
			return false, err
		}
		u, err := sc.next()
		if err == io.EOF {
			share := float64(dead) / float64(s.size)
			return share >= r.DeadShare || r.Compress && !s.rewritten, nil
		} else if err != nil {
			return false, err
		}
		for i := range u.rows {
			if !r.Live(u.rows[i].id) {
				dead += u.rows[i].room()
			}
		}
	}
}

// rewriteSegment writes a segment anew beside the old one and puts it in its
// place. It returns the octets of the new one.
func (j *Embedded) rewriteSegment(ctx context.Context, number uint64, r *Reclaim) (int64, error) {
	s, file, err := j.pin(number)
	if err != nil {
		return 0, err
	}
	defer j.files.put(file)
	if free, known := vfs.Free(j.options.FS, j.options.Dir); known && free < s.size+max(j.options.ReserveBytes, 0) {
		return 0, fmt.Errorf("%w: segment %d cannot be rewritten", ErrNoSpace, number)
	}
	fs, name := j.options.FS, j.files.path(number)
	out, err := vfs.Create(fs, name+rewriteSuffix)
	if err != nil {
		return 0, writeError(err)
	}
	w := &rewriter{Embedded: j, live: r.Live, in: file, out: out, number: number}
	err = w.run(ctx, &s)
	if err == nil {
		if err = out.Sync(); err != nil {
			err = writeError(err)
		}
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = j.replace(&s, w.at)
	}
	if err != nil {
		return 0, errors.Join(err, fs.Remove(name+rewriteSuffix))
	}
	if err := vfs.SyncDir(fs, j.options.Dir); err != nil {
		return 0, writeError(err)
	}
	if r.Moved != nil && len(w.moved) > 0 {
		return w.at, r.Moved(w.moved)
	}
	return w.at, nil
}

// replace puts a rewritten segment in the place of the old. Name, knowledge and
// descriptor change at once for whoever pins the segment; who has pinned the
// old one goes on with that.
func (j *Embedded) replace(s *segment, size int64) error {
	name := j.files.path(s.number)
	j.lookups.Lock()
	defer j.lookups.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.options.FS.Rename(name+rewriteSuffix, name); err != nil {
		return writeError(err)
	}
	for i := range j.segments {
		if now := &j.segments[i]; now.number == s.number {
			now.rewritten, now.end, now.size = true, s.last, size
		}
	}
	j.files.replaced(s.number)
	j.lookups.forget(s.number)
	return nil
}
