package imap

// CapURLAuth says that URLs can carry authorization (RFC 4467), and
// CapURLAuthBinary that URLFETCH decodes and describes what they name
// (RFC 5524 §3).
const (
	CapURLAuth       Capability = "URLAUTH"
	CapURLAuthBinary Capability = "URLAUTH=BINARY"
)

// URLMechanismInternal is the one mechanism of authorization that is registered:
// the server makes and checks its tokens itself (RFC 4467 §2.4.1).
const URLMechanismInternal = "INTERNAL"

// RumpURL is a URL without a proof, as it stands, and the mechanism, in upper
// case, that is to prove it (RFC 4467 §7, GENURLAUTH).
type RumpURL struct{ URL, Mechanism string }

// ResetKeyRequest is the argument of RESETKEY (RFC 4467 §7): a mailbox and
// mechanisms in upper case, or nothing, which is all keys.
type ResetKeyRequest struct {
	All        bool
	Mailbox    string
	Mechanisms []string
}

// URLFetchItem is a URL of URLFETCH, as it stands, and what is wanted of it
// (RFC 5524 §3.1). Without any of these it is the octets alone, as RFC 4467 has
// them; Body and Binary exclude each other.
type URLFetchItem struct {
	URL                             string
	BodyPartStructure, Body, Binary bool
}

// IsExtended reports whether the answer has the form of RFC 5524 §3.2.
func (i *URLFetchItem) IsExtended() bool { return i.BodyPartStructure || i.Body || i.Binary }

// URLFetchData is what URLFETCH answers about one URL.
type URLFetchData struct {
	// URL is as the client wrote it.
	URL string
	// Text are the octets, unless Extended is set. They are absent if the URL
	// names nothing that may be had, in both forms (RFC 5524 §3.1).
	Text     NString
	Extended bool
	// BodyPartStructure describes what is returned; nil if it was not asked for.
	BodyPartStructure *BodyStructure
	// Body are the octets as the message has them, Binary those without a
	// transfer encoding, not present if that cannot be undone; nil if they were
	// not asked for.
	Body, Binary *NString
}

// GenURLAuthResponse is GENURLAUTH: the URLs that were asked for, with their
// proofs (RFC 4467 §8).
type GenURLAuthResponse struct{ URLs []string }

// URLFetchResponse is URLFETCH (RFC 4467 §8, RFC 5524 §3.2). A server may send
// several for one command.
type URLFetchResponse struct{ Data []URLFetchData }

func (GenURLAuthResponse) response() {}
func (URLFetchResponse) response()   {}

// CodeURLMech names the mechanisms besides INTERNAL that authorize URLs of a
// mailbox (RFC 4467 §8).
type CodeURLMech struct{ Others []URLMechanism }

// URLMechanism is a mechanism and its data in base64, "" for none.
type URLMechanism struct{ Name, Data string }

// Name returns "URLMECH".
func (CodeURLMech) Name() string { return "URLMECH" }

func (CodeURLMech) code() {}
