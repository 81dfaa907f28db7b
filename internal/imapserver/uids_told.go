package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// uidsTold returns a code that tells UIDs of the mailbox at a place, or nil if
// the user may not read that mailbox: the code would disclose what is in it
// (RFC 9051 §6.3.12, §6.4.7).
func (s *session) uidsTold(at place, code imap.Code) imap.Code {
	err := at.account.Read(s.context, func(state mail.State) error {
		_, err := at.mailbox(state, mail.RightRead)
		return err
	})
	if err != nil {
		return nil
	}
	return code
}
