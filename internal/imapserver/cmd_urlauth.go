package imapserver

import (
	"crypto/rand"
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// urlMechanisms is what authorizes URLs here.
var urlMechanisms = imap.CodeURLMech{}

// resetKey is RESETKEY (RFC 4467 §7): URLs of one mailbox, or all URLs, that the
// user authorized until now are worth nothing any more.
func (s *session) resetKey(request imap.ResetKeyRequest) (outcome, error) {
	if s.isAnonymous() {
		return outcome{}, mail.ErrNotPermitted
	}
	if request.All {
		if _, err := s.account.Commit(s.context, mail.RemoveURLKeys()); err != nil {
			return outcome{}, err
		}
		s.server.tellReset(s, mail.URLKeyOwner{})
		return outcome{text: "All keys removed"}, nil
	}
	if slices.ContainsFunc(request.Mechanisms, func(name string) bool { return name != imap.URLMechanismInternal }) {
		return outcome{}, errURLMechanism
	}
	at, err := s.locate(request.Mailbox)
	if err != nil {
		return outcome{}, err
	}
	var owner mail.URLKeyOwner
	err = at.account.Read(s.context, func(state mail.State) error {
		mailbox, err := at.mailbox(state, mail.RightRead)
		if err == nil {
			owner = keyOwner(s.account, at, mailbox)
		}
		return err
	})
	if err != nil {
		return outcome{}, err
	}
	if _, err := s.account.Commit(s.context, mail.ResetURLKey(owner, newURLKey())); err != nil {
		return outcome{}, err
	}
	s.server.tellReset(s, owner)
	return outcome{code: s.urlMechanismCode(), text: "New key"}, nil
}

var errURLMechanism = no(imap.CodeCannot, "This mechanism does not authorize URLs here")

// newURLKey makes a key that nobody can foresee (RFC 4467 §2.2).
func newURLKey() (key mail.URLKey) {
	_, _ = rand.Read(key[:]) // it never fails
	return key
}

// keyOwner says whose key authorizes the URLs of a mailbox, in the table of a
// user's account.
func keyOwner(user mail.Account, at place, mailbox *mail.Mailbox) mail.URLKeyOwner {
	owner := mail.URLKeyOwner{Mailbox: mailbox.ID}
	if at.account.ID() != user.ID() {
		owner.Account = at.account.ID()
	}
	return owner
}

// urlMechanismCode is URLMECH where the session may be told; nil else
// (RFC 4467 §8, §10).
func (s *session) urlMechanismCode() imap.Code {
	if s.server.options.URLMechNeedsTLS && s.conn.tlsState() == nil {
		return nil
	}
	return urlMechanisms
}

// tellURLMechanisms writes URLMECH as SELECT and EXAMINE do, and as RESETKEY does
// in other sessions (RFC 4467 §8).
func (s *session) tellURLMechanisms() {
	if code := s.urlMechanismCode(); code != nil {
		s.enc.Untagged(imap.StatusOK, code, "URLs are authorized so")
	}
}

// tellReset leaves word of new keys with the other sessions of the user; the zero
// value means all keys, which the session itself is told, too.
func (s *Server) tellReset(from *session, owner mail.URLKeyOwner) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for other := range s.sessions {
		if other.owner.Load() != from.owner.Load() || other == from && owner != (mail.URLKeyOwner{}) {
			continue
		}
		other.resets.leave(owner)
		other.conn.notice()
	}
}

// tellResets tells of new keys of the selected mailbox.
func (s *session) tellResets() {
	all, owners := s.resets.take()
	own := mail.URLKeyOwner{Mailbox: s.mailbox.id}
	if s.mailbox.account.ID() != s.account.ID() {
		own.Account = s.mailbox.account.ID()
	}
	if all || slices.Contains(owners, own) {
		s.tellURLMechanisms()
	}
}

// genURLAuth is GENURLAUTH (RFC 4467 §7).
func (s *session) genURLAuth(request []imap.RumpURL) (outcome, error) {
	proven := make([]string, len(request))
	for i, rump := range request {
		token, err := s.prove(rump)
		if err != nil {
			return outcome{}, err
		}
		proven[i] = rump.URL + ":" + strings.ToLower(rump.Mechanism) + ":" + token
	}
	s.enc.GenURLAuth(proven)
	return outcome{}, nil
}

// prove returns the token of a URL, which must be of a message of a mailbox that
// the user can read, and say who may use it.
func (s *session) prove(rump imap.RumpURL) (token string, err error) {
	u, err := imap.ParseURL(rump.URL)
	switch {
	case err != nil || len(rump.URL) > urlMax || u.Form != imap.URLAbsolute || u.Host == "" || !u.IsMessage():
		return "", bad("This is not the URL of a message")
	case u.User == "":
		return "", bad("The owner's user name is missing in the URL")
	case u.Access.IsZero():
		return "", bad("The access identifier is missing in the URL")
	case u.Mechanism != "":
		return "", bad("The URL is authorized already")
	case !s.knowsAccess(u.Access):
		return "", bad("The access identifier is not known")
	case rump.Mechanism != imap.URLMechanismInternal:
		return "", errURLMechanism
	case s.isAnonymous() || !s.isUser(u.User):
		return "", bad("The URL is not one of this user")
	}
	at, err := s.locate(u.Mailbox)
	if err != nil {
		return "", bad("The URL names no mailbox")
	}
	var owner mail.URLKeyOwner
	var uidValidity imap.UIDValidity
	err = at.account.Read(s.context, func(state mail.State) error {
		mailbox, err := at.mailbox(state, mail.RightRead)
		switch {
		case err != nil || u.UIDValidity != 0 && u.UIDValidity != mailbox.UIDValidity:
			return bad("The URL names no mailbox") // RFC 4467 §7: never NO
		}
		owner, uidValidity = keyOwner(s.account, at, mailbox), mailbox.UIDValidity
		return nil
	})
	if err != nil {
		return "", err
	}
	var key mail.URLKey
	if _, err := s.account.Commit(s.context, mail.MakeURLKey(owner, newURLKey(), &key)); err != nil {
		return "", err
	}
	return key.Token(uidValidity, rump.URL), nil
}
