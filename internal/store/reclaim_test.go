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
	const count = 60
	letter := func(n int) []byte {
		octets := make([]byte, 3000) // that no compression makes smaller
		random := rand.NewChaCha8([32]byte{byte(n)})
		if _, err := random.Read(octets); err != nil {
			t.Fatal(err)
		}
		return append(text(n, 300), octets...)
	}
	for n := range count {
		appendTo(t, s, a, inbox, letter(n))
	}
	// Two of three are removed, and nobody is left who was not told.
	var gone imap.UIDSet
	for uid := imap.UID(1); uid <= count; uid++ {
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
	again := appendTo(t, s, a, inbox, letter(0))
	for round := range 3 {
		for n := range count {
			if uid := imap.UID(n + 1); uid%3 == 0 {
				requireMessage(t, a, inbox, uid, letter(n))
			}
		}
		requireMessage(t, a, inbox, again, letter(0))
		requireSound(t, s)
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
