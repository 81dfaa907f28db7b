package imapserver

import (
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
)

// append is APPEND (RFC 9051 §6.3.12) of one message or several (RFC 3502).
// Each goes to the store's staging while it arrives.
func (s *session) append(request imap.AppendRequest) (outcome, error) {
	to, err := s.locate(request.Mailbox)
	if err != nil {
		return outcome{}, s.abandon(err)
	}
	s.appendsTo(to)
	messages, err := s.receiveAll(to, request)
	defer release(messages)
	if err != nil {
		return outcome{}, err
	}
	var done appended
	if _, err := to.account.Commit(s.context, appendTo(to, messages, s.now(), &done)); err != nil {
		return outcome{}, s.tryCreate(to, err)
	}
	return outcome{code: done.told()}, nil
}

// appended is what a decision to add messages takes note of.
type appended struct {
	imap.CodeAppendUID
	readable bool // the user may read the mailbox
}

// told is the code that tells the UIDs, or nil: of a mailbox that the user may
// not read it would disclose what is in it (RFC 9051 §6.3.12).
func (a *appended) told() imap.Code {
	if !a.readable {
		return nil
	}
	return a.CodeAppendUID
}

// appendTo decides to add messages to the mailbox that a place has then.
func appendTo(to place, messages []mail.NewMessage, now time.Time, done *appended) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		mailbox, err := to.mailbox(state, mail.RightInsert)
		if err != nil {
			return mail.Effects{}, err
		}
		done.UIDValidity, done.readable = mailbox.UIDValidity, to.rights(mailbox).Has(mail.RightRead)
		if err := to.permitNew(mailbox, messages); err != nil {
			return mail.Effects{}, err
		}
		return to.actor.Append(mailbox.ID, messages, now, &done.UIDs)(state)
	}
}

// checkTarget says, if the client waits to be asked for its message, whether
// there is a mailbox to append to and room for what comes: it is not asked in
// vain (RFC 9208 §4.3.1). What comes unasked is decided on when it is there.
func (s *session) checkTarget(to place, more mail.Usage) error {
	if s.unasked {
		return nil
	}
	err := to.account.Read(s.context, func(state mail.State) error {
		if _, err := to.mailbox(state, mail.RightInsert); err != nil {
			return err
		}
		return mail.CheckRoom(to.account.ID(), state, more)
	})
	return s.tryCreate(to, err)
}

// abandon returns err when the rest of the command is out of the way.
func (s *session) abandon(err error) error {
	if skipped := s.fragmenter.Abandon(s.conn.reader()); skipped != nil {
		return broken(skipped)
	}
	return err
}

// receiveAll reads the messages of one APPEND. Those it returns must be
// released, also with an error.
func (s *session) receiveAll(to place, request imap.AppendRequest) (messages []mail.NewMessage, err error) {
	var more mail.Usage
	for {
		if most := s.server.options.Limits.savesMax(); most != 0 && len(messages) >= most {
			return messages, s.abandon(no(s.messageLimit(nil), "Too many messages in one command")) // RFC 9738 §3.1
		}
		if len(messages) >= s.server.options.Limits.AppendMessagesMax {
			return messages, s.abandon(no(imap.CodeLimit, "Too many messages in one command"))
		}
		more = more.Plus(mail.Usage{mail.ResourceStorage: request.SizeOctets, mail.ResourceMessage: 1})
		if err := s.checkTarget(to, more); err != nil {
			return messages, s.abandon(err)
		}
		message, err := s.receiveOne(&request)
		if err != nil {
			return messages, err
		}
		if request.Catenate {
			more = more.Plus(mail.Usage{mail.ResourceStorage: uint64(message.Body.Size)})
		}
		messages = append(messages, message)
		next, err := imapwire.DecodeAppendNext(&s.decoder, request)
		if err != nil {
			return messages, s.abandon(err)
		}
		if next == nil {
			return messages, nil
		}
		request = *next
	}
}

// receiveOne reads one message. The decoder then stands behind it.
func (s *session) receiveOne(request *imap.AppendRequest) (message mail.NewMessage, err error) {
	s.streaming = true
	defer func() { s.streaming = false }()
	var body *mail.Body
	if request.Catenate {
		body, err = s.catenate()
	} else {
		body, err = s.receiveWhole(request)
	}
	if err != nil {
		return message, err
	}
	message = mail.NewMessage{Body: body, Flags: storableFlags(request.Flags), InternalDate: s.internalDate(request)}
	if message.Annotations, err = s.newAnnotations(request.Annotations, body); err != nil {
		body.Release()
		return mail.NewMessage{}, s.abandon(err)
	}
	return message, nil
}

// receiveWhole reads a message that comes as one literal, and the fragments
// behind it.
func (s *session) receiveWhole(request *imap.AppendRequest) (*mail.Body, error) {
	if request.SizeOctets > uint64(s.appendMax) {
		return nil, s.abandon(tooBig(s.appendMax))
	}
	body, err := s.receive(request)
	frags, resumeErr := s.fragmenter.Resume(s.conn.reader())
	if resumeErr != nil {
		if body != nil {
			body.Release()
		}
		return nil, broken(resumeErr)
	}
	if err != nil {
		return nil, s.abandon(err)
	}
	s.decoder.Reset(frags, s.dialect.mode(), s.limits)
	return body, nil
}

// release gives back what is staged of messages.
func release(messages []mail.NewMessage) {
	for _, m := range messages {
		m.Body.Release()
	}
}

func (s *session) internalDate(request *imap.AppendRequest) mail.Instant {
	if request.Date == nil {
		return mail.InstantOf(s.now())
	}
	return mail.Instant{Unix: request.Date.Unix, ZoneMinutes: request.Date.ZoneMinutes}
}

// receive streams one message into the store.
func (s *session) receive(request *imap.AppendRequest) (*mail.Body, error) {
	literal, err := s.fragmenter.Open(s.conn.reader())
	if err != nil {
		return nil, broken(err)
	}
	if request.SizeOctets == 0 {
		return nil, no(imap.CodeCannot, "A message cannot be empty") // RFC 3502 §6.3.11
	}
	staging := s.server.options.Store.Stage()
	if err := s.stream(s.appendable(staging), literal, request.Binary); err != nil {
		staging.Discard()
		return nil, err
	}
	return s.finish(staging)
}

// finish ends a message that has arrived. What of it is binary becomes text here,
// once, so that every figure of the message is one of what is sent (RFC 3516 §4.4,
// §6).
func (s *session) finish(staging mail.Staging) (*mail.Body, error) {
	body, err := staging.Finish()
	if err != nil {
		return nil, err
	}
	textual, err := mail.Textual(s.server.options.Store, body)
	if err != nil {
		body.Release()
		if errors.Is(err, message.ErrNotTextual) {
			err = no(imap.CodeUnknownCTE, "A part holds NUL and cannot be encoded")
		}
		return nil, err
	}
	return textual, nil
}

// stream copies a literal. Reading and writing fail differently: the one is
// the end of the connection, the other an answer.
func (s *session) stream(to io.Writer, literal io.Reader, binary bool) error {
	buffer := s.server.pools.output()
	defer s.server.pools.giveOutput(buffer)
	buffer = buffer[:cap(buffer)]
	for {
		if err := s.conn.limitReading(s.patience()); err != nil {
			return broken(err)
		}
		n, err := literal.Read(buffer)
		if n > 0 {
			if !binary && bytes.IndexByte(buffer[:n], 0) >= 0 {
				return bad("A literal that is not binary holds NUL") // RFC 9051 §4.3.1
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return broken(err)
		}
	}
}
