package mail

import (
	"errors"
	"slices"
	"time"

	"github.com/restante/restante/imap"
)

// firstMailboxes are what a new account begins with (RFC 6154 §2).
var firstMailboxes = []struct {
	name string
	use  []imap.MailboxAttr
}{
	{Inbox, nil},
	{"Archive", []imap.MailboxAttr{imap.AttrArchive}},
	{"Drafts", []imap.MailboxAttr{imap.AttrDrafts}},
	{"Junk", []imap.MailboxAttr{imap.AttrJunk}},
	{"Sent", []imap.MailboxAttr{imap.AttrSent}},
	{"Trash", []imap.MailboxAttr{imap.AttrTrash}},
}

// grantableUses are the special uses a real mailbox can have; \All and
// \Flagged are views of other mailboxes, which CREATE cannot make
// (RFC 6154 §3).
var grantableUses = []imap.MailboxAttr{
	imap.AttrArchive, imap.AttrDrafts, imap.AttrJunk, imap.AttrSent, imap.AttrTrash, imap.AttrImportant,
	imap.AttrSnoozed, imap.AttrScheduled, imap.AttrMemos,
}

// ProvisionAccount creates and subscribes the mailboxes of a new account. It
// does nothing in an account that has an INBOX.
func ProvisionAccount(now time.Time) Decision {
	return func(state State) (Effects, error) {
		var effects Effects
		if _, err := state.MailboxNamed(Inbox); err == nil {
			return effects, nil
		}
		effects.BeyondQuota = true
		creator := newCreator(state, now)
		for _, first := range firstMailboxes {
			if _, err := creator.create(&effects, first.name, first.use); err != nil {
				return effects, err
			}
			effects.Records = append(effects.Records, SubscriptionChanged{first.name, true})
		}
		return effects, nil
	}
}

// ProvisionShared creates the first mailbox of an account that is shared.
func ProvisionShared(now time.Time) Decision {
	return func(state State) (effects Effects, err error) {
		effects.BeyondQuota = true
		_, err = newCreator(state, now).create(&effects, Inbox, nil)
		return effects, err
	}
}

// CreateMailbox creates a mailbox, and the superior names that are missing
// (RFC 9051 §6.3.4). created is set to its identifier. ErrBadName,
// ErrMailboxExists, ErrSpecialUse.
func CreateMailbox(name string, use []imap.MailboxAttr, now time.Time, created *MailboxID) Decision {
	return (*Actor)(nil).CreateMailbox(name, use, now, created)
}

// CreateMailbox is CreateMailbox by the actor: also ErrNotPermitted. The new
// mailbox inherits the list of the one above it (RFC 4314 §4, CREATE).
func (a *Actor) CreateMailbox(name string, use []imap.MailboxAttr, now time.Time, created *MailboxID) Decision {
	return func(state State) (effects Effects, err error) {
		if name, err = NormalName(name); err != nil {
			return effects, err
		}
		creator := newCreator(state, now)
		if creator.access, err = a.mayCreate(state, name); err != nil {
			return effects, err
		}
		for _, attr := range use {
			if !a.isAtHome() || !slices.ContainsFunc(grantableUses, attr.Equal) {
				return effects, ErrSpecialUse
			}
		}
		if err := a.isFree(state, name); err != nil {
			return effects, err
		}
		if urls, err := ReferredTo(state, name); err != nil || urls != nil {
			return effects, errors.Join(ErrMailboxExists, err) // elsewhere
		}
		if err := creator.createSuperiors(&effects, name); err != nil {
			return effects, err
		}
		*created, err = creator.create(&effects, name, use)
		return effects, err
	}
}

// isFree is nil if no mailbox has a name, else ErrMailboxExists; of one that the
// actor may not know of he hears only that he may not.
func (a *Actor) isFree(state State, name string) error {
	mailbox, err := state.MailboxNamed(name)
	switch {
	case errors.Is(err, ErrNoMailbox):
		return nil
	case err != nil:
		return err
	case a.Rights(mailbox).Visible():
		return ErrMailboxExists
	}
	return ErrNotPermitted
}

