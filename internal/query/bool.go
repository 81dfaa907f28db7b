package query

// All matches every message, and None no message.
type (
	All  struct{}
	None struct{}
)

// And matches what all its keys match; without keys, everything.
type And []Key

// Or matches what one of its keys matches; without keys, nothing.
type Or []Key

// Not matches what its key does not match.
type Not struct{ Key Key }

// Tier implements Key.
func (All) Tier() Tier { return TierUID }

// Match implements Key.
func (All) Match(*Candidate, Tier) (Verdict, error) { return Yes, nil }

// Tier implements Key.
func (None) Tier() Tier { return TierUID }

// Match implements Key.
func (None) Match(*Candidate, Tier) (Verdict, error) { return No, nil }

// Tier implements Key.
func (k And) Tier() Tier { return dearest(k) }

// Tier implements Key.
func (k Or) Tier() Tier { return dearest(k) }

// Tier implements Key.
func (k Not) Tier() Tier { return k.Key.Tier() }

func dearest(keys []Key) Tier {
	tier := TierUID
	for _, k := range keys {
		tier = max(tier, k.Tier())
	}
	return tier
}

// Match implements Key: one No decides.
func (k And) Match(c *Candidate, tier Tier) (Verdict, error) { return join(k, c, tier, No, Yes) }

// Match implements Key: one Yes decides.
func (k Or) Match(c *Candidate, tier Tier) (Verdict, error) { return join(k, c, tier, Yes, No) }

// join asks keys until one gives the deciding verdict. If all give the other
// one, that is the answer; else it is not known at this tier. A key that cannot
// be read is an error only if no other decides.
func join(keys []Key, c *Candidate, tier Tier, deciding, otherwise Verdict) (Verdict, error) {
	verdict := otherwise
	var failed error
	for _, k := range keys {
		v, err := k.Match(c, tier)
		switch {
		case err != nil:
			failed = err
		case v == deciding:
			return deciding, nil
		case v == Unknown:
			verdict = Unknown
		}
	}
	if failed != nil {
		return Unknown, failed
	}
	return verdict, nil
}

// Match implements Key.
func (k Not) Match(c *Candidate, tier Tier) (Verdict, error) {
	v, err := k.Key.Match(c, tier)
	switch v {
	case Yes:
		v = No
	case No:
		v = Yes
	}
	return v, err
}
