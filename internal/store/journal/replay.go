package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

// Replay yields every unit that is durable when it is called and lies after a
// global offset. The Durable is used again for the next one. Damage is yielded
// as an error that wraps ErrCorrupt, with an After behind it; who goes on is
// given the units that follow. After any other error, whose After is zero,
// nothing follows.
func (j *Embedded) Replay(ctx context.Context, after Offset) iter.Seq2[Durable, error] {
	return func(yield func(Durable, error) bool) {
		segments := j.segmentsFrom(after.Segment)
		if after != (Offset{}) {
			if len(segments) == 0 || segments[0].number != after.Segment || after.Byte > segments[0].last || after.Byte < 0 {
				yield(Durable{}, fmt.Errorf("%w: there is no segment %d, octet %d", ErrCorrupt, after.Segment, after.Byte))
				return
			}
		}
		var d Durable
		for i := range segments {
			from := int64(0)
			if segments[i].number == after.Segment {
				from = after.Byte
			}
			if !j.replaySegment(ctx, &segments[i], from, &d, yield) {
				return
			}
		}
	}
}

// replaySegment yields the units of one segment, as it was when the replay
// began; false ends the replay.
func (j *Embedded) replaySegment(ctx context.Context, was *segment, from int64, d *Durable, yield func(Durable, error) bool) bool {
	s, file, err := j.pin(was.number)
	if err != nil {
		yield(Durable{}, err)
		return false
	}
	defer j.files.put(file)
	sc := j.scan(file, &s)
	if !s.rewritten && from > segmentHeadSize {
		sc.at = from
	}
	for {
		if err := ctx.Err(); err != nil {
			yield(Durable{}, err)
			return false
		}
		start := sc.at
		u, err := sc.next()
		var damage *Damage
		switch {
		case err == io.EOF, err == nil && u.offset >= was.last:
			return true
		case errors.As(err, &damage) && (start != from || s.rewritten):
			if !yield(Durable{After: Offset{s.number, sc.orderAt()}}, damage) {
				return false
			}
		case err != nil:
			yield(Durable{}, err)
			return false
		case u.offset >= from:
			u.durable(s.number, d)
			if !yield(*d, nil) {
				return false
			}
		}
	}
}

// orderAt is where the scanner stands in the journal's order: behind the last
// unit, as nearly as can be known after damage in a rewritten segment.
func (s *scanner) orderAt() int64 {
	if !s.moved {
		return s.at
	}
	return s.current.offset
}

// Read yields an account's durable frames after a position, in order, without
// bodies. A Frame is valid until the next one. It passes over segments of
// which an earlier Read has learnt that they hold nothing of the account.
func (j *Embedded) Read(ctx context.Context, account AccountID, after Position) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		head := j.Head(account)
		next := after + 1
		for _, s := range j.segmentsFrom(0) {
			if next > head {
				return
			}
			if j.summaries.lacks(&s, account, next) {
				continue
			}
			more, err := j.readFrames(ctx, &s, account, &next, yield)
			if err != nil {
				yield(Frame{}, err)
			}
			if err != nil || !more {
				return
			}
		}
		if next <= head {
			yield(Frame{}, fmt.Errorf("%w: account %d has no frame at position %d", ErrCorrupt, account, next))
		}
	}
}

// readFrames yields an account's frames from one segment, and learns what the
// segment holds of every account.
func (j *Embedded) readFrames(ctx context.Context, was *segment, account AccountID, next *Position, yield func(Frame, error) bool) (more bool, err error) {
	s, file, err := j.pin(was.number)
	if err != nil {
		return false, err
	}
	defer j.files.put(file)
	sc := j.scan(file, &s)
	seen := summary{}
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		u, err := sc.next()
		if err == io.EOF {
			j.summaries.learn(was, seen)
			return true, nil
		} else if err != nil {
			return false, err
		}
		for _, f := range u.frames {
			seen[f.Account] = f.Position
			if f.Account != account || f.Position < *next {
				continue
			}
			if f.Position != *next {
				return false, fmt.Errorf("%w: account %d has no frame at position %d", ErrCorrupt, account, *next)
			}
			*next++
			if !yield(f, nil) {
				return false, nil
			}
		}
	}
}
