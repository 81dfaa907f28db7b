package imap

// ObjectID is an identifier that the server gave to a mailbox, a message or a
// thread (RFC 8474 §7, objectid). It compares octet by octet.
type ObjectID string

// ObjectIDOctetsMax is the length of the longest ObjectID (RFC 8474 §8.1).
const ObjectIDOctetsMax = 255

// CheckObjectID reports whether the text may be an ObjectID.
func CheckObjectID(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return text != "" && len(text) <= ObjectIDOctetsMax
}

type (
	// CodeMailboxID gives the identifier of the mailbox that was created or
	// selected (RFC 8474 §4.1, §4.2).
	CodeMailboxID struct{ ID ObjectID }
	// SearchEmailID matches the messages with this EMAILID (RFC 8474 §6).
	SearchEmailID struct{ ID ObjectID }
	// SearchThreadID matches the messages with this THREADID (RFC 8474 §6).
	SearchThreadID struct{ ID ObjectID }
)

// Name returns "MAILBOXID".
func (CodeMailboxID) Name() string { return "MAILBOXID" }

func (CodeMailboxID) code()       {}
func (SearchEmailID) searchKey()  {}
func (SearchThreadID) searchKey() {}
