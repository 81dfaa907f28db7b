package mail

import (
	"time"

	"github.com/restante/restante/imap"
)

// NewMessage is a message about to be added.
type NewMessage struct {
	Body         *Body
	Flags        []imap.Flag // without \Recent, which no one can set
	InternalDate Instant
	// UID is zero, for the next one, or what an import brings: not below the
	// mailbox's UIDNEXT.
	UID imap.UID
	// Annotations are set on it from the beginning (RFC 5257 §4.7).
	Annotations []AnnotationWish
}

// Append adds messages to a mailbox, all or none (RFC 9051 §6.3.12,
// RFC 3502). uids is set to their UIDs in order. ErrNoMailbox,
// ErrTooManyKeywords, ErrMailboxFull, ErrAnnotationTooBig,
// ErrTooManyAnnotations.
func Append(to MailboxID, messages []NewMessage, now time.Time, uids *imap.UIDSet) Decision {
	return func(state State) (effects Effects, err error) {
		*uids = nil
		mailbox, err := state.Mailbox(to)
		if err != nil {
			return effects, err
		}
		identifiers, next := newIDs(state), mailbox.UIDNext
		var keywords []imap.Flag
		for _, m := range messages {
			if m.UID != 0 {
				next = max(next, m.UID)
			}
			email, err := identifiers.take()
			if err != nil {
				return effects, err
			}
			if next > uidMax {
				return effects, ErrMailboxFull
			}
			effects.Records = append(effects.Records, MessageAdded{
				Mailbox: to, UID: next, Email: EmailID(email), Body: m.Body.ID, Size: m.Body.Size,
				InternalDate: m.InternalDate, SaveDate: now.Unix(), Flags: m.Flags,
			})
			if err := annotateNew(&effects, to, next, m.Annotations); err != nil {
				return effects, err
			}
			effects.Bodies = append(effects.Bodies, m.Body)
			keywords = append(keywords, m.Flags...)
			*uids = uids.Add(next)
			next++
		}
		if err := checkNewAnnotations(state, &effects); err != nil {
			return effects, err
		}
		return effects, mailbox.checkKeywords(keywords)
	}
}

// Replace is a decision that adds messages, with one more effect: it removes a
// message from a mailbox in the same step (RFC 8508 §3.4). Its errors are those
// of the decision, and ErrNoMessage if the message is gone already.
func Replace(from MailboxID, replaced imap.UID, add Decision) Decision {
	return func(state State) (Effects, error) {
		if _, err := state.Message(from, replaced); err != nil {
			return Effects{}, err
		}
		effects, err := add(state)
		if err != nil {
			return effects, err
		}
		effects.Records = append(effects.Records, MessagesRemoved{from, imap.SetOf(replaced)})
		return effects, nil
	}
}

// Copied says what a copy or a move did: the nth of From became the nth of To
// (RFC 4315 §3, COPYUID).
type Copied struct {
	UIDValidity imap.UIDValidity // of the destination
	From, To    imap.UIDSet
}

// Copy copies messages to a mailbox, all or none (RFC 9051 §6.4.7). UIDs that
// are not in the source are passed over. ErrNoMailbox if the name has no
// mailbox, ErrTooManyKeywords, ErrMailboxFull.
func Copy(from MailboxID, set imap.UIDSet, to string, now time.Time, copied *Copied) Decision {
	return (*Actor)(nil).Copy(from, set, to, now, copied)
}

// Copy is Copy by the actor, who needs the right to insert: also
// ErrNotPermitted. Flags that he cannot set in the target do not go along
// (RFC 4314 §4, COPY).
func (a *Actor) Copy(from MailboxID, set imap.UIDSet, to string, now time.Time, copied *Copied) Decision {
	return func(state State) (Effects, error) { return a.decideCopy(state, from, set, to, now, copied) }
}

// Move moves messages to a mailbox in one step, so that no moment shows them
// twice or not at all (RFC 6851 §3.3). Its errors are those of Copy.
func Move(from MailboxID, set imap.UIDSet, to string, now time.Time, copied *Copied) Decision {
	return (*Actor)(nil).Move(from, set, to, now, copied)
}

