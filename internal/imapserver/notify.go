package imapserver

import (
	"context"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// notification is what a client wants to hear of: one value from one NOTIFY to
// the next (RFC 5465 §3.1). It keeps nothing of any mailbox: what is to be said
// of one is read from the store when it has changed. A session that never said
// NOTIFY has none; after NOTIFY NONE there is one that wants nothing.
type notification struct {
	// selected are the events of the selected mailbox, whichever that is, and
	// items what is told of a new message there.
	selected imap.NotifyEvents
	items    []imap.FetchItem
	// delayed says that removals wait for a command that allows them
	// (RFC 5465 §6.1.2).
	delayed bool
	// groups are about other mailboxes, and events those of all of them.
	groups []notifyGroup
	events imap.NotifyEvents
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
	// catchUp has everything told once, as by NOOP (RFC 5465 §3.1).
	catchUp bool
}

// notifyGroup is an event group with one filter of mailboxes.
type notifyGroup struct {
	filter imap.NotifyFilter
	names  nameSet // as the session shows them
	events imap.NotifyEvents
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
func (s *session) watchAccount(at place) *watchedAccount {
	w := &watchedAccount{place: at}
	w.messages.watch, w.names.watch = at.account.Watch(s.conn.notice), at.account.Watch(s.conn.notice)
	w.messages.watch.Only(func(change *mail.Change) bool { return len(change.Messages) > 0 || change.Erased })
	w.names.watch.Only(func(change *mail.Change) bool { return len(change.Mailboxes) > 0 || len(change.Metadata) > 0 })
	return w
}

// close ends the watches.
func (n *notification) close() {
	if n == nil {
		return
	}
	for _, w := range append(n.watched, n.others...) {
		w.close()
	}
	n.watched, n.others = nil, nil
	if n.directory != nil {
		n.directory.Close()
	}
}

func (w *watchedAccount) close() {
	w.messages.watch.Close()
	w.names.watch.Close()
}

// stopNotifying forgets what NOTIFY asked for. The session then is one that has
// never said NOTIFY, unless instead says something else.
func (s *session) stopNotifying(instead *notification) {
	s.notify.close()
	s.notify = instead
}

// listens reports whether the client is told of changes between its commands.
func (s *session) listens() bool {
	n := s.notify
	return n != nil && (n.events != 0 || n.selected != 0 && s.mailbox != nil)
}

// tellable says what of the selected mailbox may be told now: what the moment
// allows and what the client wants (RFC 5465 §3.1).
func (s *session) tellable(removals mailview.Removals) mailview.Allowed {
	allowed := mailview.Allowed{Removals: removals == mailview.Send, Arrivals: true, Flags: true}
	if n := s.notify; n != nil && !n.catchUp {
		allowed.Removals = allowed.Removals && n.selected.Has(imap.NotifyMessageExpunge)
		allowed.Arrivals = n.selected.Has(imap.NotifyMessageNew)
		allowed.Flags = n.selected.Has(imap.NotifyFlagChange)
	}
	return allowed
}

// wantsAnnotations reports whether the client wants to hear of annotations that
// others change in the selected mailbox (RFC 5465 §5.1, RFC 5257 §4.4).
func (s *session) wantsAnnotations() bool {
	if s.notify != nil {
		return s.notify.selected.Has(imap.NotifyAnnotationChange)
	}
	return s.mailbox.annotate
}

// tellBetween tells what there is to tell while no command is in progress. A
// client that gave SELECTED cannot use sequence numbers, so that removals can be
// told at any time (RFC 5465 §5.3).
func (s *session) tellBetween() error {
	removals := mailview.Send
	if s.notify.delayed {
		removals = mailview.Hold
	}
	if err := s.sync(removals); err != nil {
		return err
	}
	s.tellUnsettled()
	return nil
}

// wanted returns the events that a client wants to hear of a name, which has
// a place in the hierarchy or had one.
func (s *session) wanted(state mail.State, at place, name string) (imap.NotifyEvents, error) {
	var events imap.NotifyEvents
	shown := at.shown(name)
	for i := range s.notify.groups {
		group := &s.notify.groups[i]
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

// sessionAccount is an account as one session uses it. It takes note of the
// session's own commits, of which its client is not notified (RFC 5465 §5).
type sessionAccount struct {
	mail.Account
	session *session
}

// Commit commits, and takes note of the position if anything was written.
func (a *sessionAccount) Commit(ctx context.Context, decide mail.Decision) (imap.ModSeq, error) {
	if a.session.notify == nil {
		return a.Account.Commit(ctx, decide)
	}
	wrote := false
	position, err := a.Account.Commit(ctx, func(state mail.State) (mail.Effects, error) {
		effects, err := decide(state)
		wrote = len(effects.Records) > 0
		return effects, err
	})
	if err == nil && wrote {
		a.session.noteOwn(a.Account.ID(), position)
	}
	return position, err
}

// noteOwn takes note of a commit of the session's.
func (s *session) noteOwn(account mail.AccountID, position imap.ModSeq) {
	if s.notify != nil && len(s.own) < ownCommitsMax {
		s.own = append(s.own, ownCommit{account, position})
	}
}

// ownCommit names a commit.
type ownCommit struct {
	account  mail.AccountID
	position imap.ModSeq
}

// isOwn reports whether the session made a commit since the last sync.
func (s *session) isOwn(account mail.Account, position imap.ModSeq) bool {
	if len(s.own) == 0 {
		return false
	}
	one := ownCommit{account.ID(), position}
	for _, own := range s.own {
		if own == one {
			return true
		}
	}
	return false
}
