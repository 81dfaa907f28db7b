package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// Envelope writes an envelope (RFC 9051 §9, envelope).
func (e *Encoder) Envelope(envelope *imap.Envelope) *Encoder {
	e.octet('(').NString(envelope.Date).SP().NString(envelope.Subject)
	for _, addresses := range [...][]imap.Address{
		envelope.From, envelope.Sender, envelope.ReplyTo, envelope.To, envelope.Cc, envelope.Bcc,
	} {
		e.SP().addresses(addresses)
	}
	return e.SP().NString(envelope.InReplyTo).SP().NString(envelope.MessageID).octet(')')
}

func (e *Encoder) addresses(addresses []imap.Address) {
	if len(addresses) == 0 {
		e.Raw("NIL")
		return
	}
	e.octet('(')
	for i := range addresses {
		a := &addresses[i]
		e.octet('(').NString(a.Name).SP().NString(a.Route).SP().NString(a.Mailbox).SP().NString(a.Host).octet(')')
	}
	e.octet(')')
}

// BodyStructure writes a body structure, with its extension data or, for the
// item BODY, without (RFC 9051 §9, body).
func (e *Encoder) BodyStructure(body *imap.BodyStructure, extended bool) *Encoder {
	e.octet('(')
	if isMultipart(body) {
		e.multipart(body, extended)
	} else {
		e.singlePart(body, extended)
	}
	return e.octet(')')
}

// isMultipart reports whether a part has the form of a multipart. The grammar has
// none for a multipart without children: it is described as a single part.
func isMultipart(body *imap.BodyStructure) bool {
	return len(body.Children) > 0
}

func (e *Encoder) multipart(body *imap.BodyStructure, extended bool) {
	for i := range body.Children {
		e.BodyStructure(&body.Children[i], extended)
	}
	e.SP().String(body.Subtype)
	if extended {
		e.SP().params(body.Params)
		e.bodyTail(body)
	}
}

func (e *Encoder) singlePart(body *imap.BodyStructure, extended bool) {
	e.String(body.Type).SP().String(body.Subtype).SP().params(body.Params)
	e.SP().NString(body.ID).SP().NString(body.Description)
	e.SP().String(body.Encoding).SP().Number(body.SizeOctets)
	switch {
	case body.Envelope != nil && body.Message != nil:
		e.SP().Envelope(body.Envelope).SP().BodyStructure(body.Message, extended)
		e.SP().Number(body.Lines)
	case strings.EqualFold(body.Type, "text"):
		e.SP().Number(body.Lines)
	}
	if extended {
		e.SP().NString(body.MD5)
		e.bodyTail(body)
	}
}

// bodyTail writes the extension data that every part may have: disposition,
// language and location.
func (e *Encoder) bodyTail(body *imap.BodyStructure) {
	e.SP()
	if body.Disposition == nil {
		e.Raw("NIL")
	} else {
		e.octet('(').String(body.Disposition.Type).SP().params(body.Disposition.Params).octet(')')
	}
	e.SP()
	switch len(body.Languages) {
	case 0:
		e.Raw("NIL")
	case 1:
		e.String(body.Languages[0])
	default:
		for i, language := range body.Languages {
			e.octet("( "[min(i, 1)]).String(language)
		}
		e.octet(')')
	}
	e.SP().NString(body.Location)
}

func (e *Encoder) params(params []imap.Param) *Encoder {
	if len(params) == 0 {
		return e.Raw("NIL")
	}
	for i := range params {
		e.octet("( "[min(i, 1)]).String(params[i].Name).SP().String(params[i].Value)
	}
	return e.octet(')')
}
