package store

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/vfs"
)

// The room of what nobody can reach is given back; what anybody can is there
// afterwards, also what comes again after its first copy was reclaimed.
func TestReclaim(t *testing.T) {
	clock := time.Unix(1_700_000_000, 0)
	fs := vfs.NewMem()
	open := func() *Store {
		s, err := Open(Options{
			FS: fs, Dir: "/data", Clock: func() time.Time { return clock }, Logger: slog.New(slog.DiscardHandler),
			Limits: Limits{SegmentSize: 32 << 10, ReserveBytes: -1, ForgetEvery: -1},
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	a, inbox := provision(t, s, 7)
	for n := range letters {
		appendTo(t, s, a, inbox, randomLetter(n))
	}
	// Two of three are removed, and nobody is left who was not told.
	var gone imap.UIDSet
	for uid := imap.UID(1); uid <= letters; uid++ {
		if uid%3 != 0 {
			gone = gone.Add(uid)
		}
	}
	mustCommit(t, a, mail.Remove(inbox, gone, new(imap.UIDSet)))
	reclaim := func() Reclaimed {
		t.Helper()
		done, err := s.Reclaim(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		requireSound(t, s)
		return done
	}
	reclaim()
	kept, err := s.index.Get(index.RemovedKey(nil, 7, inbox, 1))
	if err != nil || kept == nil {
		t.Fatal("a removed message was not kept", err)
	}
	clock = clock.Add(31 * 24 * time.Hour)
	if err := s.Forget(context.Background()); err != nil {
		t.Fatal(err)
	}
	done := reclaim()
	if done.Segments == 0 || done.After >= done.Before*2/3 {
		t.Errorf("reclaimed: %+v", done)
	}
	again := appendTo(t, s, a, inbox, randomLetter(0))
	for round := range 3 {
		requireThirds(t, s, a, inbox, again)
		closeTest(t, s)
		if round == 1 {
			if err := fs.RemoveAll("/data/index"); err != nil {
				t.Fatal(err)
			}
		}
		s = open()
		if a, err = s.Account(context.Background(), 7); err != nil {
			t.Fatal(err)
		}
	}
	closeTest(t, s)
}

// requireThirds demands every third message, and one that came again.
func requireThirds(t *testing.T, s *Store, a mail.Account, inbox mail.MailboxID, again imap.UID) {
	t.Helper()
	for uid := imap.UID(3); uid <= letters; uid += 3 {
		requireMessage(t, a, inbox, uid, randomLetter(int(uid)-1))
	}
	requireMessage(t, a, inbox, again, randomLetter(0))
	requireSound(t, s)
}

const letters = 60

// randomLetter is a message that no compression makes smaller.
func randomLetter(n int) []byte {
	octets := make([]byte, 3000)
	// ChaCha8 never fails.
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(octets)
	return append(text(n, 300), octets...)
}

// A body whose last message was forgotten may be gone although the index still
// has a row for it, as after a crash in the middle of reclaiming: when it comes
// again it is stored again.
func TestBodyThatComesAgain(t *testing.T) {
	clock := time.Unix(1_700_000_000, 0)
	s, err := Open(Options{
		FS: vfs.NewMem(), Dir: "/data", Clock: func() time.Time { return clock },
		Limits: Limits{SegmentSize: 4 << 10, ReserveBytes: -1, ForgetEvery: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer closeTest(t, s)
	a, inbox := provision(t, s, 7)
	for n := range 8 {
		appendTo(t, s, a, inbox, randomLetter(n))
	}
	mustCommit(t, a, mail.Remove(inbox, imap.UIDSet{{Start: 1, Stop: 2}}, new(imap.UIDSet)))
	clock = clock.Add(31 * 24 * time.Hour)
	if err := s.Forget(context.Background()); err != nil {
		t.Fatal(err)
	}
	id := stage(t, s, randomLetter(0)).ID
	if s.lives(journal.BodyID(id)) {
		t.Fatal("a body lives that no message has")
	}
	s.pins.pin(id)
	if !s.lives(journal.BodyID(id)) {
		t.Error("a body is dead that a commit on its way names")
	}
	s.pins.unpin(map[mail.BodyID]struct{}{id: {}})
	done, err := s.journal.Reclaim(context.Background(), journal.Reclaim{Live: s.lives, Moved: s.follow, DeadShare: 0.1})
	if err != nil || done.Segments == 0 {
		t.Fatal(done, err)
	}
	if row, err := s.index.Get(index.BodyKey(nil, id)); err != nil || row == nil {
		t.Fatal("the row is gone, and this test tests nothing", err)
	}
	uid := appendTo(t, s, a, inbox, randomLetter(0))
	requireMessage(t, a, inbox, uid, randomLetter(0))
	if _, err := s.Reclaim(context.Background()); err != nil {
		t.Fatal(err)
	}
	requireMessage(t, a, inbox, uid, randomLetter(0))
	requireMessage(t, a, inbox, 4, randomLetter(3))
	requireSound(t, s)
	if row, err := s.index.Get(index.BodyKey(nil, stage(t, s, randomLetter(1)).ID)); err != nil || row != nil {
		t.Error("the row of a dead body was not swept", err)
	}
}
