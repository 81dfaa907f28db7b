package imapserver

import (
	"errors"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// Each account is a quota root, whose name is the account's address.

// getQuota is GETQUOTA (RFC 9208 §4.1.1). Who may read a mailbox of another
// account may know that account's root, too: GETQUOTAROOT tells it (RFC 9208 §6).
func (s *session) getQuota(root string) (outcome, error) {
	if s.isAnonymous() {
		return outcome{}, mail.ErrNotPermitted // RFC 9208 §8
	}
	account, err := s.quotaRoot(root)
	if errors.Is(err, errNoAdministrator) {
		account, err = s.readRoot(root)
	}
	if err != nil {
		return outcome{}, err
	}
	return outcome{}, s.tellQuota(root, account)
}

// getQuotaRoot is GETQUOTAROOT (RFC 9208 §4.1.2). There need be no mailbox in
// the user's own account that has the name: the root is the one it would have.
func (s *session) getQuotaRoot(name string) (outcome, error) {
	if s.isAnonymous() {
		return outcome{}, mail.ErrNotPermitted // RFC 9208 §8
	}
	place, err := s.locate(name)
	if err != nil {
		return outcome{}, err
	}
	// What is told of messages needs the right to read them (RFC 9208 §6).
	err = place.account.Read(s.context, func(state mail.State) error {
		_, err := place.mailbox(state, mail.RightRead)
		return err
	})
	isOwn := place.isHome() && !place.nowhere
	if err != nil && !(isOwn && errors.Is(err, mail.ErrNoMailbox)) {
		return outcome{}, err
	}
	info, err := s.directory().AccountOf(s.context, place.account.ID())
	if err != nil {
		return outcome{}, err
	}
	s.enc.QuotaRoot(&imap.QuotaRootData{Mailbox: name, Roots: []string{info.Address}})
	return outcome{}, s.tellQuota(info.Address, place.account)
}

// setQuota is SETQUOTA (RFC 9208 §4.1.3): an administrator's command, which
// replaces all limits of a root.
func (s *session) setQuota(request imap.SetQuotaRequest) (outcome, error) {
	if !s.administers() {
		return outcome{}, errNoAdministrator
	}
	limits, err := limitsOf(request.Limits)
	if err != nil {
		return outcome{}, err
	}
	account, err := s.quotaRoot(request.Root)
	if err != nil {
		return outcome{}, err
	}
	_, err = account.Commit(s.context, mail.ChangeQuota(func(mail.OwnQuota) mail.OwnQuota {
		return mail.OwnQuota{Set: mail.AllResources, Limits: limits}
	}))
	if err != nil {
		return outcome{}, err
	}
	return outcome{}, s.tellQuota(request.Root, account)
}

var (
	errNoAdministrator = no(imap.CodeNoPerm, "Only an administrator can do this")
	errNoQuotaRoot     = no(imap.CodeNonExistent, "No such quota root")
)

// limitsOf reads the limits of SETQUOTA. Resources that are not listed are not
// limited.
func limitsOf(listed []imap.QuotaLimit) (quota mail.Quota, err error) {
	for _, one := range listed {
		at := slices.IndexFunc(slices.Collect(mail.Resources), func(r mail.Resource) bool { return r.Name() == one.Resource })
		if at < 0 {
			return quota, no(imap.CodeCannot, "A resource is not limited here")
		}
		if quota[at] != 0 {
			return quota, bad("A resource is listed twice")
		}
		quota[at] = mail.LimitOf(one.Limit)
	}
	return quota, nil
}

// quotaRoot finds the account that a root stands for. A user may know his
// own; whether there are others is no business of his (RFC 9208 §8).
func (s *session) quotaRoot(root string) (mail.Account, error) {
	own, err := s.directory().AccountOf(s.context, s.account.ID())
	if err != nil {
		return nil, err
	}
	if root == own.Address {
		return s.account, nil
	}
	if !own.Admin {
		return nil, errNoAdministrator
	}
	found, err := s.directory().Account(s.context, root)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		return nil, err
	case err != nil || found.Address != root:
		return nil, errNoQuotaRoot
	}
	return s.server.options.Store.Account(s.context, found.ID)
}

// readRoot finds the account that a root stands for, if the user may read one of
// its mailboxes; errNoAdministrator else.
func (s *session) readRoot(root string) (mail.Account, error) {
	subject, err := s.subject()
	if err != nil {
		return nil, err
	}
	granting, err := s.directory().Granting(s.context, subject)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(granting, func(info auth.AccountInfo) bool { return info.Address == root })
	if at < 0 {
		return nil, errNoAdministrator
	}
	there, err := s.visitAs(subject, granting[at])
	if errors.Is(err, mail.ErrErased) {
		return nil, errNoAdministrator
	}
	if err != nil {
		return nil, err
	}
	err = there.account.Read(s.context, func(state mail.State) error {
		for mailbox, err := range state.Mailboxes("") {
			if err != nil || there.rights(mailbox).Has(mail.RightRead) {
				return err
			}
		}
		return errNoAdministrator
	})
	if errors.Is(err, mail.ErrNoMailbox) { // the account is gone
		err = errNoAdministrator
	}
	return there.account, err
}

// tellQuota writes QUOTA: the resources of an account that are limited.
func (s *session) tellQuota(root string, account mail.Account) error {
	data := imap.QuotaData{Root: root}
	err := account.Read(s.context, func(state mail.State) error {
		usage, quota := state.Usage(), state.Quota()
		for r := range mail.Resources {
			if limit, limited := quota[r].Max(); limited {
				data.Resources = append(data.Resources, imap.QuotaUsage{Resource: r.Name(), Usage: usage.Units(r), Limit: limit})
			}
		}
		return nil
	})
	if err == nil {
		s.enc.Quota(&data)
	}
	return err
}

func (s *session) directory() *auth.Directory { return s.server.options.Auth.Directory() }

// administers reports whether the user is an administrator now.
func (s *session) administers() bool {
	if s.account == nil || s.isAnonymous() {
		return false
	}
	own, err := s.directory().AccountOf(s.context, s.account.ID())
	return err == nil && own.Admin
}

// warnOverQuota tells that the account of the selected mailbox uses more than
// it may (RFC 9208 §4.3.1).
func (s *session) warnOverQuota() {
	s.enc.Untagged(imap.StatusNo, imap.CodeOverQuota, "The account uses more than its quota; nothing can be added")
}

// deletedStorage returns the octets of the messages with \Deleted (RFC 9208
// §4.1.4).
func deletedStorage(state mail.State, mailbox *mail.Mailbox) (octets uint64, err error) {
	if mailbox.Deleted == 0 {
		return 0, nil
	}
	var deleted imap.UIDSet
	for m, err := range state.Marks(mailbox.ID, imap.UIDSet{{Start: 1, Stop: 1<<32 - 1}}) {
		if err != nil {
			return 0, err
		}
		if m.Flags.Has(mail.BitDeleted) {
			deleted = deleted.Add(m.UID)
		}
	}
	for m, err := range state.Messages(mailbox.ID, deleted) {
		if err != nil {
			return 0, err
		}
		octets += uint64(m.Size)
	}
	return octets, nil
}
