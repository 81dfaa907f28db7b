package imapserver

import (
	"iter"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// selectMailbox is SELECT, examineMailbox is EXAMINE (RFC 9051 §6.3.2,
// §6.3.3).
func (s *session) selectMailbox(request imap.SelectRequest) (outcome, error) {
	return s.open(request, false)
}

func (s *session) examineMailbox(request imap.SelectRequest) (outcome, error) {
	return s.open(request, true)
}

func (s *session) open(request imap.SelectRequest, readOnly bool) (outcome, error) {
	if request.QResync != nil && !s.dialect.resynchronises() {
		return outcome{}, bad("Enable QRESYNC before using it") // RFC 7162 §3.2.5
	}
	if s.mailbox != nil {
		// Also if the new mailbox cannot be opened (RFC 9051 §6.3.2).
		s.closeSelection()
		s.enc.Untagged(imap.StatusOK, imap.CodeClosed, "Previous mailbox is now closed")
	}
	if request.CondStore || request.QResync != nil {
		s.dialect, _ = s.dialect.with(imap.CapCondStore)
	}
	opened, err := s.look(request.Mailbox, readOnly)
	if err != nil {
		return outcome{}, err
	}
	s.announce(opened, request.Mailbox)
	if q := request.QResync; q != nil && q.UIDValidity == opened.mailbox.UIDValidity {
		if err := s.resynchronise(opened, q); err != nil {
			return outcome{}, err
		}
	}
	if readOnly {
		return outcome{code: imap.CodeReadOnly, text: "Selected"}, nil
	}
	return outcome{code: imap.CodeReadWrite, text: "Selected"}, nil
}

// opened is what SELECT reads of a mailbox.
type opened struct {
	mailbox     *mail.Mailbox
	firstUnseen imap.UID
	list        imap.ListData
}

// look selects a mailbox. The watch begins before the state is read, so that
// no change falls between the two.
func (s *session) look(name string, readOnly bool) (*opened, error) {
	found := new(opened)
	selection := &selection{readOnly: readOnly, watch: s.account.Watch(s.conn.notice)}
	err := s.account.Read(s.context, func(state mail.State) error {
		mailbox, err := mailboxNamed(state, name)
		if err != nil {
			return err
		}
		found.mailbox = mailbox
		uids, err := state.UIDs(mailbox.ID)
		if err != nil {
			return err
		}
		selection.view = mailview.New(mailbox.ID, state.ModSeq(), uids)
		if s.dialect.speaksRev1() {
			found.firstUnseen, err = state.FirstUnseen(mailbox.ID)
			return err
		}
		found.list, err = listDataOf(state, mailbox)
		return err
	})
	if err != nil {
		selection.watch.Close()
		return nil, err
	}
	mailbox := found.mailbox
	selection.id, selection.name, selection.uidValidity = mailbox.ID, mailbox.Name, mailbox.UIDValidity
	selection.keywordsTold, selection.toldModSeq = len(mailbox.Keywords), mailbox.HighestModSeq
	s.mailbox, s.state = selection, selected
	return found, nil
}

// mailboxNamed finds a mailbox by the name a client gave. What cannot be a
// name names nothing.
func mailboxNamed(state mail.State, name string) (*mail.Mailbox, error) {
	normal, err := mail.NormalName(name)
	if err != nil {
		return nil, mail.ErrNoMailbox
	}
	return state.MailboxNamed(normal)
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
		if seq, ok := view.Seq(found.firstUnseen); ok {
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
	s.enc.Untagged(imap.StatusOK, imap.CodeMailboxID{ID: mailboxID(mailbox.ID, mailbox.UIDValidity)}, "Mailbox is this one")
}

// resynchronise tells a client that knows an older state of the mailbox what
// it lacks (RFC 7162 §3.2.5).
func (s *session) resynchronise(found *opened, known *imap.QResync) error {
	named := known.KnownUIDs.Normal()
	if known.KnownUIDs == nil {
		named = imap.UIDSet{{Start: 1, Stop: max(found.mailbox.UIDNext-1, 1)}}
	}
	var gone, changed imap.UIDSet
	err := s.account.Read(s.context, func(state mail.State) (err error) {
		if changed, err = changedSince(state, s.mailbox.id, known.ModSeq); err != nil {
			return ignoreGone(err)
		}
		gone, err = vanishedSince(state, found.mailbox, known.ModSeq, named)
		return err
	})
	if err != nil {
		return err
	}
	// What went after the mailbox was opened is still to be announced.
	gone = gone.Minus(s.mailbox.view.All())
	if agreed := s.agreedUID(known); agreed > 0 {
		gone = gone.Minus(imap.UIDSet{{Start: 1, Stop: agreed}})
	}
	s.enc.Vanished(true, gone)
	items := []imap.FetchItem{{Kind: imap.FetchUID}, {Kind: imap.FetchFlags}, {Kind: imap.FetchModSeq}}
	if err := s.writeMessages(compileFetch(items), s.mailbox.view.Known(changed.Intersect(named))); err != nil {
		return err
	}
	// What happened since the mailbox was opened may be among the flags.
	err = s.sync(mailview.Hold)
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
	if !s.mailbox.readOnly {
		var removed imap.UIDSet
		_, err := s.account.Commit(s.context, mail.Expunge(s.mailbox.id, nil, &removed))
		if err = ignoreGone(err); err != nil {
			return outcome{}, err
		}
	}
	s.closeSelection()
	return outcome{}, nil
}

// unselect is UNSELECT (RFC 9051 §6.4.2).
func (s *session) unselect() (outcome, error) {
	s.closeSelection()
	return outcome{}, nil
}
