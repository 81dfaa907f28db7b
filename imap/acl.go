package imap

// Capabilities of RFC 4314 and RFC 8440.
const (
	CapACL Capability = "ACL"
	// CapRights names the rights beyond those of RFC 2086; "n" is RFC 5257's
	// (RFC 4314 §2.2, §5.1.1).
	CapRights       Capability = "RIGHTS=texkn"
	CapListMyRights Capability = "LIST-MYRIGHTS"
)

// ACLRequest is the argument of SETACL; DELETEACL and LISTRIGHTS have no
// Rights (RFC 4314 §3).
type ACLRequest struct {
	Mailbox string
	// Identifier is who is meant: a login, "anyone", "anonymous", or what the
	// server makes of it; with "-" before it for negative rights.
	Identifier string
	// Rights are letters and digits; "+" or "-" before them adds them to
	// those that there are, or takes them away (RFC 4314 §3.1).
	Rights string
}

// ACLEntry is one pair of an ACL response.
type ACLEntry struct{ Identifier, Rights string }

// ACLData is the content of an ACL response (RFC 4314 §3.6).
type ACLData struct {
	Mailbox string
	Entries []ACLEntry
}

// ListRightsData is the content of a LISTRIGHTS response (RFC 4314 §3.7).
type ListRightsData struct {
	Mailbox    string
	Identifier string // as it was given
	Required   string // what the identifier always has; may be empty
	Optional   []string
}

// MyRightsData is the content of a MYRIGHTS response (RFC 4314 §3.8).
type MyRightsData struct{ Mailbox, Rights string }

// ACLResponse is ACL, ListRightsResponse LISTRIGHTS, and MyRightsResponse
// MYRIGHTS (RFC 4314 §3.6).
type (
	ACLResponse        struct{ Data ACLData }
	ListRightsResponse struct{ Data ListRightsData }
	MyRightsResponse   struct{ Data MyRightsData }
)

func (ACLResponse) response()        {}
func (ListRightsResponse) response() {}
func (MyRightsResponse) response()   {}
