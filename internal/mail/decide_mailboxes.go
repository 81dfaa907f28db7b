package mail

import (
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

// CreateMailbox creates a mailbox, and the superior names that are missing
// (RFC 9051 §6.3.4). created is set to its identifier. ErrBadName,
// ErrMailboxExists, ErrSpecialUse.
func CreateMailbox(name string, use []imap.MailboxAttr, now time.Time, created *MailboxID) Decision {
	return func(state State) (effects Effects, err error) {
		if name, err = NormalName(name); err != nil {
			return effects, err
		}
		for _, attr := range use {
			if !slices.ContainsFunc(grantableUses, attr.Equal) {
				return effects, ErrSpecialUse
			}
		}
		if _, err := state.MailboxNamed(name); err == nil {
			return effects, ErrMailboxExists
		}
		creator := newCreator(state, now)
		if err := creator.createSuperiors(&effects, name); err != nil {
			return effects, err
		}
		*created, err = creator.create(&effects, name, use)
		return effects, err
	}
}

// creator makes mailboxes with fresh identifiers and UIDVALIDITY values.
type creator struct {
	state       State
	ids         ids
	uidValidity imap.UIDValidity
}

func newCreator(state State, now time.Time) *creator {
	// RFC 9051 §2.3.1.1: a name that is used again needs a larger
	// UIDVALIDITY; the clock alone could stand still or run backwards.
	next := max(imap.UIDValidity(now.Unix()), state.UIDValidityFloor()+1)
	return &creator{state, newIDs(state), next}
}

func (c *creator) create(effects *Effects, name string, use []imap.MailboxAttr) (MailboxID, error) {
	id, err := c.ids.take()
	if err != nil {
		return 0, err
	}
	effects.Records = append(effects.Records, MailboxCreated{MailboxID(id), name, c.uidValidity, 1, use})
	c.uidValidity++
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
func DeleteMailbox(name string) Decision {
	return func(state State) (effects Effects, err error) {
		if name, err = NormalName(name); err != nil {
			return effects, err
		}
		if name == Inbox {
			return effects, ErrInbox
		}
		mailbox, err := state.MailboxNamed(name)
		if err != nil {
			for range state.Mailboxes(name + Separator) {
				return effects, ErrHasChildren
			}
			return effects, err
		}
		effects.Records = []Record{MailboxDeleted{mailbox.ID}}
		return effects, nil
	}
}

// RenameMailbox renames a mailbox and those below it. INBOX is not renamed:
// its messages move to a new mailbox, and what lies below it stays
// (RFC 9051 §6.3.6). ErrNoMailbox, ErrMailboxExists, ErrBadName.
func RenameMailbox(from, to string, now time.Time) Decision {
	return func(state State) (effects Effects, err error) {
		if from, err = NormalName(from); err != nil {
			return effects, err
		}
		if to, err = NormalName(to); err != nil {
			return effects, err
		}
		if IsInferior(to, from) && from != Inbox {
			return effects, ErrBadName
		}
		if _, err := state.MailboxNamed(to); err == nil || to == Inbox {
			return effects, ErrMailboxExists
		}
		if from == Inbox {
			return renameInbox(state, to, now)
		}
		return renameTree(state, from, to, now)
	}
}

func renameTree(state State, from, to string, now time.Time) (effects Effects, err error) {
	if err := newCreator(state, now).createSuperiors(&effects, to); err != nil {
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
		if _, err := state.MailboxNamed(name); err == nil {
			return effects, ErrMailboxExists
		}
		effects.Records = append(effects.Records, MailboxRenamed{inferior.ID, name})
		found = true
	}
	if !found {
		return effects, ErrNoMailbox
	}
	return effects, nil
}

func renameInbox(state State, to string, now time.Time) (effects Effects, err error) {
	inbox, err := state.MailboxNamed(Inbox)
	if err != nil {
		return effects, err
	}
	creator := newCreator(state, now)
	if err := creator.createSuperiors(&effects, to); err != nil {
		return effects, err
	}
	id, err := creator.create(&effects, to, nil)
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
