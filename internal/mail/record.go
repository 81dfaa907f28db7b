package mail

import (
	"github.com/restante/restante/imap"
)

// Record is one thing that happened to an account. The kinds are a closed
// set: the store can write, read and apply each of them, and an account is
// nothing but what its records, applied in order, make of it. Records say
// effects, never wishes: applying them again gives the same account.
type Record interface{ record() }

// MailboxCreated makes a mailbox, empty, under a name that no mailbox has.
type MailboxCreated struct {
	ID          MailboxID
	Name        string
	UIDValidity imap.UIDValidity
	UIDNext     imap.UID // 1, or what an import brings with it
	SpecialUse  []imap.MailboxAttr
}

// MailboxRenamed gives one mailbox another name; inferior mailboxes have
// records of their own.
type MailboxRenamed struct {
	ID   MailboxID
	Name string
}

// MailboxDeleted removes a mailbox and its messages.
type MailboxDeleted struct{ ID MailboxID }

// MailboxRenumbered sets UIDVALIDITY and UIDNEXT of an empty mailbox: the one
// explicit act that changes them, used by an import.
type MailboxRenumbered struct {
	ID          MailboxID
	UIDValidity imap.UIDValidity
	UIDNext     imap.UID
}

// SpecialUseChanged replaces the special uses of a mailbox.
type SpecialUseChanged struct {
	ID         MailboxID
	SpecialUse []imap.MailboxAttr
}

// SubscriptionChanged adds a name to the subscriptions or removes it. The
// name need not be that of a mailbox (RFC 9051 §6.3.7).
type SubscriptionChanged struct {
	Name       string
	Subscribed bool
}

// MessageAdded puts a message whose body is stored into a mailbox.
type MessageAdded struct {
	Mailbox      MailboxID
	UID          imap.UID
	Email        EmailID
	Body         BodyID
	Size         int64
	InternalDate Instant
	SaveDate     int64
	Flags        []imap.Flag
}

// MessagesCopied puts copies of messages into a mailbox: the nth of UIDs
// becomes FirstUID+n there, with the flags and the internal date it has now.
// A source may be the mailbox itself.
type MessagesCopied struct {
	From     MailboxID
	UIDs     imap.UIDSet
	To       MailboxID
	FirstUID imap.UID
	SaveDate int64
	// Annotations says which annotations go along.
	Annotations Carried
	// Withheld are the rights without which flags do not go along.
	Withheld Rights
}

// Flags returns those flags of a message that its copy has.
func (r MessagesCopied) Flags(flags Flags) Flags {
	return (flagRights &^ r.Withheld).settableBits(flags)
}

// FlagsChanged removes and then adds flags on messages that change by it.
type FlagsChanged struct {
	Mailbox MailboxID
	UIDs    imap.UIDSet
	Add     []imap.Flag
	Remove  []imap.Flag
}

// MessagesRemoved takes messages out of a mailbox for ever.
type MessagesRemoved struct {
	Mailbox MailboxID
	UIDs    imap.UIDSet
}

// RecentClaimed says that a session has been told of every message below
// Before as \Recent, so that no other will (RFC 3501 §2.3.2). It changes no
// modification sequence of the mailbox.
type RecentClaimed struct {
	Mailbox MailboxID
	Before  imap.UID
}

// EntryPut sets a named value of the account. The directory of users is made
// of such entries; what they mean is their owner's business.
type EntryPut struct {
	Key   string
	Value []byte
}

// EntryRemoved removes a named value.
type EntryRemoved struct{ Key string }

// AccountErased removes everything the account has. Nothing can follow it.
type AccountErased struct{}

func (MailboxCreated) record()      {}
func (MailboxRenamed) record()      {}
func (MailboxDeleted) record()      {}
func (MailboxRenumbered) record()   {}
func (SpecialUseChanged) record()   {}
func (SubscriptionChanged) record() {}
func (MessageAdded) record()        {}
func (MessagesCopied) record()      {}
func (FlagsChanged) record()        {}
func (MessagesRemoved) record()     {}
func (RecentClaimed) record()       {}
func (EntryPut) record()            {}
func (EntryRemoved) record()        {}
func (AccountErased) record()       {}

// Effects is what a decision wants to happen, all of it or nothing. Without
// records nothing is written.
type Effects struct {
	Records []Record
	// Bodies are the staged bodies that MessageAdded records name. A body
	// that is stored already is not written again.
	Bodies []*Body
	// BeyondQuota lets them take the account beyond its quota: what an
	// administrator brings in, and what no account can be without.
	BeyondQuota bool
}

// Decision looks at the newest state and says what is to happen, or why
// nothing can. It must be a pure function of the state and of what it closes
// over: it may run more than once, and only the last run counts. It must not
// keep the state.
type Decision func(State) (Effects, error)

// JointDecision is a Decision on several accounts: the effects are for the
// accounts of the states, in their order.
type JointDecision func(states []State) ([]Effects, error)
