package imapserver

import (
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/message"
)

// writeEnvelope writes ENVELOPE straight from the stored structure
// (RFC 9051 §7.5.2).
func writeEnvelope(e *imapwire.Encoder, envelope *message.Envelope) {
	e.Raw("(")
	writeOptional(e, envelope.Date)
	e.SP()
	writeOptional(e, envelope.Subject)
	for _, list := range [...][]message.Address{
		envelope.From, envelope.Sender, envelope.ReplyTo, envelope.To, envelope.Cc, envelope.Bcc,
	} {
		e.SP()
		writeAddresses(e, list)
	}
	e.SP()
	writeOptional(e, envelope.InReplyTo)
	e.SP()
	writeOptional(e, envelope.MessageID)
	e.Raw(")")
}

func writeOptional(e *imapwire.Encoder, text message.Optional) {
	if !text.Present {
		e.Raw("NIL")
		return
	}
	e.String(text.Text)
}

func writeAddresses(e *imapwire.Encoder, list []message.Address) {
	if len(list) == 0 {
		e.Raw("NIL")
		return
	}
	e.Raw("(")
	for i := range list {
		writeAddress(e, &list[i])
	}
	e.Raw(")")
}

func writeAddress(e *imapwire.Encoder, address *message.Address) {
	switch address.Kind {
	case message.AddressGroupStart:
		e.Raw("(NIL NIL ").String(address.Mailbox).Raw(" NIL)")
	case message.AddressGroupEnd:
		e.Raw("(NIL NIL NIL NIL)")
	default:
		e.Raw("(")
		writeTextOrNil(e, address.Name)
		e.SP()
		writeTextOrNil(e, address.Route)
		e.SP().String(address.Mailbox).SP().String(address.Host).Raw(")")
	}
}

// writeTextOrNil writes NIL for what is absent.
func writeTextOrNil(e *imapwire.Encoder, text string) {
	if text == "" {
		e.Raw("NIL")
		return
	}
	e.String(text)
}

// bodyForm is how a body structure is written.
type bodyForm struct {
	extended bool // BODYSTRUCTURE, and not BODY
	decoded  bool // parameters with a character set are shown in UTF-8
	global   bool // message/global is shown as message/rfc822 is
}

// writeBody writes BODY, or BODYSTRUCTURE with its extension data
// (RFC 9051 §7.5.2).
func writeBody(e *imapwire.Encoder, part *message.Part, form bodyForm) {
	e.Raw("(")
	if part.IsMultipart() && len(part.Parts) > 0 {
		writeMultipart(e, part, form)
	} else {
		writeSinglePart(e, part, form)
	}
	e.Raw(")")
}

func writeMultipart(e *imapwire.Encoder, part *message.Part, form bodyForm) {
	for i := range part.Parts {
		writeBody(e, &part.Parts[i], form)
	}
	e.SP().String(part.Subtype)
	if form.extended {
		e.SP()
		writeParams(e, part.Params, form)
		writeBodyTail(e, part, form)
	}
}

func writeSinglePart(e *imapwire.Encoder, part *message.Part, form bodyForm) {
	e.String(part.Type).SP().String(part.Subtype).SP()
	writeParams(e, part.Params, form)
	e.SP()
	writeTextOrNil(e, part.ID)
	e.SP()
	writeTextOrNil(e, part.Description)
	e.SP().String(part.Encoding).SP().Number(uint64(part.Body.Len()))
	switch {
	case part.Message != nil && (form.global || part.Subtype != "global"):
		e.SP()
		writeEnvelope(e, &part.Message.Envelope)
		e.SP()
		writeBody(e, &part.Message.Root, form)
		e.SP().Number(uint64(part.Lines))
	case part.IsText():
		e.SP().Number(uint64(part.Lines))
	}
	if form.extended {
		e.SP()
		writeTextOrNil(e, part.MD5)
		writeBodyTail(e, part, form)
	}
}

// writeBodyTail writes the extension data that every part may have.
func writeBodyTail(e *imapwire.Encoder, part *message.Part, form bodyForm) {
	e.SP()
	if part.Disposition == "" {
		e.Raw("NIL")
	} else {
		e.Raw("(").String(part.Disposition).SP()
		writeParams(e, part.DispositionParams, form)
		e.Raw(")")
	}
	e.SP()
	switch len(part.Language) {
	case 0:
		e.Raw("NIL")
	case 1:
		e.String(part.Language[0])
	default:
		for i, language := range part.Language {
			e.Raw("( "[min(i, 1):][:1]).String(language)
		}
		e.Raw(")")
	}
	e.SP()
	writeTextOrNil(e, part.Location)
}

func writeParams(e *imapwire.Encoder, params []message.Param, form bodyForm) {
	if len(params) == 0 {
		e.Raw("NIL")
		return
	}
	params = message.JoinParams(params, form.decoded)
	for i := range params {
		e.Raw("( "[min(i, 1):][:1]).String(params[i].Name).SP().String(params[i].Value)
	}
	e.Raw(")")
}
