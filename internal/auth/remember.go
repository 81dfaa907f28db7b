package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"github.com/restante/restante/internal/mail"
)

// memory remembers verified passwords, as a keyed digest whose key lives and
// dies with the process.
type memory struct {
	key    []byte
	limits Limits
	mutex  sync.Mutex
	known  map[mail.AccountID]remembered
}

type remembered struct {
	digest   [sha256.Size]byte
	hash     string // the stored hash that the password was verified against
	verified time.Time
	used     time.Time
}

func newMemory(key []byte, limits Limits) *memory {
	return &memory{key: key, limits: limits, known: map[mail.AccountID]remembered{}}
}

// digest binds a password to an account under the process's key.
func (m *memory) digest(account mail.AccountID, password string) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, m.key)
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], uint64(account))
	mac.Write(id[:])
	mac.Write([]byte(password))
	mac.Sum(sum[:0])
	return sum
}

// knows reports whether this password of an account, whose stored hash is
// still the same, was verified a short while ago.
func (m *memory) knows(account mail.AccountID, hash, password string, now time.Time) bool {
	digest := m.digest(account, password)
	m.mutex.Lock()
	defer m.mutex.Unlock()
	known, ok := m.known[account]
	if !ok {
		return false
	}
	if known.hash != hash || now.Sub(known.used) > m.limits.RememberFor || now.Sub(known.verified) > m.limits.RememberMax {
		delete(m.known, account)
		return false
	}
	if !hmac.Equal(known.digest[:], digest[:]) {
		return false
	}
	known.used = now
	m.known[account] = known
	return true
}

// remember notes a verified password.
func (m *memory) remember(account mail.AccountID, hash, password string, now time.Time) {
	digest := m.digest(account, password)
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if len(m.known) >= m.limits.RememberedMax {
		m.forgetSome(now)
	}
	m.known[account] = remembered{digest, hash, now, now}
}

// forgetSome makes room: what has expired goes, or else whatever the map
// yields first.
func (m *memory) forgetSome(now time.Time) {
	for account, known := range m.known {
		if now.Sub(known.used) > m.limits.RememberFor {
			delete(m.known, account)
		}
	}
	for account := range m.known {
		if len(m.known) < m.limits.RememberedMax {
			return
		}
		delete(m.known, account)
	}
}

// forget drops an account.
func (m *memory) forget(account mail.AccountID) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.known, account)
}
