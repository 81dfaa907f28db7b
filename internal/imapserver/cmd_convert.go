package imapserver

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/convert"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
)

// conversions is CONVERSIONS (RFC 5259 §5.1).
func (s *session) conversions(request imap.ConversionsRequest) (outcome, error) {
	for _, conversion := range convert.Conversions(request.From, request.To) {
		s.enc.Conversion(&conversion)
	}
	return outcome{}, nil
}

// convert is CONVERT and UID CONVERT (RFC 5259 §6). It never sets \Seen.
func (s *session) convert(request imap.ConvertRequest) (outcome, error) {
	uids, err := s.resolve(request.Messages)
	if err != nil {
		return outcome{}, err
	}
	limits := &s.server.options.Limits
	if uids.Count() > uint64(limits.ConvertMessagesMax) {
		return outcome{}, no(imap.CodeMaxConvertMessages{Max: uint32(limits.ConvertMessagesMax)}, "Too many messages to convert at once")
	}
	if countParts(request.Items) > limits.ConvertPartsMax {
		return outcome{}, no(imap.CodeMaxConvertParts{Max: uint32(limits.ConvertPartsMax)}, "Too many body parts to convert at once")
	}
	c := &converting{
		session: s, items: request.Items, bodies: s.mailbox.account.Bodies(),
		wish: convert.Request{Target: request.Target, Params: request.Params, Defaults: s.server.options.ConvertDefaults},
		uid:  request.Messages.ByUID,
	}
	defer c.bodies.Close()
	for _, item := range request.Items {
		c.uid = c.uid || item.Kind == imap.ConvertUID
	}
	for uid := range uids.All {
		if err := c.answer(uid); err != nil {
			return outcome{}, err
		}
		if err := s.enc.Flush(); err != nil {
			return outcome{}, err
		}
	}
	return c.outcome()
}

// countParts counts the body parts that items name.
func countParts(items []imap.ConvertItem) int {
	parts := map[string]bool{}
	for _, item := range items {
		if item.Kind != imap.ConvertUID {
			parts[item.Section.Part.String()] = true
		}
	}
	return len(parts)
}

// converting is a CONVERT under way.
type converting struct {
	session *session
	items   []imap.ConvertItem
	wish    convert.Request
	bodies  mail.BodyReader
	uid     bool // is told, and first (RFC 5259 §8.1)

	at   fetchedMessage
	body mail.StoredBody
	enc  *imapwire.Encoder
	w    imapwire.ConvertedWriter

	done, failed, later int // items that were answered, refused, and may succeed later
	missing             bool
	damaged             error
}

// outcome says how the items fared: NO if every one was refused (RFC 5259 §9).
func (c *converting) outcome() (outcome, error) {
	switch {
	case c.damaged != nil:
		return outcome{}, c.damaged
	case c.failed > 0 && c.done == 0 && c.later == c.failed:
		return outcome{}, no(imap.CodeTempFail, "All conversions failed, try again later")
	case c.failed > 0 && c.done == 0:
		return outcome{}, no(nil, "All conversions failed")
	case c.missing: // as FETCH has it
		return outcome{code: imap.CodeExpungeIssued, text: "Some of the messages no longer exist"}, nil
	case c.failed > 0:
		return outcome{text: "Some conversions failed"}, nil
	}
	return outcome{}, nil
}

// answer writes the CONVERTED response of one message, or none if it is gone.
func (c *converting) answer(uid imap.UID) error {
	err := c.load(uid)
	if err == nil {
		c.body, err = c.bodies.Open(c.at.meta.Body)
	}
	switch {
	case errors.Is(err, mail.ErrNoMessage):
		c.missing = true
		return nil
	case errors.Is(err, mail.ErrCorrupt):
		c.session.log.Error("damaged message", "uid", uint32(uid), "error", err.Error())
		c.damaged = err
		return nil
	case err != nil:
		return err
	}
	seq, known := c.session.mailbox.view.Seq(uid)
	if !known {
		return nil
	}
	c.enc = c.session.enc
	c.w = c.enc.Converted(c.session.dialect.messageNumber(seq, uid), c.session.tag)
	if c.uid {
		c.w.UID(uid)
	}
	for i := range c.items {
		if err := c.item(&c.items[i]); err != nil {
			return broken(err) // within a response nothing else can be told
		}
	}
	c.w.End()
	return nil
}

// load reads the message and how it is made up.
func (c *converting) load(uid imap.UID) error {
	selection := c.session.mailbox
	found := false
	err := selection.account.Read(c.session.context, func(state mail.State) error {
		for m, err := range selection.messages(state, imap.SetOf(uid)) {
			if err != nil {
				return err
			}
			c.at.meta, found = *m, true
			c.at.structure, err = state.Structure(m.Email)
			return err
		}
		return nil
	})
	if err == nil && !found {
		return mail.ErrNoMessage
	}
	return err
}

// item answers one item. An error ends the session.
func (c *converting) item(item *imap.ConvertItem) error {
	if item.Kind == imap.ConvertUID {
		return nil
	}
	part := c.part(item.Section.Part)
	if part == nil {
		c.refuse(item, c.wish.Missing())
		return nil
	}
	from := part.Type + "/" + part.Subtype
	switch item.Kind {
	case imap.ConvertHeader:
		return c.header(item, from)
	case imap.ConvertAvailable:
		types, refused := c.wish.Available(from)
		if refused != nil {
			c.refuse(item, refused)
			return nil
		}
		c.done++
		c.w.Types(item, types)
		return nil
	}
	result, err := c.convert(item, part, from)
	if refused := new(convert.Error); errors.As(err, &refused) {
		c.refuse(item, refused)
		return nil
	}
	if err != nil {
		return err
	}
	c.done++
	c.write(item, part, result)
	return nil
}

// part returns the part that a section names; the message as a whole is a part, too,
// but none that could be converted.
func (c *converting) part(path imap.PartPath) *message.Part {
	if len(path) == 0 {
		return &message.Part{Type: "message", Subtype: "rfc822", Body: message.Span{End: c.body.Size()}}
	}
	return c.at.structure.Part(path)
}

// refuse writes why an item could not be answered.
func (c *converting) refuse(item *imap.ConvertItem, refused *convert.Error) {
	c.failed++
	if refused.Code == imap.ConvertTempFail {
		c.later++
	}
	c.w.Error(item, refused.Phrase())
}
