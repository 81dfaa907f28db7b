package imap

// LoginRequest is the argument of LOGIN (RFC 9051 §6.2.3).
type LoginRequest struct{ User, Password string }

// AuthenticateRequest is the argument of AUTHENTICATE (RFC 9051 §6.2.2).
type AuthenticateRequest struct {
	// Mechanism is the name of the SASL mechanism in upper case.
	Mechanism string
	// Initial is the decoded initial response: nil when there is none, and
	// empty but not nil when it was given as "=" (RFC 4959 §3).
	Initial []byte
}

// IDField is one field of an ID exchange (RFC 2971 §3.3). A value may be NIL.
type IDField struct {
	Name  string
	Value string
	Nil   bool
}
