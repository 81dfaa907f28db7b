package store

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// lapse notes a change of a value that no value will show, for sessions that
// lose the notice of it.
func (d *deriver) lapse(l mail.Lapse) { d.lapses = index.AppendLapse(d.lapses, l) }

// finishLapses writes what lapsed in this commit, and lets the oldest go if all
// together take too much. Those of the commit itself stay.
func (d *deriver) finishLapses() error {
	if len(d.lapses) == 0 {
		return nil
	}
	head, at := &d.plan.head, d.plan.position
	head.LapseOctets += lapseSize(d.lapses)
	if head.LapseOctets > lapseOctetsMax {
		cursor := d.rows.Scan(index.LapseKey(nil, d.plan.account, head.LapseFloor), index.LapseKey(nil, d.plan.account, at))
		for head.LapseOctets > lapseOctetsMax && cursor.Next() {
			head.LapseOctets -= lapseSize(cursor.Value())
			head.LapseFloor = index.LapseOf(cursor.Key())
			d.plan.rows.delete(cursor.Key())
		}
		if err := cursor.Close(); err != nil {
			return err
		}
	}
	d.set(index.LapseKey(d.room[:0], d.plan.account, at), d.lapses)
	return nil
}

// lapseSize is what the lapses of a commit count for.
func lapseSize(value []byte) int64 { return int64(len(value)) + lapseRowOctets }

// Lapses reads what was noted after a position.
func (s *state) Lapses(after imap.ModSeq) (lapses []mail.Lapse, complete bool, err error) {
	if after >= s.head.Position || s.head.LapseOctets == 0 {
		return nil, true, nil
	}
	cursor := s.rows.Scan(
		index.LapseKey(nil, s.account.id, after+1),
		index.PrefixEnd(index.LapsePrefix(nil, s.account.id)))
	for err == nil && cursor.Next() {
		var some []mail.Lapse
		some, err = index.DecodeLapses(index.LapseOf(cursor.Key()), cursor.Value())
		lapses = append(lapses, some...)
	}
	if closeErr := cursor.Close(); err == nil {
		err = closeErr
	}
	return lapses, after >= s.head.LapseFloor, err
}
