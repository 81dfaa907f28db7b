package mail

import (
	"github.com/restante/restante/imap"
)

// FlagsOp is how a STORE changes flags (RFC 9051 §6.4.6).
type FlagsOp uint8

// The operations: FLAGS, +FLAGS and -FLAGS.
const (
	ReplaceFlags FlagsOp = iota + 1
	AddFlags
	RemoveFlags
)

// FlagsWish is what a client asks for.
type FlagsWish struct {
	Op    FlagsOp
	Flags []imap.Flag // without \Recent
	// UnchangedSince, if Conditional, spares messages that changed later
	// (RFC 7162 §3.1.3).
	Conditional    bool
	UnchangedSince imap.ModSeq
	// By is who asks; nil is the server itself. Only flags that he may change
	// are changed (RFC 4314 §4, STORE).
	By *Actor
}

// FlagsResult says what a wish did.
type FlagsResult struct {
	Changed  imap.UIDSet // what has other flags now
	Modified imap.UIDSet // what failed UNCHANGEDSINCE
	Missing  imap.UIDSet // what is no longer in the mailbox
	// Partial says that some of the flags that were wished for may not be
	// changed.
	Partial bool
}

// ChangeFlags changes flags of messages. ErrNoMailbox, ErrTooManyKeywords;
// ErrNotPermitted if none of the flags may be changed.
func ChangeFlags(in MailboxID, set imap.UIDSet, wish FlagsWish, result *FlagsResult) Decision {
	return func(state State) (effects Effects, err error) {
		*result = FlagsResult{}
		mailbox, err := state.Mailbox(in)
		if err != nil {
			return effects, err
		}
		rights := wish.By.Rights(mailbox)
		if wish, err = wish.within(rights, result); err != nil {
			return effects, err
		}
		if err := checkWish(mailbox, wish); err != nil {
			return effects, err
		}
		known := mailbox.Known(wish.Flags)
		// A keyword that the mailbox does not know is on no message, so
		// adding it changes every one.
		grown, unknown := mailbox.WithKeywords(wish.Flags)
		target := grown.Known(wish.Flags)
		var seen imap.UIDSet
		var dropped Flags
		for m, err := range state.Marks(in, set) {
			if err != nil {
				return effects, err
			}
			seen = seen.Add(m.UID)
			if wish.Conditional && m.ModSeq > wish.UnchangedSince {
				result.Modified = result.Modified.Add(m.UID)
				continue
			}
			open := rights.settableBits(m.Flags)
			if changes(open, known, wish.Op, unknown) {
				result.Changed = result.Changed.Add(m.UID)
				dropped = dropped.Union(open.Minus(target))
			}
		}
		result.Missing = set.Minus(seen)
		if len(result.Changed) > 0 {
			effects.Records = []Record{wish.record(mailbox, result.Changed, dropped)}
		}
		return effects, nil
	}
}

// within returns the part of a wish that rights admit. It should not fail if
// that is any of it (RFC 4314 §4, STORE).
func (w FlagsWish) within(rights Rights, result *FlagsResult) (FlagsWish, error) {
	settable := rights.Settable(w.Flags)
	if rights&flagRights == 0 || len(settable) == 0 && len(w.Flags) > 0 {
		return w, ErrNotPermitted
	}
	result.Partial = len(settable) < len(w.Flags) || w.Op == ReplaceFlags && !rights.Has(flagRights)
	w.Flags = settable
	return w, nil
}

func checkWish(mailbox *Mailbox, wish FlagsWish) error {
	if wish.Op == RemoveFlags {
		return nil
	}
	return mailbox.checkKeywords(wish.Flags)
}

// changes reports whether a wish changes a message with these flags. unknown
// says that the wish names keywords the mailbox does not know yet.
func changes(have, known Flags, op FlagsOp, unknown bool) bool {
	switch op {
	case AddFlags:
		return unknown || have.Union(known) != have
	case RemoveFlags:
		return have.Minus(known) != have
	default:
		return unknown || have != known
	}
}

// record says the effect on messages that all change. Replacing is adding
// what is wished and removing what any of the messages has besides.
func (w FlagsWish) record(mailbox *Mailbox, changed imap.UIDSet, dropped Flags) Record {
	record := FlagsChanged{Mailbox: mailbox.ID, UIDs: changed}
	switch w.Op {
	case AddFlags:
		record.Add = w.Flags
	case RemoveFlags:
		record.Remove = w.Flags
	default:
		record.Add = w.Flags
		record.Remove = mailbox.AppendFlags(nil, dropped)
	}
	return record
}
