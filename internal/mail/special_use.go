package mail

import (
	"slices"
	"strings"

	"github.com/restante/restante/imap"
)

// SpecialUseEntry is the private entry of a mailbox's metadata that stands for its
// special uses (RFC 6154 §4). Nothing is stored under its name.
const SpecialUseEntry = "/specialuse"

// SpecialUseValue returns the value of SpecialUseEntry, nil if the mailbox has no
// special use.
func (m *Mailbox) SpecialUseValue() []byte {
	var value []byte
	for i, use := range m.SpecialUse {
		if i > 0 {
			value = append(value, ' ')
		}
		value = append(value, use...)
	}
	return value
}

// SetMetadata is SetMetadata for a mailbox, by the actor: also ErrSpecialUse.
// Special uses are the owner's alone, as in CREATE, and INBOX has its own use.
func (a *Actor) SetMetadata(mailbox MailboxID, wishes []MetadataWish) Decision {
	return func(state State) (Effects, error) {
		isUse := func(wish MetadataWish) bool { return wish.Owner != Shared && wish.Name == SpecialUseEntry }
		others := slices.DeleteFunc(slices.Clone(wishes), isUse)
		effects, err := SetMetadata(mailbox, others)(state)
		if err != nil || len(others) == len(wishes) {
			return effects, err
		}
		m, err := state.Mailbox(mailbox)
		if err != nil {
			return Effects{}, err
		}
		last := len(wishes) - 1
		for !isUse(wishes[last]) {
			last--
		}
		uses, err := specialUses(wishes[last].Value)
		switch {
		case err != nil:
			return Effects{}, err
		case len(uses) > 0 && (!a.isAtHome() || m.Name == Inbox):
			return Effects{}, ErrSpecialUse
		case a.isAtHome() && !slices.Equal(uses, m.SpecialUse):
			effects.Records = append(effects.Records, SpecialUseChanged{ID: mailbox, SpecialUse: uses})
		}
		return effects, nil
	}
}

// specialUses reads a value of SpecialUseEntry, each use once: ErrSpecialUse if
// one of them is none that CREATE could give (RFC 6154 §4).
func specialUses(value []byte) (uses []imap.MailboxAttr, err error) {
	for _, word := range strings.Fields(string(value)) {
		known := slices.IndexFunc(grantableUses, imap.MailboxAttr(word).Equal)
		if known < 0 {
			return nil, ErrSpecialUse
		}
		if use := grantableUses[known]; !slices.Contains(uses, use) {
			uses = append(uses, use)
		}
	}
	return uses, nil
}
