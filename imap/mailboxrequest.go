package imap

// SelectRequest is the argument of SELECT and EXAMINE (RFC 9051 §6.3.2).
type SelectRequest struct {
	Mailbox string
	// CondStore asks for modification sequences from now on
	// (RFC 7162 §3.1.8).
	CondStore bool
	// QResync is nil unless the client resynchronises (RFC 7162 §3.2.5).
	QResync *QResync
	// Annotate asks to be told of annotations that change (RFC 5257 §4.2).
	Annotate bool
}

// QResync is what a client still knows of a mailbox (RFC 7162 §3.2.5). Its
// sets hold no "*".
type QResync struct {
	UIDValidity UIDValidity
	ModSeq      ModSeq
	// KnownUIDs is nil when the client gave none, which means all from 1.
	KnownUIDs UIDSet
	// MatchSeqs and MatchUIDs pair sequence numbers and UIDs, both
	// ascending, as the client last saw them; nil when not given. They may
	// disagree in length, in which case the server ignores what is over.
	MatchSeqs SeqSet
	MatchUIDs UIDSet
}

// CreateRequest is the argument of CREATE (RFC 9051 §6.3.4).
type CreateRequest struct {
	Mailbox string
	// Uses are the special uses asked for (RFC 6154 §3).
	Uses []MailboxAttr
}

// RenameRequest is the argument of RENAME (RFC 9051 §6.3.6).
type RenameRequest struct{ From, To string }

// AppendRequest is what precedes one message of an APPEND
// (RFC 9051 §6.3.12). The message itself is not part of it: it may be large
// and is read as a stream.
type AppendRequest struct {
	Mailbox string
	Flags   []Flag
	// Date is nil when the client gave none; then the message's date is the
	// time of its arrival.
	Date *DateTime
	// Annotations are set on the message (RFC 5257 §4.7).
	Annotations []AnnotationEntry
	// Catenate says that the message follows in parts (RFC 4469 §3). Then the
	// members below have no meaning.
	Catenate bool
	// SizeOctets is the length of the message that follows.
	SizeOctets uint64
	// Binary says that the message comes as literal8 and may hold NUL
	// (RFC 3516 §4.4). UTF8 says that it comes as UTF8 (~{…})
	// (RFC 6855 §4), which implies Binary.
	Binary, UTF8 bool
}
