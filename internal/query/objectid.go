package query

// Email matches the messages with this content, by the number that the store has
// for it: EMAILID (RFC 8474 §6).
type Email struct{ ID uint64 }

// Tier implements Key.
func (Email) Tier() Tier { return TierRow }

// Match implements Key.
func (k Email) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchRow(c, tier, func(r *Row) bool { return r.Email == k.ID })
}
