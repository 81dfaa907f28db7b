package imapserver

import (
	"errors"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// notice is a response that tells of a mailbox which is not selected: one of its
// members is set.
type notice struct {
	list   *imap.ListData
	status *imap.StatusData
}

func (s *session) writeNotice(line *notice) {
	if line.list != nil {
		s.enc.List(line.list)
	}
	if line.status != nil {
		s.enc.MailboxStatus(line.status)
	}
}

// tellOthers tells what happened to mailboxes that are not selected.
func (s *session) tellOthers() error {
	if s.notify == nil {
		return nil
	}
	for _, w := range s.notify.watched {
		lines, err := s.noticesOf(w)
		if errors.Is(err, errNotifyLost) {
			s.overflow()
			break
		}
		if err != nil {
			return ending(err)
		}
		for i := range lines {
			s.writeNotice(&lines[i])
		}
	}
	s.own = s.own[:0] // all of them were published before
	return nil
}

// overflow ends all notifications, as NOTIFY NONE does (RFC 5465 §5.8).
func (s *session) overflow() {
	s.enc.Untagged(imap.StatusOK, imap.CodeNotificationOverflow, "Too much has happened to be told; ask for notifications again")
	s.stopNotifying(new(notification))
}

// errNotifyLost says that changes of names were lost, which nobody can look up.
var errNotifyLost = errors.New("changes were lost that leave no trace in a state")

// lossless are the events that a look at the store shows if their changes were
// lost.
const lossless = imap.NotifyMessageEvents

// noticesOf makes the responses for what happened in an account. What a mailbox is
// now is read once, however often it changed.
func (s *session) noticesOf(w *watchedAccount) ([]notice, error) {
	changes, overflowed := w.watch.Take()
	if len(changes) == 0 && !overflowed {
		return nil, nil
	}
	if overflowed && s.notify.events&^lossless != 0 {
		return nil, errNotifyLost
	}
	news := newNews()
	for _, change := range changes {
		if change.ModSeq <= w.position {
			continue
		}
		if change.Erased {
			return nil, mail.ErrErased
		}
		w.position = change.ModSeq
		if !s.isOwn(w.place.account, change.ModSeq) {
			news.take(change)
		}
	}
	if news.isEmpty() && !overflowed {
		return nil, nil
	}
	var lines []notice
	err := w.place.account.Read(s.context, func(state mail.State) error {
		if overflowed {
			if err := news.compare(state, w.position); err != nil {
				return err
			}
			w.position = state.ModSeq()
		}
		var err error
		if lines, err = s.namesNews(state, w.place, news); err != nil {
			return err
		}
		status, err := s.messagesNews(state, w.place, news)
		lines = append(lines, status...)
		return err
	})
	return lines, err
}

// mayHear reports whether something may be told of a mailbox's messages: it is not
// the selected one, and the user may read it (RFC 5465 §5, §5.9).
func (s *session) mayHear(at place, mailbox *mail.Mailbox) bool {
	isSelected := s.mailbox != nil && s.mailbox.account == at.account && s.mailbox.id == mailbox.ID
	return !isSelected && at.permit(mailbox, mail.RightLookup|mail.RightRead) == nil
}

// messagesNews describes the mailboxes whose messages have changed.
func (s *session) messagesNews(state mail.State, at place, news *news) ([]notice, error) {
	var lines []notice
	for _, id := range news.order {
		mailbox, err := state.Mailbox(id)
		if errors.Is(err, mail.ErrNoMailbox) {
			continue
		}
		if err != nil {
			return nil, err
		}
		wanted, err := s.wanted(state, at, mailbox.Name)
		if err != nil {
			return nil, err
		}
		items := s.dialect.noticeItems(news.messages[id]&wanted, wanted)
		if len(items) == 0 || !s.mayHear(at, mailbox) {
			continue
		}
		status, err := s.statusOf(state, at, mailbox, items)
		if err != nil {
			return nil, err
		}
		lines = append(lines, notice{status: &status})
	}
	return lines, nil
}

// namesNews describes the names that have changed.
func (s *session) namesNews(state mail.State, at place, news *news) ([]notice, error) {
	var lines []notice
	told := map[string]string{} // new names by old ones
	for _, one := range news.names {
		if one.followsFrom(told) {
			continue
		}
		wanted, err := s.wanted(state, at, one.name)
		if err == nil && one.old != "" {
			var before imap.NotifyEvents
			before, err = s.wanted(state, at, one.old)
			wanted |= before
		}
		if err != nil {
			return nil, err
		}
		if one.event == imap.NotifySubscriptionChange {
			wanted |= s.notify.ofSubscribed() // it was subscribed, or is
		}
		if !wanted.Has(one.event) {
			continue
		}
		list, err := s.describeName(state, at, one)
		if err != nil {
			return nil, err
		}
		if one.old != "" {
			told[one.old] = one.name
		}
		lines = append(lines, notice{list: &list})
	}
	return lines, nil
}

// ofSubscribed returns the events that are wanted of all subscribed mailboxes.
func (n *notification) ofSubscribed() (events imap.NotifyEvents) {
	for i := range n.groups {
		if n.groups[i].filter == imap.NotifySubscribed {
			events |= n.groups[i].events
		}
	}
	return events
}

// describeName describes a name as it is now: all attributes are those of an
// extended LIST (RFC 5465 §5.4, §5.5).
func (s *session) describeName(state mail.State, at place, one nameNews) (imap.ListData, error) {
	mailbox, err := state.MailboxNamed(one.name)
	if err == nil {
		err = at.permit(mailbox, mail.RightLookup)
	}
	absent := errors.Is(err, mail.ErrNoMailbox) || errors.Is(err, mail.ErrNotPermitted)
	if absent {
		mailbox, err = &mail.Mailbox{Name: one.name}, nil
	}
	if err != nil {
		return imap.ListData{}, err
	}
	data, err := listDataOf(state, at, mailbox)
	if err != nil {
		return data, err
	}
	if absent {
		data.Attrs = append([]imap.MailboxAttr{imap.AttrNonExistent}, data.Attrs...)
	}
	subscribed, err := s.isSubscribed(state, at, at.shown(one.name))
	if subscribed {
		data.Attrs = append(data.Attrs, imap.AttrSubscribed)
	}
	if one.old != "" {
		data.OldName = at.shown(one.old)
	}
	return data, err
}

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
}

