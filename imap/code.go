package imap

// Status is the word of a status response (RFC 9051 §7.1).
type Status string

// The status responses.
const (
	StatusOK      Status = "OK"
	StatusNo      Status = "NO"
	StatusBad     Status = "BAD"
	StatusBye     Status = "BYE"
	StatusPreAuth Status = "PREAUTH"
)

// Code is a response code (RFC 9051 §7.1). The set of its types is closed: a
// CodeWord is a code without arguments, each code with arguments has a type of
// its own, and CodeOther holds what is not known here.
type Code interface {
	// Name is the code's word in upper case.
	Name() string
	code()
}

// CodeWord is a response code without arguments.
type CodeWord string

// Response codes without arguments: RFC 9051 §7.1, RFC 5530 §3, and, as marked,
// of other documents.
const (
	CodeAlert                CodeWord = "ALERT"
	CodeAlreadyExists        CodeWord = "ALREADYEXISTS"
	CodeAuthenticationFailed CodeWord = "AUTHENTICATIONFAILED"
	CodeAuthorizationFailed  CodeWord = "AUTHORIZATIONFAILED"
	CodeCannot               CodeWord = "CANNOT"
	CodeClientBug            CodeWord = "CLIENTBUG"
	CodeClosed               CodeWord = "CLOSED"
	CodeContactAdmin         CodeWord = "CONTACTADMIN"
	CodeCorruption           CodeWord = "CORRUPTION"
	CodeExpired              CodeWord = "EXPIRED"
	CodeExpungeIssued        CodeWord = "EXPUNGEISSUED"
	CodeHasChildren          CodeWord = "HASCHILDREN"
	CodeInUse                CodeWord = "INUSE"
	CodeLimit                CodeWord = "LIMIT"
	CodeNonExistent          CodeWord = "NONEXISTENT"
	CodeNoPerm               CodeWord = "NOPERM"
	CodeNotSaved             CodeWord = "NOTSAVED"
	CodeOverQuota            CodeWord = "OVERQUOTA"
	CodeParse                CodeWord = "PARSE"
	CodePrivacyRequired      CodeWord = "PRIVACYREQUIRED"
	CodeReadOnly             CodeWord = "READ-ONLY"
	CodeReadWrite            CodeWord = "READ-WRITE"
	CodeServerBug            CodeWord = "SERVERBUG"
	CodeTryCreate            CodeWord = "TRYCREATE"
	CodeUIDNotSticky         CodeWord = "UIDNOTSTICKY"
	CodeUnavailable          CodeWord = "UNAVAILABLE"
	CodeUnknownCTE           CodeWord = "UNKNOWN-CTE"
	CodeBadComparator        CodeWord = "BADCOMPARATOR"     // RFC 5255 §4.9
	CodeNoModSeq             CodeWord = "NOMODSEQ"          // RFC 7162 §3.1.2.2
	CodeTooBig               CodeWord = "TOOBIG"            // RFC 7889 §4
	CodeUseAttr              CodeWord = "USEATTR"           // RFC 6154 §3
	CodeTooFew               CodeWord = "TOOFEW"            // RFC 10022 §3.1.3.2
	CodeTooMany              CodeWord = "TOOMANY"           // RFC 10022 §3.1.5
	CodeCompressionActive    CodeWord = "COMPRESSIONACTIVE" // RFC 4978 §3
)

// CodeWords lists every code without arguments.
var CodeWords = [...]CodeWord{
	CodeAlert, CodeAlreadyExists, CodeAuthenticationFailed, CodeAuthorizationFailed,
	CodeCannot, CodeClientBug, CodeClosed, CodeContactAdmin, CodeCorruption,
	CodeExpired, CodeExpungeIssued, CodeHasChildren, CodeInUse, CodeLimit,
	CodeNonExistent, CodeNoPerm, CodeNotSaved, CodeOverQuota, CodeParse,
	CodePrivacyRequired, CodeReadOnly, CodeReadWrite, CodeServerBug, CodeTryCreate,
	CodeUIDNotSticky, CodeUnavailable, CodeUnknownCTE, CodeBadComparator, CodeNoModSeq, CodeTooBig,
	CodeUseAttr, CodeCompressionActive, CodeTooFew, CodeTooMany,
	CodeUIDRequired,
	CodeTempFail,
	CodeNotificationOverflow,
}

