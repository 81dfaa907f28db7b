package bearer

import (
	"crypto/sha256"
	"sync"
	"time"
)

// memory remembers positive introspections, by a digest of the token, and that
// the issuer did not answer. Negative ones are not remembered: a token may
// become good, and nobody need be spared who tries bad ones.
type memory struct {
	mutex   sync.Mutex
	known   map[[sha256.Size]byte]remembered
	failure error
	since   time.Time
}

type remembered struct {
	login string
	until time.Time
}

func newMemory() *memory { return &memory{known: map[[sha256.Size]byte]remembered{}} }

func (m *memory) find(token string, now time.Time) (string, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	known, ok := m.known[sha256.Sum256([]byte(token))]
	return known.login, ok && now.Before(known.until)
}

func (m *memory) keep(token, login string, until, now time.Time) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.failure = nil
	if len(m.known) >= rememberedMax {
		m.forgetSome(now)
	}
	m.known[sha256.Sum256([]byte(token))] = remembered{login, until}
}

// forgetSome makes room: what is over goes, or else whatever the map yields
// first.
func (m *memory) forgetSome(now time.Time) {
	for token, known := range m.known {
		if !now.Before(known.until) {
			delete(m.known, token)
		}
	}
	for token := range m.known {
		if len(m.known) < rememberedMax {
			return
		}
		delete(m.known, token)
	}
}

// failed notes that the issuer did not answer; mayAsk answers with that for a
// short while, so that logins do not wait for it one after the other.
func (m *memory) failed(err error, now time.Time) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.failure, m.since = err, now
}

func (m *memory) mayAsk(now time.Time) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.failure != nil && now.Sub(m.since) < failurePause {
		return m.failure
	}
	return nil
}
