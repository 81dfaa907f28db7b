package auth

import (
	"net/netip"
	"sync"

	"github.com/restante/restante/internal/mail"
)

// Sessions counts what is open, over all protocols.
type Sessions struct {
	limits    Limits
	mutex     sync.Mutex
	accounts  map[mail.AccountID]int
	addresses map[netip.Addr]int
}

func newSessions(limits Limits) *Sessions {
	return &Sessions{limits: limits, accounts: map[mail.AccountID]int{}, addresses: map[netip.Addr]int{}}
}

// Connect counts a connection from an address, until release is called. An
// IPv6 subscriber counts as one address. ErrTooMany.
func (s *Sessions) Connect(remote netip.Addr) (release func(), err error) {
	return acquire(s, s.addresses, subscriber(remote), s.limits.ConnectionsPerAddress)
}

// Acquire counts a session that has logged in, until release is called.
// ErrTooMany if the account has as many as it may have. The address is that
// of the connection, which Connect has counted.
func (s *Sessions) Acquire(account mail.AccountID, _ netip.Addr) (release func(), err error) {
	return acquire(s, s.accounts, account, s.limits.SessionsPerAccount)
}

// Open returns how many connections and how many sessions are counted.
func (s *Sessions) Open() (connections, sessions int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, count := range s.addresses {
		connections += count
	}
	for _, count := range s.accounts {
		sessions += count
	}
	return connections, sessions
}

func acquire[K comparable](s *Sessions, counts map[K]int, key K, most int) (func(), error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if counts[key] >= most {
		return nil, ErrTooMany
	}
	counts[key]++
	return sync.OnceFunc(func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if counts[key]--; counts[key] == 0 {
			delete(counts, key)
		}
	}), nil
}
