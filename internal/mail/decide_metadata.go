package mail

import (
	"bytes"
	"slices"
)

// MetadataWish is an entry that a client wants to have a value, or none.
type MetadataWish struct {
	Owner  AccountID
	Name   string
	Remove bool
	Value  []byte
}

// SetMetadata sets entries of a mailbox, or of ServerMetadata, all or none
// (RFC 5464 §4.3). Of two wishes for one entry the later counts. ErrNoMailbox,
// ErrMetadataTooBig, ErrTooMuchMetadata.
func SetMetadata(mailbox MailboxID, wishes []MetadataWish) Decision {
	return func(state State) (effects Effects, err error) {
		if mailbox != ServerMetadata {
			if _, err := state.Mailbox(mailbox); err != nil {
				return effects, err
			}
		}
		wishes := lastOfEach(wishes)
		growth := int64(0)
		for _, owner := range ownersOf(wishes) {
			records, grown, err := setMetadataOf(state, mailbox, owner, wishes)
			if err != nil {
				return Effects{}, err
			}
			effects.Records = append(effects.Records, records...)
			growth += grown
		}
		if growth > 0 && state.MetadataOctets()+growth > metadataOctetsMax {
			return Effects{}, ErrTooMuchMetadata
		}
		return effects, nil
	}
}

// setMetadataOf decides the wishes for the values of one owner.
func setMetadataOf(state State, mailbox MailboxID, owner AccountID, wishes []MetadataWish) (records []Record, growth int64, err error) {
	have := map[string][]byte{}
	for m, err := range state.Metadata(mailbox, owner) {
		if err != nil {
			return nil, 0, err
		}
		have[m.Name] = m.Value
	}
	count, isNew := len(have), false
	for _, wish := range wishes {
		if wish.Owner != owner {
			continue
		}
		value, exists := have[wish.Name]
		switch {
		case len(wish.Value) > MetadataValueMax:
			return nil, 0, ErrMetadataTooBig
		case wish.Remove && !exists, !wish.Remove && exists && bytes.Equal(value, wish.Value):
			continue
		case wish.Remove:
			count--
		case !exists:
			count++
			isNew = true
		}
		if exists {
			growth -= ValueOctets(wish.Name, value)
		}
		if !wish.Remove {
			growth += ValueOctets(wish.Name, wish.Value)
		}
		records = append(records, MetadataChanged{Mailbox: mailbox, Owner: owner, Name: wish.Name, Removed: wish.Remove, Value: wish.Value})
	}
	if isNew && count > metadataEntriesMax {
		return nil, 0, ErrTooMuchMetadata
	}
	return records, growth, nil
}

// lastOfEach keeps the last wish for each entry.
func lastOfEach(wishes []MetadataWish) []MetadataWish {
	type entry struct {
		owner AccountID
		name  string
	}
	last := make(map[entry]int, len(wishes))
	for i, wish := range wishes {
		last[entry{wish.Owner, wish.Name}] = i
	}
	var kept []MetadataWish
	for i, wish := range wishes {
		if last[entry{wish.Owner, wish.Name}] == i {
			kept = append(kept, wish)
		}
	}
	return kept
}

func ownersOf(wishes []MetadataWish) []AccountID {
	var owners []AccountID
	for _, wish := range wishes {
		if !slices.Contains(owners, wish.Owner) {
			owners = append(owners, wish.Owner)
		}
	}
	return owners
}

// copyMetadata gives a new mailbox what another has: INBOX keeps its metadata
// when it is renamed, and so does what it becomes (RFC 5464 §4.1).
func copyMetadata(effects *Effects, state State, from, to MailboxID) error {
	for m, err := range state.Metadata(from) {
		if err != nil {
			return err
		}
		effects.Records = append(effects.Records, MetadataChanged{Mailbox: to, Owner: m.Owner, Name: m.Name, Value: m.Value})
	}
	return nil
}
