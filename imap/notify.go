package imap

// CapNotify is the capability of NOTIFY (RFC 5465 §3).
const CapNotify Capability = "NOTIFY"

// CodeNotificationOverflow says that a client asks for more notifications than
// the server gives, or that it gets none any more (RFC 5465 §5.8).
const CodeNotificationOverflow CodeWord = "NOTIFICATIONOVERFLOW"

// NotifyRequest is the argument of NOTIFY (RFC 5465 §3.1).
type NotifyRequest struct {
	// Status asks for the STATUS of the mailboxes before the first event.
	Status bool
	// Groups replace all that were in effect. NOTIFY NONE has none.
	Groups []NotifyGroup
}

// NotifyGroup says which events of some mailboxes a client wants to hear of.
type NotifyGroup struct {
	Filter NotifyFilter
	// Mailboxes has a meaning only for filters that NamesMailboxes.
	Mailboxes []string
	// Events may be empty: NONE.
	Events NotifyEvents
	// Items are to be sent of each new message (RFC 5465 §5.2).
	Items []FetchItem
	// Unknown are events that this package knows nothing of, in upper case.
	Unknown []string
}

// NotifyFilter is a way to name mailboxes (RFC 5465 §6).
type NotifyFilter uint8

// The filters.
const (
	NotifySelected        NotifyFilter = iota + 1 // the selected mailbox, at once
	NotifySelectedDelayed                         // the same, but removals when a command allows them
	NotifyInboxes                                 // where new mail is delivered
	NotifyPersonal                                // all of the user's own
	NotifySubscribed                              // all that are subscribed
	NotifySubtree                                 // those named, and all below them
	NotifyMailboxes                               // those named
	notifyFilterEnd
)

var notifyFilterNames = [notifyFilterEnd]string{
	NotifySelected: "SELECTED", NotifySelectedDelayed: "SELECTED-DELAYED", NotifyInboxes: "INBOXES", NotifyPersonal: "PERSONAL",
	NotifySubscribed: "SUBSCRIBED", NotifySubtree: "SUBTREE", NotifyMailboxes: "MAILBOXES",
}

// NotifyFilters calls yield with every filter there is.
func NotifyFilters(yield func(NotifyFilter) bool) {
	for f := NotifySelected; f < notifyFilterEnd && yield(f); f++ {
	}
}

// String returns the filter's word.
func (f NotifyFilter) String() string {
	if f < notifyFilterEnd {
		return notifyFilterNames[f]
	}
	return ""
}

// IsSelected reports whether the filter means the selected mailbox.
func (f NotifyFilter) IsSelected() bool { return f == NotifySelected || f == NotifySelectedDelayed }

// NamesMailboxes reports whether names of mailboxes follow the word.
func (f NotifyFilter) NamesMailboxes() bool { return f >= NotifySubtree }

// NotifyEvents is a set of kinds of event (RFC 5465 §5). The zero value is none.
type NotifyEvents uint16

// The kinds of event.
const (
	NotifyMessageNew NotifyEvents = 1 << iota
	NotifyMessageExpunge
	NotifyFlagChange
	NotifyAnnotationChange
	NotifyMailboxName           // a mailbox was created, deleted or renamed
	NotifySubscriptionChange    // a name was subscribed or unsubscribed
	NotifyMailboxMetadataChange // RFC 5464
	NotifyServerMetadataChange  // RFC 5464
	notifyEventsEnd
)

// NotifyMessageEvents are the events that concern messages.
const NotifyMessageEvents = NotifyMessageNew | NotifyMessageExpunge | NotifyFlagChange | NotifyAnnotationChange

// notifyEventNames are the words of the events, from the lowest bit up.
var notifyEventNames = [...]string{
	"MessageNew", "MessageExpunge", "FlagChange", "AnnotationChange",
	"MailboxName", "SubscriptionChange", "MailboxMetadataChange", "ServerMetadataChange",
}

// AllNotifyEvents is every kind of event there is.
const AllNotifyEvents = notifyEventsEnd - 1

// Has reports whether the set holds all of others.
func (e NotifyEvents) Has(others NotifyEvents) bool { return e&others == others }

// Each calls yield with every kind of event in the set.
func (e NotifyEvents) Each(yield func(NotifyEvents) bool) {
	for one := NotifyMessageNew; one < notifyEventsEnd; one <<= 1 {
		if e&one != 0 && !yield(one) {
			return
		}
	}
}

// Names returns the words of the kinds in the set.
func (e NotifyEvents) Names() []string {
	var names []string
	for i, name := range notifyEventNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// CodeBadEvent lists the events that the server knows, because the client asked
// for another (RFC 5465 §3.1).
type CodeBadEvent struct{ Events []string }

// Name returns "BADEVENT".
func (CodeBadEvent) Name() string { return "BADEVENT" }

func (CodeBadEvent) code() {}
