package journal

import (
	"context"
	"errors"
	"fmt"
)

// ticket is the part of a pending unit that its owner waits on.
type ticket struct {
	done chan struct{}
	err  error // set before done is closed
}

func (t *ticket) Wait(ctx context.Context) error {
	select {
	case <-t.done:
		return t.err
	default:
	}
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *ticket) finish(err error) {
	t.err = err
	close(t.done)
}

var errClosed = errors.New("journal is closed")

// Submit puts a unit in line for the disk. Bodies of up to 256 KiB are read
// before it returns, larger ones while they are written.
func (j *Embedded) Submit(ctx context.Context, u Unit) (Ticket, error) {
	p, err := encode(&u, j.seed)
	if err != nil {
		return nil, err
	}
	if err := j.join(ctx, p); err != nil {
		p.release()
		return nil, err
	}
	j.signal()
	return &p.ticket, nil
}

// join admits a unit to the line, waiting for room.
func (j *Embedded) join(ctx context.Context, p *pending) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for {
		switch {
		case j.closed:
			return fmt.Errorf("%w: %w", ErrUnavailable, errClosed)
		case j.broken != nil:
			return fmt.Errorf("%w: %w", ErrUnavailable, j.broken)
		}
		if len(j.line) == 0 || j.lineSize+len(*p.buf) <= lineSizeMax && len(j.line) < lineUnitsMax {
			break
		}
		room := j.room
		j.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
			j.mu.Lock()
			return ctx.Err()
		}
		j.mu.Lock()
	}
	if err := j.admit(p); err != nil {
		return err
	}
	j.line = append(j.line, p)
	j.lineSize += len(*p.buf)
	return nil
}

// admit advances the heads of all accounts of a unit, or of none.
func (j *Embedded) admit(p *pending) error {
	frames := p.durable.Frames
	for i := range frames {
		h := j.heads[frames[i].Account]
		if h.line+1 != frames[i].Position {
			for k := range frames[:i] {
				undo := j.heads[frames[k].Account]
				undo.line--
				j.setHead(frames[k].Account, undo)
			}
			return ErrMoved
		}
		h.line++
		j.heads[frames[i].Account] = h
	}
	return nil
}

// setHead keeps accounts that have nothing out of the map, so that a failed
// attempt leaves no trace.
func (j *Embedded) setHead(account AccountID, h head) {
	if h == (head{}) {
		delete(j.heads, account)
	} else {
		j.heads[account] = h
	}
}

// moveLine wakes whoever waits for room. The lock must be held.
func (j *Embedded) moveLine() {
	close(j.room)
	j.room = make(chan struct{})
}

// take removes from the line what goes to the disk together. It returns false
// when the line is empty and will stay so.
func (j *Embedded) take(group []*pending) ([]*pending, bool) {
	group = group[:0]
	j.mu.Lock()
	defer j.mu.Unlock()
	var size int64
	for _, p := range j.line {
		if len(group) > 0 && size+p.size > groupSizeMax {
			break
		}
		group = append(group, p)
		size += p.size
		j.lineSize -= len(*p.buf)
	}
	left := copy(j.line, j.line[len(group):])
	clear(j.line[left:])
	j.line = j.line[:left]
	if len(group) > 0 {
		j.moveLine()
	}
	return group, len(group) > 0 || !j.closed
}

// publish makes a durable group known.
func (j *Embedded) publish(group []*pending, size int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, p := range group {
		for i := range p.durable.Frames {
			f := &p.durable.Frames[i]
			h := j.heads[f.Account]
			h.durable = f.Position
			j.heads[f.Account] = h
		}
	}
	s := &j.segments[len(j.segments)-1]
	s.size, s.last = size, size
}

// drop fails units that were not kept and all in line behind them; their
// accounts end again where they durably do. Whether the failed units may yet
// turn up is in err; those behind them never reached the disk.
func (j *Embedded) drop(failed []*pending, err, behind error) {
	j.mu.Lock()
	waiting := j.line
	j.line, j.lineSize = nil, 0
	for _, units := range [][]*pending{failed, waiting} {
		for _, p := range units {
			for i := range p.durable.Frames {
				account := p.durable.Frames[i].Account
				durable := j.heads[account].durable
				j.setHead(account, head{durable, durable})
			}
		}
	}
	j.moveLine()
	j.mu.Unlock()
	for _, p := range failed {
		p.finish(err)
		p.release()
	}
	for _, p := range waiting {
		p.finish(behind)
		p.release()
	}
}
