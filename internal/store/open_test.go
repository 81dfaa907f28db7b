package store

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	pebblevfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// A second process is told what to do about the first.
func TestStoreIsOpenedOnce(t *testing.T) {
	fs := vfs.NewMem()
	s := openTest(t, fs, "/data")
	_, err := Open(Options{FS: fs, Dir: "/data"})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "/data") {
		t.Errorf("opened twice: %v", err)
	}
	if err := Rebuild(Options{FS: fs, Dir: "/data"}); !errors.Is(err, ErrInUse) {
		t.Errorf("rebuilt while open: %v", err)
	}
	closeTest(t, s)
	if err := Rebuild(Options{FS: fs, Dir: "/data"}); err != nil {
		t.Error(err)
	}
	closeTest(t, openTest(t, fs, "/data"))
}

// clone copies a directory to another file system.
func clone(t *testing.T, from, to vfs.FS, dir string) {
	t.Helper()
	if ok, err := pebblevfs.Clone(from, to, dir, dir, pebblevfs.CloneSync); err != nil || !ok {
		t.Fatal(ok, err)
	}
}

// An index that is ahead of its journal, or another journal's, is made anew.
func TestForeignIndexIsMadeAnew(t *testing.T) {
	old, live := vfs.NewMem(), vfs.NewMem()
	s := openTest(t, live, "/data")
	a, inbox := provision(t, s, 7)
	appendTo(t, s, a, inbox, text(1, 500))
	closeTest(t, s)
	clone(t, live, old, "/data")
	s = openTest(t, live, "/data")
	a, err := s.Account(context.Background(), 7)
	if err != nil {
		t.Fatal(err)
	}
	appendTo(t, s, a, inbox, text(2, 500))
	closeTest(t, s)

	ahead, foreign := vfs.NewMem(), vfs.NewMem()
	clone(t, old, ahead, "/data")
	if err := ahead.RemoveAll("/data/index"); err != nil {
		t.Fatal(err)
	}
	clone(t, live, ahead, "/data/index")
	requireMessages(t, ahead, inbox, 1)

	closeTest(t, openTest(t, foreign, "/data"))
	if err := foreign.RemoveAll("/data/index"); err != nil {
		t.Fatal(err)
	}
	clone(t, live, foreign, "/data/index")
	s = openTest(t, foreign, "/data")
	if _, err := s.index.Get([]byte{0x10}); err != nil {
		t.Fatal(err)
	}
	if empty := check(t, s); empty.Accounts != 0 || !empty.Sound() {
		t.Errorf("an empty journal has an index of %+v", empty)
	}
	closeTest(t, s)
}

func requireMessages(t *testing.T, fs vfs.FS, inbox mail.MailboxID, want int) {
	t.Helper()
	s := openTest(t, fs, "/data")
	defer closeTest(t, s)
	requireSound(t, s)
	a, err := s.Account(context.Background(), 7)
	if err != nil {
		t.Fatal(err)
	}
	read(t, a, func(state mail.State) error {
		uids, err := state.UIDs(inbox)
		if err == nil && uids.Len() != want {
			t.Errorf("%d messages, want %d", uids.Len(), want)
		}
		return err
	})
}

// A full disk is said to be full, reads go on, and when there is room the
// next commit succeeds without anybody's help.
func TestFullDisk(t *testing.T) {
	mem := vfs.NewMem()
	faults := vfs.NewFaults(mem)
	s := openTest(t, faults, "/data")
	defer closeTest(t, s)
	a, inbox := provision(t, s, 7)
	appendTo(t, s, a, inbox, text(1, 500))
	faults.Fail(vfs.Writes, "", syscall.ENOSPC)
	for range 3 {
		body := stage(t, s, text(2, 500))
		_, err := a.Commit(context.Background(), mail.Append(inbox, []mail.NewMessage{{Body: body}}, time.Unix(0, 0), new(imap.UIDSet)))
		if !errors.Is(err, mail.ErrNoSpace) {
			t.Fatalf("commit on a full disk: %v", err)
		}
		requireMessage(t, a, inbox, 1, text(1, 500))
	}
	g := s.Stage()
	if _, err := g.Write(text(3, 600<<10)); !errors.Is(err, mail.ErrNoSpace) {
		t.Errorf("staging on a full disk: %v", err)
	}
	g.Discard()
	faults.Heal()
	if uid := appendTo(t, s, a, inbox, text(4, 500)); uid != 2 {
		t.Errorf("the first message after the full disk is %d", uid)
	}
	requireSound(t, s)
}