// Move is Move by the actor, with regard to the target as Copy is.
func (a *Actor) Move(from MailboxID, set imap.UIDSet, to string, now time.Time, copied *Copied) Decision {
	return func(state State) (Effects, error) {
		effects, err := a.decideCopy(state, from, set, to, now, copied)
		if err != nil || len(effects.Records) == 0 {
			return effects, err
		}
		effects.Records = append(effects.Records, MessagesRemoved{from, copied.From})
		return effects, nil
	}
}

func (a *Actor) decideCopy(state State, from MailboxID, set imap.UIDSet, to string, now time.Time, copied *Copied) (effects Effects, err error) {
	*copied = Copied{}
	if to, err = NormalName(to); err != nil {
		return effects, err
	}
	source, err := state.Mailbox(from)
	if err != nil {
		return effects, err
	}
	target, err := state.MailboxNamed(to)
	if err == nil {
		err = a.Permit(target, RightInsert)
	}
	if err != nil {
		return effects, err
	}
	uids, err := state.UIDs(from)
	if err != nil {
		return effects, err
	}
	present := uids.Within(set)
	copied.UIDValidity = target.UIDValidity
	count := present.Count()
	if count == 0 {
		return effects, nil
	}
	first := target.UIDNext
	if uint64(first)+count > uidMax {
		return effects, ErrMailboxFull
	}
	withheld := flagRights &^ a.Rights(target)
	// The keywords on the messages are not looked at one by one: if all that
	// the source knows fit, those that are used do.
	if err := target.checkKeywords(source.Keywords); err != nil && !withheld.Has(RightWrite) {
		return effects, err
	}
	copied.From = present
	copied.To = imap.UIDSet{{Start: first, Stop: first + imap.UID(count-1)}}
	effects.Records = []Record{MessagesCopied{
		From: from, UIDs: present, To: target.ID, FirstUID: first, SaveDate: now.Unix(), Withheld: withheld,
	}}
	return effects, nil
}

// Expunge removes the messages that carry \Deleted, of those that set names,
// or of all if set is nil (RFC 9051 §6.4.3, §6.4.9). removed is set to what
// was removed.
func Expunge(from MailboxID, set imap.UIDSet, removed *imap.UIDSet) Decision {
	return func(state State) (effects Effects, err error) {
		*removed = nil
		mailbox, err := state.Mailbox(from)
		if err != nil || mailbox.Deleted == 0 {
			return effects, err
		}
		if set == nil {
			set = imap.UIDSet{{Start: 1, Stop: uidMax}}
		}
		for m, err := range state.Marks(from, set) {
			if err != nil {
				return effects, err
			}
			if m.Flags.Has(BitDeleted) {
				*removed = removed.Add(m.UID)
			}
		}
		if len(*removed) > 0 {
			effects.Records = []Record{MessagesRemoved{from, *removed}}
		}
		return effects, nil
	}
}

// Remove removes messages whatever their flags: POP3's deletions at QUIT
// (RFC 1939 §6). UIDs that are gone already are passed over.
func Remove(from MailboxID, set imap.UIDSet, removed *imap.UIDSet) Decision {
	return func(state State) (effects Effects, err error) {
		uids, err := state.UIDs(from)
		if err != nil {
			return effects, err
		}
		if *removed = uids.Within(set); len(*removed) > 0 {
			effects.Records = []Record{MessagesRemoved{from, *removed}}
		}
		return effects, nil
	}
}

// ClaimRecent makes the messages that no session was told as \Recent the
// caller's. claimed is set to them (RFC 3501 §2.3.2).
func ClaimRecent(in MailboxID, claimed *imap.UIDSet) Decision {
	return func(state State) (effects Effects, err error) {
		*claimed = nil
		mailbox, err := state.Mailbox(in)
		if err != nil || mailbox.RecentFrom >= mailbox.UIDNext {
			return effects, err
		}
		uids, err := state.UIDs(in)
		if err != nil {
			return effects, err
		}
		*claimed = uids.Within(imap.UIDSet{{Start: mailbox.RecentFrom, Stop: mailbox.UIDNext - 1}})
		effects.Records = []Record{RecentClaimed{in, mailbox.UIDNext}}
		return effects, nil
	}
}
