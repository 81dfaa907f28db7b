package imap

// Capabilities of referrals to other servers.
const (
	// CapLoginReferrals is RFC 2221: a login may be answered with where the
	// account lives.
	CapLoginReferrals Capability = "LOGIN-REFERRALS"
	// CapMailboxReferrals is RFC 2193: a command may be answered with where the
	// mailbox is that it names, and RLIST and RLSUB list such mailboxes.
	CapMailboxReferrals Capability = "MAILBOX-REFERRALS"
)

// CodeReferral says where something is that is not on this server: an account
// (RFC 2221 §5) or a mailbox (RFC 2193 §6), by URLs of which the first is to be
// preferred. For RENAME they are pairs of the old and the new name
// (RFC 2193 §4.3). Clients must be prepared for URLs of any kind.
type CodeReferral struct{ URLs []string }

// Name returns "REFERRAL".
func (CodeReferral) Name() string { return "REFERRAL" }

func (CodeReferral) code() {}
