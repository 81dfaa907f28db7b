package mail

import (
	"sync"

	"github.com/restante/restante/imap"
)

// Change is what one commit did, as it is told to sessions. It is shared by
// all of them and must not be changed.
type Change struct {
	ModSeq    imap.ModSeq
	Mailboxes []MailboxChange
	Messages  []MessageChange
	// OverQuota says that more is used from now on than the quota admits.
	OverQuota bool
	Metadata  []MetadataChange
	// Erased says that the account is gone.
	Erased bool
}

// MailboxChange tells of a mailbox or a subscription.
type MailboxChange struct {
	Kind    MailboxChangeKind
	Mailbox MailboxID // zero for subscriptions
	Name    string    // the new one
	OldName string    // of MailboxWasRenamed
}

// MailboxChangeKind is what happened to a mailbox.
type MailboxChangeKind uint8

// The kinds of MailboxChange.
const (
	MailboxWasCreated MailboxChangeKind = iota + 1
	MailboxWasRenamed
	MailboxWasDeleted
	MailboxWasRenumbered
	SpecialUseWasChanged
	NameWasSubscribed
	NameWasUnsubscribed
	AccessWasChanged // who has which rights on it
)

// MessageChange tells of messages of one mailbox.
type MessageChange struct {
	Mailbox MailboxID
	Kind    MessageChangeKind
	UIDs    imap.UIDSet
	// NewKeywords says that the mailbox now knows keywords it did not.
	NewKeywords bool
	// Annotation is what AnnotationsWereChanged concerns.
	Annotation AnnotationName
}

// MessageChangeKind is what happened to messages.
type MessageChangeKind uint8

// The kinds of MessageChange.
const (
	MessagesWereAdded MessageChangeKind = iota + 1
	FlagsWereChanged
	MessagesWereRemoved
	AnnotationsWereChanged
)

// Watch is a bounded queue of changes for one session.
type Watch struct {
	mutex    sync.Mutex
	queue    []*Change
	overflow bool
	only     func(*Change) bool
	notify   func()
	cancel   func()
}

// NewWatch makes a watch; cancel is called by Close. Only a store does this.
func NewWatch(notify, cancel func()) *Watch {
	return &Watch{notify: notify, cancel: cancel}
}

// Publish queues a change and notifies. Only a store calls it, in the order
// of positions, when every Read sees the change.
func (w *Watch) Publish(change *Change) {
	w.mutex.Lock()
	if w.only != nil && !w.only(change) {
		w.mutex.Unlock()
		return
	}
	switch {
	case w.overflow:
	case len(w.queue) < watchMax:
		w.queue = append(w.queue, change)
	default:
		w.queue, w.overflow = nil, true
	}
	w.mutex.Unlock()
	if w.notify != nil {
		w.notify()
	}
}

// Only has the watch queue, and notify of, nothing but changes that keep accepts.
// What is queued already stays.
func (w *Watch) Only(keep func(*Change) bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.only = keep
}

// Take returns the queued changes, in order, and empties the queue. If
// overflowed is true, changes were lost: compare with the store, never guess.
func (w *Watch) Take() (changes []*Change, overflowed bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	changes, overflowed = w.queue, w.overflow
	w.queue, w.overflow = nil, false
	return changes, overflowed
}

// Close ends the watch. A notification that is under way may still arrive.
func (w *Watch) Close() {
	if w.cancel != nil {
		w.cancel()
	}
}
