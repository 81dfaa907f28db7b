package imap

// StoreOp tells what STORE does with its flags (RFC 9051 §6.4.6).
type StoreOp uint8

// The three forms of STORE.
const (
	StoreReplace StoreOp = iota // FLAGS
	StoreAdd                    // +FLAGS
	StoreRemove                 // -FLAGS
)

// StoreRequest is the argument of STORE and UID STORE.
type StoreRequest struct {
	Messages MessageSet
	Op       StoreOp
	// Silent keeps the server from answering with the new flags.
	Silent bool
	Flags  []Flag
	// Annotations are to be set; then flags are not (RFC 5257 §4.5).
	Annotations []AnnotationEntry
	// HasUnchangedSince tells that UnchangedSince was given: zero, which
	// no message satisfies, is a value of its own (RFC 7162 §3.1.3).
	HasUnchangedSince bool
	UnchangedSince    ModSeq
}

// CopyRequest is the argument of COPY and MOVE and of their UID forms
// (RFC 9051 §6.4.7, §6.4.8).
type CopyRequest struct {
	Messages MessageSet
	Mailbox  string
}
