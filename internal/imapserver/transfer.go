package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// transfer copies or moves messages of the selected mailbox to a place, and
// returns the position that the selected mailbox's account then has.
func (s *session) transfer(to place, uids imap.UIDSet, move bool, copied *mail.Copied) (imap.ModSeq, error) {
	if to.nowhere {
		return 0, mail.ErrNoMailbox
	}
	from := s.mailbox
	if to.account.ID() != from.account.ID() {
		between := mail.Transfer{From: from.id, UIDs: uids, To: to.name, Now: s.now(), By: from.by(), Into: to.actor, Move: move}
		return s.commitBetween(to, func(states []mail.State) ([]mail.Effects, error) {
			between.Annotations = s.carriedTo(to, states[1])
			return between.Between(copied)(states)
		})
	}
	decide := to.actor.Copy(from.id, uids, to.name, s.now(), copied)
	if move {
		decide = from.by().May(from.id, mail.MoveRights, to.actor.Move(from.id, uids, to.name, s.now(), copied))
	}
	return from.account.Commit(s.context, s.carrying(to, decide))
}

// commitBetween commits a decision on the selected mailbox's account and that
// of a place, in one step.
func (s *session) commitBetween(to place, decide mail.JointDecision) (imap.ModSeq, error) {
	if s.isAnonymous() {
		return 0, mail.ErrNotPermitted // RFC 4505 §5: the store knows no session
	}
	accounts := []mail.AccountID{s.mailbox.account.ID(), to.account.ID()}
	positions, err := s.server.options.Store.CommitJointly(s.context, accounts, decide)
	if err != nil {
		return 0, erasedIsNoMailbox(err)
	}
	for i, account := range accounts {
		s.noteOwn(account, positions[i])
	}
	return positions[0], nil
}

// replaceBy removes a message of the selected mailbox and adds others to a
// place, in one step (RFC 8508 §3.4).
func (s *session) replaceBy(to place, replaced imap.UID, add mail.Decision) (imap.ModSeq, error) {
	from := s.mailbox
	if to.account.ID() == from.account.ID() {
		return from.account.Commit(s.context, from.by().May(from.id, mail.MoveRights, mail.Replace(from.id, replaced, add)))
	}
	nothing := func(mail.State) (mail.Effects, error) { return mail.Effects{}, nil }
	remove := from.by().May(from.id, mail.MoveRights, mail.Replace(from.id, replaced, nothing))
	return s.commitBetween(to, func(states []mail.State) ([]mail.Effects, error) {
		removed, err := remove(states[0])
		if err != nil {
			return nil, err
		}
		added, err := add(states[1])
		return []mail.Effects{removed, added}, err
	})
}

// checkMove says whether messages of the selected mailbox may be taken away:
// what RFC 8508 §4.1 and RFC 6851 §4.2 need there.
func (s *session) checkMove() error {
	return s.mailbox.account.Read(s.context, func(state mail.State) error {
		mailbox, err := state.Mailbox(s.mailbox.id)
		if err == nil {
			err = s.mailbox.by().Permit(mailbox, mail.MoveRights)
		}
		return err
	})
}
