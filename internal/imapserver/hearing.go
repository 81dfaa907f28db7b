package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// hearing is what a session hears of mailboxes that are not selected, and of the
// server: what NOTIFY asks for, or before the first of them what ENABLE METADATA
// does. It keeps nothing of any mailbox: what is to be said of one is read from the
// store when it has changed.
type hearing struct {
	// groups are about such mailboxes, and events those of all of them.
	groups []notifyGroup
	events imap.NotifyEvents
	// onlyMetadata says that nothing but metadata is told, whatever becomes of the
	// mailboxes: nobody asked for notifications.
	onlyMetadata bool
	// watched are the user's account and perhaps the directory, others the accounts
	// of others in which such mailboxes can be.
	watched, others []*watchedAccount
	// directory wakes the session when others may have come into reach, directoryAt
	// is as of when that was looked at, and subscribed says that a subscription may
	// have brought some. nil if none ever can.
	directory   *mail.Watch
	directoryAt uint64
	subscribed  bool
	// barred are the names of which the client was told \NoAccess.
	barred map[string]bool
}

// heard is what the session hears now, nil if that is nothing.
func (s *session) heard() *hearing {
	if s.notify != nil {
		return &s.notify.hearing
	}
	return s.metadata
}

// startHearing begins to watch what the groups lead to. A watch begins before the
// state is read, so that no change falls between the two.
func (s *session) startHearing(h *hearing) error {
	home, err := s.home("")
	if err != nil {
		return err
	}
	h.watched = append(h.watched, s.watchAccount(h, home))
	if h.events.Has(imap.NotifyServerMetadataChange) {
		directory, err := s.server.options.Store.Account(s.context, mail.DirectoryAccount)
		if err != nil {
			return err
		}
		h.watched = append(h.watched, s.watchAccount(h, place{account: directory, actor: &mail.Actor{Owner: mail.DirectoryAccount, Subject: home.actor.Subject}}))
	}
	for _, w := range h.watched {
		err := w.place.account.Read(s.context, func(state mail.State) error {
			w.messages.position, w.names.position = state.ModSeq(), state.ModSeq()
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.hearOthers(h)
}

// hearOthers begins to watch the accounts of others.
func (s *session) hearOthers(h *hearing) error {
	if !h.mayReachOthers() {
		return nil
	}
	h.directoryAt = s.directory().Changes()
	h.directory = s.directory().Watch(s.conn.notice)
	places, err := s.reached(h)
	if err != nil {
		return err
	}
	for _, at := range places {
		w, err := s.watchOther(h, at, true)
		if err != nil {
			return err
		}
		h.others = append(h.others, w)
	}
	return nil
}

// watchedAccount is an account whose changes may be of interest. Messages come in
// numbers and can be looked up, names and metadata are rare and leave no trace when
// they are gone: each has a queue of its own, so that the one does not push the
// other out.
type watchedAccount struct {
	place           place // of the account; its name is none
	messages, names watchedChanges
	// seen is, in an account of another, what the user could see of it; look says
	// that it may be something else now, and left that it is nothing any more.
	seen       map[mail.MailboxID]seenMailbox
	look, left bool
}

// watchedChanges is a queue, and up to where changes are accounted for.
type watchedChanges struct {
	watch    *mail.Watch
	position imap.ModSeq
}

// take returns the changes that are new.
func (w *watchedChanges) take() (changes []*mail.Change, overflowed bool) {
	queued, overflowed := w.watch.Take()
	for _, change := range queued {
		if change.ModSeq > w.position {
			changes = append(changes, change)
			w.position = change.ModSeq
		}
	}
	return changes, overflowed
}

// watchAccount begins to watch an account.
func (s *session) watchAccount(h *hearing, at place) *watchedAccount {
	w := &watchedAccount{place: at}
	w.messages.watch, w.names.watch = at.account.Watch(s.conn.notice), at.account.Watch(s.conn.notice)
	notices := !h.onlyMetadata
	w.messages.watch.Only(func(change *mail.Change) bool { return notices && len(change.Messages) > 0 || change.Erased })
	w.names.watch.Only(func(change *mail.Change) bool {
		return notices && len(change.Mailboxes) > 0 || len(change.Metadata) > 0
	})
	return w
}

// isOthers reports whether the account is another user's.
func (w *watchedAccount) isOthers() bool { return !w.place.isHome() }

// close ends the watches.
func (h *hearing) close() {
	if h == nil {
		return
	}
	for _, w := range append(h.watched, h.others...) {
		w.close()
	}
	h.watched, h.others = nil, nil
	if h.directory != nil {
		h.directory.Close()
	}
}

func (w *watchedAccount) close() {
	w.messages.watch.Close()
	w.names.watch.Close()
}

// wanted returns the events that a client wants to hear of a name, which has
// a place in the hierarchy or had one.
func (s *session) wanted(state mail.State, at place, name string) (imap.NotifyEvents, error) {
	var events imap.NotifyEvents
	shown := at.shown(name)
	for i := range s.heard().groups {
		group := &s.heard().groups[i]
		covered := false
		switch group.filter {
		case imap.NotifyPersonal:
			covered = at.account == s.account
		case imap.NotifyInboxes: // nothing is delivered anywhere else
			covered = at.account == s.account && name == mail.Inbox
		case imap.NotifySubtree:
			covered = group.names.hasAbove(shown)
		case imap.NotifyMailboxes:
			covered = group.names.has(shown)
		case imap.NotifySubscribed:
			var err error
			if covered, err = s.isSubscribed(state, at, shown); err != nil {
				return 0, err
			}
		}
		if covered {
			events |= group.events
		}
	}
	return events, nil
}

// isSubscribed reports whether the user has subscribed to a name. The state is
// that of the place.
func (s *session) isSubscribed(state mail.State, at place, shown string) (is bool, err error) {
	if at.account == s.account {
		return state.IsSubscribed(shown)
	}
	err = s.account.Read(s.context, func(own mail.State) error {
		is, err = own.IsSubscribed(shown)
		return err
	})
	return is, err
}
