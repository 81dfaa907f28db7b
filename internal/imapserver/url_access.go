package imapserver

import (
	"slices"
	"strings"
	"sync"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// isUser reports whether a name is that of who has logged in, in any spelling.
func (s *session) isUser(name string) bool {
	if name == s.identity.Login {
		return true
	}
	found, err := s.server.options.Auth.Directory().Account(s.context, name)
	return err == nil && found.ID == s.identity.Account
}

// userAccount returns the account of a user who may log in; nil if there is none.
func (s *session) userAccount(name string) mail.Account {
	if s.isUser(name) {
		return s.account
	}
	found, err := s.server.options.Auth.Directory().Account(s.context, name)
	if err != nil || found.Disabled {
		return nil
	}
	account, err := s.server.options.Store.Account(s.context, found.ID)
	if err != nil {
		return nil
	}
	return account
}

// locateFor finds where a name leads for the user of a URL: what it leads to in
// his own sessions, with his rights, whoever uses the URL (RFC 4467 §7,
// URLFETCH).
func (s *session) locateFor(user mail.Account, name string) (place, error) {
	subject, err := s.directory().Subject(s.context, user.ID(), false)
	if err != nil {
		return place{}, err
	}
	return s.findAs(user, subject, name)
}

// knowsAccess reports whether an access identifier means something here: it is
// registered, or the configuration says who the application's servers are
// (RFC 5593 §3.3).
func (s *session) knowsAccess(access imap.URLAccess) bool {
	if !access.IsWellFormed() {
		return false
	}
	switch access.Application {
	case imap.AccessSubmit, imap.AccessUser, imap.AccessAuthUser, imap.AccessAnonymous, imap.AccessStream:
		return true
	}
	_, known := s.server.options.URLAccess[access.Application]
	return known
}

// maySee reports whether the session may use a URL with this access identifier
// (RFC 5092 §6.1.2, RFC 5593 §3.3). Whom an application acts for is the
// application's own business.
func (s *session) maySee(access imap.URLAccess) bool {
	if !s.knowsAccess(access) {
		return false
	}
	switch access.Application {
	case imap.AccessAnonymous:
		return true
	case imap.AccessAuthUser:
		return !s.isAnonymous()
	case imap.AccessUser:
		return !s.isAnonymous() && s.isUser(access.User)
	}
	return !s.isAnonymous() && slices.ContainsFunc(s.server.options.URLAccess[access.Application], s.isUser)
}

// isAnonymous reports whether nobody knows who has logged in (RFC 4505).
func (s *session) isAnonymous() bool { return s.identity.Anonymous }

// self is whose private metadata and annotations the user sees: his own, and
// nobody's if he has not said who he is.
func (s *session) self() mail.AccountID {
	if s.isAnonymous() {
		return nobody
	}
	return s.identity.Account
}

// nobody is no account's identifier.
const nobody = ^mail.AccountID(0)

// normalAccess returns the logins by applications as URLs have them.
func normalAccess(logins map[string][]string) map[string][]string {
	normal := make(map[string][]string, len(logins))
	for application, names := range logins {
		application = strings.ToLower(application)
		normal[application] = append(normal[application], names...)
	}
	return normal
}

// keyResets are new keys of which a session has not been told. Other sessions
// leave them here.
type keyResets struct {
	mutex  sync.Mutex
	all    bool
	owners []mail.URLKeyOwner
}

// leave adds the owner of a new key; the zero value means all of them.
func (k *keyResets) leave(owner mail.URLKeyOwner) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	switch {
	case owner == (mail.URLKeyOwner{}) || len(k.owners) >= keyResetsMax:
		k.all, k.owners = true, nil
	case !k.all && !slices.Contains(k.owners, owner):
		k.owners = append(k.owners, owner)
	}
}

// take returns what was left, and forgets it.
func (k *keyResets) take() (all bool, owners []mail.URLKeyOwner) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	all, owners = k.all, k.owners
	k.all, k.owners = false, nil
	return all, owners
}
