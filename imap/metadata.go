package imap

import "strings"

// Capabilities of metadata and annotations.
const (
	CapMetadata       Capability = "METADATA"              // RFC 5464 §1
	CapMetadataServer Capability = "METADATA-SERVER"       // RFC 5464 §1
	CapListMetadata   Capability = "LIST-METADATA"         // RFC 9590 §3
	CapFilters        Capability = "FILTERS"               // RFC 5466 §3
	CapAnnotate       Capability = "ANNOTATE-EXPERIMENT-1" // RFC 5257 §1
)

// MetadataDepth says how far below an entry GETMETADATA looks (RFC 5464 §4.2.2).
type MetadataDepth uint8

// The depths.
const (
	DepthZero     MetadataDepth = iota // the entry itself
	DepthOne                           // and those one level below
	DepthInfinity                      // and all below
	metadataDepthEnd
)

var metadataDepthNames = [metadataDepthEnd]string{"0", "1", "infinity"}

// MetadataDepths calls yield with every depth there is.
func MetadataDepths(yield func(MetadataDepth) bool) {
	for d := DepthZero; d < metadataDepthEnd && yield(d); d++ {
	}
}

// String returns the word of the grammar.
func (d MetadataDepth) String() string {
	if d < metadataDepthEnd {
		return metadataDepthNames[d]
	}
	return ""
}

// MetadataValue is an entry and its value; nil is NIL, which no entry has that
// exists (RFC 5464 §3.2).
type MetadataValue struct {
	Entry string
	Value []byte
}

// GetMetadataRequest is the argument of GETMETADATA. An empty mailbox name is
// the server (RFC 5464 §4.2).
type GetMetadataRequest struct {
	Mailbox string
	// HasMaxSize says that values of more than MaxSize octets are not wanted.
	HasMaxSize bool
	MaxSize    uint32
	Depth      MetadataDepth
	Entries    []string
}

// SetMetadataRequest is the argument of SETMETADATA; an entry without a value is
// to be removed (RFC 5464 §4.3).
type SetMetadataRequest struct {
	Mailbox string
	Values  []MetadataValue
}

// MetadataData is the content of a METADATA response: values that were asked
// for, or else the entries that have changed (RFC 5464 §4.4).
type MetadataData struct {
	Mailbox string
	Values  []MetadataValue
	Entries []string
}

// MetadataScope is the first component of an entry's name: whose values it
// names (RFC 5464 §3.2).
type MetadataScope string

// The scopes.
const (
	MetadataPrivate MetadataScope = "/private"
	MetadataShared  MetadataScope = "/shared"
)

// SplitMetadataEntry parts an entry's name, which knows no case, into its scope
// and the rest in lower case: "/Shared/Comment" is "/shared" and "/comment". The
// rest is "" of a scope alone. known is false for what is in neither scope.
func SplitMetadataEntry(name string) (scope MetadataScope, rest string, known bool) {
	name = strings.ToLower(name)
	for _, scope := range [...]MetadataScope{MetadataPrivate, MetadataShared} {
		if rest, found := strings.CutPrefix(name, string(scope)); found && (rest == "" || rest[0] == '/') {
			return scope, rest, true
		}
	}
	return "", "", false
}

// CodeMetadataKind is what a METADATA response code says (RFC 5464 §5).
type CodeMetadataKind uint8

// The kinds of CodeMetadata.
const (
	MetadataLongEntries CodeMetadataKind = iota + 1 // of GETMETADATA: the size of the largest value left out
	MetadataMaxSize                                 // of SETMETADATA: the largest size there is room for
	MetadataTooMany                                 // there are too many entries
	MetadataNoPrivate                               // the mailbox has no private entries
)

// CodeMetadata is the METADATA response code. Octets goes with the first two
// kinds.
type CodeMetadata struct {
	Kind   CodeMetadataKind
	Octets uint32
}

// Name returns "METADATA".
func (CodeMetadata) Name() string { return "METADATA" }

// CodeUndefinedFilter names a filter that does not exist (RFC 5466 §3.1).
type CodeUndefinedFilter struct{ Filter string }

// Name returns "UNDEFINED-FILTER".
func (CodeUndefinedFilter) Name() string { return "UNDEFINED-FILTER" }

// SearchFilter stands for the keys of a filter (RFC 5466 §3.1).
type SearchFilter struct{ Name string }

func (CodeMetadata) code()        {}
func (CodeUndefinedFilter) code() {}
func (SearchFilter) searchKey()   {}
