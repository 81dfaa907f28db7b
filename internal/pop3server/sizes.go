package pop3server

import (
	"sync"

	"github.com/restante/restante/internal/mail"
)

// sizes remembers how many octets messages have on the wire, so that a client
// that comes every few minutes does not cost a look at every body each time.
// What it says is true for ever: a body's name is the hash of its octets.
type sizes struct {
	mutex sync.Mutex
	// When young is full it becomes old, and what old held is forgotten.
	young, old map[mail.BodyID]int64
}

func newSizes() *sizes { return &sizes{young: map[mail.BodyID]int64{}} }

func (s *sizes) get(id mail.BodyID) (int64, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	size, ok := s.young[id]
	if !ok {
		if size, ok = s.old[id]; ok {
			s.putLocked(id, size)
		}
	}
	return size, ok
}

func (s *sizes) put(id mail.BodyID, size int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.putLocked(id, size)
}

func (s *sizes) putLocked(id mail.BodyID, size int64) {
	if len(s.young) >= sizesMax/2 {
		s.young, s.old = make(map[mail.BodyID]int64, len(s.young)), s.young
	}
	s.young[id] = size
}
