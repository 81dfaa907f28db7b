package auth

import "errors"

// What a login may answer. A protocol turns each into its own reply.
var (
	// ErrCredentials says that name and password do not belong together, or
	// that there is no such name: it never says which.
	ErrCredentials = errors.New("authentication failed")
	// ErrAuthorization says that the password is right, and that its owner
	// asked to act as somebody else, which is not offered.
	ErrAuthorization = errors.New("may not act as another user")
	// ErrDisabled says that the account takes no logins and no mail. A login
	// hears it only after the right password.
	ErrDisabled = errors.New("account is disabled")
	// ErrReferred says that the account lives on another server: mail for it is
	// not taken, and a login hears where it lives (see ReferredError).
	ErrReferred = errors.New("account is on another server")
	// ErrTooMany says that too many attempts or sessions are under way.
	ErrTooMany = errors.New("too many at once, try again later")
	// ErrUnavailable says that the directory cannot be read or written now.
	ErrUnavailable = errors.New("the directory of users is not available")
	// ErrMechanism says that a SASL mechanism is not offered here.
	ErrMechanism = errors.New("authentication mechanism is not offered")
	// ErrProtocol says that a SASL response is malformed.
	ErrProtocol = errors.New("malformed authentication response")
)

// What Resolve may answer.
var (
	// ErrNoUser says that the domain is ours, but nobody has the address.
	ErrNoUser = errors.New("no such user here")
	// ErrNotLocal says that the domain is not one of ours.
	ErrNotLocal = errors.New("not a domain of this server")
)

// What a change of the directory may answer.
var (
	ErrBadAddress  = errors.New("not a valid name")
	ErrBadPassword = errors.New("not a valid password")
	ErrExists      = errors.New("exists already")
	ErrNotFound    = errors.New("does not exist")
	ErrInUse       = errors.New("is still in use")
)