// creator makes mailboxes with fresh identifiers and UIDVALIDITY values.
type creator struct {
	state       State
	ids         ids
	uidValidity imap.UIDValidity
	access      []AccessEntry // what new mailboxes begin with
}

func newCreator(state State, now time.Time) *creator {
	// RFC 9051 §2.3.1.1: a name that is used again needs a larger
	// UIDVALIDITY; the clock alone could stand still or run backwards.
	next := max(imap.UIDValidity(now.Unix()), state.UIDValidityFloor()+1)
	return &creator{state: state, ids: newIDs(state), uidValidity: next}
}

func (c *creator) create(effects *Effects, name string, use []imap.MailboxAttr) (MailboxID, error) {
	id, err := c.ids.take()
	if err != nil {
		return 0, err
	}
	effects.Records = append(effects.Records, MailboxCreated{MailboxID(id), name, c.uidValidity, 1, use})
	c.uidValidity++
	for _, entry := range c.access {
		effects.Records = append(effects.Records, AccessChanged{Mailbox: MailboxID(id), Grantee: entry.Grantee, Rights: entry.Rights})
	}
	return MailboxID(id), nil
}

// createSuperiors creates the mailboxes above a name that do not exist.
func (c *creator) createSuperiors(effects *Effects, name string) error {
	var missing []string
	for parent := ParentName(name); parent != ""; parent = ParentName(parent) {
		if _, err := c.state.MailboxNamed(parent); err == nil {
			break
		}
		missing = append(missing, parent)
	}
	for _, parent := range slices.Backward(missing) {
		if _, err := c.create(effects, parent, nil); err != nil {
			return err
		}
	}
	return nil
}

// DeleteMailbox deletes a mailbox; inferior mailboxes stay, and so does its
// subscription (RFC 9051 §6.3.5). ErrNoMailbox; ErrHasChildren if no mailbox
// has the name but inferior ones exist; ErrInbox.
func DeleteMailbox(name string) Decision { return (*Actor)(nil).DeleteMailbox(name) }

// DeleteMailbox is DeleteMailbox by the actor: also ErrNotPermitted.
func (a *Actor) DeleteMailbox(name string) Decision {
	return func(state State) (effects Effects, err error) {
		if name, err = NormalName(name); err != nil {
			return effects, err
		}
		mailbox, err := state.MailboxNamed(name)
		if err != nil {
			return effects, a.hasChildren(state, name, err)
		}
		switch err := a.Permit(mailbox, RightDeleteMailbox); {
		case errors.Is(err, ErrNoMailbox): // as where there is none (RFC 4314 §6)
			return effects, a.hasChildren(state, name, err)
		case err != nil:
			return effects, err
		case name == Inbox:
			return effects, ErrInbox
		}
		effects.Records = []Record{MailboxDeleted{mailbox.ID}}
		return effects, removeURLKey(&effects, state, mailbox.ID)
	}
}

// hasChildren is ErrHasChildren if a name is above mailboxes that the actor
// knows of, else err.
func (a *Actor) hasChildren(state State, name string, err error) error {
	for child, scanErr := range state.Mailboxes(name + Separator) {
		if scanErr != nil {
			return scanErr
		}
		if a.Rights(child).Visible() {
			return ErrHasChildren
		}
	}
	return err
}

// RenameMailbox renames a mailbox and those below it. INBOX is not renamed:
// its messages move to a new mailbox, and what lies below it stays
// (RFC 9051 §6.3.6). ErrNoMailbox, ErrMailboxExists, ErrBadName.
func RenameMailbox(from, to string, now time.Time) Decision {
	return (*Actor)(nil).RenameMailbox(from, to, now)
}

