package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// model is an account in plain maps.
type model struct {
	position      imap.ModSeq
	floor         imap.UIDValidity
	mailboxes     map[mail.MailboxID]*modelBox
	subscriptions map[string]bool
	entries       map[string]string
	metadata      map[modelName]string // of the account
}

type modelBox struct {
	name        string
	uidValidity imap.UIDValidity
	uidNext     imap.UID
	recentFrom  imap.UID
	highest     imap.ModSeq
	messages    map[imap.UID]modelMessage
	removed     map[imap.UID]modelMessage
	metadata    map[modelName]string
	annotations map[imap.UID]map[modelName]string
}

type modelMessage struct {
	body    mail.BodyID
	email   mail.EmailID
	size    int64
	date    mail.Instant
	saved   int64
	modSeq  imap.ModSeq
	removed imap.ModSeq
	flags   string // names in lower case, sorted, parted by blanks
}

func newModel() *model {
	return &model{mailboxes: map[mail.MailboxID]*modelBox{}, subscriptions: map[string]bool{}, entries: map[string]string{}, metadata: map[modelName]string{}}
}

// apply does what one commit's records say.
func (m *model) apply(position imap.ModSeq, records []mail.Record) error {
	if position != m.position+1 {
		return fmt.Errorf("position %d follows %d", position, m.position)
	}
	m.position = position
	for _, r := range records {
		if err := m.record(r); err != nil {
			return fmt.Errorf("position %d, %T: %w", position, r, err)
		}
	}
	return nil
}

func (m *model) record(r mail.Record) error {
	switch r := r.(type) {
	case mail.MailboxCreated:
		return m.create(r)
	case mail.MailboxRenamed:
		if m.named(r.Name) != nil {
			return fmt.Errorf("name %q is taken", r.Name)
		}
		m.mailboxes[r.ID].name, m.mailboxes[r.ID].highest = r.Name, m.position
	case mail.MailboxDeleted:
		delete(m.mailboxes, r.ID)
	case mail.SubscriptionChanged:
		delete(m.subscriptions, r.Name)
		if r.Subscribed {
			m.subscriptions[r.Name] = true
		}
	case mail.MessageAdded:
		return m.mailboxes[r.Mailbox].add(m.position, r.UID, modelMessage{
			body: r.Body, email: r.Email, size: r.Size, date: r.InternalDate, saved: r.SaveDate,
			flags: flagText(r.Flags),
		})
	case mail.MessagesCopied:
		return m.copy(r)
	case mail.FlagsChanged:
		m.mailboxes[r.Mailbox].flag(m.position, r)
	case mail.MessagesRemoved:
		m.mailboxes[r.Mailbox].remove(m.position, r.UIDs)
	case mail.RecentClaimed:
		box := m.mailboxes[r.Mailbox]
		box.recentFrom = max(box.recentFrom, r.Before)
	case mail.MetadataChanged:
		return m.setMetadata(r)
	case mail.AnnotationsChanged:
		return m.mailboxes[r.Mailbox].annotate(m.position, r)
	case mail.EntryPut:
		m.entries[r.Key] = string(r.Value)
	case mail.EntryRemoved:
		delete(m.entries, r.Key)
	default:
		return fmt.Errorf("the model does not know it")
	}
	return nil
}

func (m *model) create(r mail.MailboxCreated) error {
	if m.mailboxes[r.ID] != nil || m.named(r.Name) != nil {
		return fmt.Errorf("mailbox %d or name %q is taken", r.ID, r.Name)
	}
	if r.UIDValidity <= m.floor {
		return fmt.Errorf("UIDVALIDITY %d does not exceed %d", r.UIDValidity, m.floor)
	}
	m.floor = r.UIDValidity
	m.mailboxes[r.ID] = &modelBox{
		name: r.Name, uidValidity: r.UIDValidity, uidNext: r.UIDNext, recentFrom: r.UIDNext, highest: m.position,
		messages: map[imap.UID]modelMessage{}, removed: map[imap.UID]modelMessage{},
		metadata: map[modelName]string{}, annotations: map[imap.UID]map[modelName]string{},
	}
	return nil
}

func (m *model) named(name string) *modelBox {
	for _, box := range m.mailboxes {
		if box.name == name {
			return box
		}
	}
	return nil
}

func (m *model) copy(r mail.MessagesCopied) error {
	from, to := m.mailboxes[r.From], m.mailboxes[r.To]
	next := r.FirstUID
	for uid := range r.UIDs.All {
		message, ok := from.messages[uid]
		if !ok {
			return fmt.Errorf("no message %d to copy", uid)
		}
		message.saved = r.SaveDate
		if err := to.add(m.position, next, message); err != nil {
			return err
		}
		to.carry(next, from.annotations[uid], r.Annotations)
		next++
	}
	return nil
}

func (b *modelBox) add(position imap.ModSeq, uid imap.UID, message modelMessage) error {
	if b == nil || uid < b.uidNext {
		return fmt.Errorf("UID %d is given again", uid)
	}
	b.uidNext, b.highest = uid+1, position
	message.modSeq = position
	b.messages[uid] = message
	return nil
}

func (b *modelBox) flag(position imap.ModSeq, r mail.FlagsChanged) {
	for uid := range r.UIDs.All {
		message, ok := b.messages[uid]
		if !ok {
			continue
		}
		flags := map[string]bool{}
		for _, flag := range strings.Fields(message.flags) {
			flags[flag] = true
		}
		for _, flag := range r.Remove {
			delete(flags, strings.ToLower(string(flag)))
		}
		for _, flag := range r.Add {
			flags[strings.ToLower(string(flag))] = true
		}
		text := strings.Join(slices.Sorted(maps.Keys(flags)), " ")
		if text != message.flags {
			message.flags, message.modSeq, b.highest = text, position, position
			b.messages[uid] = message
		}
	}
}

func (b *modelBox) remove(position imap.ModSeq, uids imap.UIDSet) {
	for uid := range uids.All {
		if message, ok := b.messages[uid]; ok {
			message.removed, b.highest = position, position
			b.removed[uid] = message
			delete(b.messages, uid)
			delete(b.annotations, uid)
		}
	}
}

// flagText returns flags in the form in which the model compares them.
func flagText(flags []imap.Flag) string {
	unique := map[string]bool{}
	for _, flag := range flags {
		unique[strings.ToLower(string(flag))] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(unique)), " ")
}
