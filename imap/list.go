package imap

// ListRequest is the argument of LIST, and, with Reference and Patterns alone,
// of LSUB (RFC 9051 §6.3.9, RFC 3501 §6.3.9).
type ListRequest struct {
	Reference string
	// Patterns holds at least one pattern, in which "*" and "%" are
	// wildcards (RFC 9051 §6.3.9, RFC 5258 §3).
	Patterns []string
	// Extended says that the client used the extended syntax: selection
	// options, more than one pattern, or return options, even empty ones.
	// A basic LIST is answered as IMAP4rev1 knew it (RFC 5258 §3).
	Extended bool
	Select   ListSelect
	Return   ListReturn
}

// ListSelect are the selection options (RFC 9051 §6.3.9.1).
type ListSelect struct {
	Subscribed     bool
	Remote         bool
	RecursiveMatch bool
	SpecialUse     bool // RFC 6154 §5.2
}

// ListReturn are the return options (RFC 9051 §6.3.9.2).
type ListReturn struct {
	Subscribed bool
	Children   bool
	SpecialUse bool // RFC 6154 §5.2
	// MyRights asks for a MYRIGHTS response beside each mailbox (RFC 8440 §3).
	MyRights bool
	// Status asks for a STATUS response beside each selectable mailbox
	// (RFC 5819 §2); nil asks for none.
	Status []StatusItem
	// Metadata asks for the values of these entries beside each mailbox
	// (RFC 9590 §3); nil asks for none.
	Metadata []string
}

// ListData is the content of a LIST or LSUB response (RFC 9051 §7.3.1).
type ListData struct {
	Attrs []MailboxAttr
	// Delimiter is the hierarchy delimiter; zero is NIL, no hierarchy.
	Delimiter rune
	Mailbox   string
	// ChildInfo lists the selection options that children meet, such as
	// SUBSCRIBED (RFC 9051 §6.3.9.6); nil if the item is absent.
	ChildInfo []string
	// OldName is the name by which the mailbox was known before a rename
	// or canonicalisation; "" if the item is absent (RFC 9051 §6.3.9.7).
	OldName string
}

// Namespace is one namespace: the prefix of the names in it and its hierarchy
// delimiter, zero for none (RFC 9051 §6.3.10).
type Namespace struct {
	Prefix    string
	Delimiter rune
	// Extensions are further parameters as name and values
	// (RFC 9051 §9, namespace-response-extension).
	Extensions []NamespaceExtension
}

// NamespaceExtension is a parameter of a namespace this package knows nothing of.
type NamespaceExtension struct {
	Name   string
	Values []string
}

// NamespaceData is the content of a NAMESPACE response; a class that the server
// does not have is nil.
type NamespaceData struct{ Personal, Other, Shared []Namespace }
