package imap

// StatusItem is an item of STATUS (RFC 9051 §6.3.11).
type StatusItem uint8

// The items of STATUS. Recent is IMAP4rev1's (RFC 3501 §6.3.10);
// HighestModSeq is of RFC 7162 §3.1.7, AppendLimit of RFC 7889 §3.2, MailboxID of
// RFC 8474 §4.3.
const (
	StatusMessages StatusItem = iota + 1
	StatusUIDNext
	StatusUIDValidity
	StatusUnseen
	StatusDeleted
	StatusSize
	StatusRecent
	StatusHighestModSeq
	StatusAppendLimit
	StatusMailboxID
	StatusDeletedStorage // octets of the messages with \Deleted (RFC 9208 §4.1.4)
	statusItemEnd
)

var statusItemNames = [statusItemEnd]string{
	StatusMessages:      "MESSAGES",
	StatusUIDNext:       "UIDNEXT",
	StatusUIDValidity:   "UIDVALIDITY",
	StatusUnseen:        "UNSEEN",
	StatusDeleted:       "DELETED",
	StatusSize:          "SIZE",
	StatusRecent:        "RECENT",
	StatusHighestModSeq: "HIGHESTMODSEQ",
	StatusAppendLimit:   "APPENDLIMIT",
	StatusMailboxID:     "MAILBOXID",

	StatusDeletedStorage: "DELETED-STORAGE",
}

// StatusItems calls yield with every item there is.
func StatusItems(yield func(StatusItem) bool) {
	for item := StatusMessages; item < statusItemEnd && yield(item); item++ {
	}
}

// String returns the item's word.
func (s StatusItem) String() string {
	if s < statusItemEnd {
		return statusItemNames[s]
	}
	return ""
}

// StatusRequest is the argument of STATUS.
type StatusRequest struct {
	Mailbox string
	Items   []StatusItem
}

// StatusValue is one answered item. Nil is possible for AppendLimit alone,
// where it says that there is no limit (RFC 7889 §3.2).
type StatusValue struct {
	Item   StatusItem
	Number uint64
	Nil    bool
	ID     ObjectID // StatusMailboxID alone
}

// StatusData is the content of a STATUS response (RFC 9051 §7.3.4).
type StatusData struct {
	Mailbox string
	Values  []StatusValue
}
