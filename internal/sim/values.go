package sim

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// modelName says whose value of which entry is meant.
type modelName struct {
	owner mail.AccountID
	name  string
}

func (m *model) setMetadata(r mail.MetadataChanged) error {
	values := m.metadata
	if r.Mailbox != mail.ServerMetadata {
		if m.mailboxes[r.Mailbox] == nil {
			return fmt.Errorf("no mailbox %d", r.Mailbox)
		}
		values = m.mailboxes[r.Mailbox].metadata
		m.mailboxes[r.Mailbox].highest = m.position
	}
	delete(values, modelName{r.Owner, r.Name})
	if !r.Removed {
		values[modelName{r.Owner, r.Name}] = string(r.Value)
	}
	return nil
}

func (b *modelBox) annotate(position imap.ModSeq, r mail.AnnotationsChanged) error {
	name := modelName{r.Owner, r.Entry}
	for uid := range r.UIDs.All {
		message, ok := b.messages[uid]
		if !ok {
			return fmt.Errorf("no message %d to annotate", uid)
		}
		if b.annotations[uid] == nil {
			b.annotations[uid] = map[modelName]string{}
		}
		delete(b.annotations[uid], name)
		if !r.Removed {
			b.annotations[uid][name] = string(r.Value)
		}
		message.modSeq, b.highest = position, position
		b.messages[uid] = message
	}
	return nil
}

// carry gives a copy the annotations that go along.
func (b *modelBox) carry(uid imap.UID, from map[modelName]string, which mail.Carried) {
	b.annotations[uid] = maps.Clone(from)
	maps.DeleteFunc(b.annotations[uid], func(name modelName, _ string) bool { return !which.Has(name.owner) })
}

func (m *model) compareValues(state mail.State) error {
	if err := sameMetadata(state, mail.ServerMetadata, m.metadata); err != nil {
		return err
	}
	metadata, annotations := octetsOf(m.metadata), int64(0)
	for _, box := range m.mailboxes {
		metadata += octetsOf(box.metadata)
		annotations += box.octets()
	}
	if have, used := state.MetadataOctets(), int64(state.Usage()[mail.ResourceAnnotationStorage]); have != metadata || used != annotations {
		return fmt.Errorf("%d octets of metadata and %d of annotations, want %d and %d", have, used, metadata, annotations)
	}
	return nil
}

// octets is what the annotations of the mailbox take.
func (b *modelBox) octets() (octets int64) {
	for _, values := range b.annotations {
		octets += octetsOf(values)
	}
	return octets
}

func octetsOf(values map[modelName]string) (octets int64) {
	for name, value := range values {
		octets += mail.ValueOctets(name.name, []byte(value))
	}
	return octets
}

func sameMetadata(state mail.State, mailbox mail.MailboxID, want map[modelName]string) error {
	have := map[modelName]string{}
	for m, err := range state.Metadata(mailbox) {
		if err != nil {
			return err
		}
		have[modelName{m.Owner, m.Name}] = string(m.Value)
	}
	if !maps.Equal(have, want) {
		return fmt.Errorf("metadata of mailbox %d is %v, want %v", mailbox, have, want)
	}
	return nil
}

func (b *modelBox) compareValues(state mail.State, got *mail.Mailbox) error {
	if got.AnnotationOctets != b.octets() || got.MetadataOctets != octetsOf(b.metadata) {
		return fmt.Errorf("%d and %d octets of values, want %d and %d", got.AnnotationOctets, got.MetadataOctets, b.octets(), octetsOf(b.metadata))
	}
	if err := sameMetadata(state, got.ID, b.metadata); err != nil {
		return err
	}
	have := map[imap.UID]map[modelName]string{}
	for a, err := range state.Annotations(got.ID, imap.UIDSet{{Start: 1, Stop: got.UIDNext}}) {
		if err != nil {
			return err
		}
		if have[a.UID] == nil {
			have[a.UID] = map[modelName]string{}
		}
		have[a.UID][modelName{a.Owner, a.Entry}] = string(a.Value)
	}
	for uid := range b.messages {
		if !maps.Equal(have[uid], b.annotations[uid]) {
			return fmt.Errorf("annotations of message %d are %v, want %v", uid, have[uid], b.annotations[uid])
		}
		delete(have, uid)
	}
	if len(have) > 0 {
		return fmt.Errorf("annotations of messages that are gone: %v", have)
	}
	return nil
}

func (s *session) someOwner() mail.AccountID { return mail.AccountID(s.random.IntN(3)) }

func (s *session) someEntry() string {
	return []string{"/comment", "/altsubject", "/vendor/sim/x"}[s.random.IntN(3)]
}

// someValue returns a value, or that there is to be none.
func (s *session) someValue() (value []byte, remove bool) {
	if s.random.IntN(3) == 0 {
		return nil, true
	}
	return []byte(strings.Repeat("v", s.random.IntN(100))), false
}

func (s *session) setMetadata(ctx context.Context) error {
	wish := mail.MetadataWish{Owner: s.someOwner(), Name: s.someEntry()}
	wish.Value, wish.Remove = s.someValue()
	if s.random.IntN(4) == 0 {
		return s.attempt(ctx, mail.SetMetadata(mail.ServerMetadata, []mail.MetadataWish{wish}))
	}
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.SetMetadata(id, []mail.MetadataWish{wish})
	}))
}

func (s *session) annotate(ctx context.Context) error {
	wish := mail.AnnotationWish{AnnotationName: mail.AnnotationName{Owner: s.someOwner(), Entry: s.someEntry()}}
	wish.Value, wish.Remove = s.someValue()
	set := s.someUIDs()
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.Annotate(id, set, mail.AnnotateWish{Wishes: []mail.AnnotationWish{wish}}, new(mail.FlagsResult))
	}))
}
