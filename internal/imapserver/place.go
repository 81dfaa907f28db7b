package imapserver

import (
	"context"
	"errors"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/auth"
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
	// actor is the user, as the account's lists see him.
	actor *mail.Actor
	// nowhere says that the name is in a namespace of others, and leads to
	// nobody that the user could know of.
	nowhere bool
	// refers says that who names a mailbox of another server is told so.
	refers bool
}

// The namespaces of others (RFC 9051 §6.3.10), without their delimiter. On the
// next level stands the login or the address of the account.
const (
	otherUsers = "Other Users"
	shared     = "Shared"
)

// locate finds where a name leads. It does not say that there is a mailbox.
func (s *session) locate(name string) (place, error) {
	at, err := s.find(name)
	at.refers = at.isHome()
	return at, err
}

// find is locate for names that may be those of nothing.
func (s *session) find(name string) (place, error) {
	subject, err := s.subject()
	if err != nil {
		return place{}, err
	}
	return s.findAs(s.account, subject, name)
}

// findAs finds where a name leads in the sessions of a user, who has an account
// of his own and is the subject to the lists of others.
func (s *session) findAs(user mail.Account, subject mail.Subject, name string) (place, error) {
	home := homeOf(user, subject, name)
	root, rest, deeper := strings.Cut(name, mail.Separator)
	if root != otherUsers && root != shared {
		return home, nil
	}
	// A mailbox of the user's own that had such a name before stays his.
	own := false
	err := user.Read(s.context, func(state mail.State) error {
		normal, err := mail.NormalName(name)
		if err == nil {
			_, err = state.MailboxNamed(normal)
		}
		own = err == nil
		return nil
	})
	if err != nil || own {
		return home, err
	}
	home.nowhere = true
	login, rest, _ := strings.Cut(rest, mail.Separator)
	if !deeper || rest == "" {
		return home, nil
	}
	info, err := s.directory().Account(s.context, loginOfLevel(login))
	if errors.Is(err, auth.ErrNotFound) || errors.Is(err, auth.ErrBadAddress) {
		return home, nil
	}
	if err != nil {
		return place{}, err
	}
	if info.Disabled || info.Shared != (root == shared) || info.ID == user.ID() {
		return home, nil
	}
	there, err := s.visitAs(subject, info)
	if errors.Is(err, mail.ErrErased) {
		return home, nil
	}
	there.name = rest
	return there, err
}

// home is the place of a name in the user's own account.
func (s *session) home(name string) (place, error) {
	subject, err := s.subject()
	return homeOf(s.account, subject, name), err
}

func homeOf(user mail.Account, subject mail.Subject, name string) place {
	return place{account: user, name: name, actor: &mail.Actor{Owner: user.ID(), Subject: subject}}
}

// visit is another account, as a place without a name.
func (s *session) visit(info auth.AccountInfo) (place, error) {
	subject, err := s.subject()
	if err != nil {
		return place{}, err
	}
	return s.visitAs(subject, info)
}

func (s *session) visitAs(subject mail.Subject, info auth.AccountInfo) (place, error) {
	account, err := s.server.options.Store.Account(s.context, info.ID)
	if err != nil {
		return place{}, err
	}
	if s.isAnonymous() {
		account = mail.ReadOnly(account) // RFC 4505 §5, whatever lists let anyone do
	}
	root := otherUsers
	if info.Shared {
		root = shared
	}
	return place{
		account: visited{&sessionAccount{account, s}}, actor: &mail.Actor{Owner: info.ID, Subject: subject},
		prefix: root + mail.Separator + levelOfLogin(info.Address) + mail.Separator,
	}, nil
}

// subject is who the user is to access control lists, now.
func (s *session) subject() (mail.Subject, error) {
	return s.directory().Subject(s.context, s.account.ID(), s.isAnonymous())
}

// escapes of logins, in which a delimiter would part two levels.
var toLevel, fromLevel = strings.NewReplacer("=", "=3D", "/", "=2F"), strings.NewReplacer("=3D", "=", "=2F", "/")

func levelOfLogin(login string) string { return toLevel.Replace(login) }
func loginOfLevel(level string) string { return fromLevel.Replace(level) }

// visited is another's account, which may go away while its mailboxes are in
// use: to a visitor they are gone, and his own session goes on.
type visited struct{ mail.Account }

func (v visited) Read(ctx context.Context, use func(mail.State) error) error {
	return erasedIsNoMailbox(v.Account.Read(ctx, use))
}

func (v visited) Commit(ctx context.Context, decide mail.Decision) (imap.ModSeq, error) {
	position, err := v.Account.Commit(ctx, decide)
	return position, erasedIsNoMailbox(err)
}

func erasedIsNoMailbox(err error) error {
	if errors.Is(err, mail.ErrErased) {
		return mail.ErrNoMailbox
	}
	return err
}

// isHome reports whether the place is in the user's own account.
func (p place) isHome() bool { return p.prefix == "" }

// mailbox finds the mailbox, on which the user must have the rights that the
// operation needs: ErrNoMailbox if there is none, or none that the user may
// know of, and mail.ErrNotPermitted if a right is missing (RFC 4314 §6). What
// cannot be a name names nothing.
func (p place) mailbox(state mail.State, need mail.Rights) (*mail.Mailbox, error) {
	normal, err := mail.NormalName(p.name)
	if err != nil || p.nowhere {
		return nil, mail.ErrNoMailbox
	}
	mailbox, err := state.MailboxNamed(normal)
	if err != nil {
		return nil, p.missing(state, err)
	}
	return mailbox, p.permit(mailbox, need)
}

// permit says whether the user has rights on a mailbox of the place's account.
func (p place) permit(mailbox *mail.Mailbox, need mail.Rights) error {
	return p.actor.Permit(mailbox, need)
}

// rights returns what the user may do with a mailbox of the place's account.
func (p place) rights(mailbox *mail.Mailbox) mail.Rights { return p.actor.Rights(mailbox) }

// shown returns the name that a mailbox of the place's account has in the
// session.
func (p place) shown(name string) string { return p.prefix + name }

// mayMake is nil if there is an account in which the user may be allowed to
// create a mailbox; else he hears what he would hear of one that gave him no
// rights (RFC 4314 §6).
func (p place) mayMake() error {
	if !p.nowhere {
		return nil
	}
	if levels := strings.SplitN(p.name, mail.Separator, 3); len(levels) == 3 {
		if _, err := mail.NormalName(levels[2]); err != nil {
			return err
		}
	}
	return mail.ErrNotPermitted
}

// tryCreate is err, but tells a client that would add messages to a mailbox
// that does not exist how to go on, if it may (RFC 9051 §7.1, TRYCREATE).
func (s *session) tryCreate(at place, err error) error {
	err = s.absent(at, notANameIsNoMailbox(err))
	if !errors.Is(err, mail.ErrNoMailbox) || at.nowhere {
		return err
	}
	refused := at.account.Read(s.context, func(state mail.State) error { return at.actor.MayCreate(state, at.name) })
	if refused != nil {
		return err
	}
	return tryCreate(err)
}
