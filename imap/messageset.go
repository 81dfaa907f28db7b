package imap

// MessageSet names the messages that a command acts on, as the client wrote
// them. Exactly one of three is meant: the saved search result "$" when Saved
// is set, otherwise UIDs when ByUID is set, otherwise Seqs. ByUID says that the
// command was given in its UID form, and stays set beside Saved, because it
// also decides which numbers the answer carries (RFC 9051 §6.4.9).
type MessageSet struct {
	ByUID bool
	Saved bool
	Seqs  SeqSet
	UIDs  UIDSet
}

// MessagesBySeq returns the message set of a command that names sequence numbers.
func MessagesBySeq(set SeqSet) MessageSet { return MessageSet{Seqs: set} }

// MessagesByUID returns the message set of a command in its UID form.
func MessagesByUID(set UIDSet) MessageSet { return MessageSet{ByUID: true, UIDs: set} }

// String returns the set as the grammar writes it.
func (m MessageSet) String() string { return string(m.AppendText(nil)) }

// AppendText appends the set as the grammar writes it.
func (m MessageSet) AppendText(b []byte) []byte {
	switch {
	case m.Saved:
		return append(b, '$')
	case m.ByUID:
		return m.UIDs.AppendText(b)
	}
	return m.Seqs.AppendText(b)
}

// ReplaceRequest is the argument of REPLACE and UID REPLACE: one message, and
// what takes its place (RFC 8508 §3). Message names exactly one number, which
// is zero for "*".
type ReplaceRequest struct {
	Message MessageSet
	AppendRequest
}
