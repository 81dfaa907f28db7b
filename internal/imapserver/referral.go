package imapserver

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// missing is err, that there is no mailbox at a place; if it is on another
// server, the answer is where (RFC 2193 §4). No mailbox is both here and there,
// so that only what is not found is looked for.
func (p place) missing(state mail.State, err error) error {
	if !p.refers || !errors.Is(err, mail.ErrNoMailbox) {
		return err
	}
	urls, failed := mail.ReferredTo(state, p.name)
	if failed != nil {
		return failed
	}
	if len(urls) == 0 {
		return err
	}
	return no(imap.CodeReferral{URLs: urls}, "Mailbox is on another server")
}

// absent is missing for a command whose decision did not look for the mailbox
// at the place itself.
func (s *session) absent(at place, err error) error {
	if !at.refers || !errors.Is(err, mail.ErrNoMailbox) {
		return err
	}
	return at.account.Read(s.context, func(state mail.State) error { return at.missing(state, err) })
}

// refuseElsewhere refuses to make a mailbox whose name is on another server
// (RFC 2193 §4.2).
func (s *session) refuseElsewhere(at place) error {
	if err := s.absent(at, mail.ErrNoMailbox); !errors.Is(err, mail.ErrNoMailbox) {
		return err
	}
	return nil
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
