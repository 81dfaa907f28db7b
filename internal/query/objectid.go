package query

// ContentID is what stands for all that never changes of a message: the beginning
// of its octets' hash, and its internal date with the zone.
type ContentID [16 + 8 + 2]byte

// Email matches the messages with this content: EMAILID (RFC 8474 §6).
type Email struct{ ID ContentID }

// Tier implements Key.
func (Email) Tier() Tier { return TierRow }

// Match implements Key.
func (k Email) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool { return r.Email == k.ID })
}
