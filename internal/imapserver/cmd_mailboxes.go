package imapserver

import (
	"strings"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// delimiter is the hierarchy delimiter as LIST has it.
const delimiter = '/'

// create is CREATE (RFC 9051 §6.3.4) with special use (RFC 6154 §3). A
// delimiter at the end only says that inferior names will follow.
func (s *session) create(request imap.CreateRequest) (outcome, error) {
	name := strings.TrimSuffix(request.Mailbox, mail.Separator)
	at, err := s.locate(name)
	if err != nil {
		return outcome{}, err
	}
	var created mail.MailboxCreated
	if _, err := at.account.Commit(s.context, createNoting(at.name, request.Uses, s.now(), &created)); err != nil {
		return outcome{}, err
	}
	code := imap.CodeMailboxID{ID: mailboxID(created.ID, created.UIDValidity)} // RFC 8474 §4.1
	return outcome{code: code}, s.tellOtherName(at, created.ID, name)
}

// createNoting decides to create a mailbox, and takes note of the record.
func createNoting(name string, uses []imap.MailboxAttr, now time.Time, created *mail.MailboxCreated) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		var id mail.MailboxID
		effects, err := mail.CreateMailbox(name, uses, now, &id)(state)
		for _, record := range effects.Records {
			if made, ok := record.(mail.MailboxCreated); ok && made.ID == id {
				*created = made
			}
		}
		return effects, err
	}
}

// tellOtherName tells a client of rev2 under which name a mailbox was made, if
// that is not the one it gave (RFC 9051 §6.3.9.7).
func (s *session) tellOtherName(at place, id mail.MailboxID, given string) error {
	if s.dialect.speaksRev1() {
		return nil
	}
	return at.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(id)
		if err != nil || at.shown(mailbox.Name) == given {
			return ignoreGone(err)
		}
		list, err := listDataOf(state, at, mailbox)
		if err != nil {
			return err
		}
		list.OldName = given
		s.enc.List(&list)
		return nil
	})
}

// deleteMailbox is DELETE (RFC 9051 §6.3.5).
func (s *session) deleteMailbox(name string) (outcome, error) {
	at, err := s.locate(name)
	if err != nil {
		return outcome{}, err
	}
	if _, err := at.account.Commit(s.context, mail.DeleteMailbox(at.name)); err != nil {
		return outcome{}, notANameIsNoMailbox(err)
	}
	if s.mailbox == nil {
		return outcome{}, nil
	}
	if err := s.absorb(0); err != nil {
		return outcome{}, err
	}
	if s.mailbox.gone != "" { // it was the selected one: this client knows
		s.closeSelection()
		s.enc.Untagged(imap.StatusOK, imap.CodeClosed, "The selected mailbox was deleted")
	}
	return outcome{}, nil
}

// rename is RENAME (RFC 9051 §6.3.6).
func (s *session) rename(request imap.RenameRequest) (outcome, error) {
	if err := s.referRename(request.From, strings.TrimSuffix(request.To, mail.Separator)); err != nil {
		return outcome{}, err
	}
	from, err := s.locate(request.From)
	if err != nil {
		return outcome{}, err
	}
	to, err := s.locate(strings.TrimSuffix(request.To, mail.Separator))
	if err != nil {
		return outcome{}, err
	}
	_, err = from.account.Commit(s.context, mail.RenameMailbox(from.name, to.name, s.now()))
	return outcome{}, err
}

// subscribe and unsubscribe are SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.7,
// §6.3.8). The name need not be that of a mailbox.
func (s *session) subscribe(name string) (outcome, error) {
	_, err := s.account.Commit(s.context, mail.Subscribe(name, true))
	return outcome{}, err
}

func (s *session) unsubscribe(name string) (outcome, error) {
	_, err := s.account.Commit(s.context, mail.Subscribe(name, false))
	return outcome{}, err
}
