package imapserver

import (
	"errors"
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// mayReachOthers reports whether the groups can lead to mailboxes of others, now
// or later.
func (h *hearing) mayReachOthers() bool {
	return slices.ContainsFunc(h.groups, func(g notifyGroup) bool {
		return g.filter == imap.NotifySubscribed || g.leadsTo(otherUsers+mail.Separator) || g.leadsTo(shared+mail.Separator)
	})
}

// leadsTo reports whether a group names something below a prefix, or all that is
// around it.
func (g *notifyGroup) leadsTo(prefix string) bool {
	for i := range g.names.ends {
		name := g.names.at(i) + mail.Separator
		if strings.HasPrefix(name, prefix) || g.filter == imap.NotifySubtree && strings.HasPrefix(prefix, name) {
			return true
		}
	}
	return false
}

// reached returns the accounts of others that the groups lead to, as far as
// anything in them was ever granted to the user.
func (s *session) reached(h *hearing) ([]place, error) {
	var subscribed notifyGroup
	if slices.ContainsFunc(h.groups, func(g notifyGroup) bool { return g.filter == imap.NotifySubscribed }) {
		names, err := s.subscribedOfOthers()
		if err != nil {
			return nil, err
		}
		subscribed.names = newNameSet(names)
	}
	var places []place
	err := s.eachVisited(func(prefix string) bool {
		return subscribed.leadsTo(prefix) || slices.ContainsFunc(h.groups, func(g notifyGroup) bool { return g.leadsTo(prefix) })
	}, func(_ mail.State, at *place) error {
		if len(places) >= notifyAccountsMax {
			if h.onlyMetadata {
				return nil // of the rest nobody hears
			}
			return errNotifyTooMuch("Too many mailboxes to be notified about")
		}
		places = append(places, *at)
		return nil
	})
	return places, err
}

// subscribedOfOthers returns the subscribed names that are in a namespace of others.
func (s *session) subscribedOfOthers() (names []string, err error) {
	err = s.account.Read(s.context, func(state mail.State) error {
		for name, err := range state.Subscriptions() {
			if err != nil {
				return err
			}
			if isOfOthers(name) {
				names = append(names, name)
			}
		}
		return nil
	})
	return names, err
}

func isOfOthers(name string) bool {
	return strings.HasPrefix(name, otherUsers+mail.Separator) || strings.HasPrefix(name, shared+mail.Separator)
}

// followReach watches the accounts that have come into reach, by rights or by a
// subscription, and lets go of the others (RFC 5465 §5.9).
func (s *session) followReach() error {
	h := s.heard()
	if h == nil || h.directory == nil {
		return nil
	}
	changes := s.directory().Changes()
	granted := h.directoryAt != changes
	if !granted && !h.subscribed {
		return nil
	}
	h.directory.Take()
	h.directoryAt, h.subscribed = changes, false
	places, err := s.reached(h)
	if told := (*reply)(nil); errors.As(err, &told) {
		return errNotifyLost // there are too many now
	}
	if err != nil {
		return err
	}
	for _, w := range h.others {
		at := slices.IndexFunc(places, func(p place) bool { return p.account.ID() == w.place.account.ID() })
		w.look = true
		if w.left = at < 0; !w.left {
			w.place = places[at]
			places = slices.Delete(places, at, at+1)
		}
	}
	for _, at := range places {
		w, err := s.watchOther(h, at, !granted)
		if err != nil {
			return err
		}
		h.others = append(h.others, w)
	}
	return nil
}

// watchOther begins to watch an account of another. What the user can see there
// is nothing new to him if it is known.
func (s *session) watchOther(h *hearing, at place, known bool) (*watchedAccount, error) {
	w := s.watchAccount(h, at)
	w.seen, w.look = map[mail.MailboxID]seenMailbox{}, true
	err := ignoreGone(at.account.Read(s.context, func(state mail.State) (err error) {
		w.messages.position, w.names.position = state.ModSeq(), state.ModSeq()
		if known && !h.onlyMetadata {
			w.seen, err = w.visible(state)
		}
		return err
	}))
	return w, err
}

// seenMailbox is what the user could see of another's mailbox.
type seenMailbox struct {
	name     string
	readable bool
}

// visible returns what the user can see of the account. What he cannot is never
// told of, whatever happens to it (RFC 5465 §3.1).
func (w *watchedAccount) visible(state mail.State) (map[mail.MailboxID]seenMailbox, error) {
	visible := map[mail.MailboxID]seenMailbox{}
	if w.left {
		return visible, nil
	}
	for mailbox, err := range state.Mailboxes("") {
		if err != nil {
			return nil, err
		}
		rights := w.place.rights(mailbox)
		if !rights.Visible() {
			continue
		}
		if len(visible) >= notifyMailboxesMax {
			return nil, errNotifyLost
		}
		visible[mailbox.ID] = seenMailbox{mailbox.Name, rights.Has(mail.RightRead)}
	}
	return visible, nil
}

// lookAround takes note of what the user can see in the account of another that he
// could not, and the reverse: rights that come and go are as good as mailboxes that
// do (RFC 5465 §5.4, §5.9). Of its own mailboxes the session knows.
func (s *session) lookAround(state mail.State, w *watchedAccount, own map[mail.MailboxID]bool, found *news) error {
	now, err := w.visible(state)
	if err != nil {
		return err
	}
	for _, id := range byVisibleName(now) {
		if is, was := now[id], w.seen[id]; !own[id] {
			s.lookAt(w, id, was, is, found)
		}
	}
	for _, id := range byVisibleName(w.seen) {
		if _, still := now[id]; still || own[id] {
			continue
		}
		was := w.seen[id]
		event := imap.NotifyMailboxName
		if _, err := state.Mailbox(id); err == nil && len(s.heard().barred) < notifyMailboxesMax {
			s.heard().barred[w.place.shown(was.name)] = true
			event = 0 // whatever was wanted of it ends
		}
		found.named(was.name, "", event)
		found.named(mail.ParentName(was.name), "", imap.NotifyMailboxName)
	}
	w.seen, w.look = now, false
	return nil
}

// goneWithAccount describes the mailboxes of another that went with his account:
// each is deleted (RFC 5465 §5.4).
func (s *session) goneWithAccount(w *watchedAccount) ([]notice, error) {
	var lines []notice
	for _, id := range byVisibleName(w.seen) {
		name := w.seen[id].name
		wanted, err := s.wanted(nil, w.place, name)
		if err != nil {
			return nil, err
		}
		if !wanted.Has(imap.NotifyMailboxName) {
			continue
		}
		data := imap.ListData{
			Mailbox: w.place.shown(name), Delimiter: delimiter,
			Attrs: []imap.MailboxAttr{imap.AttrNonExistent, imap.AttrHasNoChildren},
		}
		subscribed, err := s.isSubscribed(nil, w.place, data.Mailbox)
		if err != nil {
			return nil, err
		}
		if subscribed {
			data.Attrs = append(data.Attrs, imap.AttrSubscribed)
		}
		lines = append(lines, notice{list: &data})
	}
	w.seen, w.look = map[mail.MailboxID]seenMailbox{}, false
	return lines, nil
}

// lookAt takes note of what became of a mailbox that the user can see.
func (s *session) lookAt(w *watchedAccount, id mail.MailboxID, was, is seenMailbox, found *news) {
	shown := w.place.shown(is.name)
	switch {
	case s.heard().barred[shown]:
		delete(s.heard().barred, shown)
		found.named(is.name, "", 0)
	case was.name == "":
		found.appeared(is.name, "")
	case was.name != is.name:
		found.named(is.name, was.name, imap.NotifyMailboxName)
	case was.readable != is.readable:
		found.named(is.name, "", 0)
	}
	if is.readable && !was.readable {
		found.happened(id, imap.NotifyMessageEvents)
	}
}

// byVisibleName returns mailboxes by name.
func byVisibleName(mailboxes map[mail.MailboxID]seenMailbox) []mail.MailboxID {
	ids := make([]mail.MailboxID, 0, len(mailboxes))
	for id := range mailboxes {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b mail.MailboxID) int { return strings.Compare(mailboxes[a].name, mailboxes[b].name) })
	return ids
}

