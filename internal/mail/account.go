package mail

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// Store is all accounts. Its methods may be called at the same time.
type Store interface {
	// Account returns an account, which need not have any records yet.
	// ErrErased if it was deleted.
	Account(ctx context.Context, id AccountID) (Account, error)
	// CommitAll commits decisions on different accounts, each account named
	// once, so that all of them happen or none does: a delivery to many.
	CommitAll(ctx context.Context, decisions []AccountDecision) error
	// CommitJointly commits one decision that looks at the newest states of
	// several accounts at once, each named once, and changes any of them: a
	// move between accounts. It returns a position for each, as Commit does.
	CommitJointly(ctx context.Context, accounts []AccountID, decide JointDecision) ([]imap.ModSeq, error)
	// Stage begins a new message body.
	Stage() Staging
}

// Position is where a commit stands in its account's journal.
type Position = imap.ModSeq

// AccountDecision is one account's part of a common commit.
type AccountDecision struct {
	Account AccountID
	Decide  Decision
}

// Account is what a protocol asks of one user's storage. Its methods may be
// called at the same time.
type Account interface {
	ID() AccountID

	// Read calls use with one consistent, durable state. Nothing of the state
	// outlives the call, except values, which are never changed. It holds no
	// lock, but pins memory and disk: a caller that writes to a slow client
	// does so outside, in portions.
	Read(ctx context.Context, use func(State) error) error

	// Commit decides on the newest state, which may be one still on its way
	// to the disk. When it returns nil, what was decided is durable, visible
	// to every Read, and published to every Watch; the position is that of
	// the commit, or of the state if the effects had no records. On an error
	// nothing happened: the decision's own error as it is, ErrNoSpace,
	// ErrUnavailable, or ctx's error, after which it may still happen.
	Commit(ctx context.Context, decide Decision) (imap.ModSeq, error)

	// Watch queues every change published from now on. notify is called
	// after each, from the goroutine that published: it must return at once,
	// take no lock that is held while committing, and may be nil.
	Watch(notify func()) *Watch

	// Bodies opens message bodies one after the other, for one goroutine.
	Bodies() BodyReader
}

