package query

// ContentID is what stands for a message's octets: the beginning of their hash.
type ContentID [16]byte

// Email matches the messages with this content: EMAILID (RFC 8474 §6).
type Email struct{ ID ContentID }

// Tier implements Key.
func (Email) Tier() Tier { return TierRow }

// Match implements Key.
func (k Email) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool { return r.Email == k.ID })
}
