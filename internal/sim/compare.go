package sim

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// compare returns how a state differs from the model, nil if it does not.
func (m *model) compare(state mail.State, bodies mail.BodyReader) error {
	if state.ModSeq() != m.position || state.UIDValidityFloor() != m.floor {
		return fmt.Errorf("position %d, UIDVALIDITY floor %d; want %d, %d", state.ModSeq(), state.UIDValidityFloor(), m.position, m.floor)
	}
	count := 0
	for got, err := range state.Mailboxes("") {
		if err != nil {
			return err
		}
		count++
		want := m.mailboxes[got.ID]
		if want == nil {
			return fmt.Errorf("mailbox %q is too many", got.Name)
		}
		if err := want.compare(state, got, bodies); err != nil {
			return fmt.Errorf("mailbox %q: %w", got.Name, err)
		}
	}
	if count != len(m.mailboxes) {
		return fmt.Errorf("%d mailboxes, want %d", count, len(m.mailboxes))
	}
	return errors.Join(m.compareSubscriptions(state), m.compareEntries(state), m.compareValues(state))
}

func (m *model) compareSubscriptions(state mail.State) error {
	var names []string
	for name, err := range state.Subscriptions() {
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	if want := slices.Sorted(maps.Keys(m.subscriptions)); !slices.Equal(names, want) {
		return fmt.Errorf("subscriptions %q, want %q", names, want)
	}
	return nil
}

func (m *model) compareEntries(state mail.State) error {
	count := 0
	for entry, err := range state.Entries("") {
		if err != nil {
			return err
		}
		count++
		if want, ok := m.entries[entry.Key]; !ok || want != string(entry.Value) {
			return fmt.Errorf("entry %q is %q, want %q", entry.Key, entry.Value, want)
		}
	}
	if count != len(m.entries) {
		return fmt.Errorf("%d entries, want %d", count, len(m.entries))
	}
	return nil
}

func (b *modelBox) compare(state mail.State, got *mail.Mailbox, bodies mail.BodyReader) error {
	if got.Name != b.name || got.UIDValidity != b.uidValidity || got.UIDNext != b.uidNext ||
		got.RecentFrom != b.recentFrom || got.HighestModSeq != b.highest || int(got.Messages) != len(b.messages) {
		return fmt.Errorf("is %+v, want %q %d %d %d %d with %d messages", *got, b.name, b.uidValidity, b.uidNext, b.recentFrom, b.highest, len(b.messages))
	}
	uids, err := state.UIDs(got.ID)
	if err != nil {
		return err
	}
	if have, want := slices.Collect(uids.All()), slices.Sorted(maps.Keys(b.messages)); !slices.Equal(have, want) {
		return fmt.Errorf("UIDs %v, want %v", have, want)
	}
	seen := 0
	for message, err := range state.Readable(got.ID, imap.UIDSet{{Start: 1, Stop: got.UIDNext}}) {
		if err != nil {
			return err
		}
		if message.Removed == 0 {
			seen++
		}
		if err := b.compareMessage(state, got, message, bodies); err != nil {
			return fmt.Errorf("message %d: %w", message.UID, err)
		}
	}
	if seen != len(b.messages) {
		return fmt.Errorf("%d messages can be read, want %d", seen, len(b.messages))
	}
	return errors.Join(b.compareChanged(state, got), b.compareRemoved(state, got), b.compareValues(state, got))
}

func (b *modelBox) compareMessage(state mail.State, box *mail.Mailbox, m *mail.Message, bodies mail.BodyReader) error {
	want, ok := b.messages[m.UID]
	if m.Removed != 0 {
		want, ok = b.removed[m.UID]
	}
	have := modelMessage{
		body: m.Body.ID, email: m.Email, size: m.Size, date: m.InternalDate, saved: m.SaveDate,
		modSeq: m.ModSeq, removed: m.Removed, flags: flagText(box.AppendFlags(nil, m.Flags)),
	}
	if !ok || have != want {
		return fmt.Errorf("is %+v, want %+v", have, want)
	}
	structure, err := state.Structure(m.Email)
	if err != nil || structure.Size != m.Size {
		return fmt.Errorf("structure: %v, %w", structure, err)
	}
	body, err := bodies.Open(m.Body)
	if err != nil {
		return err
	}
	octets := make([]byte, body.Size())
	if _, err := body.ReadAt(octets, 0); err != nil {
		return err
	}
	if sha256.Sum256(octets) != m.Body.ID {
		return errors.New("has other content")
	}
	return nil
}

// compareChanged asks for what changed since a few positions.
func (b *modelBox) compareChanged(state mail.State, box *mail.Mailbox) error {
	for after := imap.ModSeq(0); after <= state.ModSeq(); after += 1 + state.ModSeq()/5 {
		var have, want []imap.UID
		for m, err := range state.Changed(box.ID, after) {
			if err != nil {
				return err
			}
			have = append(have, m.UID)
		}
		for uid, m := range b.messages {
			if m.modSeq > after {
				want = append(want, uid)
			}
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			return fmt.Errorf("changed after %d are %v, want %v", after, have, want)
		}
	}
	return nil
}

func (b *modelBox) compareRemoved(state mail.State, box *mail.Mailbox) error {
	for after := imap.ModSeq(0); after <= state.ModSeq(); after += 1 + state.ModSeq()/5 {
		have, complete, err := state.Removed(box.ID, after)
		if err != nil {
			return err
		}
		var want []imap.UID
		for uid, m := range b.removed {
			if m.removed > after {
				want = append(want, uid)
			}
		}
		slices.Sort(want)
		if wanted := imap.SetOf(want...); complete && have.String() != wanted.String() {
			return fmt.Errorf("removed after %d are %s, want %s", after, have, wanted)
		} else if len(have.Minus(wanted)) > 0 {
			return fmt.Errorf("removed after %d are %s, which is more than %s", after, have, wanted)
		}
		if !complete && after >= box.VanishedFloor {
			return fmt.Errorf("removals after %d are said to be incomplete", after)
		}
	}
	return nil
}
