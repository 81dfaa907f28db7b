package imapserver

import (
	"errors"
	"slices"

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
	h := s.heard()
	if h == nil {
		return nil
	}
	err := s.tellEach(h.watched)
	if err == nil {
		err = s.followReach()
	}
	if err == nil {
		err = s.tellEach(h.others)
	}
	if errors.Is(err, errNotifyLost) {
		err = s.overflow()
	}
	if err != nil {
		return ending(err)
	}
	s.own = s.own[:0] // all of them were published before
	h.others = slices.DeleteFunc(h.others, func(w *watchedAccount) bool {
		if w.left {
			w.close()
		}
		return w.left
	})
	return nil
}

func (s *session) tellEach(watched []*watchedAccount) error {
	for _, w := range watched {
		lines, err := s.noticesOf(w)
		if err != nil {
			return err
		}
		for i := range lines {
			s.writeNotice(&lines[i])
		}
	}
	return nil
}

// overflow ends all notifications, as NOTIFY NONE does (RFC 5465 §5.8). Who only
// enabled METADATA must be told of each entry (RFC 5464 §4.4) and has no code for
// that: the client begins anew.
func (s *session) overflow() error {
	if s.notify == nil {
		return bye(nil, "Too much metadata has changed to be told; connect again")
	}
	s.enc.Untagged(imap.StatusOK, imap.CodeNotificationOverflow, "Too much has happened to be told; ask for notifications again")
	s.stopNotifying(new(notification))
	return nil
}

// errNotifyLost says that changes were lost which nobody can look up: of names, or
// of very many values that are gone.
var errNotifyLost = errors.New("changes were lost that leave no trace in a state")

// noticesOf makes the responses for what happened in an account. What a mailbox is
// now is read once, however often it changed.
func (s *session) noticesOf(w *watchedAccount) ([]notice, error) {
	h, before, namesBefore := s.heard(), w.messages.position, w.names.position
	named, namesLost := w.names.take()
	changes, lost := w.messages.take()
	if namesLost && h.events&(imap.NotifyMailboxName|imap.NotifySubscriptionChange) != 0 {
		return nil, errNotifyLost
	}
	found, own := newNews(), map[mail.MailboxID]bool{}
	for _, change := range named {
		s.takeNamed(w, change, found, own)
	}
	for _, change := range changes {
		if change.Erased && !w.isOthers() {
			return nil, mail.ErrErased
		}
		w.look = w.look || change.Erased
		if !s.isOwn(w.place.account, change.ModSeq) {
			found.takeMessages(change, s.identity.Account)
		}
	}
	lost = lost || namesLost
	if w.look = w.isOthers() && !h.onlyMetadata && (w.look || lost); found.isEmpty() && !lost && !w.look {
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
		if namesLost {
			if err := s.compareMetadata(state, w.place.account, namesBefore, found); err != nil {
				return err
			}
			w.names.position = state.ModSeq()
		}
		if w.look {
			if err := s.lookAround(state, w, own, found); err != nil {
				return err
			}
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
	if w.isOthers() && errors.Is(err, mail.ErrNoMailbox) {
		return s.goneWithAccount(w)
	}
	return lines, err
}

// takeNamed takes note of a change of names or metadata. In the account of another
// it is only a reason to look, because not everything there is for the user to know;
// own are then the mailboxes that the session itself changed.
func (s *session) takeNamed(w *watchedAccount, change *mail.Change, found *news, own map[mail.MailboxID]bool) {
	mine := s.isOwn(w.place.account, change.ModSeq)
	for i := range change.Mailboxes {
		m := &change.Mailboxes[i]
		s.heard().subscribed = s.heard().subscribed || m.Kind == mail.NameWasSubscribed && isOfOthers(m.Name)
		w.look = true
		own[m.Mailbox] = own[m.Mailbox] || mine
		if w.isOthers() && !mine && m.Kind == mail.MailboxWasRenumbered {
			found.renumbered(m.Mailbox)
		}
	}
	if mine {
		return
	}
	if !w.isOthers() {
		found.takeNames(change)
	}
	s.takeMetadataNews(w.place, found, change)
}

// mayHear reports whether something may be told of a mailbox's messages: it is not
// the selected one, and the user may read it (RFC 5465 §5, §5.9).
func (s *session) mayHear(at place, mailbox *mail.Mailbox) bool {
	isSelected := s.mailbox != nil && s.mailbox.account.ID() == at.account.ID() && s.mailbox.id == mailbox.ID
	return !isSelected && !s.heard().hasLeft(at) && at.permit(mailbox, mail.RightLookup|mail.RightRead) == nil
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
			wanted |= s.heard().ofSubscribed() // it was subscribed, or is
		}
		if wanted == 0 || !wanted.Has(one.event) {
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
func (h *hearing) ofSubscribed() (events imap.NotifyEvents) {
	for i := range h.groups {
		if h.groups[i].filter == imap.NotifySubscribed {
			events |= h.groups[i].events
		}
	}
	return events
}

// describeName describes a name as it is now: all attributes are those of an
// extended LIST (RFC 5465 §5.4, §5.5).
func (s *session) describeName(state mail.State, at place, one nameNews) (imap.ListData, error) {
	mailbox, err := state.MailboxNamed(one.name)
	var rights mail.Rights
	if err == nil && !s.heard().hasLeft(at) {
		rights = at.rights(mailbox)
	}
	if err == nil && !rights.Visible() {
		err = mail.ErrNoMailbox
	}
	absent := errors.Is(err, mail.ErrNoMailbox)
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
	if barred := absent && s.heard().barred[at.shown(one.name)]; barred || !absent && !rights.Has(mail.RightRead) {
		data.Attrs = append(data.Attrs, imap.AttrNoAccess) // RFC 5465 §3.1, §5.9
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
