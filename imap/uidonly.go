package imap

// CapUIDOnly is the capability of a server that can do without message sequence
// numbers (RFC 9586 §3). It is enabled by ENABLE.
const CapUIDOnly Capability = "UIDONLY"

// CodeUIDRequired refuses a command that names messages by sequence numbers once
// UIDONLY is enabled (RFC 9586 §3).
const CodeUIDRequired CodeWord = "UIDREQUIRED"

// UIDFetchResponse is UIDFETCH: what FETCH is to a client that enabled UIDONLY
// (RFC 9586 §3.3). The values need not have the UID once more.
type UIDFetchResponse struct {
	UID    UID
	Values []FetchValue
}

func (UIDFetchResponse) response() {}
