package journal

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/restante/restante/internal/vfs"
)

// writer is what the committing goroutine alone owns: the end of the journal.
type writer struct {
	*Embedded
	number uint64   // of the segment being written
	seed   uint32   // of its unit heads
	file   vfs.File // nil when a new segment must be begun first
	end    int64    // what is durable of the segment

	buf   []byte // units of one group, put together
	piece []byte // of a content that is streamed

	durable  chan []*pending // to the applier
	applying atomic.Int32    // groups that the applier has not finished
	units    []Durable
}

// run is the life of the journal's two goroutines.
func (j *Embedded) run(w *writer) {
	defer close(j.stopped)
	w.durable = make(chan []*pending, 1)
	applied := make(chan struct{})
	go func() {
		defer close(applied)
		var units []Durable
		for group := range w.durable {
			units = j.apply(group, units)
			w.applying.Add(-1)
		}
	}()
	for more := true; more; {
		group, open := j.take(nil)
		if len(group) > 0 {
			w.commit(group)
		} else if more = open; more {
			<-j.wake
		}
	}
	close(w.durable)
	<-applied
	if w.file != nil {
		if err := w.file.Close(); err != nil {
			j.log.Warn("closing a journal segment failed", "segment", w.number, "err", err)
		}
	}
}

// pass has a durable group applied: by the applier, so that the next one can go
// to the disk meanwhile; or here, when there is little to apply and nobody
// waits for the disk, which spares a lone writer a change of goroutine.
func (w *writer) pass(group []*pending) {
	w.mu.Lock()
	nobody := len(w.line) == 0
	w.mu.Unlock()
	if nobody && len(group) <= applyInlineMax && w.applying.Load() == 0 {
		w.units = w.apply(group, w.units)
		return
	}
	w.applying.Add(1)
	w.durable <- group
}

// commit brings a group to the disk and passes on what has become durable.
func (w *writer) commit(group []*pending) {
	if broken := w.isBroken(); broken != nil {
		err := fmt.Errorf("%w: %w", ErrUnavailable, broken)
		w.drop(group, err, err)
		return
	}
	kept, end, err := w.persist(group)
	if kept > 0 {
		w.end = end
		w.publish(group[:kept], end)
		w.pass(group[:kept:kept])
	}
	if err != nil {
		behind := err
		if errors.Is(err, ErrUncertain) {
			behind = fmt.Errorf("%w: a unit before it failed", ErrUnavailable)
		}
		w.log.Error("journal could not keep units", "units", len(group)-kept, "segment", w.number, "offset", w.end, "err", err)
		w.drop(group[kept:], err, behind)
	}
}

func (j *Embedded) isBroken() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.broken
}

// apply tells the index of a group and finishes its tickets. The units are
// durable whatever Apply says, so that the tickets never fail here.
func (j *Embedded) apply(group []*pending, units []Durable) []Durable {
	if j.isBroken() == nil {
		units = units[:0]
		for _, p := range group {
			units = append(units, p.durable)
		}
		if err := j.options.Apply(units); err != nil {
			err = fmt.Errorf("index could not follow: %w", err)
			j.log.Error("journal refuses writes until it is opened again", "err", err)
			j.mu.Lock()
			j.broken = err
			j.mu.Unlock()
		}
		clear(units)
	}
	for _, p := range group {
		p.finish(nil)
		p.release()
	}
	return units
}

// persist writes a group and syncs it. The first kept units are durable, up to
// end; err says why the rest is not there.
func (w *writer) persist(group []*pending) (kept int, end int64, err error) {
	if w.file == nil || w.end >= w.options.SegmentSize && w.end > segmentHeadSize {
		if err := w.roll(); err != nil {
			return 0, 0, writeError(err)
		}
	}
	if err := w.checkRoom(group); err != nil {
		return 0, 0, err
	}
	kept, end, contentErr, err := w.write(group)
	if err == nil && kept > 0 {
		err = w.file.SyncData()
	}
	if err != nil {
		return 0, 0, w.abandon(writeError(err))
	}
	return kept, end, contentErr
}

// checkRoom refuses a group that would leave the index too little space. One
// that brings no bodies, such as a removal, may use most of the reserve: who
// cannot delete cannot make room.
func (w *writer) checkRoom(group []*pending) error {
	if w.options.ReserveBytes < 0 {
		return nil
	}
	need := w.options.ReserveBytes / reserveShareWithoutBodies
	for _, p := range group {
		if len(p.durable.Bodies) > 0 {
			need = max(need, w.options.ReserveBytes)
		}
	}
	for _, p := range group {
		need += p.size
	}
	if free, known := vfs.Free(w.options.FS, w.options.Dir); known && free < need {
		return fmt.Errorf("%w: %d octets are free, %d needed", ErrNoSpace, free, need)
	}
	return nil
}

// write writes a group behind the end. A content that cannot be read ends it
// before its unit, with contentErr; the disk is not to blame then.
func (w *writer) write(group []*pending) (kept int, end int64, contentErr, err error) {
	at := w.end
	w.buf = w.buf[:0]
	for i, p := range group {
		p.place(w.number, at, w.end, w.seed)
		switch {
		case p.stream != nil:
			if err := w.flush(at); err != nil {
				return 0, 0, nil, err
			}
			contentErr, err = w.stream(p, at)
			if contentErr != nil || err != nil {
				return i, at, contentErr, err
			}
		case len(group) == 1:
			_, err = w.file.WriteAt(*p.buf, at)
			return 1, at + p.size, nil, err
		default:
			w.buf = append(w.buf, *p.buf...)
		}
		at += p.size
	}
	return len(group), at, nil, w.flush(at)
}

// flush writes the units that were put together; they end at an offset.
func (w *writer) flush(end int64) error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.file.WriteAt(w.buf, end-int64(len(w.buf)))
	w.buf = w.buf[:0]
	if cap(w.buf) > 2*groupSizeMax {
		w.buf = nil
	}
	return err
}

// writeError says in the journal's words why a write failed.
func writeError(err error) error {
	if vfs.IsNoSpace(err) {
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
