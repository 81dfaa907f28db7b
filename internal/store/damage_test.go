package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// flip changes one octet of the journal, within the first place where mark
// stands.
func flip(t *testing.T, fs vfs.FS, mark []byte) {
	t.Helper()
	const name = "/data/journal/00000001.seg"
	f, err := fs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	octets, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(octets, mark)
	if at < 0 {
		t.Fatalf("%q is not in the journal", mark)
	}
	octets[at] ^= 1
	out, err := vfs.Create(fs, name)
	if err != nil {
		t.Fatal(err)
	}
	_, err = out.Write(octets)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		t.Fatal(err)
	}
}

// damaged makes a store with five messages in which some octet is not what it
// was, and no index.
func damaged(t *testing.T, mark string) (*Store, mail.Account, mail.MailboxID) {
	t.Helper()
	fs := vfs.NewMem()
	s := openTest(t, fs, "/data")
	a, inbox := provision(t, s, 7)
	for n := range 5 {
		appendTo(t, s, a, inbox, text(n, 3000), imap.Flag([]string{"$Zero", "$One", "$Two", "$Three", "$Four"}[n]))
	}
	closeTest(t, s)
	flip(t, fs, []byte(mark))
	if err := fs.RemoveAll("/data/index"); err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{FS: fs, Dir: "/data", Logger: slog.New(slog.DiscardHandler), Limits: Limits{ReserveBytes: -1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeTest(t, s) })
	if a, err = s.Account(context.Background(), 7); err != nil {
		t.Fatal(err)
	}
	return s, a, inbox
}

// A damaged body is told from a sound one, and takes no other along.
func TestDamagedBody(t *testing.T) {
	s, a, inbox := damaged(t, "Subject: message 2")
	for _, n := range []int{0, 1, 3, 4} {
		requireMessage(t, a, inbox, imap.UID(n+1), text(n, 3000))
	}
	read(t, a, func(state mail.State) error {
		m, err := state.Message(inbox, 3)
		if err != nil {
			return err
		}
		if _, err := state.Structure(m.Email); err != nil {
			t.Errorf("the damaged message is not described: %v", err)
		}
		bodies := a.Bodies()
		defer bodies.Close()
		body, err := bodies.Open(m.Body)
		if err == nil {
			_, err = body.ReadAt(make([]byte, body.Size()), 0)
		}
		if !errors.Is(err, mail.ErrCorrupt) {
			t.Errorf("the damaged message is read: %v", err)
		}
		return nil
	})
	if report := check(t, s); report.Sound() {
		t.Error("a check finds nothing")
	}
	if uid := appendTo(t, s, a, inbox, text(9, 500)); uid != 6 {
		t.Errorf("the next message is %d", uid)
	}
}

// A damaged record is passed over; positions and UIDs go on behind it.
func TestDamagedRecord(t *testing.T) {
	s, a, inbox := damaged(t, "$Two")
	for _, n := range []int{0, 1, 3, 4} {
		requireMessage(t, a, inbox, imap.UID(n+1), text(n, 3000))
	}
	read(t, a, func(state mail.State) error {
		uids, err := state.UIDs(inbox)
		if got := uids.Set().String(); got != "1:2,4:5" {
			t.Errorf("messages are %s", got)
		}
		return err
	})
	report := check(t, s)
	if report.Sound() {
		t.Error("a check finds nothing")
	}
	for _, problem := range report.Problems {
		t.Log(problem)
	}
	before := mustCommit(t, a, mail.Subscribe("x", true))
	if uid := appendTo(t, s, a, inbox, text(9, 500)); uid != 6 || before != 7 {
		t.Errorf("the next message is %d, after position %d", uid, before)
	}
}