// firstOfOthers describes the mailboxes of an account of which something is wanted:
// with \NoAccess those that the user may not read, and if asked the counts of the
// others (RFC 5465 §3.1).
func (s *session) firstOfOthers(state mail.State, w *watchedAccount, status bool, lines *[]notice) error {
	for mailbox, err := range state.Mailboxes("") {
		if err != nil {
			return err
		}
		rights := w.place.rights(mailbox)
		if !rights.Visible() || !w.isOthers() && rights.Has(mail.RightRead) {
			continue
		}
		wanted, err := s.wanted(state, w.place, mailbox.Name)
		if err != nil {
			return err
		}
		messages := wanted & imap.NotifyMessageEvents
		switch {
		case wanted == 0:
			continue
		case len(*lines) >= notifyMailboxesMax:
			return errNotifyTooMuch("Too many mailboxes to be told of")
		case !rights.Has(mail.RightRead):
			list, err := s.describeName(state, w.place, nameNews{name: mailbox.Name})
			if err != nil {
				return err
			}
			*lines = append(*lines, notice{list: &list})
		case status && messages != 0 && s.mayHear(w.place, mailbox):
			data, err := s.statusOf(state, w.place, mailbox, s.dialect.firstNoticeItems(messages))
			if err != nil {
				return err
			}
			*lines = append(*lines, notice{status: &data})
		}
	}
	return nil
}

// hasLeft reports whether an account is out of reach, whatever its lists say.
func (h *hearing) hasLeft(at place) bool {
	return slices.ContainsFunc(h.others, func(w *watchedAccount) bool { return w.left && w.place.account.ID() == at.account.ID() })
}
