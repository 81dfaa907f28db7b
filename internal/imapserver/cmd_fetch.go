package imapserver

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// fetch is FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4, §3.2.6).
func (s *session) fetch(request imap.FetchRequest) (outcome, error) {
	items := s.dialect.fetchedItems(request.Messages.ByUID, request.Items)
	if request.ChangedSince != 0 {
		items = append(items, imap.FetchItem{Kind: imap.FetchModSeq})
	}
	if request.Vanished && !s.dialect.resynchronises() {
		return outcome{}, bad("Enable QRESYNC before VANISHED")
	}
	plan := compileFetch(items)
	if plan.modSeq {
		if err := s.enableModSeqs(); err != nil {
			return outcome{}, err
		}
	}
	uids, err := s.resolve(request.Messages)
	if err != nil {
		return outcome{}, err
	}
	if err := s.checkPage(request.Partial); err != nil {
		return outcome{}, err
	}
	if !request.Partial.IsZero() { // chosen before CHANGEDSINCE chooses (RFC 9394 §3.4)
		uids = uids.Slice(request.Partial.Places(int(uids.Count())))
	}
	if request.Vanished {
		if err := s.tellVanished(request); err != nil {
			return outcome{}, err
		}
	}
	if request.ChangedSince != 0 {
		if uids, err = s.onlyChanged(uids, request.ChangedSince); err != nil {
			return outcome{}, err
		}
	}
	uids, limit := s.newest(uids)
	if err := s.checkFetchedParts(items, uids); err != nil {
		return outcome{}, err
	}
	err = s.writerFor(limit)(plan, uids)
	if errors.Is(err, mail.ErrNoMessage) {
		// RFC 2180 §4.1.2: what is there was sent.
		return s.limited(outcome{code: imap.CodeExpungeIssued, text: "Some of the messages no longer exist"}, nil, limit)
	}
	return s.limited(outcome{}, err, limit)
}

// onlyChanged returns those messages that changed after a modification
// sequence.
func (s *session) onlyChanged(uids imap.UIDSet, after imap.ModSeq) (imap.UIDSet, error) {
	var changed imap.UIDSet
	err := s.mailbox.account.Read(s.context, func(state mail.State) (err error) {
		changed, err = changedSince(state, s.mailbox.id, after)
		return ignoreGone(err)
	})
	return uids.Intersect(changed), err
}

// tellVanished says which of the messages that a client names no longer exist
// (RFC 7162 §3.2.6). What is gone without the client's knowledge is told by
// sync, as VANISHED without EARLIER.
func (s *session) tellVanished(request imap.FetchRequest) error {
	var gone imap.UIDSet
	err := s.mailbox.account.Read(s.context, func(state mail.State) error {
		named := request.Messages.UIDs
		if request.Messages.Saved {
			named = s.saved.uids
		}
		mailbox, err := state.Mailbox(s.mailbox.id)
		if err != nil {
			return ignoreGone(err)
		}
		gone, err = vanishedSince(state, mailbox, request.ChangedSince, named.Resolve(mailbox.UIDNext-1))
		return err
	})
	s.enc.Vanished(true, gone.Minus(s.mailbox.view.Gone()))
	return err
}

// vanishedSince returns those of the named UIDs that were removed after a
// position; if the store no longer knows, all that are not there.
func vanishedSince(state mail.State, mailbox *mail.Mailbox, after imap.ModSeq, named imap.UIDSet) (imap.UIDSet, error) {
	gone, complete, err := state.Removed(mailbox.ID, after)
	if err != nil {
		return nil, err
	}
	if complete {
		return gone.Intersect(named), nil
	}
	present, err := state.UIDs(mailbox.ID)
	if err != nil || mailbox.UIDNext <= 1 {
		return nil, err
	}
	given := imap.UIDSet{{Start: 1, Stop: mailbox.UIDNext - 1}}
	return named.Intersect(given).Minus(present.Set()), nil
}
