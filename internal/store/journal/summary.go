package journal

import "sync"

// summary is the last position that a segment holds of each account in it.
type summary map[AccountID]Position

// summaries remembers what segments hold, so that reading one account need not
// walk over all of them each time.
type summaries struct {
	sync.Mutex
	of   map[uint64]summary
	held int // entries in all of them
}

// lacks reports whether a segment is known to hold no frame of an account at
// or behind a position.
func (s *summaries) lacks(of *segment, account AccountID, from Position) bool {
	s.Lock()
	defer s.Unlock()
	known, ok := s.of[of.number]
	return ok && known[account] < from
}

// learn remembers a segment, if it is one that nothing is added to any more.
func (s *summaries) learn(of *segment, seen summary) {
	s.Lock()
	defer s.Unlock()
	if _, ok := s.of[of.number]; ok || !of.sealed || len(seen) > summaryMax {
		return
	}
	if s.held+len(seen) > summaryMax {
		clear(s.of)
		s.held = 0
	}
	s.of[of.number] = seen
	s.held += len(seen)
}
