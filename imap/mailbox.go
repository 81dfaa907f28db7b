package imap

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Inbox is the name of the mailbox that every account has. Its name, and no
// other, is compared without regard to case (RFC 9051 §5.1).
const Inbox = "INBOX"

// ErrMailboxName reports a name that no mailbox may have.
var ErrMailboxName = errors.New("not a mailbox name")

// CanonicalMailbox returns Inbox for every spelling of it and any other name
// unchanged. Names below INBOX are left as they are: how far case matters in
// them is the store's decision (RFC 9051 §5.1).
func CanonicalMailbox(name string) string {
	if IsInbox(name) {
		return Inbox
	}
	return name
}

// IsInbox reports whether the name is INBOX in any case.
func IsInbox(name string) bool {
	return len(name) == len(Inbox) && strings.EqualFold(name, Inbox)
}

// CheckMailboxName returns ErrMailboxName for a name that is empty, that is not
// UTF-8, or that holds a character which names of new mailboxes must not
// contain: controls, DELETE, LINE SEPARATOR and PARAGRAPH SEPARATOR
// (RFC 9755 §3, RFC 9051 §5.1).
func CheckMailboxName(name string) error {
	if name == "" || !utf8.ValidString(name) {
		return ErrMailboxName
	}
	for _, r := range name {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ErrMailboxName
		}
	}
	return nil
}
