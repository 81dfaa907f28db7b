package imapserver

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// notice is a response that tells of a mailbox which is not selected: one of its
// members is set.
type notice struct {
	list     *imap.ListData
	status   *imap.StatusData
	metadata *imap.MetadataData
}

func (s *session) writeNotice(line *notice) {
	if line.list != nil {
		s.enc.List(line.list)
	}
	if line.status != nil {
		s.enc.MailboxStatus(line.status)
	}
	if line.metadata != nil {
		s.enc.Metadata(line.metadata)
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

// noticesOf makes the responses for what happened in an account. What a mailbox is
// now is read once, however often it changed.
func (s *session) noticesOf(w *watchedAccount) ([]notice, error) {
	before := w.messages.position
	named, namesLost := w.names.take()
	changes, lost := w.messages.take()
	if namesLost && s.notify.events&^imap.NotifyMessageEvents != 0 {
		return nil, errNotifyLost
	}
	found := newNews()
	for _, change := range named {
		if !s.isOwn(w.place.account, change.ModSeq) {
			found.takeNames(change)
			s.takeMetadataNews(w.place, found, change)
		}
	}
	for _, change := range changes {
		if change.Erased {
			return nil, mail.ErrErased
		}
		if !s.isOwn(w.place.account, change.ModSeq) {
			found.takeMessages(change)
		}
	}
	if lost = lost || namesLost; found.isEmpty() && !lost {
		return nil, nil
	}
	var lines []notice
	err := w.place.account.Read(s.context, func(state mail.State) error {
		if lost {
			if err := found.compare(state, before); err != nil {
				return err
			}
			w.messages.position = state.ModSeq()
		}
		for _, describe := range []func(mail.State, place, *news) ([]notice, error){s.namesNews, s.messagesNews, s.metadataNews} {
			more, err := describe(state, w.place, found)
			if err != nil {
				return err
			}
			lines = append(lines, more...)
		}
		return nil
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