// Removed messages are forgotten when they were kept long enough, and not
// before; the mailbox says from when on it remembers.
func TestRemovedMessagesAreForgotten(t *testing.T) {
	clock := time.Unix(1_700_000_000, 0)
	fs := vfs.NewMem()
	s, err := Open(Options{FS: fs, Dir: "/data", Clock: func() time.Time { return clock }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { closeTest(t, s) }()
	a, inbox := provision(t, s, 7)
	for n := range 4 {
		appendTo(t, s, a, inbox, text(n, 300))
	}
	var copied mail.Copied
	mustCommit(t, a, mail.Copy(inbox, imap.UIDSet{{Start: 1, Stop: 1}}, "Archive", clock, &copied))
	first := mustCommit(t, a, mail.Remove(inbox, imap.UIDSet{{Start: 1, Stop: 2}}, new(imap.UIDSet)))
	clock = clock.Add(20 * 24 * time.Hour)
	second := mustCommit(t, a, mail.Remove(inbox, imap.UIDSet{{Start: 3, Stop: 3}}, new(imap.UIDSet)))
	kept := func(want string, complete bool, since imap.ModSeq) {
		t.Helper()
		if err := s.Forget(context.Background()); err != nil {
			t.Fatal(err)
		}
		read(t, a, func(state mail.State) error {
			var uids imap.UIDSet
			for m, err := range state.Readable(inbox, allUIDs) {
				if err != nil {
					return err
				}
				if _, err := state.Structure(m.Email); err != nil {
					t.Error(err)
				}
				uids = uids.Add(m.UID)
			}
			_, all, err := state.Removed(inbox, since)
			if uids.String() != want || all != complete {
				t.Errorf("readable are %s, want %s; removals since %d are complete: %v", uids, want, since, all)
			}
			return err
		})
		requireSound(t, s)
	}
	kept("1:4", true, 0)
	clock = clock.Add(11 * 24 * time.Hour)
	kept("3:4", false, first-1)
	kept("3:4", true, first)
	clock = clock.Add(20 * 24 * time.Hour)
	kept("4", false, first)
	kept("4", true, second)
	at := imap.ModSeq(0)
	read(t, a, func(state mail.State) error { at = state.ModSeq(); return nil })
	kept("4", true, at)
	read(t, a, func(state mail.State) error {
		if state.ModSeq() != at {
			t.Error("there was nothing to forget, and it was committed")
		}
		return nil
	})
}

// Closing waits for readers, and what comes later is told so.
func TestCloseWaits(t *testing.T) {
	s := openTest(t, vfs.NewMem(), "/data")
	a, inbox := provision(t, s, 7)
	appendTo(t, s, a, inbox, text(1, 500))
	closed := make(chan error, 2)
	read(t, a, func(state mail.State) error {
		for range 2 {
			go func() { closed <- s.Close() }()
		}
		for {
			// The store refuses commits from the moment it is being closed.
			if _, err := a.Commit(context.Background(), mail.Subscribe("x", true)); errors.Is(err, mail.ErrUnavailable) {
				break
			}
			if _, err := a.Commit(context.Background(), mail.Subscribe("x", false)); errors.Is(err, mail.ErrUnavailable) {
				break
			}
		}
		requireMessage(t, a, inbox, 1, text(1, 500))
		_, err := state.Message(inbox, 1)
		return err
	})
	for range 2 {
		if err := <-closed; err != nil {
			t.Error(err)
		}
	}
	if err := a.Read(context.Background(), func(mail.State) error { return nil }); !errors.Is(err, mail.ErrUnavailable) {
		t.Errorf("read of a closed store: %v", err)
	}
	if _, err := s.Account(context.Background(), 7); !errors.Is(err, mail.ErrUnavailable) {
		t.Errorf("account of a closed store: %v", err)
	}
	if err := s.Forget(context.Background()); !errors.Is(err, mail.ErrUnavailable) {
		t.Errorf("forgetting in a closed store: %v", err)
	}
}
