package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// transferAll copies all that is in a mailbox of one account into another's INBOX.
func transferAll(t testing.TB, s *Store, from, to mail.AccountID, mailbox mail.MailboxID) mail.Copied {
	t.Helper()
	var copied mail.Copied
	transfer := mail.Transfer{From: mailbox, UIDs: imap.UIDSet{{Start: 1, Stop: 1 << 31}}, To: mail.Inbox, Now: time.Unix(1_700_000_000, 0)}
	if _, err := s.CommitJointly(t.Context(), []mail.AccountID{from, to}, transfer.Between(&copied)); err != nil {
		t.Fatal(err)
	}
	return copied
}

// The aim: a copy into another account is described as the message is that it is
// a copy of, without its octets being read; they may be many, or damaged.
func TestCopiesBetweenAccountsAreNotParsed(t *testing.T) {
	fs := vfs.NewMem()
	s := openTest(t, fs, "/data")
	a, inbox := provision(t, s, 7)
	b, other := provision(t, s, 8)
	for n := range 3 {
		appendTo(t, s, a, inbox, text(n, 3000))
	}
	closeTest(t, s)
	flip(t, fs, []byte("Subject: message 1"))
	s = openTest(t, fs, "/data")
	defer closeTest(t, s)
	for id, account := range map[mail.AccountID]*mail.Account{7: &a, 8: &b} {
		var err error
		if *account, err = s.Account(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	transferAll(t, s, 7, 8, inbox)
	for n := range 3 {
		var want, got string
		for _, side := range []struct {
			account mail.Account
			mailbox mail.MailboxID
			subject *string
		}{{a, inbox, &want}, {b, other, &got}} {
			read(t, side.account, func(state mail.State) error {
				m, err := state.Message(side.mailbox, imap.UID(n+1))
				if err != nil {
					return err
				}
				structure, err := state.Structure(m.Email)
				if err == nil {
					*side.subject = fmt.Sprint(structure.Envelope.Subject)
				}
				return err
			})
		}
		if want == "" || got != want {
			t.Errorf("message %d: a copy has the subject %q, not %q", n, got, want)
		}
	}
	requireMessage(t, b, other, 1, text(0, 3000))
	// When the first has gone, the copy is what others are described by.
	mustCommit(t, a, mail.Remove(inbox, imap.UIDSet{{Start: 1, Stop: 9}}, new(imap.UIDSet)))
	provision(t, s, 9)
	if copied := transferAll(t, s, 8, 9, other); copied.To.Count() != 3 {
		t.Errorf("%v were copied", copied.To)
	}
}

// BenchmarkCopyBetweenAccounts copies a thousand messages into another account.
func BenchmarkCopyBetweenAccounts(b *testing.B) {
	s := openTest(b, vfs.NewMem(), "/data")
	defer closeTest(b, s)
	a, inbox := provision(b, s, 7)
	for n := range 1000 {
		appendTo(b, s, a, inbox, text(n, 50_000))
	}
	for id := mail.AccountID(8); b.Loop(); id++ {
		provision(b, s, id)
		transferAll(b, s, 7, id, inbox)
	}
}
