package journal

import "fmt"

// unit is one unit as found in a file. Its slices are used again for the next.
type unit struct {
	unitHead
	at     int64 // in the file
	frames []Frame
	rows   []bodyRow
	places []int64 // of the bodies, in the file
}

// end is the point of the journal's order behind the unit.
func (u *unit) end() int64 { return u.offset + u.span }

// decodeMeta fills in the frames and rows of a unit whose head and place are
// known. The frames point into meta.
func (u *unit) decodeMeta(meta []byte, seed uint32) error {
	u.frames, u.rows, u.places = u.frames[:0], u.rows[:0], u.places[:0]
	if len(meta) != int(u.metaSize) || sum(seed, meta) != u.metaSum {
		return fmt.Errorf("sum of the records is wrong")
	}
	for range u.entries {
		if len(meta) < entryHeadSize {
			return fmt.Errorf("entries are cut short")
		}
		f := Frame{Account: AccountID(le.Uint64(meta)), Position: Position(le.Uint64(meta[8:]))}
		n := le.Uint32(meta[16:])
		meta = meta[entryHeadSize:]
		if uint64(n) > uint64(len(meta)) {
			return fmt.Errorf("records are cut short")
		}
		f.Records, meta = meta[:n:n], meta[n:]
		u.frames = append(u.frames, f)
	}
	return u.decodeRows(meta)
}

func (u *unit) decodeRows(meta []byte) error {
	if len(meta) != int(u.bodies)*bodyRowSize {
		return fmt.Errorf("rows of bodies have the wrong length")
	}
	at := u.at + unitHeadSize + int64(u.metaSize)
	end := at + u.bodiesSize
	for range u.bodies {
		row, ok := decodeBodyRow(meta)
		if !ok {
			return fmt.Errorf("row of a body is impossible")
		}
		u.rows = append(u.rows, row)
		u.places = append(u.places, at)
		at += row.room()
		meta = meta[bodyRowSize:]
	}
	if at != end {
		return fmt.Errorf("bodies do not fill their unit")
	}
	return nil
}

// durable fills in what Apply and Replay hand out.
func (u *unit) durable(segment uint64, d *Durable) {
	d.Frames = append(d.Frames[:0], u.frames...)
	d.Bodies, d.Sizes = d.Bodies[:0], d.Sizes[:0]
	for i := range u.rows {
		row := &u.rows[i]
		d.Bodies = append(d.Bodies, BodyRef{ID: row.id, Place: makePlace(segment, row.room(), u.places[i])})
		d.Sizes = append(d.Sizes, row.size)
	}
	d.After = Offset{Segment: segment, Byte: u.end()}
}

// Damage is a stretch of a segment that cannot be trusted. It wraps ErrCorrupt.
type Damage struct {
	Segment  uint64
	From, To int64 // octets of the file
	Reason   string
}

func (d *Damage) Error() string {
	return fmt.Sprintf("segment %d, octets %d to %d: %s", d.Segment, d.From, d.To, d.Reason)
}

// Unwrap makes a Damage an ErrCorrupt.
func (d *Damage) Unwrap() error { return ErrCorrupt }
