package query

import (
	"context"
	"iter"

	"github.com/restante/restante/imap"
)

// Program is a key that is ready to run. It is not changed and may be run by
// several goroutines at the same time.
type Program struct {
	key   Key
	tiers []Tier // at which a key of the program may decide, ascending
}

// Compile simplifies a key and makes a program of it.
func Compile(key Key) *Program {
	p := &Program{key: Simplify(key)}
	var used [tierCount]bool
	markTiers(p.key, &used)
	for tier, use := range used {
		if use {
			p.tiers = append(p.tiers, Tier(tier))
		}
	}
	return p
}

// markTiers notes the tiers at which something new may be known.
func markTiers(key Key, used *[tierCount]bool) {
	switch k := key.(type) {
	case And:
		for _, key := range k {
			markTiers(key, used)
		}
	case Or:
		for _, key := range k {
			markTiers(key, used)
		}
	case Not:
		markTiers(k.Key, used)
	case Header:
		used[TierStructure], used[TierHeader] = true, true
	default:
		used[key.Tier()] = true
	}
}

// Key returns the simplified key.
func (p *Program) Key() Key { return p.key }

// Tier returns the dearest tier that the program may need: below TierRow a
// source of marks is enough.
func (p *Program) Tier() Tier { return p.key.Tier() }

// First returns the cheapest tier at which the program can decide anything: a
// program whose First is TierRow gains nothing from marks.
func (p *Program) First() Tier {
	for _, tier := range p.tiers {
		if tier > TierUID {
			return tier
		}
	}
	return TierUID
}

// Within returns those of the UIDs that the program can match at all, as far
// as its sets tell. Only they need to be run.
func (p *Program) Within(uids imap.UIDSet) imap.UIDSet {
	switch k := p.key.(type) {
	case None:
		return nil
	case UIDs:
		return uids.Intersect(k.Set)
	case And:
		for _, key := range k {
			if set, ok := key.(UIDs); ok {
				return uids.Intersect(set.Set)
			}
		}
	}
	return uids
}

// IsSet reports whether the program looks at nothing but UIDs and is a single
// set or constant, so that Within is its whole answer.
func (p *Program) IsSet() bool {
	switch p.key.(type) {
	case None, All, UIDs:
		return true
	}
	return false
}

// Source is what a program runs over. A message need be valid only until the
// next is yielded.
type Source = iter.Seq2[Message, error]

// Sink receives what a run finds.
type Sink struct {
	// Found is called with each message that matches, in the order of the
	// source; false ends the run.
	Found func(Message) bool
	// Unreadable is called with each message that could not be decided
	// because reading it failed. If it returns nil, or is nil itself, the run
	// goes on, and the message does not match: one unreadable message never
	// hides the others. An error ends the run.
	Unreadable func(Message, error) error
}

// Run looks for the messages of the source that match. It returns the source's
// error, the context's, or what Unreadable returned.
func (p *Program) Run(ctx context.Context, source Source, sink Sink) error {
	c := Candidate{scratch: new(scratch)}
	for m, err := range source {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		c.reset(m)
		verdict, err := p.match(&c)
		if err != nil {
			if sink.Unreadable != nil {
				if err := sink.Unreadable(m, err); err != nil {
					return err
				}
			}
			continue
		}
		if verdict == Yes && !sink.Found(m) {
			return nil
		}
	}
	return nil
}

// match asks the tiers in order until one decides. What cannot be read decides
// nothing while something else may.
func (p *Program) match(c *Candidate) (verdict Verdict, err error) {
	for _, tier := range p.tiers {
		if verdict, err = p.key.Match(c, tier); err == nil && verdict != Unknown {
			return verdict, nil
		}
	}
	return verdict, err
}

// Match says whether one message matches.
func (p *Program) Match(m Message) (bool, error) {
	c := Candidate{scratch: new(scratch)}
	c.reset(m)
	verdict, err := p.match(&c)
	return verdict == Yes, err
}
