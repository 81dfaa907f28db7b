package store

import (
	"context"
	"errors"
	"sync"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
)

// A body lives as long as an email in the index is it, or a commit on its way
// names it. A body that no email is may be gone from the journal even if the
// index still has a row for it, so a commit stores it again. The order makes
// that safe: a commit pins the bodies it names before it asks whether they
// live, and Reclaim asks for pins before it says that one is dead.

// pins counts the commits on their way that name a body.
type pins struct {
	mutex sync.Mutex
	of    map[mail.BodyID]int
}

func (p *pins) pin(id mail.BodyID) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.of[id]++
}

func (p *pins) unpin(ids map[mail.BodyID]struct{}) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for id := range ids {
		if p.of[id]--; p.of[id] == 0 {
			delete(p.of, id)
		}
	}
}

// lives reports whether anything can still reach a body.
func (s *Store) lives(id journal.BodyID) bool {
	s.pins.mutex.Lock()
	defer s.pins.mutex.Unlock()
	return s.livesLocked(mail.BodyID(id))
}

func (s *Store) livesLocked(id mail.BodyID) bool {
	if s.pins.of[id] > 0 {
		return true
	}
	named, err := index.IsNamed(s.index, id)
	if err != nil {
		s.log.Error("index cannot say whether a body lives", "body", id.String(), "error", err)
	}
	return named || err != nil
}

// isStored reports whether a body that is pinned is there to stay.
func (s *Store) isStored(id mail.BodyID) (bool, error) {
	value, err := s.index.Get(index.BodyKey(nil, id))
	if err != nil || value == nil {
		return false, err
	}
	return index.IsNamed(s.index, id)
}

// Reclaimed is what a run of Reclaim has done.
type Reclaimed = journal.Reclaimed

// Reclaim gives back the room of bodies that nothing can reach any more, and
// compresses the others, segment by segment. The store is in use meanwhile.
func (s *Store) Reclaim(ctx context.Context) (Reclaimed, error) {
	if err := s.gate.enter(); err != nil {
		return Reclaimed{}, err
	}
	defer s.gate.leave()
	s.relocating.Lock()
	defer s.relocating.Unlock()
	done, err := s.journal.Reclaim(ctx, journal.Reclaim{Live: s.lives, Moved: s.follow, Compress: true})
	if err != nil {
		return done, translate(err)
	}
	return done, s.sweep(ctx)
}

// followMax is how many bodies' rows are written while commits wait.
const followMax = 256

// follow notes where the bodies of a rewritten segment lie now.
func (s *Store) follow(moved []journal.BodyRef) error {
	for len(moved) > 0 {
		some := moved[:min(followMax, len(moved))]
		moved = moved[len(some):]
		err := s.amend(func(batch *index.Batch) error {
			for _, ref := range some {
				if err := s.relocate(batch, mail.BodyID(ref.ID), [2]uint64{ref.Place.A, ref.Place.B}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// amend writes rows that follow from no commit, while none is applied.
func (s *Store) amend(write func(*index.Batch) error) error {
	s.applying.Lock()
	defer s.applying.Unlock()
	applied, known, err := s.index.Applied()
	if err != nil || !known {
		return err
	}
	batch := s.index.Batch()
	if err := write(batch); err != nil {
		return errors.Join(err, batch.Discard())
	}
	return batch.Commit(applied)
}

// relocate writes a body's place into its row and into those of its messages.
func (s *Store) relocate(batch *index.Batch, id mail.BodyID, where [2]uint64) error {
	set := func(key []byte) error {
		value, err := s.index.Get(key)
		if err == nil && len(value) >= index.PlaceWidth {
			index.SetPlace(value, where)
			batch.Set(key, value)
		}
		return err
	}
	if err := set(index.BodyKey(nil, id)); err != nil {
		return err
	}
	return scanPrefix(s.index, index.NamedPrefix(nil, id), func(key, _ []byte) error {
		account, email := index.NamedOf(key)
		return scanPrefix(s.index, index.ReferencePrefix(nil, account, email), func(key, _ []byte) error {
			mailbox, uid := index.ReferenceOf(key)
			for _, row := range []messageKeyOf{index.MessageKey, index.RemovedKey} {
				if err := set(row(nil, account, mailbox, uid)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// messageKeyOf builds the key of a message's row, or of a removed one's.
type messageKeyOf func([]byte, mail.AccountID, mail.MailboxID, imap.UID) []byte

// sweep removes the rows of bodies that are dead.
func (s *Store) sweep(ctx context.Context) error {
	var dead []mail.BodyID
	err := scanPrefix(s.index, index.BodiesPrefix(), func(key, _ []byte) error {
		if id := index.BodyOf(key); !s.lives(journal.BodyID(id)) {
			dead = append(dead, id)
		}
		return ctx.Err()
	})
	if err != nil || len(dead) == 0 {
		return err
	}
	return s.amend(func(batch *index.Batch) error {
		s.pins.mutex.Lock()
		defer s.pins.mutex.Unlock()
		for _, id := range dead {
			if !s.livesLocked(id) {
				batch.Delete(index.BodyKey(nil, id))
			}
		}
		return nil
	})
}