// Response codes with arguments.
type (
	// CodeBadCharset names the charsets that the server knows; none, if it
	// does not say.
	CodeBadCharset struct{ Charsets []string }
	// CodeCapability gives the capabilities of the server.
	CodeCapability struct{ Capabilities []Capability }
	// CodePermanentFlags gives the flags that can be changed for good.
	CodePermanentFlags struct{ Flags []Flag }
	// CodeUIDNext gives the next UID.
	CodeUIDNext struct{ UID UID }
	// CodeUIDValidity gives the mailbox's UIDVALIDITY.
	CodeUIDValidity struct{ UIDValidity UIDValidity }
	// CodeUnseen gives the first unseen message (RFC 3501 §7.1).
	CodeUnseen struct{ Seq Seq }
	// CodeAppendUID gives the UIDs of appended messages in their order; one
	// UID for one message.
	CodeAppendUID struct {
		UIDValidity UIDValidity
		UIDs        UIDSet
	}
	// CodeCopyUID pairs the UIDs of copied messages with those of their
	// copies; UIDValidity is the destination's.
	CodeCopyUID struct {
		UIDValidity         UIDValidity
		Source, Destination UIDSet
	}
	// CodeHighestModSeq gives the mailbox's highest modification sequence
	// (RFC 7162 §3.1.2.1).
	CodeHighestModSeq struct{ ModSeq ModSeq }
	// CodeModified names the messages that a conditional STORE left alone
	// (RFC 7162 §3.1.3). The wire does not say whether they are UIDs: a
	// client's decoder always fills Seqs, and who sent UID STORE converts.
	CodeModified struct{ Messages MessageSet }
	// CodeNoUpdate says that the changes of a search's result will not be
	// told (RFC 5267 §4.3.1).
	CodeNoUpdate struct{ Tag string }
	// CodeOther is a code that is not known here, with its arguments as
	// they stand.
	CodeOther struct{ Word, Arguments string }
)

// Name returns the word itself.
func (c CodeWord) Name() string { return string(c) }

// Name returns "BADCHARSET".
func (CodeBadCharset) Name() string { return "BADCHARSET" }

// Name returns "CAPABILITY".
func (CodeCapability) Name() string { return "CAPABILITY" }

// Name returns "PERMANENTFLAGS".
func (CodePermanentFlags) Name() string { return "PERMANENTFLAGS" }

// Name returns "UIDNEXT".
func (CodeUIDNext) Name() string { return "UIDNEXT" }

// Name returns "UIDVALIDITY".
func (CodeUIDValidity) Name() string { return "UIDVALIDITY" }

// Name returns "UNSEEN".
func (CodeUnseen) Name() string { return "UNSEEN" }

// Name returns "APPENDUID".
func (CodeAppendUID) Name() string { return "APPENDUID" }

// Name returns "COPYUID".
func (CodeCopyUID) Name() string { return "COPYUID" }

// Name returns "HIGHESTMODSEQ".
func (CodeHighestModSeq) Name() string { return "HIGHESTMODSEQ" }

// Name returns "MODIFIED".
func (CodeModified) Name() string { return "MODIFIED" }

// Name returns "NOUPDATE".
func (CodeNoUpdate) Name() string { return "NOUPDATE" }

// Name returns the word as it was read, in upper case.
func (c CodeOther) Name() string { return c.Word }

func (CodeWord) code()           {}
func (CodeBadCharset) code()     {}
func (CodeCapability) code()     {}
func (CodePermanentFlags) code() {}
func (CodeUIDNext) code()        {}
func (CodeUIDValidity) code()    {}
func (CodeUnseen) code()         {}
func (CodeAppendUID) code()      {}
func (CodeCopyUID) code()        {}
func (CodeHighestModSeq) code()  {}
func (CodeModified) code()       {}
func (CodeNoUpdate) code()       {}
func (CodeOther) code()          {}
