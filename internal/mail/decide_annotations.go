package mail

import (
	"bytes"
	"iter"
	"slices"

	"github.com/restante/restante/imap"
)

// AnnotationWish is an annotation that a client wants to have a value, or none.
type AnnotationWish struct {
	AnnotationName
	Remove bool
	Value  []byte
}

// AnnotateWish is what a STORE of annotations asks for (RFC 5257 §4.5). Of two
// wishes for one name the later counts.
type AnnotateWish struct {
	Wishes []AnnotationWish
	// UnchangedSince, if Conditional, spares messages that changed later
	// (RFC 7162 §3.1.3).
	Conditional    bool
	UnchangedSince imap.ModSeq
}

// Annotate changes annotations of messages, all or none: only a message that
// fails UNCHANGEDSINCE is passed over alone. ErrNoMailbox, ErrAnnotationTooBig,
// ErrTooManyAnnotations, ErrTooManyAtOnce.
func Annotate(in MailboxID, set imap.UIDSet, wish AnnotateWish, result *FlagsResult) Decision {
	return func(state State) (effects Effects, err error) {
		*result = FlagsResult{}
		if _, err := state.Mailbox(in); err != nil {
			return effects, err
		}
		if err := checkValues(wish.Wishes); err != nil {
			return effects, err
		}
		wishes := lastWishes(wish.Wishes)
		var open, seen imap.UIDSet
		for m, err := range state.Marks(in, set) {
			if err != nil {
				return effects, err
			}
			seen = seen.Add(m.UID)
			if wish.Conditional && m.ModSeq > wish.UnchangedSince {
				result.Modified = result.Modified.Add(m.UID)
			} else {
				open = open.Add(m.UID)
			}
		}
		result.Missing = set.Minus(seen)
		a := annotating{state: state, mailbox: in, open: open}
		if err := a.read(wishes); err != nil {
			return effects, err
		}
		effects.Records, result.Changed = a.records, a.changed
		return effects, a.check()
	}
}

// annotationOctets is how much all annotations of an account take.
func annotationOctets(state State) int64 { return int64(state.Usage()[ResourceAnnotationStorage]) }

func checkValues(wishes []AnnotationWish) error {
	for _, wish := range wishes {
		if len(wish.Value) > AnnotationValueMax {
			return ErrAnnotationTooBig
		}
	}
	return nil
}

// annotating is a decision about the annotations of messages under way.
type annotating struct {
	state   State
	mailbox MailboxID
	open    imap.UIDSet // the messages that may change
	records []Record
	changed imap.UIDSet
	octets  int64 // that the values written take
	growth  int64
	crowded bool // a message has too many
}

// read compares the wishes with what there is, message by message.
func (a *annotating) read(wishes []AnnotationWish) error {
	changing := make([]imap.UIDSet, len(wishes))
	have := map[AnnotationName][]byte{}
	annotation, stop := iter.Pull2(a.state.Annotations(a.mailbox, a.open))
	defer stop()
	next, err, more := annotation()
	for uid := range a.open.All {
		clear(have)
		for ; more && next.UID <= uid; next, err, more = annotation() {
			if err != nil {
				return err
			}
			have[next.AnnotationName] = next.Value
		}
		a.message(uid, wishes, have, changing)
	}
	if err != nil {
		return err
	}
	for i, wish := range wishes {
		if len(changing[i]) > 0 {
			a.changed = a.changed.Union(changing[i])
			a.records = append(a.records, AnnotationsChanged{
				Mailbox: a.mailbox, UIDs: changing[i], AnnotationName: wish.AnnotationName, Removed: wish.Remove, Value: wish.Value,
			})
		}
	}
	return nil
}

