package journal

import (
	"errors"
	"fmt"
	"io"
)

// tail is what is known of the end of the last segment while it is read.
type tail struct {
	torn   bool  // octets follow that are no part of the journal
	from   int64 // nothing behind this is proven to have been synced
	units  []tailUnit
	synced int64
}

// tailUnit is a unit that may yet turn out to be torn.
type tailUnit struct {
	at     int64
	frames []Frame // without records
	bodies []int64
	rows   []bodyRow
}

// readUnits learns the accounts' heads, from the index and from the units that
// it has not seen, and finds the end of the last segment.
func (j *Embedded) readUnits() (*tail, error) {
	from := j.options.HeadsAt
	if s, ok := j.segmentLocked(from.Segment); ok && from.Byte >= segmentHeadSize && from.Byte <= s.last && j.options.Heads != nil {
		j.options.Heads(func(account AccountID, position Position) {
			j.heads[account] = head{position, position}
		})
	} else {
		if from != (Offset{}) {
			j.log.Warn("journal is read from its beginning: the index is ahead of it or of another", "segment", from.Segment, "offset", from.Byte)
		}
		from = Offset{}
	}
	var end tail
	for i := range j.segments {
		s := &j.segments[i]
		if s.number < from.Segment {
			continue
		}
		start := int64(segmentHeadSize)
		if s.number == from.Segment {
			start = from.Byte
		}
		last := i == len(j.segments)-1 && !s.rewritten
		if err := j.readSegment(s, start, last, &end); err != nil {
			return nil, err
		}
	}
	return &end, nil
}

// readSegment walks over the units of a segment from an offset. The end of the
// last one is decided here.
func (j *Embedded) readSegment(s *segment, from int64, last bool, end *tail) error {
	file, err := j.files.get(s.number)
	if err != nil {
		return err
	}
	defer j.files.put(file)
	sc := j.scan(file, s)
	if !s.rewritten {
		sc.at = from
	}
	end.synced = from
	for {
		at := sc.at
		u, err := sc.next()
		switch damage := (*Damage)(nil); {
		case err == io.EOF && last:
			return j.endTail(file, s, at, end)
		case err == io.EOF:
			return nil
		case errors.As(err, &damage):
			if last {
				proven, err := sc.proven(at)
				if err != nil {
					return err
				}
				if !proven {
					return j.endTail(file, s, at, end)
				}
			}
			j.log.Error("journal is damaged; what follows is kept", "err", damage)
		case err != nil:
			return err
		case last:
			end.add(u)
			j.confirm(end)
		case u.offset >= from:
			j.advance(u.frames)
		}
	}
}

// advance learns accounts' heads.
func (j *Embedded) advance(frames []Frame) {
	for i := range frames {
		f := &frames[i]
		if h := j.heads[f.Account]; f.Position > h.durable {
			j.heads[f.Account] = head{f.Position, f.Position}
		}
	}
}

// add remembers a unit of the last segment, as it is.
func (t *tail) add(u *unit) {
	unit := tailUnit{
		at:     u.at,
		bodies: append([]int64(nil), u.places...),
		rows:   append([]bodyRow(nil), u.rows...),
	}
	for _, f := range u.frames {
		unit.frames = append(unit.frames, Frame{Account: f.Account, Position: f.Position})
	}
	t.units = append(t.units, unit)
	t.synced = max(t.synced, u.synced)
}

// confirm lets go of the units that a later one proves to have been synced.
func (j *Embedded) confirm(t *tail) {
	n := 0
	for n < len(t.units) && t.units[n].at < t.synced {
		j.advance(t.units[n].frames)
		n++
	}
	t.units = t.units[n:]
}

// endTail decides where the journal ends: before the first unit of the last
// group that did not reach the disk whole. The walk only saw heads and records
// of these units; their bodies may be missing.
func (j *Embedded) endTail(file io.ReaderAt, s *segment, at int64, t *tail) error {
	t.from = min(t.synced, at)
	for i := range t.units {
		u := &t.units[i]
		whole, err := j.bodiesWhole(file, u)
		if err != nil {
			return err
		}
		if !whole {
			at = u.at
			break
		}
		j.advance(u.frames)
	}
	t.torn = at < s.size
	if t.torn {
		j.log.Info("unacknowledged end of the journal is discarded", "segment", s.number, "offset", at, "octets", s.size-at)
	}
	s.size, s.last = at, at
	return nil
}

// bodiesWhole verifies the sums of all bodies of a unit.
func (j *Embedded) bodiesWhole(file io.ReaderAt, u *tailUnit) (bool, error) {
	for i, at := range u.bodies {
		err := j.checkBody(file, at, &u.rows[i], nil)
		if errors.Is(err, ErrCorrupt) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return true, nil
}

// checkBody reads a body and verifies its head and sums. Its stored content is
// also passed to each, piece by piece, if that is not nil.
func (j *Embedded) checkBody(file io.ReaderAt, at int64, row *bodyRow, each func([]byte) error) error {
	b := make([]byte, min(windowSize, row.room()))
	sums := make([]byte, sumSize*blocks(row.stored))
	if err := readStored(file, b[:bodyHeadSize], at); err != nil {
		return err
	}
	if found, ok := decodeBodyHead(b, j.seed); !ok || found != *row {
		return fmt.Errorf("%w: body has another head than its unit says", ErrCorrupt)
	}
	if err := readStored(file, sums, at+bodyHeadSize+row.stored); err != nil {
		return err
	}
	for done := int64(0); done < row.stored; {
		piece := b[:min(int64(len(b))/blockSize*blockSize, row.stored-done)]
		if row.stored < blockSize {
			piece = b[:row.stored]
		}
		if err := readStored(file, piece, at+bodyHeadSize+done); err != nil {
			return err
		}
		if bad := checkSums(piece, sums[done/blockSize*sumSize:], j.seed); bad >= 0 {
			return fmt.Errorf("%w: body %x: sum of block %d is wrong", ErrCorrupt, row.id[:8], done/blockSize+int64(bad))
		}
		if each != nil {
			if err := each(piece); err != nil {
				return err
			}
		}
		done += int64(len(piece))
	}
	return nil
}

// readStored fills b; a file that ends too early is damaged.
func readStored(file io.ReaderAt, b []byte, at int64) error {
	n, err := file.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		return fmt.Errorf("%w: file ends at octet %d", ErrCorrupt, at+int64(n))
	}
	return err
}
