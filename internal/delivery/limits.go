package delivery

// Limits of delivery. A zero field means its default.
type Limits struct {
	// MessageMax is the largest message in octets, as received.
	MessageMax int64
	// ReceivedMax is how many Received fields a message may carry before it
	// is taken for one that runs in a circle.
	ReceivedMax int
	// RejectFull refuses mail for an account beyond its quota for good, and
	// not for the present.
	RejectFull bool
}

const (
	// messageMax is what an IMAP literal can be, so that what was delivered
	// can be appended again. Most servers stop at 25 to 50 MB.
	messageMax = 64 << 20
	// receivedMax: RFC 5321 §6.3 asks for at least 100, because long chains
	// of lists and gateways are real.
	receivedMax = 100
	// receivedOctetsMax is how much of a header is searched for Received
	// fields; a loop adds them at the top.
	receivedOctetsMax = 1 << 20
	// addressMax is the longest address in octets. RFC 5321 §4.5.3.1.3 asks
	// for 256; UTF-8 addresses are longer.
	addressMax = 1000
)

func (l Limits) withDefaults() Limits {
	if l.MessageMax <= 0 {
		l.MessageMax = messageMax
	}
	if l.ReceivedMax <= 0 {
		l.ReceivedMax = receivedMax
	}
	return l
}
