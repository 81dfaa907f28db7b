package mail

import (
	"github.com/restante/restante/imap"
)

// Separator divides the levels of a mailbox name (RFC 9051 §5.1.1).
const Separator = "/"

// Inbox is the name of every account's first mailbox (RFC 9051 §5.1).
const Inbox = "INBOX"

// Mailbox is one mailbox as a State has it. It is a value: nothing changes it
// after it was handed out, and nobody may change what it points to.
type Mailbox struct {
	ID          MailboxID
	Name        string // normal, see NormalName
	UIDValidity imap.UIDValidity
	UIDNext     imap.UID
	// HighestModSeq is the newest change of this mailbox or of one of its
	// messages (RFC 7162 §3.1.2.1), at least 1.
	HighestModSeq imap.ModSeq
	// VanishedFloor is the position up to which removals may have been
	// forgotten; RemovedSince is complete only from there.
	VanishedFloor imap.ModSeq
	Messages      uint32
	Unseen        uint32 // how many lack \Seen
	Deleted       uint32 // how many carry \Deleted
	Size          int64  // octets of all messages together
	Annotations   uint32 // how many values its messages' annotations have
	// AnnotationOctets is what those take, counted as ValueOctets does: a part
	// of what ANNOTATION-STORAGE limits (RFC 9208 §5.4). MetadataOctets is what
	// the mailbox's own metadata takes, which is no part of that.
	AnnotationOctets int64
	MetadataOctets   int64
	// RecentFrom is the first UID that no session has been told as \Recent
	// (RFC 3501 §2.3.2).
	RecentFrom imap.UID
	SpecialUse []imap.MailboxAttr
	// Keywords are the keywords in use; the flag bit of Keywords[i] is
	// fixed for the life of the mailbox.
	Keywords []imap.Flag
	// Access is who has which rights (see Actor.Rights): each grantee once, in
	// a fixed order.
	Access []AccessEntry
}

// Bit returns the bit of a flag, if the mailbox knows it.
func (m *Mailbox) Bit(flag imap.Flag) (FlagBit, bool) {
	if flag.IsSystem() {
		return systemBit(flag)
	}
	for i, known := range m.Keywords {
		if flag.Equal(known) {
			return keywordBits + FlagBit(i), true
		}
	}
	return 0, false
}

// Flag returns the flag of a bit, if the mailbox knows it.
func (m *Mailbox) Flag(bit FlagBit) (imap.Flag, bool) {
	if int(bit) < len(imap.SystemFlags) {
		return imap.SystemFlags[bit], true
	}
	if i := int(bit) - int(keywordBits); i >= 0 && i < len(m.Keywords) {
		return m.Keywords[i], true
	}
	return "", false
}

// AppendFlags appends the names of a message's flags.
func (m *Mailbox) AppendFlags(to []imap.Flag, flags Flags) []imap.Flag {
	for bit := range flags.Bits() {
		if flag, ok := m.Flag(bit); ok {
			to = append(to, flag)
		}
	}
	return to
}

// Known returns the bits of those flags that the mailbox knows; a flag that
// it does not know is on none of its messages.
func (m *Mailbox) Known(flags []imap.Flag) Flags {
	var set Flags
	for _, flag := range flags {
		if bit, ok := m.Bit(flag); ok {
			set = set.With(bit)
		}
	}
	return set
}

// WithKeywords returns the mailbox with every keyword among flags made known,
// in the order given, and whether any was new. It is how the store applies a
// record; the receiver is not changed.
func (m *Mailbox) WithKeywords(flags []imap.Flag) (Mailbox, bool) {
	grown := *m
	for _, flag := range flags {
		if flag.IsSystem() {
			continue
		}
		if _, ok := grown.Bit(flag); ok {
			continue
		}
		grown.Keywords = append(grown.Keywords[:len(grown.Keywords):len(grown.Keywords)], flag)
	}
	return grown, len(grown.Keywords) != len(m.Keywords)
}

// TakesKeywords reports whether new keywords can still be made.
func (m *Mailbox) TakesKeywords() bool { return len(m.Keywords) < keywordMax }

// HasUse reports whether the mailbox has a special use.
func (m *Mailbox) HasUse(use imap.MailboxAttr) bool {
	for _, have := range m.SpecialUse {
		if have.Equal(use) {
			return true
		}
	}
	return false
}

// checkKeywords says whether the mailbox can take the keywords among flags.
func (m *Mailbox) checkKeywords(flags []imap.Flag) error {
	if grown, isNew := m.WithKeywords(flags); isNew && len(grown.Keywords) > keywordMax {
		return ErrTooManyKeywords
	}
	return nil
}
