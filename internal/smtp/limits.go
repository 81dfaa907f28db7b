package smtp

import "time"

// Limits of sessions. A zero field means its default.
type Limits struct {
	// SessionsMax is how many sessions may be open; SessionsPerAddressMax
	// counts those from one address.
	SessionsMax           int
	SessionsPerAddressMax int
	// RecipientsMax is how many recipients one message may have.
	RecipientsMax int
	// IdleTimeout is how long the server waits for the next octets, and
	// WriteTimeout for a client to take a reply.
	IdleTimeout  time.Duration
	WriteTimeout time.Duration
	// TransactionTimeout is how long one message may take, however steadily
	// it drips.
	TransactionTimeout time.Duration
	// LineMax is the longest command line in octets. It does not bound the
	// lines of messages.
	LineMax int
}

const (
	// sessionsMax leaves descriptors for IMAP under the usual limits.
	sessionsMax = 2000
	// sessionsPerAddressMax: a relay in front of this host opens tens of
	// connections to it, all from one address.
	sessionsPerAddressMax = 200
	// recipientsMax: RFC 5321 §4.5.3.1.8 asks for at least 100.
	recipientsMax = 1000
	// idleTimeout: RFC 5321 §4.5.3.2.7 asks for at least 5 minutes.
	idleTimeout  = 5 * time.Minute
	writeTimeout = 5 * time.Minute
	// transactionTimeout is enough for the largest message at 20 KB/s.
	transactionTimeout = time.Hour
	// lineMax: RFC 5321 §4.5.3.1.4 asks for 512 octets and more with every
	// extension; addresses in UTF-8 and ORCPT make long lines.
	lineMax = 64 << 10
	// gateBuffer and lineBuffer are what a session reads ahead of octets and
	// of a command line.
	gateBuffer = 8 << 10
	lineBuffer = 512
	// drainMax is how much of a message that was refused is read to its end
	// before the connection is cut instead.
	drainMax = 1 << 30
	// copyBuffer is the size of the portions in which a message is handed on.
	copyBuffer = 32 << 10
	// replyBuffer is how many octets of replies wait for each other.
	replyBuffer = 4 << 10
)

func (l Limits) withDefaults() Limits {
	l.SessionsMax = orDefault(l.SessionsMax, sessionsMax)
	l.SessionsPerAddressMax = orDefault(l.SessionsPerAddressMax, sessionsPerAddressMax)
	l.RecipientsMax = orDefault(l.RecipientsMax, recipientsMax)
	l.IdleTimeout = orDefault(l.IdleTimeout, idleTimeout)
	l.WriteTimeout = orDefault(l.WriteTimeout, writeTimeout)
	l.TransactionTimeout = orDefault(l.TransactionTimeout, transactionTimeout)
	l.LineMax = orDefault(l.LineMax, lineMax)
	return l
}

func orDefault[N int | time.Duration](value, otherwise N) N {
	if value <= 0 {
		return otherwise
	}
	return value
}
