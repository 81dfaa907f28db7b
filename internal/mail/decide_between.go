package mail

import (
	"slices"
	"time"

	"github.com/restante/restante/imap"
)

// Transfer is a copy or a move of messages from a mailbox of one account to
// one of another.
type Transfer struct {
	From MailboxID
	UIDs imap.UIDSet
	To   string // the name there
	Now  time.Time
	// By acts where the messages are, Into where they go.
	By, Into *Actor
	// Move removes them where they were, in the same step.
	Move bool
	// Annotations says which annotations go along.
	Annotations Carried
}

// Between decides a transfer, on the states of the source and of the target.
// copied is set to what it does. What is copied has the flags that By may set
// there, and the octets are not stored again. Its errors are those of Copy,
// ErrNotPermitted and ErrTooManyAtOnce.
func (t Transfer) Between(copied *Copied) JointDecision {
	return func(states []State) ([]Effects, error) {
		*copied = Copied{}
		source, target := states[0], states[1]
		taken, given := Effects{}, Effects{}
		if t.Move {
			from, err := source.Mailbox(t.From)
			if err == nil {
				err = t.By.Permit(from, MoveRights)
			}
			if err != nil {
				return nil, err
			}
		}
		if err := t.insert(source, target, &given, copied); err != nil {
			return nil, err
		}
		if t.Move && len(copied.From) > 0 {
			taken.Records = []Record{MessagesRemoved{t.From, copied.From}}
		}
		return []Effects{taken, given}, nil
	}
}

// MoveRights are needed where messages are to move away, with those of a copy
// (RFC 6851 §4.2: what STORE of \Deleted and EXPUNGE need).
const MoveRights = RightDeleteMessages | RightExpunge

func (t Transfer) insert(source, target State, given *Effects, copied *Copied) error {
	name, err := NormalName(t.To)
	if err != nil {
		return err
	}
	to, err := target.MailboxNamed(name)
	if err == nil {
		err = t.Into.Permit(to, RightInsert)
	}
	if err != nil {
		return err
	}
	from, err := source.Mailbox(t.From)
	if err != nil {
		return err
	}
	copied.UIDValidity = to.UIDValidity
	identifiers, next, rights := newIDs(target), to.UIDNext, t.Into.Rights(to)
	byUID := map[imap.UID]imap.UID{}
	var used Flags
	for m, err := range source.Messages(t.From, t.UIDs) {
		if err != nil {
			return err
		}
		email, err := identifiers.take()
		if err != nil {
			return err
		}
		if next > uidMax {
			return ErrMailboxFull
		}
		flags := rights.settableBits(m.Flags)
		used = used.Union(flags)
		given.Records = append(given.Records, MessageAdded{
			Mailbox: to.ID, UID: next, Email: EmailID(email), Body: m.Body.ID, Size: m.Size,
			InternalDate: m.InternalDate, SaveDate: t.Now.Unix(), Flags: from.AppendFlags(nil, flags),
		})
		byUID[m.UID] = next
		copied.From, copied.To = copied.From.Add(m.UID), copied.To.Add(next)
		next++
	}
	if err := to.checkKeywords(from.AppendFlags(nil, used)); err != nil {
		return err
	}
	return t.carry(source, target, given, to.ID, byUID)
}

// carry adds the annotations that go along (RFC 5257 §4.6).
func (t Transfer) carry(source, target State, given *Effects, to MailboxID, byUID map[imap.UID]imap.UID) error {
	for annotation, err := range source.Annotations(t.From, t.UIDs) {
		if err != nil {
			return err
		}
		if uid, there := byUID[annotation.UID]; there && t.Annotations.Has(annotation.Owner) {
			given.Records = append(given.Records, AnnotationsChanged{
				Mailbox: to, UIDs: imap.SetOf(uid), AnnotationName: annotation.AnnotationName, Value: slices.Clone(annotation.Value),
			})
		}
	}
	if err := checkNewAnnotations(target, given); err != nil {
		return ErrAnnotationsFull
	}
	return nil
}
