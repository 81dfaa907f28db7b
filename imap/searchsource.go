package imap

// SearchSource names mailboxes that ESEARCH searches (RFC 7377 §2.2,
// RFC 5465 §6). Mailboxes has a meaning only for kinds that NamesMailboxes.
type SearchSource struct {
	Kind      SourceKind
	Mailboxes []string
}

// SourceKind is a way to name mailboxes.
type SourceKind uint8

// The kinds of source.
const (
	SourceSelected   SourceKind = iota + 1
	SourceInboxes               // where new mail is delivered
	SourcePersonal              // all of the user's own
	SourceSubscribed            // all that are subscribed
	SourceSubtree               // those named, and all below them
	SourceSubtreeOne            // those named, and one level below them
	SourceMailboxes             // those named
	sourceKindEnd
)

var sourceKindNames = [sourceKindEnd]string{
	SourceSelected: "SELECTED", SourceInboxes: "INBOXES", SourcePersonal: "PERSONAL", SourceSubscribed: "SUBSCRIBED",
	SourceSubtree: "SUBTREE", SourceSubtreeOne: "SUBTREE-ONE", SourceMailboxes: "MAILBOXES",
}

// SourceKinds calls yield with every kind there is.
func SourceKinds(yield func(SourceKind) bool) {
	for k := SourceSelected; k < sourceKindEnd && yield(k); k++ {
	}
}

// String returns the kind's word.
func (k SourceKind) String() string {
	if k < sourceKindEnd {
		return sourceKindNames[k]
	}
	return ""
}

// NamesMailboxes reports whether names of mailboxes follow the word.
func (k SourceKind) NamesMailboxes() bool { return k >= SourceSubtree }
