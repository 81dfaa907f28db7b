package mailview

import "github.com/restante/restante/imap"

// Removals says whether this moment allows removals to be announced
// (RFC 9051 §7.5.1).
type Removals uint8

// Hold keeps removals for later; Send announces them.
const (
	Hold Removals = iota
	Send
)

// EventKind is what an Event announces.
type EventKind uint8

// The kinds of Event, in the order in which one Sync returns them.
const (
	// MessagesGone takes messages away: EXPUNGE or VANISHED.
	MessagesGone EventKind = iota + 1
	// MessagesExist gives the new number of messages: EXISTS.
	MessagesExist
	// FlagsChanged asks for the flags of messages to be told: FETCH.
	FlagsChanged
)

// Event is one thing to tell the client.
type Event struct {
	Kind EventKind
	// UIDs are the messages that are gone, that are new, or whose flags
	// changed.
	UIDs imap.UIDSet
	// Seqs, of MessagesGone, are the sequence numbers that the messages had
	// before any of them was taken away. Told in descending order each of
	// them is right at its time.
	Seqs imap.SeqSet
	// Count, of MessagesExist, is the number of messages now.
	Count uint32
}
