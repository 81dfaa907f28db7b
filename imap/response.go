package imap

// Response is one response of a server. The set of its types is closed: they are
// those of this package, and pointers to them are never responses.
type Response interface{ response() }

type (
	// StatusResponse is OK, NO, BAD, BYE or PREAUTH (RFC 9051 §7.1). Tag is
	// "*" when untagged; Code is nil when there is none.
	StatusResponse struct {
		Tag    string
		Status Status
		Code   Code
		Text   string
	}
	// ContinuationResponse is a continuation request (RFC 9051 §7.6). Text
	// is what follows "+ ": human-readable, or base64 of a SASL exchange.
	ContinuationResponse struct{ Text string }
	// CapabilityResponse is CAPABILITY (RFC 9051 §7.2.2).
	CapabilityResponse struct{ Capabilities []Capability }
	// EnabledResponse is ENABLED (RFC 9051 §7.2.1).
	EnabledResponse struct{ Capabilities []Capability }
	// FlagsResponse is FLAGS (RFC 9051 §7.3.5).
	FlagsResponse struct{ Flags []Flag }
	// ListResponse is LIST, or IMAP4rev1's LSUB (RFC 9051 §7.3.1).
	ListResponse struct {
		Lsub bool
		Data ListData
	}
	// MailboxStatusResponse is STATUS (RFC 9051 §7.3.4).
	MailboxStatusResponse struct{ Data StatusData }
	// NamespaceResponse is NAMESPACE (RFC 9051 §7.3.3).
	NamespaceResponse struct{ Data NamespaceData }
	// ESearchResponse is ESEARCH (RFC 9051 §7.3.4).
	ESearchResponse struct{ Data SearchData }
	// SearchResponse is IMAP4rev1's SEARCH (RFC 3501 §7.2.5). Numbers are
	// UIDs when the command was UID SEARCH, which the wire does not say, in
	// the order in which they were sent. ModSeq is zero when absent.
	SearchResponse struct {
		Numbers []uint32
		ModSeq  ModSeq
	}
	// LanguageResponse is LANGUAGE (RFC 5255 §3.3): one tag says which
	// language is spoken from now on, several say which there are.
	LanguageResponse struct{ Tags []string }
	// ComparatorResponse is COMPARATOR (RFC 5255 §4.8). Matching are all
	// comparators that were meant, if there are several.
	ComparatorResponse struct {
		Active   string
		Matching []string
	}
	// SortResponse is SORT (RFC 5256 §4), with the members of SearchResponse.
	SortResponse struct {
		Numbers []uint32
		ModSeq  ModSeq
	}
	// ThreadResponse is THREAD (RFC 5256 §4).
	ThreadResponse struct{ Nodes []ThreadNode }
	// ExistsResponse is EXISTS (RFC 9051 §7.4.1).
	ExistsResponse struct{ Count uint32 }
	// RecentResponse is IMAP4rev1's RECENT (RFC 3501 §7.3.2).
	RecentResponse struct{ Count uint32 }
	// ExpungeResponse is EXPUNGE (RFC 9051 §7.5.1).
	ExpungeResponse struct{ Seq Seq }
	// VanishedResponse is VANISHED (RFC 7162 §3.2.10).
	VanishedResponse struct {
		Earlier bool
		UIDs    UIDSet
	}
	// FetchResponse is FETCH (RFC 9051 §7.5.2).
	FetchResponse struct {
		Seq    Seq
		Values []FetchValue
	}
	// MetadataResponse is METADATA (RFC 5464 §4.4).
	MetadataResponse struct{ Data MetadataData }
	// IDResponse is ID; nil fields are NIL (RFC 2971 §3.2).
	IDResponse struct{ Fields []IDField }
	// OtherResponse is an untagged response that is not known here. Word is
	// its name in upper case, Text the rest of its first line. Number is
	// what stands before the word, if HasNumber is set.
	OtherResponse struct {
		HasNumber  bool
		Number     uint32
		Word, Text string
	}
)

func (StatusResponse) response()        {}
func (ContinuationResponse) response()  {}
func (CapabilityResponse) response()    {}
func (EnabledResponse) response()       {}
func (FlagsResponse) response()         {}
func (ListResponse) response()          {}
func (MailboxStatusResponse) response() {}
func (NamespaceResponse) response()     {}
func (ESearchResponse) response()       {}
func (SearchResponse) response()        {}
func (LanguageResponse) response()      {}
func (ComparatorResponse) response()    {}
func (SortResponse) response()          {}
func (ThreadResponse) response()        {}
func (ExistsResponse) response()        {}
func (RecentResponse) response()        {}
func (ExpungeResponse) response()       {}
func (VanishedResponse) response()      {}
func (FetchResponse) response()         {}
func (IDResponse) response()            {}
func (MetadataResponse) response()      {}
func (OtherResponse) response()         {}

// FetchValue is one item of a FETCH response. Item.Kind says which of the other
// fields has a meaning.
type FetchValue struct {
	// Item is what is answered. Of its Partial only the offset comes back,
	// and HasOrigin tells that it came.
	Item      FetchItem
	HasOrigin bool

	Number        uint64            // FetchUID, FetchSize, FetchBinarySize, FetchModSeq
	Flags         []Flag            // FetchFlags
	InternalDate  DateTime          // FetchInternalDate, FetchSaveDate
	HasSaveDate   bool              // FetchSaveDate: it was not NIL
	Envelope      *Envelope         // FetchEnvelope
	BodyStructure *BodyStructure    // FetchBody, FetchBodyStructure
	ObjectID      ObjectID          // FetchEmailID, FetchThreadID; "" was NIL
	Annotations   []AnnotationEntry // FetchAnnotations
	// Content is the text of a section; nil if it was NIL.
	Content []byte // FetchSection, FetchBinary, FetchPreview and the three RFC822 items
	// Streamed says that the content comes as a stream of SizeOctets in
	// place of Content. Such a value is the last that was read.
	Streamed   bool
	SizeOctets uint64
}
