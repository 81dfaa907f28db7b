package imapserver

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/convert"
	"github.com/restante/restante/internal/mail"
)

// Options is what a server is made of. Store, Auth and Logger are required.
type Options struct {
	Store  mail.Store
	Auth   *auth.Service
	Logger *slog.Logger
	// TLS is what STARTTLS and implicit TLS speak; nil offers neither.
	TLS *tls.Config
	// LiteralMinus has clients ask before they send a literal of more than 4,096
	// octets (RFC 7888 §5), so that what is refused is not sent at all.
	LiteralMinus bool
	// ServerName is the host's name, in the greeting and in ID.
	ServerName string
	// ReferTo, if not empty, is the URL of the server to which every connection
	// is referred at once (RFC 2221 §4.2).
	ReferTo string
	// Version is told in ID to who has logged in.
	Version string
	// Admin is a URI by which the administrator is reached; "" tells of none
	// (RFC 5464 §3.2.1.1).
	Admin string
	// ClearTextLogins allows passwords without TLS from anywhere, and not
	// only from the machine itself (RFC 9051 §11.1).
	ClearTextLogins bool
	// UTF8Only refuses clients that do not enable UTF8=ACCEPT (RFC 9755 §7).
	UTF8Only bool
	// EightBitHeaders lets every client append messages with 8-bit header fields.
	EightBitHeaders bool
	// Language is the tag of the language that "LANGUAGE default" means;
	// empty is "i-default" (RFC 5255 §3.2).
	Language string
	Limits   Limits
	// URLAccess are the logins of the servers that may use URLs made for an
	// application, such as submit or stream (RFC 5593 §3.3).
	URLAccess map[string][]string
	// URLMechNeedsTLS tells how URLs are authorized only under TLS (RFC 4467
	// §10).
	URLMechNeedsTLS bool
	// AppendLimits are the largest messages in octets that APPEND puts into
	// mailboxes, by their names; those below a mailbox have its limit unless they
	// have their own (RFC 7889 §3).
	AppendLimits map[string]int64
	// ConvertDefaults are what the default conversion of CONVERT makes of
	// texts and images (RFC 5259 §6).
	ConvertDefaults convert.Defaults
	// Now is the clock; nil is the machine's.
	Now func() time.Time
	// WireLog, if set, gives a log of everything that the client and that
	// the server sends on one connection. It must cut credentials itself.
	WireLog func(id string, remote net.Addr) (client, server io.WriteCloser)
	Hooks   Hooks
}

// Hooks tell metrics what happens. Each may be nil, and is called from many
// goroutines.
type Hooks struct {
	SessionOpened func(secure bool)
	SessionClosed func()
	// LoggedIn tells of every attempt; mechanism is LOGIN or one of SASL's.
	LoggedIn func(mechanism string, ok bool)
	// Command tells of every command that was carried out: its name, OK, NO
	// or BAD, and how long it took without waiting for the client.
	Command func(name, status string, elapsed time.Duration)
	// Converted tells of every conversion that CONVERT did or failed to do:
	// the media types, "other" for one that is not listed, OK or why it
	// failed, and how long it took.
	Converted func(from, to, result string, elapsed time.Duration)
	// Octets tells what one connection received and sent, at its end.
	Octets func(received, sent uint64)
	// Panicked tells of a session that was ended by a fault of the server.
	Panicked func()
}

func (h Hooks) withDefaults() Hooks {
	if h.SessionOpened == nil {
		h.SessionOpened = func(bool) {}
	}
	if h.SessionClosed == nil {
		h.SessionClosed = func() {}
	}
	if h.LoggedIn == nil {
		h.LoggedIn = func(string, bool) {}
	}
	if h.Command == nil {
		h.Command = func(string, string, time.Duration) {}
	}
	if h.Converted == nil {
		h.Converted = func(string, string, string, time.Duration) {}
	}
	if h.Octets == nil {
		h.Octets = func(uint64, uint64) {}
	}
	if h.Panicked == nil {
		h.Panicked = func() {}
	}
	return h
}
