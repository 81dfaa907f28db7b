package imapserver

import (
	"errors"
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
	if err := errors.Join(at.mayMake(), s.refuseElsewhere(at)); err != nil {
		return outcome{}, err
	}
	var created mail.MailboxCreated
	if _, err := at.account.Commit(s.context, createNoting(at, request.Uses, s.now(), &created)); err != nil {
		return outcome{}, err
	}
	code := imap.CodeMailboxID{ID: mailboxID(at, created.ID, created.UIDValidity)} // RFC 8474 §4.1
	return outcome{code: code}, s.tellOtherName(at, created.ID, name)
}

// createNoting decides to create a mailbox, and takes note of the record.
func createNoting(at place, uses []imap.MailboxAttr, now time.Time, created *mail.MailboxCreated) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		var id mail.MailboxID
		effects, err := at.actor.CreateMailbox(at.name, uses, now, &id)(state)
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
		if err != nil || at.shown(mailbox.Name) == given || !at.rights(mailbox).Visible() {
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
	if at.nowhere {
		return outcome{}, mail.ErrNoMailbox
	}
	if err := s.deleteAt(at); err != nil {
		return outcome{}, s.absent(at, notANameIsNoMailbox(err))
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

// deleteAt deletes the mailbox of a place. With its list goes what the
// directory notes of that (RFC 4314 §4, DELETE).
func (s *session) deleteAt(at place) error {
	listed := false
	err := at.account.Read(s.context, func(state mail.State) error {
		mailbox, err := at.mailbox(state, mail.RightDeleteMailbox)
		listed = err == nil && len(mailbox.Access) > 0
		return nil
	})
	if err != nil {
		return err
	}
	if listed {
		return s.commitAccess(at, at.actor.DeleteMailbox(at.name))
	}
	_, err = at.account.Commit(s.context, at.actor.DeleteMailbox(at.name))
	return err
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
	if from.nowhere || to.nowhere || from.account.ID() != to.account.ID() {
		return outcome{}, s.refuseRename(from, to)
	}
	_, err = from.account.Commit(s.context, from.actor.RenameMailbox(from.name, to.name, s.now()))
	return outcome{}, err
}

// refuseRename says why a mailbox does not become one of another account: it
// has its UIDs, its rights and its quota there. Who may not know of it, or may
// not create the new name, is told that.
func (s *session) refuseRename(from, to place) error {
	err := from.account.Read(s.context, func(state mail.State) error {
		_, err := from.mailbox(state, mail.RightDeleteMailbox)
		return err
	})
	if err == nil {
		err = to.mayMake()
	}
	if err == nil {
		err = to.account.Read(s.context, func(state mail.State) error { return to.actor.MayCreate(state, to.name) })
	}
	if err != nil {
		return err
	}
	return no(imap.CodeCannot, "A mailbox stays in its account: move its messages")
}

// subscribe and unsubscribe are SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.7,
// §6.3.8). The name need not be that of a mailbox; names of others' mailboxes
// are kept as the user sees them, in his own account.
func (s *session) subscribe(name string) (outcome, error) {
	_, err := s.account.Commit(s.context, mail.Subscribe(name, true))
	return outcome{}, err
}

func (s *session) unsubscribe(name string) (outcome, error) {
	_, err := s.account.Commit(s.context, mail.Subscribe(name, false))
	return outcome{}, err
}
