package mailview

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Apply takes note of a change. Changes come in the order of their positions;
// one that the view has accounted for already is passed over.
func (v *View) Apply(change *mail.Change) { v.apply(change, true) }

// ApplyOwn takes note of a change that the client made itself and whose new
// flags it knows: a STORE with .SILENT (RFC 9051 §6.4.6).
func (v *View) ApplyOwn(change *mail.Change) { v.apply(change, false) }

func (v *View) apply(change *mail.Change, tellFlags bool) {
	if change.ModSeq <= v.position {
		return
	}
	before := v.position
	v.position = change.ModSeq
	for i := range change.Messages {
		m := &change.Messages[i]
		if m.Mailbox != v.mailbox {
			continue
		}
		switch m.Kind {
		case mail.MessagesWereAdded:
			if len(v.fresh) == 0 {
				v.since.fresh = before
			}
			v.fresh = v.fresh.Union(m.UIDs)
		case mail.FlagsWereChanged:
			if tellFlags {
				v.tellFlags(m.UIDs, before)
			}
		case mail.MessagesWereRemoved:
			v.remove(m.UIDs, before)
		}
	}
}

// remove takes note of removals that happened after a position.
func (v *View) remove(gone imap.UIDSet, after imap.ModSeq) {
	if len(v.fresh) > 0 {
		v.fresh = v.fresh.Minus(gone)
	}
	if known := v.told.Within(gone); len(known) > 0 {
		if len(v.gone) == 0 {
			v.since.gone = after
		}
		v.gone = v.gone.Union(known)
	}
}

// TellFlags has the flags of messages told by the next Sync; messages that the
// client does not know of, or that are gone, are passed over.
func (v *View) TellFlags(set imap.UIDSet) { v.tellFlags(set, v.position) }

func (v *View) tellFlags(set imap.UIDSet, after imap.ModSeq) {
	if known := v.told.Within(set).Minus(v.gone); len(known) > 0 {
		if len(v.flags) == 0 {
			v.since.flags = after
		}
		v.flags = v.flags.Union(known)
	}
}

// FlagsTold says that the client has been told the newest flags of messages by
// other means, such as its own FETCH.
func (v *View) FlagsTold(set imap.UIDSet) {
	if len(v.flags) > 0 {
		v.flags = v.flags.Minus(set)
	}
}

// Compare accounts for everything up to a position at once, where changes were
// lost: present are the UIDs in the mailbox there, and changed those of
// messages that changed after the view's own position.
func (v *View) Compare(position imap.ModSeq, present mail.UIDs, changed imap.UIDSet) {
	if position <= v.position {
		return
	}
	before := v.position
	v.keepSince(before)
	v.position = position
	told, now := v.told.Set(), present.Set()
	v.gone = told.Minus(now)
	v.fresh = now.Minus(told)
	v.flags = v.flags.Minus(v.gone)
	v.tellFlags(changed, before)
}

// keepSince sets the positions of what is not outstanding yet.
func (v *View) keepSince(before imap.ModSeq) {
	if len(v.gone) == 0 {
		v.since.gone = before
	}
	if len(v.fresh) == 0 {
		v.since.fresh = before
	}
	if len(v.flags) == 0 {
		v.since.flags = before
	}
}

// Pending reports whether a Sync with these removals would return anything.
func (v *View) Pending(removals Removals) bool {
	return len(v.fresh) > 0 || len(v.flags) > 0 || removals == Send && len(v.gone) > 0
}

// Sync announces what is outstanding and returns it in the order in which it
// must be told. With Hold, removals stay outstanding, and new mail is announced
// past them: the messages that are gone keep their numbers.
func (v *View) Sync(removals Removals) []Event {
	return v.SyncOnly(Allowed{Removals: removals == Send, Arrivals: true, Flags: true})
}

// Allowed says what may be announced now.
type Allowed struct{ Removals, Arrivals, Flags bool }

// SyncOnly is Sync of some kinds of change; the others stay outstanding. A
// client does not know of messages that it has not been told of: it cannot name
// them.
func (v *View) SyncOnly(allowed Allowed) []Event {
	var events []Event
	if allowed.Removals && len(v.gone) > 0 {
		// Until then flags of what is gone are told, too: the client may
		// rely on having heard of every change before the removal.
		v.flags = v.flags.Minus(v.gone)
		events = append(events, Event{Kind: MessagesGone, UIDs: v.gone, Seqs: v.Seqs(v.gone)})
		v.told = v.told.Remove(v.gone)
		v.gone = nil
	}
	if allowed.Arrivals && len(v.fresh) > 0 {
		v.told = v.told.Append(v.fresh)
		events = append(events, Event{Kind: MessagesExist, UIDs: v.fresh, Count: v.Len()})
		v.fresh = nil
	}
	if allowed.Flags && len(v.flags) > 0 {
		events = append(events, Event{Kind: FlagsChanged, UIDs: v.flags})
		v.flags = nil
	}
	return events
}
