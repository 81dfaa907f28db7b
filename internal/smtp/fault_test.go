package smtp

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/restante/restante/internal/vfs"
)

// The aim: a disk that is full or fails gives 452 or 451 to everybody, keeps
// nothing half, and mail comes in again when it has healed.
func TestFailingDisk(t *testing.T) {
	large := "Subject: large\r\n\r\n" + strings.Repeat("some text that fills a line of a message\r\n", 20000)
	cases := []struct {
		name    string
		kind    vfs.Kind
		err     error
		message string
		code    string
	}{
		{"full, small", vfs.Writes, syscall.ENOSPC, note, "452 4.3.1"},
		{"full, large", vfs.Writes, syscall.ENOSPC, large, "452 4.3.1"},
		{"quota", vfs.Writes, syscall.EDQUOT, note, "452 4.3.1"},
		{"write fails", vfs.Writes, syscall.EIO, note, "451 4.3.0"},
		{"sync fails", vfs.Syncs, syscall.EIO, note, "451 4.3.0"},
		{"no room for names", vfs.Names, syscall.ENOSPC, large, "452 4.3.1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, asLMTP)
			session := r.hello()
			session.deliver(note, "u1@example.org", "u2@example.org")
			r.faults.Fail(c.kind, "", c.err)
			for _, got := range session.deliver(c.message, "u1@example.org", "u2@example.org") {
				if !strings.HasPrefix(got, c.code) {
					t.Errorf("got %s, want %s", got, c.code)
				}
			}
			for _, name := range []string{"u1", "u2"} {
				if n := len(r.messages(name)); n != 1 {
					t.Errorf("%s has %d messages, want 1", name, n)
				}
			}
			r.faults.Heal()
			r.requireRecovery(session)
		})
	}
}

// requireRecovery delivers until the store takes mail again, which it may find
// out only by trying.
func (r *rig) requireRecovery(session *client) {
	r.t.Helper()
	const attempts = 200
	for attempt := range attempts {
		replies := session.deliver(note, "u1@example.org", "u2@example.org")
		if replies[0][:3] != replies[1][:3] {
			r.t.Fatalf("half delivered: %q", replies)
		}
		if replies[0][:3] == "250" {
			for _, name := range []string{"u1", "u2"} {
				if n := len(r.messages(name)); n != 2 {
					r.t.Errorf("%s has %d messages, want 2", name, n)
				}
			}
			return
		}
		if attempt == attempts-1 {
			r.t.Fatalf("no recovery: %s", replies[0])
		}
	}
}

// The aim: whichever operation on the disk fails, the two recipients agree,
// what was acknowledged is there, and what was refused is not.
func TestAnyOperationFails(t *testing.T) {
	for nth := 1; nth <= 12; nth++ {
		for _, fault := range []error{syscall.EIO, syscall.ENOSPC} {
			t.Run(fmt.Sprintf("%d/%v", nth, fault), func(t *testing.T) {
				r := newRig(t, asLMTP)
				session := r.hello()
				r.faults.FailNth(nth, fault)
				acknowledged := 0
				for range 6 {
					replies := session.deliver(note, "u1@example.org", "u2@example.org")
					if replies[0][:3] != replies[1][:3] {
						t.Fatalf("half delivered: %q", replies)
					}
					if replies[0][:3] == "250" {
						acknowledged++
					}
				}
				for _, name := range []string{"u1", "u2"} {
					if n := len(r.messages(name)); n != acknowledged {
						t.Errorf("%s has %d messages, %d were acknowledged", name, n, acknowledged)
					}
				}
				if acknowledged == 0 {
					t.Error("one failure stopped all mail")
				}
			})
		}
	}
}
