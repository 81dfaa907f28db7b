package imap

// AnnotationAttribute is an attribute of an annotation and its value; nil is
// NIL (RFC 5257 §3.2).
type AnnotationAttribute struct {
	Name  string // such as "value.priv"
	Value []byte
}

// AnnotationEntry is an entry with attributes; with none in a FETCH response
// that tells that it has changed (RFC 5257 §4.4).
type AnnotationEntry struct {
	Entry      string
	Attributes []AnnotationAttribute
}

// Attributes of annotations. Without a suffix both are meant (RFC 5257 §3.2.2).
const (
	AttributeValue        = "value"
	AttributeValuePrivate = "value.priv"
	AttributeValueShared  = "value.shared"
	AttributeSize         = "size"
	AttributeSizePrivate  = "size.priv"
	AttributeSizeShared   = "size.shared"
)

// FetchAnnotation is what FETCH asks of annotations: entries, in which "*" and
// "%" are wildcards, and attributes (RFC 5257 §4.3).
type FetchAnnotation struct {
	Entries    []string
	Attributes []string
}

// SearchAnnotation matches messages with Value in an attribute of an entry that
// matches the pattern; NIL matches those where none has a value (RFC 5257 §4.8).
type SearchAnnotation struct {
	Entry     string
	Attribute string // AttributeValue, or with one of its suffixes
	// Value is nil for NIL.
	Value []byte
}

func (SearchAnnotation) searchKey() {}

// CodeAnnotate says why an annotation cannot be stored (RFC 5257 §4.5).
type CodeAnnotate string

// The ANNOTATE response codes.
const (
	AnnotateTooBig  CodeAnnotate = "TOOBIG"
	AnnotateTooMany CodeAnnotate = "TOOMANY"
)

// Name returns "ANNOTATE".
func (CodeAnnotate) Name() string { return "ANNOTATE" }

// CodeAnnotations says what annotations a selected mailbox takes (RFC 5257
// §4.1). The zero value is NONE.
type CodeAnnotations struct {
	ReadOnly bool
	// MaxOctets is the largest value, unless the mailbox is ReadOnly.
	MaxOctets uint32
	NoPrivate bool
}

// Name returns "ANNOTATIONS".
func (CodeAnnotations) Name() string { return "ANNOTATIONS" }

func (CodeAnnotate) code()    {}
func (CodeAnnotations) code() {}
