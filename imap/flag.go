package imap

import "strings"

// Flag is a system flag such as \Seen or a keyword such as $Forwarded
// (RFC 9051 §2.3.2). Flags compare without regard to case; Canonical gives
// the registered spelling of system flags.
type Flag string

// The system flags (RFC 9051 §2.3.2). Recent exists only for IMAP4rev1
// sessions (RFC 3501 §2.3.2). Wildcard, in PERMANENTFLAGS, says that new
// keywords may be made.
const (
	FlagSeen     Flag = `\Seen`
	FlagAnswered Flag = `\Answered`
	FlagFlagged  Flag = `\Flagged`
	FlagDeleted  Flag = `\Deleted`
	FlagDraft    Flag = `\Draft`
	FlagRecent   Flag = `\Recent`
	FlagWildcard Flag = `\*`
)

// Keywords registered for all clients (RFC 9051 §2.3.2, RFC 5788).
const (
	FlagForwarded Flag = "$Forwarded"
	FlagMDNSent   Flag = "$MDNSent"
	FlagJunk      Flag = "$Junk"
	FlagNotJunk   Flag = "$NotJunk"
	FlagPhishing  Flag = "$Phishing"

	// Whether a message has attachments: never both, and neither if nobody
	// has looked (RFC 9979 §4).
	FlagHasAttachment   Flag = "$hasattachment"
	FlagHasNoAttachment Flag = "$hasnoattachment"
)

// SystemFlags are the flags every mailbox has and keeps, in the order in which
// they are listed. \Recent is not among them: no client may set it.
var SystemFlags = [...]Flag{FlagAnswered, FlagFlagged, FlagDeleted, FlagSeen, FlagDraft}

// Canonical returns the registered spelling of a system flag and any other
// flag unchanged.
func (f Flag) Canonical() Flag {
	if !f.IsSystem() {
		return f
	}
	for _, known := range SystemFlags {
		if f.Equal(known) {
			return known
		}
	}
	if f.Equal(FlagRecent) {
		return FlagRecent
	}
	return f
}

// IsSystem reports whether the flag begins with a backslash.
func (f Flag) IsSystem() bool { return strings.HasPrefix(string(f), `\`) }

// Equal compares two flags as the protocol does: without regard to case.
func (f Flag) Equal(other Flag) bool { return strings.EqualFold(string(f), string(other)) }

// MailboxAttr is a mailbox name attribute: \Noselect, a special use, and so on
// (RFC 9051 §7.3.1). Attributes compare without regard to case.
type MailboxAttr string

// Attributes of LIST responses and special uses (RFC 9051 §7.3.1, RFC 6154 §2).
const (
	AttrNonExistent   MailboxAttr = `\NonExistent`
	AttrNoAccess      MailboxAttr = `\NoAccess` // RFC 5465 §3.1: the user may know of it, and no more
	AttrNoSelect      MailboxAttr = `\Noselect`
	AttrNoInferiors   MailboxAttr = `\Noinferiors`
	AttrHasChildren   MailboxAttr = `\HasChildren`
	AttrHasNoChildren MailboxAttr = `\HasNoChildren`
	AttrMarked        MailboxAttr = `\Marked`
	AttrUnmarked      MailboxAttr = `\Unmarked`
	AttrSubscribed    MailboxAttr = `\Subscribed`
	AttrRemote        MailboxAttr = `\Remote`

	AttrAll       MailboxAttr = `\All`
	AttrArchive   MailboxAttr = `\Archive`
	AttrDrafts    MailboxAttr = `\Drafts`
	AttrFlagged   MailboxAttr = `\Flagged`
	AttrJunk      MailboxAttr = `\Junk`
	AttrSent      MailboxAttr = `\Sent`
	AttrTrash     MailboxAttr = `\Trash`
	AttrImportant MailboxAttr = `\Important` // RFC 8457 §3
	AttrSnoozed   MailboxAttr = `\Snoozed`   // RFC 9979 §8.1
	AttrScheduled MailboxAttr = `\Scheduled` // RFC 9979 §8.2
	AttrMemos     MailboxAttr = `\Memos`     // RFC 9979 §8.3
)

// Equal compares two attributes without regard to case.
func (a MailboxAttr) Equal(other MailboxAttr) bool {
	return strings.EqualFold(string(a), string(other))
}
