package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// enableModSeqs takes note of a command that enables CONDSTORE. If a mailbox
// is selected, the client is told where it stands (RFC 7162 §3.1, example 5).
func (s *session) enableModSeqs() error {
	if s.dialect.tellsModSeqs() {
		return nil
	}
	s.dialect, _ = s.dialect.with(imap.CapCondStore)
	if s.mailbox == nil {
		return nil
	}
	highest, err := s.highestModSeq()
	if err != nil {
		return err
	}
	s.enc.Untagged(imap.StatusOK, imap.CodeHighestModSeq{ModSeq: highest}, "Highest")
	return nil
}

// highestModSeq returns the modification sequence up to which the client has
// been told everything: never one that hides a change it has not heard of
// (RFC 7162 §3.2).
func (s *session) highestModSeq() (imap.ModSeq, error) {
	selection := s.mailbox
	if selection.view.Pending(mailview.Send) {
		return min(selection.toldModSeq, selection.view.Settled()), nil
	}
	err := s.mailbox.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(selection.id)
		if err != nil {
			return ignoreGone(err)
		}
		if mailbox.HighestModSeq <= selection.view.Position() {
			selection.toldModSeq = mailbox.HighestModSeq
		}
		return nil
	})
	return selection.toldModSeq, err
}
