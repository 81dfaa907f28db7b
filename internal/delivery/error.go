package delivery

import "errors"

// Why a recipient or a message is not accepted. Besides these, results are
// the errors of package mail; what wraps neither is a fault of the server.
var (
	// ErrBadAddress is for what cannot be an address.
	ErrBadAddress = errors.New("not a valid address")
	// ErrNotASCII is for an address that needs SMTPUTF8 in a message that
	// was not announced so (RFC 6531 §3.5).
	ErrNotASCII = errors.New("address needs SMTPUTF8")
	// ErrForeign is for a domain that is not served here: mail is never
	// passed on to other hosts.
	ErrForeign = errors.New("domain is not served here")
	// ErrUnknownUser is for an address that nobody has in a domain of ours.
	ErrUnknownUser = errors.New("no such user")
	// ErrDisabled is for an account that takes no mail at present.
	ErrDisabled = errors.New("account is disabled")
	// ErrMoved is for an account that lives on another server. What came here
	// for it would never be read.
	ErrMoved = errors.New("account is on another server")
	// ErrFull is for an account beyond its quota where RejectFull is set,
	// and wraps the mail.ErrOverQuota that it is otherwise.
	ErrFull = errors.New("account is full")
	// ErrTooLarge is for a message beyond MessageMax.
	ErrTooLarge = errors.New("message is too large")
	// ErrLoop is for a message beyond ReceivedMax.
	ErrLoop = errors.New("message has passed too many hosts")
)
