package imapserver

import (
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// sync tells the client what happened in the selected mailbox since it was
// last told: the one place from which data goes out that nobody asked for.
func (s *session) sync(removals mailview.Removals) error {
	return s.syncOnly(s.tellable(removals))
}

// syncOnly is sync that tells no more of the selected mailbox than is allowed. It
// may have been told already; then nothing is.
func (s *session) syncOnly(allowed mailview.Allowed) error {
	if s.mailbox != nil {
		if err := s.syncSelected(allowed); err != nil {
			return ending(err)
		}
	}
	return s.tellOthers()
}

// syncSelected tells of the selected mailbox.
func (s *session) syncSelected(allowed mailview.Allowed) error {
	if err := s.absorb(0); err != nil {
		return err
	}
	if err := s.followAccess(); err != nil {
		return err
	}
	selection := s.mailbox
	if selection.gone != "" {
		return s.leaveGone()
	}
	if selection.overQuota {
		selection.overQuota = false
		s.warnOverQuota()
	}
	if err := s.tellRights(); err != nil {
		return err
	}
	if allowed.Flags {
		if err := s.tellGrownKeywords(); err != nil {
			return err
		}
	}
	s.tellResets()
	if allowed.Removals {
		s.removeFromContexts(selection.view.Gone())
	}
	var arrived imap.UIDSet
	for _, event := range selection.view.SyncOnly(allowed) {
		if event.Kind == mailview.MessagesExist {
			arrived = event.UIDs
		}
		if err := s.tell(event); err != nil {
			return err // the view believes that it was told
		}
	}
	if err := s.tellAnnotations(); err != nil {
		return err
	}
	return s.tellArrivals(arrived)
}

// unsettled returns a position, if the command told of modification sequences
// beyond it and a removal between the two is still to be announced: because it
// is held back, or because messages were read from a state whose changes have
// not arrived here yet. A client that believed to know everything up to what
// it was told would never hear of the removal if the connection broke now
// (RFC 7162 §3.2).
func (s *session) unsettled() imap.Code {
	told := s.modSeqTold
	s.modSeqTold = 0
	if s.mailbox == nil || told <= s.mailbox.view.Settled() {
		return nil
	}
	return imap.CodeHighestModSeq{ModSeq: s.mailbox.view.Settled()}
}

// tellUnsettled tells it where no tagged OK is at hand that could.
func (s *session) tellUnsettled() {
	if code := s.unsettled(); code != nil {
		s.enc.Untagged(imap.StatusOK, code, "Changes after this are still to be told")
	}
}

// tell writes one event.
func (s *session) tell(event mailview.Event) error {
	selection := s.mailbox
	switch event.Kind {
	case mailview.MessagesGone:
		selection.recent = selection.recent.Minus(event.UIDs)
		selection.recentTold = min(selection.recentTold, uint32(selection.recent.Count()))
		s.saved.remove(event.UIDs)
		s.dialect.writeRemovals(s.enc, event)
	case mailview.MessagesExist:
		s.enc.Exists(event.Count)
		return s.tellRecent()
	case mailview.FlagsChanged:
		return s.writeMessages(compileFetch(s.changeItems()), event.UIDs)
	}
	return nil
}

// changeItems are those of a change of flags that was not asked for. A client that
// asked for notifications is always told the UID (RFC 5465 §5.1).
func (s *session) changeItems() []imap.FetchItem {
	if s.notify != nil {
		return s.dialect.messageItems(imap.FetchUID, imap.FetchFlags)
	}
	return s.dialect.messageItems(imap.FetchFlags)
}

// leaveGone ends the selection of a mailbox that was deleted or renumbered by
// someone else. A client of rev2 knows the code CLOSED (RFC 9051 §3); one of
// rev1 is disconnected, as RFC 2180 §3.3 advises.
func (s *session) leaveGone() error {
	text := s.mailbox.gone
	s.closeSelection()
	if s.dialect.speaksRev1() {
		return bye(nil, text)
	}
	s.enc.Untagged(imap.StatusOK, imap.CodeClosed, text)
	return nil
}

// tellRecent makes new messages \Recent in this session, unless another one
// was first, and tells how many there are (RFC 3501 §7.3.2).
func (s *session) tellRecent() error {
	selection := s.mailbox
	if !selection.arrived {
		return nil
	}
	selection.arrived = false
	if !s.dialect.speaksRev1() {
		return nil
	}
	s.claimRecent()
	if count := s.recentCount(); count != selection.recentTold {
		selection.recentTold = count
		s.enc.Recent(count)
	}
	return nil
}

// claimRecent takes the messages that no session has seen. What cannot be
// claimed, in a read-only mailbox or in a full store, is not \Recent here, or
// is so again elsewhere: no reason to fail a SELECT.
func (s *session) claimRecent() {
	selection := s.mailbox
	var claimed imap.UIDSet
	if selection.readOnly {
		claimed = s.unclaimedRecent()
	} else if _, err := selection.account.Commit(s.context, mail.ClaimRecent(selection.id, &claimed)); err != nil {
		return
	}
	selection.recent = selection.recent.Union(claimed)
}

// unclaimedRecent returns what a session that may change nothing shows as
// \Recent: EXAMINE must not lose it for others (RFC 3501 §6.3.2).
func (s *session) unclaimedRecent() imap.UIDSet {
	var recent imap.UIDSet
	_ = s.mailbox.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(s.mailbox.id)
		if err != nil {
			return err
		}
		recent, err = recentIn(state, mailbox)
		return err
	})
	return recent
}

// recentCount returns how many of the messages that the client knows of are
// \Recent.
func (s *session) recentCount() uint32 {
	return uint32(s.mailbox.view.Known(s.mailbox.recent).Count())
}

// tellGrownKeywords announces keywords that someone has made, also where no
// message that the client hears of has them, and that no more can be made
// (RFC 9051 §7.1, PERMANENTFLAGS).
func (s *session) tellGrownKeywords() error {
	selection := s.mailbox
	if !selection.keywordsGrew {
		return nil
	}
	selection.keywordsGrew = false
	return selection.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(selection.id)
		if err == nil {
			s.tellKeywords(mailbox)
		}
		return ignoreGone(err)
	})
}

// tellKeywords announces keywords that the client has not heard of, before any
// message is said to have them.
func (s *session) tellKeywords(mailbox *mail.Mailbox) {
	selection := s.mailbox
	if len(mailbox.Keywords) == selection.keywordsTold {
		return
	}
	selection.keywordsTold = len(mailbox.Keywords)
	s.writeFlags(mailbox)
}

// writeFlags writes FLAGS and PERMANENTFLAGS (RFC 9051 §7.3.5, §7.1).
func (s *session) writeFlags(mailbox *mail.Mailbox) {
	flags := slices.Concat(imap.SystemFlags[:], mailbox.Keywords)
	s.enc.Flags(flags)
	switch {
	case s.mailbox.readOnly:
		flags = nil
	case mailbox.TakesKeywords():
		flags = append(flags, imap.FlagWildcard)
	}
	flags = s.mailbox.rights.Settable(flags) // RFC 4314 §5.1.1
	s.enc.Untagged(imap.StatusOK, imap.CodePermanentFlags{Flags: flags}, "Flags that can be changed")
}
