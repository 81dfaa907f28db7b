package imap

// QuotaResource is the name of something that a quota limits (RFC 9208 §3.1),
// in upper case. Servers may know others than those here.
type QuotaResource string

// The resources of RFC 9208 §5.
const (
	QuotaStorage           QuotaResource = "STORAGE"            // in units of 1024 octets
	QuotaMessage           QuotaResource = "MESSAGE"            // number of messages
	QuotaMailbox           QuotaResource = "MAILBOX"            // number of mailboxes
	QuotaAnnotationStorage QuotaResource = "ANNOTATION-STORAGE" // in units of 1024 octets
)

// QuotaResources lists the resources of RFC 9208.
var QuotaResources = [...]QuotaResource{QuotaStorage, QuotaMessage, QuotaMailbox, QuotaAnnotationStorage}

// Capabilities of RFC 9208.
const (
	CapQuota                  Capability = "QUOTA"
	CapQuotaSet               Capability = "QUOTASET"
	CapQuotaStorage           Capability = "QUOTA=RES-STORAGE"
	CapQuotaMessage           Capability = "QUOTA=RES-MESSAGE"
	CapQuotaMailbox           Capability = "QUOTA=RES-MAILBOX"
	CapQuotaAnnotationStorage Capability = "QUOTA=RES-ANNOTATION-STORAGE"
)

// QuotaLimit is a limit that SETQUOTA asks for, in the resource's unit.
type QuotaLimit struct {
	Resource QuotaResource
	Limit    uint64 // of 63 bits; 0 prohibits any usage
}

// SetQuotaRequest is the argument of SETQUOTA (RFC 9208 §4.1.3). Limits that
// are not listed are removed.
type SetQuotaRequest struct {
	Root   string
	Limits []QuotaLimit
}

// QuotaUsage is one resource in a QUOTA response, in the resource's unit.
type QuotaUsage struct {
	Resource QuotaResource
	Usage    uint64
	Limit    uint64
}

// QuotaData is the content of a QUOTA response (RFC 9208 §4.2.1). Resources
// that are not listed are not limited.
type QuotaData struct {
	Root      string
	Resources []QuotaUsage
}

// QuotaRootData is the content of a QUOTAROOT response (RFC 9208 §4.2.2).
type QuotaRootData struct {
	Mailbox string
	Roots   []string
}

// QuotaResponse is QUOTA, and QuotaRootResponse is QUOTAROOT (RFC 9208 §4.2).
type (
	QuotaResponse     struct{ Data QuotaData }
	QuotaRootResponse struct{ Data QuotaRootData }
)

func (QuotaResponse) response()     {}
func (QuotaRootResponse) response() {}
