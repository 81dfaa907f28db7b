package imapserver

import (
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// nameNews is a name to which something happened.
type nameNews struct {
	name  string
	old   string // if it was renamed
	event imap.NotifyEvents
}

// followsFrom reports whether a rename is only that of something further up, of
// which the client is told (RFC 5465 §5.4).
func (n nameNews) followsFrom(told map[string]string) bool {
	for above := mail.ParentName(n.old); above != ""; above = mail.ParentName(above) {
		if now, ok := told[above]; ok && n.name == now+strings.TrimPrefix(n.old, above) {
			return true
		}
	}
	return false
}

// news is what several changes together did.
type news struct {
	messages map[mail.MailboxID]imap.NotifyEvents
	order    []mail.MailboxID // of messages
	names    []nameNews
	known    map[nameNews]bool
	metadata changedEntries
}

func newNews() *news {
	return &news{messages: map[mail.MailboxID]imap.NotifyEvents{}, known: map[nameNews]bool{}, metadata: changedEntries{}}
}

func (n *news) isEmpty() bool {
	return len(n.order) == 0 && len(n.names) == 0 && len(n.metadata) == 0
}

// happened takes note of what happened to the messages of a mailbox.
func (n *news) happened(id mail.MailboxID, events imap.NotifyEvents) {
	if events == 0 {
		return
	}
	if n.messages[id] == 0 {
		n.order = append(n.order, id)
	}
	n.messages[id] |= events
}

// named takes note of what happened to a name.
func (n *news) named(name, old string, event imap.NotifyEvents) {
	one := nameNews{name, old, event}
	if name != "" && !n.known[one] {
		n.known[one] = true
		n.names = append(n.names, one)
	}
}

// takeMessages takes note of what a change did to messages, as far as it is not a
// private annotation of another than the reader (RFC 5257 §3.2).
func (n *news) takeMessages(change *mail.Change, reader mail.AccountID) {
	for i := range change.Messages {
		m := &change.Messages[i]
		if owner := m.Annotation.Owner; m.Kind == mail.AnnotationsWereChanged && owner != mail.Shared && owner != reader {
			continue
		}
		n.happened(change.Messages[i].Mailbox, eventsOfMessages[change.Messages[i].Kind])
	}
}

// takeNames takes note of what a change did to names.
func (n *news) takeNames(change *mail.Change) {
	for i := range change.Mailboxes {
		m := &change.Mailboxes[i]
		switch m.Kind {
		case mail.MailboxWasCreated:
			n.appeared(m.Name, formerName(change, m.Mailbox))
			n.renumbered(m.Mailbox)
		case mail.MailboxWasDeleted:
			n.appeared(m.Name, "")
		case mail.MailboxWasRenamed:
			n.named(m.Name, m.OldName, imap.NotifyMailboxName)
			n.renumbered(m.Mailbox)
		case mail.MailboxWasRenumbered:
			n.renumbered(m.Mailbox)
		case mail.NameWasSubscribed, mail.NameWasUnsubscribed:
			n.named(m.Name, "", imap.NotifySubscriptionChange)
		}
	}
}

// formerName returns INBOX for a mailbox that was made by renaming it: INBOX gives
// its messages to the new one and stays (RFC 5465 §5.4). No other mailbox is made
// with messages that another loses.
func formerName(change *mail.Change, made mail.MailboxID) string {
	filled, emptied := false, false
	for i := range change.Messages {
		m := &change.Messages[i]
		filled = filled || m.Mailbox == made && m.Kind == mail.MessagesWereAdded
		emptied = emptied || m.Mailbox != made && m.Kind == mail.MessagesWereRemoved
	}
	if filled && emptied {
		return mail.Inbox
	}
	return ""
}

// eventsOfMessages are the events of what happens to messages.
var eventsOfMessages = map[mail.MessageChangeKind]imap.NotifyEvents{
	mail.MessagesWereAdded:      imap.NotifyMessageNew,
	mail.FlagsWereChanged:       imap.NotifyFlagChange,
	mail.MessagesWereRemoved:    imap.NotifyMessageExpunge,
	mail.AnnotationsWereChanged: imap.NotifyAnnotationChange,
}

// appeared takes note of a name that came or went. The one above is affected, too:
// it has inferior names now, or has none any more (RFC 5465 §5.4).
func (n *news) appeared(name, old string) {
	n.named(name, old, imap.NotifyMailboxName)
	n.named(mail.ParentName(name), "", imap.NotifyMailboxName)
}

// renumbered takes note that a name may have another UIDVALIDITY, which whoever
// wants to hear of flags must hear of (RFC 5465 §5.1).
func (n *news) renumbered(id mail.MailboxID) { n.happened(id, imap.NotifyFlagChange) }

// compare takes note of each mailbox that has changed after a position, whatever
// it was.
func (n *news) compare(state mail.State, after imap.ModSeq) error {
	for mailbox, err := range state.Mailboxes("") {
		if err != nil {
			return err
		}
		if mailbox.HighestModSeq > after {
			n.happened(mailbox.ID, imap.NotifyMessageEvents)
		}
	}
	return nil
}
