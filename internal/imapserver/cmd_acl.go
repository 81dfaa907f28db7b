package imapserver

import (
	"errors"
	"slices"
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
	at, mailbox, err := s.administered(request.Mailbox)
	if err != nil {
		return outcome{}, err
	}
	grantee, err := s.grantee(request.Identifier)
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

// grantee finds whom an identifier names. One that cannot be prepared is BAD
// (RFC 4314 §3).
func (s *session) grantee(identifier string) (mail.Grantee, error) {
	grantee, err := s.directory().Grantee(s.context, identifier)
	switch {
	case errors.Is(err, auth.ErrBadAddress):
		err = bad("This is not an identifier")
	case errors.Is(err, auth.ErrNotFound):
		err = no(imap.CodeCannot, "Nobody has this identifier")
	}
	return grantee, err
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
	at, mailbox, err := s.administered(request.Mailbox)
	if err != nil {
		return outcome{}, err
	}
	grantee, err := s.grantee(request.Identifier)
	if err != nil {
		return outcome{}, err
	}
	var required mail.Rights
	if grantee == mail.GranteeOf(at.account.ID()) {
		required = mail.OwnerRights
	}
	optional := strings.Split((mail.AllRights &^ required).String(), "")
	s.enc.ListRights(&imap.ListRightsData{
		Mailbox: at.shown(mailbox.Name), Identifier: request.Identifier, Required: required.String(),
		Optional: slices.Concat(optional, []string{"c", "d"}), // RFC 4314 §2.1.1
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
