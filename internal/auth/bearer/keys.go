package bearer

import (
	"context"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keySet is what is known of an issuer's keys. One request is under way at a
// time, whoever waits for it.
type keySet struct {
	fetch func(context.Context) ([]jose.JSONWebKey, error)
	now   func() time.Time

	mutex    sync.Mutex
	keys     []jose.JSONWebKey
	fetched  time.Time // when the keys were
	tried    time.Time // when they were last asked for
	failure  error     // of that
	fetching chan struct{}
}

// find returns the keys that may have signed a token with this key ID; all of
// them if it names none. It asks the issuer if the keys are old, or the ID is
// not among them.
func (s *keySet) find(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	for tries := 0; ; tries++ {
		s.mutex.Lock()
		found, now := s.named(id), s.now()
		if len(found) > 0 && now.Sub(s.fetched) < keysFresh {
			s.mutex.Unlock()
			return found, nil
		}
		if tries == 2 || s.fetching == nil && !s.mayAsk(now) {
			defer s.mutex.Unlock()
			return s.settle(found, now)
		}
		if s.fetching == nil {
			s.fetching = make(chan struct{})
			s.tried = now
			go s.refresh(s.fetching)
		}
		done := s.fetching
		s.mutex.Unlock()
		select {
		case <-done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// mayAsk reports whether the issuer may be asked again. The mutex is held.
func (s *keySet) mayAsk(now time.Time) bool {
	pause := keysPause
	if s.failure != nil {
		pause = failurePause
	}
	return s.tried.IsZero() || now.Sub(s.tried) >= pause
}

// settle answers with what there is. The mutex is held.
func (s *keySet) settle(found []jose.JSONWebKey, now time.Time) ([]jose.JSONWebKey, error) {
	switch {
	case len(found) > 0 && now.Sub(s.fetched) < keysStale:
		return found, nil
	case s.failure != nil:
		return nil, s.failure
	}
	return nil, ErrInvalid
}

func (s *keySet) named(id string) []jose.JSONWebKey {
	if id == "" {
		return s.keys
	}
	var found []jose.JSONWebKey
	for _, key := range s.keys {
		if key.KeyID == id {
			found = append(found, key)
		}
	}
	return found
}

// refresh asks the issuer. It does not end with the login that caused it: others
// wait for it too.
func (s *keySet) refresh(done chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*requestTime)
	defer cancel()
	keys, err := s.fetch(ctx)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.failure = err; err == nil {
		s.keys, s.fetched = keys, s.now()
	}
	s.fetching = nil
	close(done)
}
