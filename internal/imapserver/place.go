package imapserver

import (
	"github.com/restante/restante/internal/mail"
)

// place is where a mailbox name that a client gave leads: to an account, and
// to the name that the mailbox has there. Every command that takes a name
// begins with locate; nothing else knows how names of the session and names
// of accounts belong together.
type place struct {
	account mail.Account
	// name is the name within the account, as given: it may be none.
	name string
	// prefix is what stands before the account's own names in those of the
	// session: "" in the user's own account.
	prefix string
}

// locate finds where a name leads. It does not say that there is a mailbox.
func (s *session) locate(name string) (place, error) {
	at := place{account: s.account, name: name}
	return at, s.refer(at)
}

// mailbox finds the mailbox, on which the user must have the rights that the
// operation needs: ErrNoMailbox if there is none, or none that the user may
// know of, and mail.ErrNotPermitted if a right is missing (RFC 4314 §6). What
// cannot be a name names nothing.
func (p place) mailbox(state mail.State, need mail.Rights) (*mail.Mailbox, error) {
	normal, err := mail.NormalName(p.name)
	if err != nil {
		return nil, mail.ErrNoMailbox
	}
	mailbox, err := state.MailboxNamed(normal)
	if err != nil {
		return nil, err
	}
	return mailbox, p.permit(mailbox, need)
}

// permit says whether the user has rights on a mailbox of the place's account.
func (p place) permit(mailbox *mail.Mailbox, need mail.Rights) error {
	return nil
}

// shown returns the name that a mailbox of the place's account has in the
// session.
func (p place) shown(name string) string { return p.prefix + name }
