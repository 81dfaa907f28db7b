package imapserver

import (
	"errors"
	"iter"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// selectMailbox is SELECT, examineMailbox is EXAMINE (RFC 9051 §6.3.2,
// §6.3.3).
func (s *session) selectMailbox(request imap.SelectRequest) (outcome, error) {
	return s.open(request, s.identity.Anonymous)
}

func (s *session) examineMailbox(request imap.SelectRequest) (outcome, error) {
	return s.open(request, true)
}

func (s *session) open(request imap.SelectRequest, readOnly bool) (outcome, error) {
	if request.QResync != nil && !s.dialect.resynchronises() {
		return outcome{}, bad("Enable QRESYNC before using it") // RFC 7162 §3.2.5
	}
	if request.QResync != nil && len(request.QResync.MatchSeqs) > 0 && !s.dialect.takesSeqs() {
		return outcome{}, errUIDRequired // RFC 9586 §3.7
	}
	if s.mailbox != nil {
		// Also if the new mailbox cannot be opened (RFC 9051 §6.3.2).
		s.closeSelection()
		s.enc.Untagged(imap.StatusOK, imap.CodeClosed, "Previous mailbox is now closed")
	}
	if request.CondStore || request.QResync != nil {
		s.dialect, _ = s.dialect.with(imap.CapCondStore)
	}
	opened, err := s.look(request, readOnly)
	if err != nil {
		return outcome{}, err
	}
	s.announce(opened, request.Mailbox)
	if s.mailbox.overQuota {
		s.mailbox.overQuota = false
		s.warnOverQuota()
	}
	if opened.resync != nil {
		if err := s.resynchronise(opened.resync, request.QResync); err != nil {
			return outcome{}, err
		}
	}
	return outcome{code: s.mailbox.accessCode(), text: "Selected"}, nil
}

// opened is what SELECT reads of a mailbox.
type opened struct {
	mailbox     *mail.Mailbox
	firstUnseen imap.UID
	list        imap.ListData
	resync      *resync // nil if the client does not resynchronise, or cannot
}

// resync is what happened since a client knew the mailbox: messages that are
// gone, and messages that changed.
type resync struct{ gone, changed imap.UIDSet }

// look selects a mailbox. The watch begins before the state is read, so that
// no change falls between the two.
func (s *session) look(request imap.SelectRequest, readOnly bool) (*opened, error) {
	place, err := s.locate(request.Mailbox)
	if err != nil {
		return nil, err
	}
	found := new(opened)
	selection := &selection{place: place, account: place.account, readOnly: readOnly, annotate: request.Annotate, watch: place.account.Watch(s.conn.notice)}
	selection.directoryAt = s.directory().Changes()
	if !place.isHome() {
		selection.directory = s.directory().Watch(s.conn.notice)
	}
	err = place.account.Read(s.context, func(state mail.State) error {
		mailbox, err := place.mailbox(state, mail.RightRead)
		if err != nil {
			return err
		}
		found.mailbox = mailbox
		selection.rights = place.rights(mailbox)
		selection.readOnly = readOnly || !selection.rights.ChangesMailbox()
		_, selection.overQuota = state.Quota().Exceeded(state.Usage())
		uids, err := state.UIDs(mailbox.ID)
		if err != nil {
			return err
		}
		selection.view = mailview.New(mailbox.ID, state.ModSeq(), uids)
		if found.resync, err = resyncOf(state, mailbox, request.QResync); err != nil {
			return err
		}
		if s.dialect.speaksRev1() {
			found.firstUnseen, err = state.FirstUnseen(mailbox.ID)
			return err
		}
		found.list, err = listDataOf(state, place, mailbox)
		return err
	})
	if err != nil {
		selection.forget()
		return nil, err
	}
	mailbox := found.mailbox
	selection.id, selection.name, selection.uidValidity = mailbox.ID, place.shown(mailbox.Name), mailbox.UIDValidity
	selection.keywordsTold, selection.toldModSeq = len(mailbox.Keywords), mailbox.HighestModSeq
	selection.examined = readOnly
	s.mailbox, s.state = selection, selected
	return found, nil
}

// announce tells of the mailbox what SELECT must (RFC 9051 §6.3.2, RFC 3501
// §6.3.1, RFC 7162 §3.1.2).
func (s *session) announce(found *opened, given string) {
	mailbox, view := found.mailbox, s.mailbox.view
	s.writeFlags(mailbox)
	s.enc.Exists(view.Len())
	if s.dialect.speaksRev1() {
		if mailbox.RecentFrom < mailbox.UIDNext {
			s.claimRecent()
		}
		s.mailbox.recentTold = s.recentCount()
		s.enc.Recent(s.mailbox.recentTold)
		if seq, ok := view.Seq(found.firstUnseen); ok && s.dialect.takesSeqs() { // RFC 9586 §3
			s.enc.Untagged(imap.StatusOK, imap.CodeUnseen{Seq: seq}, "First unseen message")
		}
	} else {
		if found.list.Mailbox != given {
			found.list.OldName = given // RFC 9051 §6.3.9.7
		}
		s.enc.List(&found.list)
	}
	s.enc.Untagged(imap.StatusOK, imap.CodeUIDValidity{UIDValidity: mailbox.UIDValidity}, "UIDs are valid")
	s.enc.Untagged(imap.StatusOK, imap.CodeUIDNext{UID: mailbox.UIDNext}, "Next UID")
	s.enc.Untagged(imap.StatusOK, imap.CodeHighestModSeq{ModSeq: mailbox.HighestModSeq}, "Highest modification sequence")
	s.enc.Untagged(imap.StatusOK, s.annotationsCode(), "Annotations of messages")
	s.enc.Untagged(imap.StatusOK, imap.CodeMailboxID{ID: mailboxID(s.mailbox.place, mailbox.ID, mailbox.UIDValidity)}, "Mailbox is this one")
	s.resets.take() // what follows says it
	s.tellURLMechanisms()
}

// resyncOf compares what a client knows with the state that is opened.
func resyncOf(state mail.State, mailbox *mail.Mailbox, known *imap.QResync) (*resync, error) {
	if known == nil || known.UIDValidity != mailbox.UIDValidity {
		return nil, nil
	}
	named := known.KnownUIDs.Normal()
	if known.KnownUIDs == nil {
		named = imap.UIDSet{{Start: 1, Stop: max(mailbox.UIDNext-1, 1)}}
	}
	changed, err := changedSince(state, mailbox.ID, known.ModSeq)
	if err != nil {
		return nil, err
	}
	gone, err := vanishedSince(state, mailbox, known.ModSeq, named)
	return &resync{gone: gone, changed: changed.Intersect(named)}, err
}

// resynchronise tells a client that knows an older state of the mailbox what
// it lacks (RFC 7162 §3.2.5).
func (s *session) resynchronise(since *resync, known *imap.QResync) error {
	gone := since.gone
	if agreed := s.agreedUID(known); agreed > 0 {
		gone = gone.Minus(imap.UIDSet{{Start: 1, Stop: agreed}})
	}
	s.enc.Vanished(true, gone)
	items := []imap.FetchItem{{Kind: imap.FetchUID}, {Kind: imap.FetchFlags}, {Kind: imap.FetchModSeq}}
	if err := s.writeMessages(compileFetch(items), since.changed); err != nil {
		return err
	}
	// What happened since the mailbox was opened may be among the flags.
	err := s.sync(mailview.Hold)
	s.tellUnsettled()
	return err
}

// agreedUID returns the largest UID up to which the client numbers messages as
// they are now, so that it has heard of every removal below (RFC 7162
// §3.2.5).
func (s *session) agreedUID(known *imap.QResync) (agreed imap.UID) {
	next, stop := iter.Pull(iter.Seq[imap.UID](known.MatchUIDs.All))
	defer stop()
	for seq := range known.MatchSeqs.All {
		uid, ok := next()
		if !ok {
			break
		}
		if at, ok := s.mailbox.view.UID(seq); ok && at == uid {
			agreed = max(agreed, uid)
		}
	}
	return agreed
}

// closeMailbox is CLOSE (RFC 9051 §6.4.1).
func (s *session) closeMailbox() (outcome, error) {
	switch err := s.mayChange(); {
	case err == nil:
		var removed imap.UIDSet
		decide := s.mailbox.by().May(s.mailbox.id, mail.RightExpunge, mail.Expunge(s.mailbox.id, nil, &removed))
		_, err := s.mailbox.account.Commit(s.context, decide)
		// Without the right nothing is expunged, and CLOSE succeeds (RFC 4314 §4).
		if err = ignoreGone(err); err != nil && !errors.Is(err, mail.ErrNotPermitted) {
			return outcome{}, err
		}
	case !errors.Is(err, errReadOnly):
		return outcome{}, err
	}
	s.closeSelection()
	return outcome{}, nil
}

// unselect is UNSELECT (RFC 9051 §6.4.2).
func (s *session) unselect() (outcome, error) {
	s.closeSelection()
	return outcome{}, nil
}
