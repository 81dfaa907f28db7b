package imapserver

import (
	"cmp"
	"errors"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// setACL is SETACL (RFC 4314 §3.1).
func (s *session) setACL(request imap.ACLRequest) (outcome, error) {
	change, known := mail.ParseRightsChange(request.Rights)
	if !known {
		return outcome{}, bad("There is no such right") // it must not be ignored
	}
	return s.changeACL(request, change)
}

// deleteACL is DELETEACL (RFC 4314 §3.2).
func (s *session) deleteACL(request imap.ACLRequest) (outcome, error) {
	return s.changeACL(request, func(mail.Rights) mail.Rights { return 0 })
}

func (s *session) changeACL(request imap.ACLRequest, change func(mail.Rights) mail.Rights) (outcome, error) {
	at, mailbox, grantee, err := s.administeredFor(request)
	if err != nil {
		return outcome{}, err
	}
	var result mail.AccessResult
	decide := at.actor.ChangeAccess(mailbox.ID, at.account.ID(), grantee, change, &result)
	return outcome{}, s.commitAccess(at, decide)
}

// commitAccess commits a change of lists, of which the directory takes note. It
// goes past the account of the place, which refuses every change of nobody's.
func (s *session) commitAccess(at place, decide mail.Decision) error {
	if s.isAnonymous() {
		return mail.ErrNotPermitted // RFC 4505 §5
	}
	position, err := s.directory().CommitAccess(s.context, at.account.ID(), decide)
	if err == nil {
		s.noteOwn(at.account.ID(), position)
	}
	return erasedIsNoMailbox(err)
}

// administered finds a mailbox whose list the user may see and change.
func (s *session) administered(name string) (place, *mail.Mailbox, error) {
	at, err := s.locate(name)
	if err != nil {
		return at, nil, err
	}
	var found *mail.Mailbox
	err = at.account.Read(s.context, func(state mail.State) error {
		found, err = at.mailbox(state, mail.RightAdminister)
		return err
	})
	return at, found, err
}

// administeredFor is administered for a command that has an identifier, and finds
// whom it names. One that cannot be prepared is BAD, whatever the mailbox
// (RFC 4314 §3); that one is nobody's only who administers the mailbox hears.
func (s *session) administeredFor(request imap.ACLRequest) (at place, mailbox *mail.Mailbox, grantee mail.Grantee, err error) {
	grantee, unnamed := s.directory().Grantee(s.context, request.Identifier)
	if errors.Is(unnamed, auth.ErrBadAddress) {
		return at, nil, grantee, bad("This is not an identifier")
	}
	at, mailbox, err = s.administered(request.Mailbox)
	if err == nil && errors.Is(unnamed, auth.ErrNotFound) {
		return at, nil, grantee, no(imap.CodeCannot, "Nobody has this identifier")
	}
	return at, mailbox, grantee, cmp.Or(err, unnamed)
}

// getACL is GETACL (RFC 4314 §3.3). Entries of accounts and groups that are
// gone say nothing, and are left out.
func (s *session) getACL(name string) (outcome, error) {
	at, mailbox, err := s.administered(name)
	if err != nil {
		return outcome{}, err
	}
	list := mailbox.Access
	owner := mail.GranteeOf(at.account.ID())
	if _, listed := mailbox.AccessOf(owner); !listed {
		list = append([]mail.AccessEntry{{Grantee: owner, Rights: mail.AllRights}}, list...)
	}
	names, err := s.directory().Identifiers(s.context, list)
	if err != nil {
		return outcome{}, err
	}
	data := imap.ACLData{Mailbox: at.shown(mailbox.Name)}
	for i, entry := range list {
		if entry.Grantee == owner {
			entry.Rights |= mail.OwnerRights // which he always has
		}
		if names[i] != "" && entry.Rights != 0 {
			data.Entries = append(data.Entries, imap.ACLEntry{Identifier: names[i], Rights: entry.Rights.Told()})
		}
	}
	s.enc.ACL(&data)
	return outcome{}, nil
}

// listRights is LISTRIGHTS (RFC 4314 §3.4): every right can be given by itself
// to everyone, and the owner always has some.
func (s *session) listRights(request imap.ACLRequest) (outcome, error) {
	at, mailbox, grantee, err := s.administeredFor(request)
	if err != nil {
		return outcome{}, err
	}
	required, others := mail.Grantable(at.account.ID(), grantee)
	s.enc.ListRights(&imap.ListRightsData{
		Mailbox: at.shown(mailbox.Name), Identifier: request.Identifier, Required: required.String(),
		Optional: strings.Split(others.Told(), ""), // RFC 4314 §2.1.1: "c" and "d", too
	})
	return outcome{}, nil
}

// myRights is MYRIGHTS (RFC 4314 §3.5).
func (s *session) myRights(name string) (outcome, error) {
	at, err := s.locate(name)
	if err != nil {
		return outcome{}, err
	}
	var data imap.MyRightsData
	err = at.account.Read(s.context, func(state mail.State) error {
		mailbox, err := at.mailbox(state, 0)
		if err != nil {
			return err
		}
		rights := at.rights(mailbox)
		if !rights.Any() {
			return mail.ErrNoMailbox
		}
		data = imap.MyRightsData{Mailbox: at.shown(mailbox.Name), Rights: rights.Told()}
		return nil
	})
	if err != nil {
		return outcome{}, err
	}
	s.enc.MyRights(&data)
	return outcome{}, nil
}
