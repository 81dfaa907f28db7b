package imapserver

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// by is who acts in the selected mailbox.
func (m *selection) by() *mail.Actor { return m.place.actor }

// forget lets go of what the selection watches.
func (m *selection) forget() {
	m.watch.Close()
	if m.directory != nil {
		m.directory.Close()
	}
}

// followAccess takes note of what became of the user's rights on the selected
// mailbox, if the mailbox's list or the directory has changed: a mailbox that
// may not be read any more is gone (RFC 4314 §5.1.1).
func (s *session) followAccess() error {
	selection := s.mailbox
	changes := s.directory().Changes()
	if selection.gone != "" || !selection.accessChanged && selection.directoryAt == changes {
		return nil
	}
	if selection.directory != nil {
		selection.directory.Take()
	}
	subject, err := s.subject()
	if err != nil {
		return err
	}
	at := selection.place
	at.actor = &mail.Actor{Owner: at.actor.Owner, Subject: subject}
	rights, err := s.rightsNow(at)
	if err != nil {
		return err
	}
	selection.place, selection.accessChanged, selection.directoryAt = at, false, changes
	if !rights.Has(mail.RightRead) {
		selection.gone = "Mailbox may not be read any more"
		return nil
	}
	selection.rightsChanged = selection.rightsChanged || rights != selection.rights
	selection.rights = rights
	if readOnly := selection.examined || !rights.ChangesMailbox(); readOnly != selection.readOnly {
		selection.readOnly, selection.turned = readOnly, !selection.turned
	}
	return nil
}

// mayChange is nil if something can be changed in the selected mailbox, as far as
// rights go that a client need not have been told of yet.
func (s *session) mayChange() error {
	if s.mailbox.readOnly && !s.mailbox.examined {
		if err := s.absorb(0); err != nil {
			return err
		}
		if err := s.followAccess(); err != nil {
			return err
		}
	}
	if s.mailbox.readOnly {
		return errReadOnly
	}
	return nil
}

// rightsNow returns the user's rights on the selected mailbox: none if it is
// gone, or closed with its owner's account.
func (s *session) rightsNow(at place) (rights mail.Rights, err error) {
	if !at.isHome() {
		info, err := s.directory().AccountOf(s.context, at.account.ID())
		if errors.Is(err, auth.ErrNotFound) || err == nil && info.Disabled {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
	}
	err = at.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(s.mailbox.id)
		if err == nil {
			rights = at.rights(mailbox)
		}
		return err
	})
	return rights, ignoreGone(err)
}

// tellRights writes FLAGS and PERMANENTFLAGS anew if they follow from other
// rights now (RFC 4314 §5.1.1), and whether that has made the mailbox read-only
// or read-write (RFC 9051 §7.1).
func (s *session) tellRights() error {
	selection := s.mailbox
	if !selection.rightsChanged {
		return nil
	}
	selection.rightsChanged = false
	return selection.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(selection.id)
		if err == nil {
			selection.keywordsTold = len(mailbox.Keywords)
			s.writeFlags(mailbox)
		}
		if err == nil && selection.turned {
			selection.turned = false
			s.enc.Untagged(imap.StatusOK, selection.accessCode(), "Rights have changed")
		}
		return ignoreGone(err)
	})
}
