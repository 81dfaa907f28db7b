package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// copy is COPY and UID COPY (RFC 9051 §6.4.7).
func (s *session) copy(request imap.CopyRequest) (outcome, error) {
	uids, err := s.resolvePresent(request.Messages)
	if err != nil {
		return outcome{}, err
	}
	if err := s.refuseSaves(uids); err != nil {
		return outcome{}, err
	}
	to, err := s.locate(request.Mailbox)
	if err != nil {
		return outcome{}, err
	}
	var copied mail.Copied
	if _, err := s.transfer(to, uids, false, &copied); err != nil {
		return outcome{}, s.tryCreate(to, err)
	}
	return outcome{code: s.uidsTold(to, copyCode(&copied))}, nil
}

// copyCode returns COPYUID, nil if nothing was copied (RFC 9051 §7.1).
func copyCode(copied *mail.Copied) imap.Code {
	if len(copied.From) == 0 {
		return nil
	}
	return imap.CodeCopyUID{UIDValidity: copied.UIDValidity, Source: copied.From, Destination: copied.To}
}

// resolvePresent is resolve for commands that must act on all messages or on
// none: a client that names numbers of which some are gone is told so
// (RFC 2180 §4.4.1).
func (s *session) resolvePresent(messages imap.MessageSet) (imap.UIDSet, error) {
	uids, err := s.resolve(messages)
	if err != nil {
		return nil, err
	}
	if err := s.absorb(0); err != nil {
		return nil, err
	}
	if s.mailbox.gone != "" {
		return nil, no(imap.CodeNonExistent, s.mailbox.gone)
	}
	if !messages.ByUID && len(uids.Intersect(s.mailbox.view.Gone())) > 0 {
		return nil, mail.ErrNoMessage
	}
	return uids, nil
}

// move is MOVE and UID MOVE (RFC 9051 §6.4.8): COPYUID comes first, untagged,
// and then the removals (RFC 6851 §4.3).
func (s *session) move(request imap.CopyRequest) (outcome, error) {
	uids, err := s.resolvePresent(request.Messages)
	if err != nil {
		return outcome{}, err
	}
	if err := s.mayChange(); err != nil {
		return outcome{}, err
	}
	to, err := s.locate(request.Mailbox)
	if err != nil {
		return outcome{}, err
	}
	uids, limit := s.newest(uids)
	var copied mail.Copied
	position, err := s.transfer(to, uids, true, &copied)
	if err != nil {
		return outcome{}, s.tryCreate(to, err)
	}
	if len(copied.From) == 0 {
		return outcome{}, nil
	}
	s.enc.Untagged(imap.StatusOK, s.uidsTold(to, copyCode(&copied)), "Moved")
	return s.limited(s.removed(position), nil, limit)
}

// removed is the outcome of a command that took messages away: sync will have
// told all of it, so that a client that resynchronises may rely on the
// position (RFC 7162 §3.2.7).
func (s *session) removed(position imap.ModSeq) outcome {
	if !s.dialect.resynchronises() {
		return outcome{removes: true}
	}
	return outcome{code: imap.CodeHighestModSeq{ModSeq: position}, removes: true}
}

// expunge is EXPUNGE (RFC 9051 §6.4.3).
func (s *session) expunge() (outcome, error) {
	var removed imap.UIDSet
	return s.expungeBy(mail.Expunge(s.mailbox.id, nil, &removed), &removed)
}

// uidExpunge is UID EXPUNGE (RFC 9051 §6.4.9).
func (s *session) uidExpunge(messages imap.MessageSet) (outcome, error) {
	uids, err := s.resolve(messages)
	if err != nil || len(uids) == 0 {
		return outcome{}, err
	}
	var removed imap.UIDSet
	most := s.server.options.Limits.MessagesMax
	if most == 0 {
		return s.expungeBy(mail.Expunge(s.mailbox.id, uids, &removed), &removed)
	}
	var more bool
	out, err := s.expungeBy(mail.ExpungeNewest(s.mailbox.id, uids, uint64(most), &removed, &more), &removed)
	if !more {
		return out, err
	}
	return s.limited(out, err, s.messageLimit(removed))
}

// expungeBy carries a removal out; removed is what the decision removes.
func (s *session) expungeBy(decision mail.Decision, removed *imap.UIDSet) (outcome, error) {
	if err := s.mayChange(); err != nil {
		return outcome{}, err
	}
	decision = s.mailbox.by().May(s.mailbox.id, mail.RightExpunge, decision)
	position, err := s.mailbox.account.Commit(s.context, decision)
	if err != nil || len(*removed) == 0 {
		return outcome{}, ignoreGone(err)
	}
	return s.removed(position), nil
}
