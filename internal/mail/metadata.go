package mail

import "github.com/restante/restante/imap"

// Metadata and annotations; what was decided about them stands in
// docs/design/0015-metadata-and-annotations.md.

// Shared is the owner of values that everyone sees who may see what they are
// attached to; every other owner is the account of the one user who does.
const Shared AccountID = 0

// ServerMetadata stands where a mailbox would: for what is attached to the
// account as a whole, which is what its user has of the server. What the
// server has for all users is shared metadata of the DirectoryAccount.
const ServerMetadata MailboxID = 0

// Metadata is a value attached to a mailbox or to the server (RFC 5464 §3.2).
type Metadata struct {
	Owner  AccountID
	Name   string // below "/shared" or "/private", in lower case: "/comment"
	Value  []byte
	ModSeq imap.ModSeq // of the commit that set it
}

// MetadataChanged sets or removes the value of one entry. It changes no
// modification sequence of a mailbox: those are about messages.
type MetadataChanged struct {
	Mailbox MailboxID
	Owner   AccountID
	Name    string
	Removed bool
	Value   []byte // nil if Removed
}

// MetadataChange tells of an entry that has another value, or none any more.
type MetadataChange struct {
	Mailbox MailboxID
	Owner   AccountID
	Name    string
}

// Annotation is a value attached to a message (RFC 5257 §3.2).
type Annotation struct {
	UID imap.UID
	AnnotationName
	Value  []byte
	ModSeq imap.ModSeq // of the commit that set it
}

// AnnotationName says which annotation of a message is meant.
type AnnotationName struct {
	Owner AccountID // of a ".priv" value, or Shared
	Entry string    // its case counts: "/comment", "/1.2/comment"
}

// AnnotationsChanged sets or removes the value of one entry on messages.
type AnnotationsChanged struct {
	Mailbox MailboxID
	UIDs    imap.UIDSet
	AnnotationName
	Removed bool
	Value   []byte // nil if Removed
}

// Lapse is a change of a value that no value shows: it was removed, or is not
// stored as one.
type Lapse struct {
	ModSeq  imap.ModSeq // of the commit
	Mailbox MailboxID
	Owner   AccountID
	Name    string      // of the entry, as in Metadata or in Annotation
	UIDs    imap.UIDSet // of the messages that it was annotated on; none if it was metadata
}

// Carried says which annotations of messages go along when they are copied.
// The zero value is none (RFC 5257 §4.6).
type Carried struct {
	Shared bool
	// Private is whose private ones go along; Shared for nobody's.
	Private AccountID
	// Everyone's go along when a mailbox moves and not a user.
	Everyone bool
}

// Has reports whether the annotations of an owner go along.
func (c Carried) Has(owner AccountID) bool {
	switch {
	case c.Everyone:
		return true
	case owner == Shared:
		return c.Shared
	}
	return owner == c.Private
}

func (MetadataChanged) record()    {}
func (AnnotationsChanged) record() {}

// ValueOctets is what a value counts for where values are counted: its name
// costs as much as its value.
func ValueOctets(name string, value []byte) int64 { return int64(len(name) + len(value)) }
