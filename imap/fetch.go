package imap

// FetchKind tells what one item of a FETCH asks for (RFC 9051 §6.4.5).
type FetchKind uint8

// The items of FETCH. Those from FetchRFC822 on are IMAP4rev1's
// (RFC 3501 §6.4.5); FetchModSeq is of RFC 7162 §3.1.4.2.
const (
	FetchUID FetchKind = iota + 1
	FetchFlags
	FetchInternalDate
	FetchSize // RFC822.SIZE
	FetchEnvelope
	FetchBody          // BODY without a section
	FetchBodyStructure // BODYSTRUCTURE
	FetchSection       // BODY[…] and BODY.PEEK[…]
	FetchBinary        // BINARY[…] and BINARY.PEEK[…]
	FetchBinarySize    // BINARY.SIZE[…]
	FetchModSeq
	FetchSaveDate    // RFC 8514 §4.2
	FetchEmailID     // RFC 8474 §5.3
	FetchThreadID    // RFC 8474 §5.3
	FetchPreview     // RFC 8970 §3
	FetchAnnotations // RFC 5257 §4.3
	FetchRFC822
	FetchRFC822Header
	FetchRFC822Text
	fetchKindEnd
)

var fetchKindNames = [fetchKindEnd]string{
	FetchUID:           "UID",
	FetchFlags:         "FLAGS",
	FetchInternalDate:  "INTERNALDATE",
	FetchSize:          "RFC822.SIZE",
	FetchEnvelope:      "ENVELOPE",
	FetchBody:          "BODY",
	FetchBodyStructure: "BODYSTRUCTURE",
	FetchSection:       "BODY",
	FetchBinary:        "BINARY",
	FetchBinarySize:    "BINARY.SIZE",
	FetchModSeq:        "MODSEQ",
	FetchSaveDate:      "SAVEDATE",
	FetchEmailID:       "EMAILID",
	FetchThreadID:      "THREADID",
	FetchPreview:       "PREVIEW",
	FetchAnnotations:   "ANNOTATION",
	FetchRFC822:        "RFC822",
	FetchRFC822Header:  "RFC822.HEADER",
	FetchRFC822Text:    "RFC822.TEXT",
}

// FetchKinds calls yield with every kind there is.
func FetchKinds(yield func(FetchKind) bool) {
	for k := FetchUID; k < fetchKindEnd && yield(k); k++ {
	}
}

// String returns the item's word, without ".PEEK" and without its section.
func (k FetchKind) String() string {
	if k < fetchKindEnd {
		return fetchKindNames[k]
	}
	return ""
}

// HasSection reports whether items of this kind carry a section.
func (k FetchKind) HasSection() bool {
	return k == FetchSection || k == FetchBinary || k == FetchBinarySize
}

// FetchItem is one item of a FETCH. Section has a meaning only for kinds that
// HasSection (for the two BINARY kinds: its part path alone), Partial only for
// FetchSection and FetchBinary, and Peek, which keeps \Seen from being set, for
// the same two.
type FetchItem struct {
	Kind    FetchKind
	Peek    bool
	Lazy    bool // FetchPreview: only if it causes no delay (RFC 8970 §4.1)
	Section Section
	Partial Partial
	// Annotation is what FetchAnnotations asks for.
	Annotation *FetchAnnotation
}

// FetchMacro returns the items that a macro stands for, or nil if there is no
// macro of that name in upper case. A macro stands alone (RFC 9051 §6.4.5).
func FetchMacro(name string) []FetchItem {
	fast := []FetchItem{{Kind: FetchFlags}, {Kind: FetchInternalDate}, {Kind: FetchSize}}
	switch name {
	case "FAST":
		return fast
	case "ALL":
		return append(fast, FetchItem{Kind: FetchEnvelope})
	case "FULL":
		return append(fast, FetchItem{Kind: FetchEnvelope}, FetchItem{Kind: FetchBody})
	}
	return nil
}

// FetchRequest is the argument of FETCH and UID FETCH.
type FetchRequest struct {
	Messages MessageSet
	Items    []FetchItem
	// ChangedSince asks only for messages changed after it; zero asks for
	// all (RFC 7162 §3.1.4.1).
	ChangedSince ModSeq
	// Vanished asks also for the UIDs that were expunged after
	// ChangedSince. It comes only with UID FETCH (RFC 7162 §3.2.6).
	Vanished bool
	// Partial asks only for a part of the messages that the set names; the
	// zero value does not. It comes only with UID FETCH (RFC 9394 §3.3).
	Partial ResultRange
}
