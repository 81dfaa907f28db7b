// Package mailview keeps what one client has been told of a mailbox.
//
// Message sequence numbers are positions in what the client knows, and the
// client knows only what was announced (RFC 9051 §2.3.1.2, §5.2). A View holds
// the announced UIDs in order, and beside them what happened since and has not
// been said: messages that are gone, messages that are new, and flags that
// changed. Sync says it, as far as the moment allows, and returns what was
// said as Events; a client that replays the Events has the same numbering as
// the View.
//
// A View is a value of one session: it is used by one goroutine, reads no
// store and writes nothing.
package mailview
