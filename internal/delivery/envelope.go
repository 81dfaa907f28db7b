package delivery

import (
	"net"

	"github.com/restante/restante/internal/mail"
)

// Envelope is what a client said about a message before sending it.
type Envelope struct {
	// From is the reverse-path without brackets, "" for the null one.
	From       string
	Recipients []Recipient
	// AllOrNone asks that no recipient gets the message unless all do: a
	// protocol with one reply for all of them, as SMTP, cannot say who did.
	AllOrNone bool
	Origin    Origin
}

// Recipient is an address and who receives its mail.
type Recipient struct {
	Address  string // as the client gave it, without brackets and quotes
	Accounts []mail.AccountID
}

// Origin says from where and how a message came, for its Received field.
type Origin struct {
	Hello         string   // what the client called itself
	Remote        net.Addr // nil if it has none worth telling
	Base          string   // "ESMTP" or "LMTP"
	TLS           string   // version and cipher suite, "" in clear text
	Authenticated bool
	UTF8          bool // SMTPUTF8 was asked for
}

// Protocol returns the keyword of the "with" clause (RFC 3848; RFC 6531 §4.3
// for the forms with UTF8).
func (o Origin) Protocol() string {
	name := o.Base
	if o.UTF8 {
		if name == "ESMTP" {
			name = "SMTP"
		}
		name = "UTF8" + name
	}
	if o.TLS != "" {
		name += "S"
	}
	if o.Authenticated {
		name += "A"
	}
	return name
}
