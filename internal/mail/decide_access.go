package mail

import (
	"time"

	"github.com/restante/restante/imap"
)

// May is a decision for which the actor needs rights on a mailbox. Its errors
// are those of Permit, ErrNoMailbox if there is none, and the decision's own.
func (a *Actor) May(in MailboxID, need Rights, decide Decision) Decision {
	return func(state State) (Effects, error) {
		mailbox, err := state.Mailbox(in)
		if err == nil {
			err = a.Permit(mailbox, need)
		}
		if err != nil {
			return Effects{}, err
		}
		return decide(state)
	}
}

// Append is Append by the actor: flags that he cannot set are left out
// (RFC 4314 §4, APPEND).
func (a *Actor) Append(to MailboxID, messages []NewMessage, now time.Time, uids *imap.UIDSet) Decision {
	return func(state State) (Effects, error) {
		mailbox, err := state.Mailbox(to)
		if err == nil {
			err = a.Permit(mailbox, RightInsert)
		}
		if err != nil {
			return Effects{}, err
		}
		rights := a.Rights(mailbox)
		permitted := make([]NewMessage, len(messages))
		for i, m := range messages {
			m.Flags = rights.Settable(m.Flags)
			permitted[i] = m
		}
		return Append(to, permitted, now, uids)(state)
	}
}

// above returns the mailbox whose rights say what may be done below a name,
// and whose list new ones there inherit: the nearest that exists. Nobody but
// the owner is at home on the first level: for others INBOX stands for the
// account. nil if there is none.
func (a *Actor) above(state State, name string) (*Mailbox, error) {
	for parent := ParentName(name); parent != ""; parent = ParentName(parent) {
		if m, err := state.MailboxNamed(parent); err == nil {
			return m, nil
		}
	}
	if a.isAtHome() {
		return nil, nil
	}
	m, err := state.MailboxNamed(Inbox)
	if err != nil {
		return nil, ErrNotPermitted
	}
	return m, nil
}

// mayCreate says whether the actor may create a mailbox (RFC 4314 §4, CREATE
// and the new name of RENAME), and returns the list that it inherits. What he
// may not know of is no reason to tell him more than that he may not.
func (a *Actor) mayCreate(state State, name string) ([]AccessEntry, error) {
	parent, err := a.above(state, name)
	if err != nil || parent == nil {
		return nil, err
	}
	if !a.Rights(parent).Has(RightCreate) {
		return nil, ErrNotPermitted
	}
	return parent.Access, nil
}

// MayCreate is nil if the actor may create a mailbox with a name, whether or
// not there is one, else ErrNotPermitted or ErrBadName.
func (a *Actor) MayCreate(state State, name string) error {
	name, err := NormalName(name)
	if err == nil {
		_, err = a.mayCreate(state, name)
	}
	return err
}

// ChangeAccess is a decision on one mailbox's list, on which the actor needs
// the right to administer it (RFC 4314 §4, SETACL): change gets what the
// grantee has and returns what he is to have. The owner of a mailbox keeps an
// entry even without rights, so that he has no more than OwnerRights then. What
// is not Grantable is left out.
// result is set to what the list had and has. ErrTooManyRights.
func (a *Actor) ChangeAccess(in MailboxID, owner AccountID, grantee Grantee, change func(Rights) Rights, result *AccessResult) Decision {
	return a.May(in, RightAdminister, func(state State) (effects Effects, err error) {
		mailbox, err := state.Mailbox(in)
		if err != nil {
			return effects, err
		}
		isOwner := grantee == GranteeOf(owner)
		have, listed := mailbox.AccessOf(grantee)
		if isOwner && !listed {
			have = AllRights
		}
		always, others := Grantable(owner, grantee)
		record := AccessChanged{Mailbox: in, Grantee: grantee, Rights: change(have) & (always | others)}
		record.Removed = record.Rights == 0 && !isOwner || isOwner && record.Rights == AllRights
		*result = AccessResult{Before: mailbox.Access, After: WithAccess(mailbox.Access, record)}
		switch {
		case record.Removed && !listed, listed && record.Rights == have:
			return effects, nil
		case !listed && len(mailbox.Access) >= accessMax:
			return effects, ErrTooManyRights
		}
		effects.Records = []Record{record}
		return effects, nil
	})
}

// AccessResult is what ChangeAccess did.
type AccessResult struct{ Before, After []AccessEntry }
