package imapserver

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// selection is the mailbox a session has selected, and what its client has
// been told of it.
type selection struct {
	// place is where the name led; its account is the one the mailbox is in.
	place       place
	account     mail.Account
	id          mail.MailboxID
	name        string
	uidValidity imap.UIDValidity
	readOnly    bool
	// examined says that it was opened by EXAMINE, and is not read-only because
	// the user lacks rights.
	examined bool
	view     *mailview.View
	watch    *mail.Watch
	// recent are the messages that are \Recent in this session (RFC 3501
	// §2.3.2); recentTold is the number that was last told.
	recent     imap.UIDSet
	recentTold uint32
	// arrived says that messages came for which \Recent is not claimed yet.
	arrived bool
	// keywordsTold is how many of the mailbox's keywords were announced.
	keywordsTold int
	keywordsGrew bool // there may be more
	// toldModSeq is a modification sequence up to which the client has been
	// told everything.
	toldModSeq imap.ModSeq
	// contexts are the searches whose results are kept up to date, and touched
	// the messages that may have come to match, or may not match any more.
	contexts []*searchContext
	touched  imap.UIDSet
	// annotate says that the client wants to hear of annotations, and annotated
	// is what it is still to be told of them.
	annotate  bool
	annotated annotatedMessages
	// ownArrived are messages that the client has brought itself and that are
	// not announced yet.
	ownArrived imap.UIDSet
	// asked is what was asked of UIDBATCHES.
	asked askedBatches
	// overQuota says that the account came to use more than it may.
	overQuota bool
	// rights are the user's, as they were when they were last looked at;
	// accessChanged says that they may be others now, and rightsChanged that
	// the client has to be told. directory wakes the session when who is in
	// which group has changed, directoryAt is as of when it was looked at.
	rights        mail.Rights
	accessChanged bool
	rightsChanged bool
	turned        bool // read-only or read-write, which is to be told, too
	directory     *mail.Watch
	directoryAt   uint64
	// lost says that changes were lost, and that the mailbox was not compared
	// yet.
	lost bool
	// gone says why the mailbox can no longer be used, "" while it can.
	gone string
}

// accessCode says whether the user can change what is in the mailbox
// (RFC 4314 §5.2).
func (m *selection) accessCode() imap.Code {
	if m.readOnly {
		return imap.CodeReadOnly
	}
	return imap.CodeReadWrite
}

// closeSelection leaves the selected mailbox, if there is one.
func (s *session) closeSelection() {
	if s.mailbox == nil {
		return
	}
	s.mailbox.forget()
	s.mailbox = nil
	s.saved = savedSearch{}
	if s.state == selected {
		s.state = authenticated
	}
}

// absorb takes note of what happened in the selected mailbox. The change at
// position own, if not zero, is the session's own, whose flags its client
// knows.
func (s *session) absorb(own imap.ModSeq) error {
	selection := s.mailbox
	changes, overflowed := selection.watch.Take()
	if selection.lost = selection.lost || overflowed; selection.lost {
		if err := s.compare(own); err != nil {
			return err
		}
		selection.lost = false
		return nil
	}
	for _, change := range changes {
		if change.Erased && !selection.place.isHome() {
			selection.gone = "Mailbox was deleted"
			return nil
		}
		if change.Erased {
			return mail.ErrErased
		}
		selection.overQuota = selection.overQuota || change.OverQuota
		for i := range change.Mailboxes {
			selection.follow(&change.Mailboxes[i])
		}
		for i := range change.Messages {
			m := &change.Messages[i]
			if m.Mailbox == selection.id {
				if m.Kind == mail.MessagesWereAdded {
					selection.arrived = true
					if s.notify != nil && s.isOwn(selection.account, change.ModSeq) {
						selection.ownArrived = selection.ownArrived.Union(m.UIDs)
					}
				}
				selection.keywordsGrew = selection.keywordsGrew || m.NewKeywords
				selection.touch(m.UIDs)
				if m.Kind == mail.AnnotationsWereChanged && change.ModSeq != own {
					s.absorbAnnotations(m)
				}
			}
		}
		if change.ModSeq == own {
			selection.view.ApplyOwn(change)
		} else {
			selection.view.Apply(change)
		}
	}
	return nil
}

// follow takes note of what happened to the mailbox as a whole.
func (m *selection) follow(change *mail.MailboxChange) {
	if change.Mailbox != m.id {
		return
	}
	switch change.Kind {
	case mail.MailboxWasRenamed:
		m.name = m.place.shown(change.Name)
	case mail.MailboxWasDeleted:
		m.gone = "Mailbox was deleted"
	case mail.AccessWasChanged:
		m.accessChanged = true
	case mail.MailboxWasRenumbered:
		m.gone = "Mailbox has new unique identifiers"
	}
}

// compare accounts for changes that were lost, by looking at the state. own is as in
// absorb.
func (s *session) compare(own imap.ModSeq) error {
	selection := s.mailbox
	return selection.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(selection.id)
		if errors.Is(err, mail.ErrNoMailbox) {
			selection.gone = "Mailbox was deleted"
			return nil
		}
		if err != nil {
			return err
		}
		if mailbox.UIDValidity != selection.uidValidity {
			selection.gone = "Mailbox has new unique identifiers"
			return nil
		}
		selection.name = selection.place.shown(mailbox.Name)
		present, err := state.UIDs(selection.id)
		if err != nil {
			return err
		}
		changed, err := changedSince(state, selection.id, selection.view.Position())
		if err != nil {
			return err
		}
		selection.arrived, selection.keywordsGrew, selection.accessChanged = true, true, true
		selection.touch(changed)
		if err := s.compareAnnotations(state, changed, selection.view.Position(), own); err != nil {
			return err
		}
		selection.view.Compare(state.ModSeq(), present, changed)
		return nil
	})
}

// changedSince returns the UIDs of the messages that changed after a position.
func changedSince(state mail.State, mailbox mail.MailboxID, after imap.ModSeq) (imap.UIDSet, error) {
	var uids []imap.UID
	for m, err := range state.Changed(mailbox, after) {
		if err != nil {
			return nil, err
		}
		uids = append(uids, m.UID)
	}
	return imap.SetOf(uids...), nil
}
