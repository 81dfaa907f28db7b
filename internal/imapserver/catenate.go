package imapserver

import (
	"errors"
	"io"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
)

// catenation is a message that is put together of parts while they come
// (RFC 4469 §3). Nothing of it is seen before all of it is there.
type catenation struct {
	session *session
	staging mail.Staging
	to      io.Writer // on the way to staging
	octets  int64     // so far
}

// catenate reads the parts of one message. The decoder then stands behind them;
// with an error the rest of the command is out of the way.
func (s *session) catenate() (*mail.Body, error) {
	c := &catenation{session: s, staging: s.server.options.Store.Stage()}
	c.to = s.appendable(c.staging)
	err := c.readParts()
	switch {
	case err != nil:
	case c.octets == 0:
		err = s.abandon(no(imap.CodeCannot, "A message cannot be empty")) // RFC 3502 §6.3.11
	default:
		body, err := s.finish(c.staging)
		if err != nil {
			err = s.abandon(err)
		}
		return body, err
	}
	c.staging.Discard()
	return nil, err
}

func (c *catenation) readParts() error {
	s := c.session
	part, err := imapwire.DecodeCatenatePart(&s.decoder)
	for next := &part; next != nil && err == nil; {
		part := *next
		if part.HasLiteral {
			err = c.readLiteral(&part)
		} else {
			err = c.addURL(part.URL)
		}
		if err == nil {
			next, err = imapwire.DecodeCatenateNext(&s.decoder, part)
		}
	}
	if err != nil {
		return s.abandon(err)
	}
	return nil
}

// readLiteral reads a part that comes as a literal, unless it would be too
// much: then the client is not asked for it.
func (c *catenation) readLiteral(part *imap.CatenatePart) error {
	s := c.session
	largest := c.room()
	if part.IsURL {
		largest = urlMax
	}
	if part.SizeOctets > uint64(largest) {
		if part.IsURL {
			return errURLTooLong
		}
		return errCatenateTooBig
	}
	literal, err := s.fragmenter.Open(s.conn.reader())
	if err != nil {
		return broken(err)
	}
	var url urlBuffer
	if part.IsURL {
		err = s.stream(&url, literal, false)
	} else {
		err = s.stream(c, literal, part.Binary)
	}
	frags, resumeErr := s.fragmenter.Resume(s.conn.reader())
	if resumeErr != nil {
		return broken(resumeErr)
	}
	s.decoder.Reset(frags, s.dialect.mode(), s.limits)
	if err == nil && part.IsURL {
		err = c.addURL(string(url))
	}
	return err
}

// urlBuffer takes a URL that comes as a literal; who writes bounds it.
type urlBuffer []byte

func (b *urlBuffer) Write(octets []byte) (int, error) {
	*b = append(*b, octets...)
	return len(octets), nil
}

var (
	errCatenateTooBig = no(imap.CodeTooBig, "The message would be too large") // RFC 4469 §4.2
	errURLTooLong     = no(imap.CodeLimit, "A URL is too long")
)

// room is how many octets the message may still have.
func (c *catenation) room() int64 { return c.session.appendMax - c.octets }

// Write adds octets to the message.
func (c *catenation) Write(octets []byte) (int, error) {
	if int64(len(octets)) > c.room() {
		return 0, errCatenateTooBig
	}
	c.octets += int64(len(octets))
	return c.to.Write(octets)
}

// addURL adds what a URL names (RFC 4469 §3). \Seen is not set.
func (c *catenation) addURL(text string) error {
	err := c.copyURL(text)
	switch {
	case errors.Is(err, imap.ErrURL), errors.Is(err, errNoSection), errors.Is(err, mail.ErrNoMailbox),
		errors.Is(err, mail.ErrNotPermitted), errors.Is(err, mail.ErrNoMessage):
		return no(imap.CodeBadURL{URL: text}, "A URL names nothing that can be had") // RFC 4469 §4.1
	}
	return err
}

func (c *catenation) copyURL(text string) error {
	s := c.session
	if len(text) > urlMax {
		return errURLTooLong
	}
	u, err := s.baseURL().Resolve(text)
	if err != nil {
		return err
	}
	if u.HasServer() || !u.IsMessage() || !u.Access.IsZero() {
		return imap.ErrURL // of another session, or of more than a message
	}
	at, err := s.locate(u.Mailbox)
	if err != nil {
		return err
	}
	var found *fetchedMessage
	err = at.account.Read(s.context, func(state mail.State) error {
		mailbox, err := at.mailbox(state, mail.RightRead)
		if err == nil {
			found, err = messageByURL(state, mailbox, &u)
		}
		return err
	})
	if err != nil {
		return err
	}
	f, err := s.openByURL(at.account, found)
	if err != nil {
		return err
	}
	defer f.bodies.Close()
	item := urlItem(&u)
	content, size, err := f.content(&item)
	if err != nil {
		return err
	}
	if size > c.room() {
		return errCatenateTooBig
	}
	if s.copied += size; s.copied > catenateCopiesMax*s.server.options.Limits.LiteralMax {
		return no(imap.CodeLimit, "One command cannot copy so much")
	}
	buffer := s.server.pools.output()
	defer s.server.pools.giveOutput(buffer)
	_, err = io.CopyBuffer(struct{ io.Writer }{c}, struct{ io.Reader }{content}, buffer[:cap(buffer)])
	return err
}

// baseURL is what the URLs of a session are relative to (RFC 4469 §3). Who logs
// in where is not in it: a URL that says so is of no use here.
func (s *session) baseURL() imap.URL {
	base := imap.URL{Form: imap.URLAbsolutePath}
	if s.mailbox != nil {
		base.Mailbox = s.mailbox.name
	}
	return base
}
