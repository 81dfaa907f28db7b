package auth

import "time"

// Limits are what the room never exceeds. Zero fields of a Limits that is
// passed to a constructor mean the default.
type Limits struct {
	// ArgonMemory, ArgonPasses and ArgonLanes are the cost of one password
	// hash: KiB, passes, lanes. The default is OWASP's smaller choice; a
	// server that hashes for many at once pays the memory each time.
	ArgonMemory uint32
	ArgonPasses uint32
	ArgonLanes  uint8
	// ArgonAtOnce is how many hashes are computed at the same time; each
	// holds ArgonMemory.
	ArgonAtOnce int
	// ArgonQueueMax is how many logins from one address wait for a hash
	// before others from there are told to come back.
	ArgonQueueMax int
	// ScramIterations is the PBKDF2 cost of new SCRAM keys, which clients pay
	// too (RFC 7677 §4 asks for at least 4096).
	ScramIterations int
	// RememberFor is how long after its last use a verified password is
	// remembered; RememberMax is how long after it was verified. Phones
	// reconnect every few minutes.
	RememberFor time.Duration
	RememberMax time.Duration
	// RememberedMax is how many passwords are remembered.
	RememberedMax int
	// DelayFirst is what the second wrong password in a row costs; each
	// further one doubles it, up to DelayMax. DelayForget is how long after
	// the last wrong password the next counts as the first.
	DelayFirst  time.Duration
	DelayMax    time.Duration
	DelayForget time.Duration
	// DelayWaitMax is the longest an attempt waits for its turn; those that
	// would wait longer are refused at once.
	DelayWaitMax time.Duration
	// DelayPairsMax is how many pairs of address and account are watched.
	DelayPairsMax int
	// SessionsPerAccount and ConnectionsPerAddress bound what is open at the
	// same time. They are generous: phones open many, and offices share one
	// address.
	SessionsPerAccount    int
	ConnectionsPerAddress int
	// AliasDepthMax is how many aliases one recipient may lead through, and
	// RecipientsMax how many accounts it may reach.
	AliasDepthMax int
	RecipientsMax int
}

// DefaultLimits returns the limits that hold if nothing else is configured.
func DefaultLimits() Limits {
	return Limits{
		ArgonMemory:           19 * 1024,
		ArgonPasses:           2,
		ArgonLanes:            1,
		ArgonAtOnce:           2,
		ArgonQueueMax:         1024,
		ScramIterations:       10000,
		RememberFor:           10 * time.Minute,
		RememberMax:           12 * time.Hour,
		RememberedMax:         50000,
		DelayFirst:            500 * time.Millisecond,
		DelayMax:              15 * time.Second,
		DelayForget:           15 * time.Minute,
		DelayWaitMax:          30 * time.Second,
		DelayPairsMax:         50000,
		SessionsPerAccount:    1024,
		ConnectionsPerAddress: 4096,
		AliasDepthMax:         16,
		RecipientsMax:         1000,
	}
}

// passwordMax is the longest password, in octets: hashing cost must not grow
// with what a stranger sends.
const passwordMax = 1024

// addressMax is the longest address (RFC 5321 §4.5.3.1.3 allows a path of
// 256 octets, which includes the angle brackets).
const addressMax = 254

// localMax is the longest local part (RFC 5321 §4.5.3.1.1).
const localMax = 64

// withDefaults fills the fields that are zero.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	fill(&l.ArgonMemory, d.ArgonMemory)
	fill(&l.ArgonPasses, d.ArgonPasses)
	fill(&l.ArgonLanes, d.ArgonLanes)
	fill(&l.ArgonAtOnce, d.ArgonAtOnce)
	fill(&l.ArgonQueueMax, d.ArgonQueueMax)
	fill(&l.ScramIterations, d.ScramIterations)
	fill(&l.RememberFor, d.RememberFor)
	fill(&l.RememberMax, d.RememberMax)
	fill(&l.RememberedMax, d.RememberedMax)
	fill(&l.DelayFirst, d.DelayFirst)
	fill(&l.DelayMax, d.DelayMax)
	fill(&l.DelayForget, d.DelayForget)
	fill(&l.DelayWaitMax, d.DelayWaitMax)
	fill(&l.DelayPairsMax, d.DelayPairsMax)
	fill(&l.SessionsPerAccount, d.SessionsPerAccount)
	fill(&l.ConnectionsPerAddress, d.ConnectionsPerAddress)
	fill(&l.AliasDepthMax, d.AliasDepthMax)
	fill(&l.RecipientsMax, d.RecipientsMax)
	return l
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