// message notes which wishes change one message.
func (a *annotating) message(uid imap.UID, wishes []AnnotationWish, have map[AnnotationName][]byte, changing []imap.UIDSet) {
	isNew := false
	for i, wish := range wishes {
		value, exists := have[wish.AnnotationName]
		if wish.Remove && !exists || !wish.Remove && exists && bytes.Equal(value, wish.Value) {
			continue
		}
		if exists {
			a.growth -= ValueOctets(wish.Entry, value)
		}
		if wish.Remove {
			delete(have, wish.AnnotationName)
		} else {
			isNew = isNew || !exists
			have[wish.AnnotationName] = wish.Value
			a.growth += ValueOctets(wish.Entry, wish.Value)
			a.octets += ValueOctets(wish.Entry, wish.Value)
		}
		changing[i] = changing[i].Add(uid)
	}
	owned := map[AccountID]int{}
	for name := range have {
		if owned[name.Owner]++; owned[name.Owner] > annotationsMax && isNew {
			a.crowded = true
		}
	}
}

// lastWishes keeps the last wish for each annotation.
func lastWishes(wishes []AnnotationWish) []AnnotationWish {
	last := make(map[AnnotationName]int, len(wishes))
	for i, wish := range wishes {
		last[wish.AnnotationName] = i
	}
	var kept []AnnotationWish
	for i, wish := range wishes {
		if last[wish.AnnotationName] == i {
			kept = append(kept, wish)
		}
	}
	return kept
}

func (a *annotating) check() error {
	switch {
	case a.crowded, a.growth > 0 && annotationOctets(a.state)+a.growth > annotationOctetsMax:
		return ErrTooManyAnnotations
	case a.octets > annotationOctetsMax:
		return ErrTooManyAtOnce
	}
	return nil
}

// Carry is a decision that copies messages, with the annotations that go along
// (RFC 5257 §4.6): its own errors, and ErrAnnotationsFull.
func Carry(which Carried, decide Decision) Decision {
	return func(state State) (Effects, error) {
		effects, err := decide(state)
		if err != nil {
			return effects, err
		}
		for i, r := range effects.Records {
			copied, isCopy := r.(MessagesCopied)
			if !isCopy {
				continue
			}
			copied.Annotations = which
			effects.Records[i] = copied
			if err := checkCarried(state, copied); err != nil && !removes(effects) {
				return Effects{}, err
			}
		}
		return effects, nil
	}
}

// removes reports whether effects free as much as they take: those of a move.
func removes(effects Effects) bool {
	return slices.ContainsFunc(effects.Records, func(r Record) bool {
		_, removed := r.(MessagesRemoved)
		return removed
	})
}

// checkCarried says whether there is room for what goes along.
func checkCarried(state State, copied MessagesCopied) error {
	from, err := state.Mailbox(copied.From)
	if err != nil || from.Annotations == 0 {
		return err
	}
	room := annotationOctetsMax - annotationOctets(state)
	if from.AnnotationOctets <= room {
		return nil
	}
	for annotation, err := range state.Annotations(copied.From, copied.UIDs) {
		if err != nil {
			return err
		}
		if copied.Annotations.Has(annotation.Owner) {
			room -= ValueOctets(annotation.Entry, annotation.Value)
		}
	}
	if room < 0 {
		return ErrAnnotationsFull
	}
	return nil
}

// annotateNew appends the effects of the annotations that come with a new
// message (RFC 5257 §4.7).
func annotateNew(effects *Effects, to MailboxID, uid imap.UID, wishes []AnnotationWish) error {
	if err := checkValues(wishes); err != nil {
		return err
	}
	owned := map[AccountID]int{}
	for _, wish := range lastWishes(wishes) {
		if wish.Remove {
			continue
		}
		if owned[wish.Owner]++; owned[wish.Owner] > annotationsMax {
			return ErrTooManyAnnotations
		}
		effects.Records = append(effects.Records, AnnotationsChanged{
			Mailbox: to, UIDs: imap.SetOf(uid), AnnotationName: wish.AnnotationName, Value: wish.Value,
		})
	}
	return nil
}

// checkNewAnnotations says whether there is room for the annotations among
// these effects.
func checkNewAnnotations(state State, effects *Effects) error {
	growth := int64(0)
	for _, r := range effects.Records {
		if r, ok := r.(AnnotationsChanged); ok {
			growth += ValueOctets(r.Entry, r.Value)
		}
	}
	if growth > 0 && annotationOctets(state)+growth > annotationOctetsMax {
		return ErrTooManyAnnotations
	}
	return nil
}
