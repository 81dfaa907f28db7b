package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
)

// replace is REPLACE and UID REPLACE (RFC 8508 §3): a message is added and
// another one removed in one step. Where the new one went is told before the
// removal (§4.3).
func (s *session) replace(request imap.ReplaceRequest) (outcome, error) {
	to, err := s.locate(request.Mailbox)
	if err != nil {
		return outcome{}, s.abandon(err)
	}
	s.appendsTo(to)
	replaced, err := s.replaceable(&request, to)
	if err != nil {
		return outcome{}, s.abandon(err)
	}
	message, err := s.receiveOne(&request.AppendRequest)
	if err != nil {
		return outcome{}, err
	}
	messages := []mail.NewMessage{message}
	defer release(messages)
	if err := imapwire.DecodeAppendEnd(&s.decoder, request.AppendRequest); err != nil {
		return outcome{}, s.abandon(err)
	}
	var done appended
	position, err := s.replaceBy(to, replaced, appendTo(to, messages, s.now(), &done))
	if err != nil {
		return outcome{}, s.tryCreate(to, err)
	}
	s.enc.Untagged(imap.StatusOK, done.told(), "Replacement is ready")
	return s.removed(position), nil
}

// replaceable finds the message that goes, and whether the one that comes has a
// mailbox, before the client is asked for it.
func (s *session) replaceable(request *imap.ReplaceRequest, to place) (imap.UID, error) {
	uids, err := s.resolvePresent(request.Message)
	switch {
	case err != nil:
		return 0, err
	case len(uids) == 0:
		return 0, no(imap.CodeNonExistent, "No message has this number")
	}
	if err := s.mayChange(); err != nil {
		return 0, err
	}
	if err := s.checkMove(); err != nil {
		return 0, err
	}
	more, err := s.growth(request, to, uids[0].Start)
	if err != nil {
		return 0, err
	}
	return uids[0].Start, s.checkTarget(to, more)
}

// growth is what an account uses more when a message takes the place of
// another, which counts if it is in the same account.
func (s *session) growth(request *imap.ReplaceRequest, to place, replaced imap.UID) (mail.Usage, error) {
	more := mail.Usage{mail.ResourceStorage: request.SizeOctets, mail.ResourceMessage: 1}
	if to.account.ID() != s.mailbox.account.ID() {
		return more, nil
	}
	err := to.account.Read(s.context, func(state mail.State) error {
		old, err := state.Message(s.mailbox.id, replaced)
		if err == nil {
			more = mail.Usage{mail.ResourceStorage: request.SizeOctets - min(request.SizeOctets, uint64(old.Size))}
		}
		return err
	})
	return more, err
}