// State is an account at one position of its journal. Sets that are passed in
// are normal (see imap.Set); those returned are, too.
type State interface {
	// ModSeq is the position: what the account's newest record has.
	ModSeq() imap.ModSeq
	// UIDValidityFloor is the largest UIDVALIDITY that any mailbox of the
	// account ever had.
	UIDValidityFloor() imap.UIDValidity
	// Usage is what the account uses, and Quota is how much it may: its own
	// limits or those of accounts without, and never more than the store allows.
	Usage() Usage
	Quota() Quota
	// OwnQuota is what the account itself says of that.
	OwnQuota() OwnQuota

	// Mailbox and MailboxNamed return a mailbox, or ErrNoMailbox. Names are
	// normal (see NormalName).
	Mailbox(id MailboxID) (*Mailbox, error)
	MailboxNamed(name string) (*Mailbox, error)
	// Mailboxes yields those whose name begins with prefix, by name in the
	// order of octets.
	Mailboxes(prefix string) iter.Seq2[*Mailbox, error]
	// Subscriptions yields the subscribed names in the order of octets.
	Subscriptions() iter.Seq2[string, error]
	// IsSubscribed reports whether a name is among them.
	IsSubscribed(name string) (bool, error)

	// UIDs returns the UIDs of the messages in a mailbox.
	UIDs(mailbox MailboxID) (UIDs, error)
	// FirstUnseen returns the smallest UID without \Seen, 0 if there is none.
	FirstUnseen(mailbox MailboxID) (imap.UID, error)
	// Message returns a message in a mailbox, or ErrNoMessage.
	Message(mailbox MailboxID, uid imap.UID) (*Message, error)
	// Messages yields the messages of a mailbox that the set names, by
	// ascending UID. A *Message is valid until the next is yielded.
	Messages(mailbox MailboxID, set imap.UIDSet) iter.Seq2[*Message, error]
	// Marks is like Messages, but sets only UID, ModSeq and Flags of each
	// Message. It reads a few octets a message where Messages reads a hundred:
	// FLAGS, SEARCH by flags, STORE and resynchronisation need no more.
	Marks(mailbox MailboxID, set imap.UIDSet) iter.Seq2[*Message, error]
	// Readable is like Messages, and also yields removed messages that are
	// still kept (Removed is set), for sessions that have not been told.
	Readable(mailbox MailboxID, set imap.UIDSet) iter.Seq2[*Message, error]
	// Changed yields the marks (see Marks) of the messages in a mailbox whose
	// ModSeq is larger than after, in no certain order. It costs what changed.
	Changed(mailbox MailboxID, after imap.ModSeq) iter.Seq2[*Message, error]
	// Removed returns the UIDs removed after a position. If that is below the
	// mailbox's VanishedFloor the answer may lack some, and complete is false.
	Removed(mailbox MailboxID, after imap.ModSeq) (gone imap.UIDSet, complete bool, err error)
	// Structure returns the parsed form of a message in any mailbox of the
	// account, or of a removed one that is still kept; else ErrNoMessage.
	Structure(email EmailID) (*message.Structure, error)

	// Sent returns the time of the Date field of such a message (see
	// message.Structure), the zero time if there is none: what sorting by
	// date reads, many times cheaper than the whole structure.
	Sent(email EmailID) (time.Time, error)

	// Metadata yields the metadata of a mailbox that belongs to the owners
	// named, to anyone if none is named, in the order of owners and then of
	// names. Mailbox zero is the account as a whole.
	Metadata(mailbox MailboxID, owners ...AccountID) iter.Seq2[Metadata, error]
	// Annotations yields what is annotated on the messages of a mailbox that
	// the set names, in the order of UIDs, owners and entries.
	Annotations(mailbox MailboxID, set imap.UIDSet) iter.Seq2[Annotation, error]
	// Lapses returns the changes of metadata and annotations after a position
	// that neither Metadata nor Annotations shows, oldest first. It is complete
	// unless there were very many since: of those the oldest are forgotten.
	Lapses(after imap.ModSeq) (lapses []Lapse, complete bool, err error)
	// MetadataOctets is how much all metadata of the account takes, counted as
	// ValueOctets does. What annotations take is in Usage.
	MetadataOctets() int64

	// Entry returns a named value, or ErrNoEntry. Entries yields those whose
	// key begins with prefix, in the order of octets.
	Entry(key string) ([]byte, error)
	Entries(prefix string) iter.Seq2[Entry, error]
}

// Entry is a named value of an account.
type Entry struct {
	Key   string
	Value []byte
}

// BodyReader opens bodies, one after the other. It reads ahead, so that the
// messages of a mailbox, opened in order, are read together.
type BodyReader interface {
	// Open finds a body, valid until the next Open or Close. ErrNoMessage if
	// it is no longer kept, ErrCorrupt if its checksum fails.
	Open(ref BodyRef) (StoredBody, error)
	Close() error
}

// StoredBody is a message's octets; what is read has been verified.
type StoredBody interface {
	io.ReaderAt
	Size() int64
	// Bytes returns all octets if they are few enough to be held at hand (at
	// least 64 KiB are), else nil. They must not be changed, and are valid as
	// long as the body is.
	Bytes() ([]byte, error)
}

// Staging takes the octets of a new message while they arrive, in bounded
// memory, and on the disk beyond that.
type Staging interface {
	io.Writer
	// Finish ends the message and parses it. Only one of Finish and Discard
	// is called, once.
	Finish() (*Body, error)
	Discard()
}

// Body is a staged message, ready to be named by MessageAdded records, in any
// number of commits.
type Body struct {
	ID        BodyID
	Size      int64
	Structure *message.Structure
	Content   io.ReaderAt
	// HasNUL says that there is a NUL among the octets.
	HasNUL bool
	// Release gives back what staging holds. It is called once, after the
	// last commit that names the body.
	Release func()
}
