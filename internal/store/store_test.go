package store

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// testLog writes to the log of a test what the store finds wrong.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Helper()
	l.t.Log(string(p))
	return len(p), nil
}

func openTest(t testing.TB, fs vfs.FS, dir string) *Store {
	t.Helper()
	s, err := Open(Options{
		FS: fs, Dir: dir, Clock: func() time.Time { return time.Unix(1_700_000_000, 0) },
		Logger: slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Limits: Limits{ReserveBytes: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeTest(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// text is a message of some octets.
func text(n, size int) []byte {
	b := fmt.Appendf(nil, "From: a@example.org\r\nSubject: message %d\r\nMessage-ID: <%d@example.org>\r\n\r\n", n, n)
	for len(b) < size {
		b = append(b, "All work and no play makes Jack a dull boy.\r\n"...)
	}
	return b
}

func stage(t testing.TB, s *Store, octets []byte) *mail.Body {
	t.Helper()
	g := s.Stage()
	if _, err := g.Write(octets); err != nil {
		t.Fatal(err)
	}
	body, err := g.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func provision(t testing.TB, s *Store, id mail.AccountID) (mail.Account, mail.MailboxID) {
	t.Helper()
	a, err := s.Account(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	mustCommit(t, a, mail.ProvisionAccount(time.Unix(1_700_000_000, 0)))
	var inbox mail.MailboxID
	read(t, a, func(state mail.State) error {
		m, err := state.MailboxNamed(mail.Inbox)
		if err == nil {
			inbox = m.ID
		}
		return err
	})
	return a, inbox
}

func mustCommit(t testing.TB, a mail.Account, decide mail.Decision) imap.ModSeq {
	t.Helper()
	at, err := a.Commit(context.Background(), decide)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func read(t testing.TB, a mail.Account, use func(mail.State) error) {
	t.Helper()
	if err := a.Read(context.Background(), use); err != nil {
		t.Fatal(err)
	}
}

func appendTo(t testing.TB, s *Store, a mail.Account, mailbox mail.MailboxID, octets []byte, flags ...imap.Flag) imap.UID {
	t.Helper()
	var uids imap.UIDSet
	body := stage(t, s, octets)
	defer body.Release()
	mustCommit(t, a, mail.Append(mailbox, []mail.NewMessage{{Body: body, Flags: flags}}, time.Unix(1_700_000_000, 0), &uids))
	return uids[0].Start
}

// A message is there after it was appended, after a restart, and after the
// index was lost.
func TestMessageIsKept(t *testing.T) {
	fs := vfs.NewMem()
	s := openTest(t, fs, "/data")
	a, inbox := provision(t, s, 7)
	uid := appendTo(t, s, a, inbox, text(1, 4000), imap.FlagSeen, "$Work")
	large := appendTo(t, s, a, inbox, text(2, 600_000))
	for round := range 3 {
		a, err := s.Account(context.Background(), 7)
		if err != nil {
			t.Fatal(err)
		}
		requireMessage(t, a, inbox, uid, text(1, 4000))
		requireMessage(t, a, inbox, large, text(2, 600_000))
		closeTest(t, s)
		if round == 1 {
			if err := fs.RemoveAll("/data/index"); err != nil {
				t.Fatal(err)
			}
		}
		s = openTest(t, fs, "/data")
	}
	closeTest(t, s)
}

func requireMessage(t testing.TB, a mail.Account, mailbox mail.MailboxID, uid imap.UID, want []byte) {
	t.Helper()
	read(t, a, func(state mail.State) error {
		m, err := state.Message(mailbox, uid)
		if err != nil {
			return err
		}
		if m.Size != int64(len(want)) {
			t.Errorf("message %d has size %d, want %d", uid, m.Size, len(want))
		}
		structure, err := state.Structure(m.Email)
		if err != nil {
			return err
		}
		if structure.Size != m.Size {
			t.Errorf("structure of message %d has size %d", uid, structure.Size)
		}
		bodies := a.Bodies()
		defer bodies.Close()
		body, err := bodies.Open(m.Body)
		if err != nil {
			return err
		}
		got := make([]byte, body.Size())
		if _, err := body.ReadAt(got, 0); err != nil {
			return err
		}
		if string(got) != string(want) {
			t.Errorf("message %d has other octets", uid)
		}
		return nil
	})
}