// RenameMailbox is RenameMailbox by the actor, who needs the right to delete
// the mailbox under its old name and to create it under the new one. No list
// changes (RFC 4314 §4, RENAME). Also ErrNotPermitted.
func (a *Actor) RenameMailbox(from, to string, now time.Time) Decision {
	return func(state State) (effects Effects, err error) {
		if from, err = NormalName(from); err != nil {
			return effects, ErrNoMailbox // what cannot be a name names nothing
		}
		if err := a.mayRename(state, from); err != nil {
			return effects, err
		}
		if to, err = NormalName(to); err != nil {
			return effects, err
		}
		if IsInferior(to, from) && from != Inbox {
			return effects, ErrBadName
		}
		creator := newCreator(state, now)
		if creator.access, err = a.mayCreate(state, to); err != nil {
			return effects, err
		}
		if to == Inbox {
			return effects, ErrMailboxExists
		}
		if err := a.isFree(state, to); err != nil {
			return effects, err
		}
		if from == Inbox {
			return creator.renameInbox(to, now)
		}
		return creator.renameTree(a, from, to)
	}
}

// mayRename says whether the actor may take a mailbox's old name, or, where
// only a level has it, those of the mailboxes below. A mailbox that he may not
// know of is no more than a level to him.
func (a *Actor) mayRename(state State, from string) error {
	mailbox, err := state.MailboxNamed(from)
	hidden := err == nil && !a.Rights(mailbox).Visible()
	if err == nil {
		if err := a.Permit(mailbox, RightDeleteMailbox); !errors.Is(err, ErrNoMailbox) {
			return err
		}
	}
	known, permitted := false, !hidden
	for child, err := range state.Mailboxes(from + Separator) {
		if err != nil {
			return err
		}
		rights := a.Rights(child)
		known = known || rights.Visible()
		permitted = permitted && rights.Has(RightDeleteMailbox)
	}
	switch {
	case !known:
		return ErrNoMailbox
	case !permitted:
		return ErrNotPermitted
	}
	return nil
}

func (c *creator) renameTree(by *Actor, from, to string) (effects Effects, err error) {
	state := c.state
	if err := c.createSuperiors(&effects, to); err != nil {
		return effects, err
	}
	mailbox, err := state.MailboxNamed(from)
	if err == nil {
		effects.Records = append(effects.Records, MailboxRenamed{mailbox.ID, to})
	}
	found := err == nil
	for inferior, err := range state.Mailboxes(from + Separator) {
		if err != nil {
			return effects, err
		}
		name, err := NormalName(to + inferior.Name[len(from):])
		if err != nil {
			return effects, err // the new name is too long or too deep
		}
		if err := by.isFree(state, name); err != nil {
			return effects, err
		}
		effects.Records = append(effects.Records, MailboxRenamed{inferior.ID, name})
		found = true
	}
	if !found {
		return effects, ErrNoMailbox
	}
	return effects, moveReferrals(&effects, state, from, to)
}

func (c *creator) renameInbox(to string, now time.Time) (effects Effects, err error) {
	state := c.state
	inbox, err := state.MailboxNamed(Inbox)
	if err != nil {
		return effects, err
	}
	if err := c.createSuperiors(&effects, to); err != nil {
		return effects, err
	}
	c.access = inbox.Access // who may read the messages may do so where they go
	id, err := c.create(&effects, to, nil)
	if err != nil {
		return effects, err
	}
	if err := copyMetadata(&effects, state, inbox.ID, id); err != nil {
		return effects, err
	}
	uids, err := state.UIDs(inbox.ID)
	if err != nil {
		return effects, err
	}
	if all := uids.Set(); len(all) > 0 {
		effects.Records = append(effects.Records,
			MessagesCopied{From: inbox.ID, UIDs: all, To: id, FirstUID: 1, SaveDate: now.Unix(), Annotations: Carried{Everyone: true}},
			MessagesRemoved{inbox.ID, all})
	}
	return effects, nil
}

// Subscribe adds a name to the subscriptions, or takes it away. Either is
// good whether or not a mailbox has the name, and whether or not it changes
// anything (RFC 9051 §6.3.7, §6.3.8).
func Subscribe(name string, subscribed bool) Decision {
	return func(state State) (effects Effects, err error) {
		if name, err = NormalName(name); err != nil {
			return effects, err
		}
		for have, err := range state.Subscriptions() {
			if err != nil {
				return effects, err
			}
			if have == name {
				if !subscribed {
					effects.Records = []Record{SubscriptionChanged{name, false}}
				}
				return effects, nil
			}
		}
		if subscribed {
			effects.Records = []Record{SubscriptionChanged{name, true}}
		}
		return effects, nil
	}
}
