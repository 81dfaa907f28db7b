package imapserver

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// refer answers a command that names a mailbox of another server with where it
// is (RFC 2193 §4); nil for all others.
func (s *session) refer(at place) error {
	urls, err := s.elsewhere(at)
	if err != nil || len(urls) == 0 {
		return err
	}
	return no(imap.CodeReferral{URLs: urls}, "Mailbox is on another server")
}

// elsewhere returns where a place's mailbox is, if that is another server.
func (s *session) elsewhere(at place) (urls []string, err error) {
	err = at.account.Read(s.context, func(state mail.State) error {
		urls, err = mail.ReferredTo(state, at.name)
		return err
	})
	return urls, err
}

// referRename answers a RENAME of which a name is on another server: with the
// URLs of both, a pair for each server (RFC 2193 §4.3).
func (s *session) referRename(from, to string) error {
	old, err := s.elsewhere(place{account: s.account, name: from})
	if err != nil {
		return err
	}
	fresh, err := s.elsewhere(place{account: s.account, name: to})
	if err != nil || len(old)+len(fresh) == 0 {
		return err
	}
	if len(old) == 0 {
		old = []string{s.ownURL(from)}
	}
	if len(fresh) == 0 {
		fresh = []string{s.ownURL(to)}
	}
	var pairs []string
	for i := range max(len(old), len(fresh)) {
		pairs = append(pairs, old[min(i, len(old)-1)], fresh[min(i, len(fresh)-1)])
	}
	return no(imap.CodeReferral{URLs: pairs}, "Not both names are of this server")
}

// ownURL is that of a name on this server.
func (s *session) ownURL(name string) string {
	host := s.server.options.ServerName
	if host == "" {
		host = "localhost"
	}
	return imap.URL{User: s.identity.Login, Auth: "*", Host: host, Mailbox: name}.String()
}

// remoteCommands are the rows of the table that RFC 2193 adds.
func remoteCommands() []command {
	return []command{
		{"RLIST", loggedIn, 0, with(imapwire.DecodeLsub, (*session).remoteList)},
		{"RLSUB", loggedIn, 0, with(imapwire.DecodeLsub, (*session).remoteLsub)},
	}
}

// remoteList is RLIST: LIST with what is on other servers (RFC 2193 §5.1).
func (s *session) remoteList(request imap.ListRequest) (outcome, error) {
	request.Select.Remote = true
	return s.list(request)
}

// remoteLsub is RLSUB: LSUB with what is on other servers (RFC 2193 §5.2). The
// list of subscribed names is kept here, of theirs too.
func (s *session) remoteLsub(request imap.ListRequest) (outcome, error) {
	request.Select.Remote = true
	return s.lsub(request)
}

// readRemote adds to a tree the names of mailboxes on other servers, or takes
// away those that are only subscribed.
func (t *tree) readRemote(state mail.State, shown bool) error {
	for referral, err := range mail.Referrals(state) {
		if err != nil {
			return err
		}
		if shown {
			t.at(referral.Name).remote = true
			continue
		}
		for name, n := range t.nodes {
			if name == referral.Name || mail.IsInferior(name, referral.Name) {
				n.subscribed = false
			}
		}
	}
	return nil
}

// referredLogin is what a good login to an account hears that lives on another
// server (RFC 2221 §4.1); other errors stay as they are.
func referredLogin(err error) error {
	referred := new(auth.ReferredError)
	if !errors.As(err, &referred) {
		return err
	}
	return no(imap.CodeReferral{URLs: []string{referred.URL}}, "Your account is on another server")
}
