package mail

import "errors"

// What a decision or the store may answer. A protocol turns each into its own
// reply; errors that wrap none of these are faults of the server.
var (
	ErrNoMailbox       = errors.New("no such mailbox")
	ErrMailboxExists   = errors.New("mailbox exists already")
	ErrBadName         = errors.New("not a valid mailbox name")
	ErrInbox           = errors.New("not possible with INBOX")
	ErrHasChildren     = errors.New("mailbox has inferior names")
	ErrSpecialUse      = errors.New("special use cannot be given to this mailbox")
	ErrNoMessage       = errors.New("no such message")
	ErrNoEntry         = errors.New("no such entry")
	ErrTooManyKeywords = errors.New("too many different keywords in this mailbox")
	ErrTooManyAtOnce   = errors.New("too many messages in one command")
	ErrMailboxFull     = errors.New("mailbox has used up its unique identifiers")
	// What of metadata and annotations cannot be kept (RFC 5464 §4.3, RFC 5257
	// §4.5).
	ErrMetadataTooBig     = errors.New("value of metadata is too long")
	ErrTooMuchMetadata    = errors.New("too many entries of metadata")
	ErrAnnotationTooBig   = errors.New("value of an annotation is too long")
	ErrTooManyAnnotations = errors.New("too many annotations")
	ErrAnnotationsFull    = errors.New("no room for the annotations of the copies")

	ErrTooManyRights = errors.New("access control list is too long")

	ErrTooManyMailbox = errors.New("too many mailboxes in this account")

	// ErrNoSpace and ErrUnavailable say that nothing happened and that the
	// same thing may succeed later: the disk is full, or cannot be written.
	ErrNoSpace     = errors.New("no space left in the store")
	ErrUnavailable = errors.New("store is not available")
	// ErrCorrupt says that what was read failed its checksum.
	ErrCorrupt = errors.New("stored data is damaged")
	// ErrErased says that the account is gone.
	ErrErased = errors.New("account was deleted")
)
