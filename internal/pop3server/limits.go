package pop3server

import "time"

// Limits of sessions. A zero field means its default.
type Limits struct {
	// LineMax is the longest command line in octets.
	LineMax int
	// LoginTimeout is how long a client may take to log in, IdleTimeout how
	// long a session waits for a command, WriteTimeout how long a client may
	// take to accept a portion of a message.
	LoginTimeout time.Duration
	IdleTimeout  time.Duration
	WriteTimeout time.Duration
	// LoginsMax is how many failed logins end a session, ErrorsMax how many
	// failed commands in a row.
	LoginsMax int
	ErrorsMax int
}

const (
	// lineMax: RFC 2449 §4 asks for 255; a SASL response is longer, and the
	// longest, with an access token, must be read (RFC 5034 §4).
	lineMax = 32 << 10
	// skipMax is how much of a line that is too long is skipped before the
	// session ends instead.
	skipMax = 1 << 20
	// loginTimeout is what the other protocols give, too.
	loginTimeout = 60 * time.Second
	// idleTimeout: RFC 1939 §3 forbids less than 10 minutes.
	idleTimeout  = 10 * time.Minute
	writeTimeout = 2 * time.Minute
	// loginsMax: the delay after wrong passwords is the real protection.
	loginsMax = 5
	// errorsMax ends sessions of those who speak another protocol.
	errorsMax = 50
	// portionMax is how many messages are looked at within one read of the
	// store, so that a slow client pins nothing.
	portionMax = 1000
	// sizesMax is how many sizes are remembered: some 60 octets each.
	sizesMax = 200_000
	// bufferSize is how much of a message is in memory at once.
	bufferSize = 32 << 10
)

func (l Limits) withDefaults() Limits {
	orDefault(&l.LineMax, lineMax)
	orDefault(&l.LoginTimeout, loginTimeout)
	orDefault(&l.IdleTimeout, idleTimeout)
	orDefault(&l.WriteTimeout, writeTimeout)
	orDefault(&l.LoginsMax, loginsMax)
	orDefault(&l.ErrorsMax, errorsMax)
	return l
}

func orDefault[N int | time.Duration](field *N, value N) {
	if *field <= 0 {
		*field = value
	}
}
