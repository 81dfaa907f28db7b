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
	// catchUp has everything told once, as by NOOP (RFC 5465 §3.1).
	catchUp bool
	hearing
}

// notifyGroup is an event group with one filter of mailboxes.
type notifyGroup struct {
	filter imap.NotifyFilter
	names  nameSet // as the session shows them
	events imap.NotifyEvents
}

// stopNotifying forgets what NOTIFY asked for. The session then is one that has
// never said NOTIFY, unless instead says something else.
func (s *session) stopNotifying(instead *notification) {
	if s.notify != nil {
		s.notify.close()
	}
	s.metadata.close()
	s.notify, s.metadata = instead, nil
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

// sessionAccount is an account as one session uses it. It takes note of the
// session's own commits, of which its client is not notified (RFC 5465 §5).
type sessionAccount struct {
	mail.Account
	session *session
}

// Commit commits, and takes note of the position if anything was written.
func (a *sessionAccount) Commit(ctx context.Context, decide mail.Decision) (imap.ModSeq, error) {
	if a.session.heard() == nil {
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
	if s.heard() != nil && len(s.own) < ownCommitsMax {
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
