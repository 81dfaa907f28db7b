package query

import (
	"slices"

	"github.com/restante/restante/imap"
)

// spareMax is how many places of messages that have left a Sorter keeps beside
// each one that it needs, before it moves together what is left.
const spareMax = 64

// Renew takes a message that may have been added before, and reports whether it
// was and is compared by something else now. Nothing but an annotation changes.
func (s *Sorter) Renew(m Message) (changed bool, err error) {
	s.index()
	old, known := s.places[m.UID()]
	if known && !s.byAnnotation() {
		return false, nil
	}
	err = s.Add(m)
	if !known {
		return false, err
	}
	if place := int32(len(s.uids) - 1); s.compare(old, place) == 0 {
		s.dropLast()
		s.places[m.UID()] = old
		return false, err
	}
	s.moveTogether()
	return true, err
}

// Forget drops messages that will not be asked for again.
func (s *Sorter) Forget(uids imap.UIDSet) {
	s.index()
	for uid := range uids.All {
		delete(s.places, uid)
	}
	s.moveTogether()
}

// InOrder reports whether messages that were added stand in order.
func (s *Sorter) InOrder(order []imap.UID) bool {
	s.index()
	return slices.IsSortedFunc(order, func(a, b imap.UID) int { return s.compare(s.places[a], s.places[b]) })
}

func (s *Sorter) byAnnotation() bool {
	return slices.ContainsFunc(s.columns, func(c column) bool { return c.key.Field == imap.SortAnnotation })
}

func (s *Sorter) dropLast() {
	last := len(s.uids) - 1
	s.uids = s.uids[:last]
	for i := range s.columns {
		s.columns[i].cut(last)
	}
}

func (c *column) cut(length int) {
	if c.numbers != nil {
		c.numbers = c.numbers[:length]
		return
	}
	c.ends, c.texts = c.ends[:length], c.texts[:c.start(int32(length))]
}

// moveTogether gives back the room of what nobody compares any more, once it is
// more than what is compared.
func (s *Sorter) moveTogether() {
	if len(s.uids) <= 2*len(s.places)+spareMax {
		return
	}
	var kept []int32
	for place, uid := range s.uids {
		if s.places[uid] == int32(place) && s.has(uid) {
			kept = append(kept, int32(place))
		}
	}
	for i := range s.columns {
		s.columns[i].keep(kept)
	}
	uids := make([]imap.UID, len(kept))
	for i, place := range kept {
		uids[i] = s.uids[place]
	}
	s.uids, s.places = uids, nil
	s.index()
}

func (s *Sorter) has(uid imap.UID) bool {
	_, has := s.places[uid]
	return has
}

// keep leaves what belongs to these places.
func (c *column) keep(places []int32) {
	kept := column{key: c.key}
	for _, place := range places {
		if c.numbers != nil {
			kept.numbers = append(kept.numbers, c.numbers[place])
			continue
		}
		kept.texts = append(kept.texts, c.text(place)...)
		kept.ends = append(kept.ends, len(kept.texts))
	}
	*c = kept
}
