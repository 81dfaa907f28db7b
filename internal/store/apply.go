package store

import (
	"errors"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
)

// places are where bodies lie that are about to be known to the index.
type places map[mail.BodyID][2]uint64

// apply makes a durable group visible and tells the sessions. The journal
// calls it, from one goroutine, before any commit of the group returns.
func (s *Store) apply(group []journal.Durable) error {
	s.applying.Lock()
	defer s.applying.Unlock()
	err := s.applyGroup(group)
	if err != nil {
		err = fmt.Errorf("%w: %w", mail.ErrUnavailable, err)
		s.failed.Store(&err)
	}
	return err
}

func (s *Store) applyGroup(group []journal.Durable) error {
	type arrival struct {
		account *account
		plan    *plan
	}
	var arrivals []arrival
	batch := s.index.Batch()
	found := places{}
	for i := range group {
		setBodies(batch, &group[i], found)
		for _, f := range group[i].Frames {
			a := s.account(mail.AccountID(f.Account))
			p := a.find(imap.ModSeq(f.Position))
			if p == nil {
				err := fmt.Errorf("account %d: commit %d was not planned", f.Account, f.Position)
				return errors.Join(err, batch.Discard())
			}
			if err := writePlan(batch, s.index, p, found); err != nil {
				return errors.Join(err, batch.Discard())
			}
			arrivals = append(arrivals, arrival{a, p})
		}
	}
	for _, one := range arrivals {
		s.uids.follow(one.account, one.plan)
	}
	if err := batch.Commit(s.applied(group[len(group)-1].After)); err != nil {
		return err
	}
	for _, one := range arrivals {
		one.account.arrived(one.plan)
	}
	return nil
}

func (s *Store) applied(at journal.Offset) index.Applied {
	return index.Applied{Journal: s.journal.Identity(), Segment: at.Segment, Byte: at.Byte}
}

// setter takes rows: a batch, or what collects them.
type setter interface {
	Set(key, value []byte)
	Delete(key []byte)
	DeletePrefix(prefix []byte)
}

// setBodies writes where the bodies of a unit lie.
func setBodies(to setter, unit *journal.Durable, found places) {
	for i, ref := range unit.Bodies {
		where := [2]uint64{ref.Place.A, ref.Place.B}
		found[mail.BodyID(ref.ID)] = where
		to.Set(index.BodyKey(nil, mail.BodyID(ref.ID)), index.AppendStored(nil, index.Stored{Where: where, Size: unit.Sizes[i]}))
	}
}

// writePlan writes a plan's rows, with the places of bodies that were not
// known when it was made.
func writePlan(to setter, rows index.Reader, p *plan, found places) error {
	if p.erase {
		to.DeletePrefix(index.AccountPrefix(nil, p.account))
	}
	var room []byte
	for i := range p.rows.list {
		one := &p.rows.list[i]
		switch {
		case one.value == nil:
			to.Delete(one.key)
		case one.placed && index.PlaceOf(one.value) == [2]uint64{}:
			where, err := place(rows, index.NameOfBody(one.value), found)
			if err != nil {
				return err
			}
			room = append(room[:0], one.value...)
			index.SetPlace(room, where)
			to.Set(one.key, room)
		default:
			to.Set(one.key, one.value)
		}
	}
	return nil
}

func place(rows index.Reader, id mail.BodyID, found places) ([2]uint64, error) {
	if where, ok := found[id]; ok {
		return where, nil
	}
	value, err := rows.Get(index.BodyKey(nil, id))
	if err != nil || len(value) < index.PlaceWidth {
		return [2]uint64{}, err
	}
	return index.PlaceOf(value), nil
}
