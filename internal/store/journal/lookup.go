package journal

import (
	"io"
	"sync"
)

// lookup is where the bodies of one segment lie.
type lookup map[BodyID]Place

// lookups remembers segments that were searched for bodies whose Place was
// stale: between Reclaim's rewriting of a segment and the index's following,
// every body of it is looked up here. Its lock is taken before the journal's.
type lookups struct {
	sync.Mutex
	of   map[uint64]lookup
	held int
}

// forget drops what is known of a segment that is being rewritten. The lock
// must be held.
func (l *lookups) forget(number uint64) {
	l.held -= len(l.of[number])
	delete(l.of, number)
}

// lookUp finds a body in a segment.
func (j *Embedded) lookUp(number uint64, id BodyID) (Place, bool, error) {
	l := &j.lookups
	l.Lock()
	defer l.Unlock()
	known, ok := l.of[number]
	if !ok {
		var err error
		var sealed bool
		if known, sealed, err = j.walkBodies(number); err != nil {
			return Place{}, false, err
		}
		if l.held+len(known) > lookupMax {
			clear(l.of)
			l.held = 0
		}
		// The last segment still grows, and is never rewritten.
		if sealed {
			l.of[number] = known
			l.held += len(known)
		}
	}
	place, ok := known[id]
	return place, ok, nil
}

// walkBodies finds the place of every body in a segment.
func (j *Embedded) walkBodies(number uint64) (found lookup, sealed bool, err error) {
	s, file, err := j.pin(number)
	if file == nil || err != nil {
		return nil, false, err
	}
	defer j.files.put(file)
	found = lookup{}
	sc := j.scan(file, &s)
	for {
		u, err := sc.next()
		if err == io.EOF {
			return found, number < j.End().Segment, nil
		}
		if _, damaged := err.(*Damage); damaged {
			continue
		} else if err != nil {
			return nil, false, err
		}
		for i := range u.rows {
			found[u.rows[i].id] = makePlace(number, u.rows[i].room(), u.places[i])
		}
	}
}
