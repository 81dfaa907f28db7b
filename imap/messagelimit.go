package imap

// Capabilities that carry a limit as their value: CapMessageLimit + "=1000"
// (RFC 9738 §3).
const (
	// CapMessageLimit bounds the messages of one SEARCH, FETCH, STORE, COPY, MOVE,
	// UID EXPUNGE or APPEND.
	CapMessageLimit Capability = "MESSAGELIMIT"
	// CapSaveLimit bounds those of one COPY or APPEND alone.
	CapSaveLimit Capability = "SAVELIMIT"
)

type (
	// CodeMessageLimit says that a command was not carried out for more than Limit
	// messages. They were taken from the highest UID down, and UID is the lowest
	// of them; 0 if the server does not say (RFC 9738 §3.1).
	CodeMessageLimit struct {
		Limit uint32
		UID   UID
	}
	// SearchUIDAfter matches messages with a larger UID (RFC 9738 §3.2).
	SearchUIDAfter struct{ UID UID }
	// SearchUIDBefore matches messages with a smaller UID (RFC 9738 §3.2).
	SearchUIDBefore struct{ UID UID }
)

// Name returns "MESSAGELIMIT".
func (CodeMessageLimit) Name() string { return "MESSAGELIMIT" }

func (CodeMessageLimit) code()     {}
func (SearchUIDAfter) searchKey()  {}
func (SearchUIDBefore) searchKey() {}

// UIDs returns the UIDs that the key matches.
func (k SearchUIDAfter) UIDs() UIDSet {
	if k.UID == 1<<32-1 {
		return nil
	}
	return UIDSet{{Start: k.UID + 1, Stop: 1<<32 - 1}}
}

// UIDs returns the UIDs that the key matches.
func (k SearchUIDBefore) UIDs() UIDSet {
	if k.UID <= 1 {
		return nil
	}
	return UIDSet{{Start: 1, Stop: k.UID - 1}}
}