func newNews() *news {
	return &news{messages: map[mail.MailboxID]imap.NotifyEvents{}, known: map[nameNews]bool{}}
}

func (n *news) isEmpty() bool { return len(n.order) == 0 && len(n.names) == 0 }

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

// take takes note of a change.
func (n *news) take(change *mail.Change) {
	removed := false
	for i := range change.Messages {
		m := &change.Messages[i]
		n.happened(m.Mailbox, eventsOfMessages[m.Kind])
		removed = removed || m.Kind == mail.MessagesWereRemoved
	}
	for i := range change.Mailboxes {
		m := &change.Mailboxes[i]
		switch m.Kind {
		case mail.MailboxWasCreated:
			old := ""
			if removed && n.messages[m.Mailbox].Has(imap.NotifyMessageNew) {
				// No mailbox is made with messages in it, except when INBOX
				// gives it its own by being renamed (RFC 5465 §5.4).
				old = mail.Inbox
			}
			n.appeared(m.Name, old)
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

// eventsOfMessages are the events of what happens to messages.
var eventsOfMessages = map[mail.MessageChangeKind]imap.NotifyEvents{
	mail.MessagesWereAdded:   imap.NotifyMessageNew,
	mail.FlagsWereChanged:    imap.NotifyFlagChange,
	mail.MessagesWereRemoved: imap.NotifyMessageExpunge,
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
