package query

import (
	"github.com/restante/restante/internal/message"
)

// SentDate compares the day that the Date field names: SENTBEFORE, SENTON,
// SENTSINCE. A message without a readable date matches none of them.
type SentDate struct {
	When When
	Day  Day
}

// Tier implements Key.
func (SentDate) Tier() Tier { return TierStructure }

// Match implements Key.
func (k SentDate) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchStructure(c, tier, func(s *message.Structure) bool {
		return !s.Sent.IsZero() && k.When.holds(DayAt(s.Sent), k.Day)
	})
}

func matchStructure(c *Candidate, tier Tier, test func(*message.Structure) bool) (Verdict, error) {
	if tier < TierStructure {
		return Unknown, nil
	}
	s, err := c.loadStructure()
	if err != nil {
		return Unknown, err
	}
	return verdictOf(test(s)), nil
}

// Place is a member of the envelope that a search looks into.
type Place uint8

// The places.
const (
	From Place = iota + 1
	To
	Cc
	Bcc
	Subject
)

// Envelope matches messages whose envelope has the pattern in one place:
// FROM, TO, CC, BCC, SUBJECT. Addresses are compared in the form
// "name <mailbox@host>", decoded. The empty pattern matches where the place is
// not empty.
type Envelope struct {
	Place   Place
	Pattern Pattern
}

// Tier implements Key.
func (Envelope) Tier() Tier { return TierStructure }

// Match implements Key.
func (k Envelope) Match(c *Candidate, tier Tier) (Verdict, error) {
	return matchStructure(c, tier, func(s *message.Structure) bool {
		e := &s.Envelope
		switch k.Place {
		case From:
			return c.scratch.containsAddresses(k.Pattern, e.From)
		case To:
			return c.scratch.containsAddresses(k.Pattern, e.To)
		case Cc:
			return c.scratch.containsAddresses(k.Pattern, e.Cc)
		case Bcc:
			return c.scratch.containsAddresses(k.Pattern, e.Bcc)
		}
		return e.Subject.Present &&
			c.scratch.containsText(k.Pattern, message.DecodeWords(e.Subject.Text))
	})
}

// containsAddresses looks through a list address by address.
func (s *scratch) containsAddresses(p Pattern, list []message.Address) bool {
	for i := range list {
		if s.containsText(p, addressText(&list[i])) {
			return true
		}
	}
	return false
}

// addressText is an address as it is searched. The name of a group is text,
// too.
func addressText(a *message.Address) string {
	switch a.Kind {
	case message.AddressGroupStart:
		return message.DecodeWords(a.Mailbox) + ":"
	case message.AddressGroupEnd:
		return ";"
	}
	if a.Name == "" {
		return "<" + message.DecodeCharset(a.Addr(), "") + ">"
	}
	return message.DecodeWords(a.Name) + " <" + message.DecodeCharset(a.Addr(), "") + ">"
}
