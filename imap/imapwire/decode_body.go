package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// envelope reads an envelope (RFC 9051 §9, envelope).
func (d *Decoder) envelope() *imap.Envelope {
	e := new(imap.Envelope)
	d.expect('(', "an envelope is missing")
	e.Date = d.NString()
	d.SP()
	e.Subject = d.NString()
	for _, list := range [...]*[]imap.Address{&e.From, &e.Sender, &e.ReplyTo, &e.To, &e.Cc, &e.Bcc} {
		d.SP()
		*list = d.addresses()
	}
	d.SP()
	e.InReplyTo = d.NString()
	d.SP()
	e.MessageID = d.NString()
	d.expect(')', "a closing parenthesis is missing")
	return e
}

// addresses reads a list of addresses or NIL. Spaces between them and an empty
// list, which some servers send, are forgiven.
func (d *Decoder) addresses() []imap.Address {
	if d.acceptWord("NIL") {
		return nil
	}
	var list []imap.Address
	d.expect('(', "a list of addresses is missing")
	for d.err == nil && !d.accept(')') {
		if len(list) >= d.limits.ItemsMax {
			d.failLimit("addresses in a list", d.limits.ItemsMax)
		}
		d.accept(' ')
		d.expect('(', "an address is missing")
		var a imap.Address
		a.Name = d.NString()
		d.SP()
		a.Route = d.NString()
		d.SP()
		a.Mailbox = d.NString()
		d.SP()
		a.Host = d.NString()
		d.expect(')', "a closing parenthesis is missing")
		list = append(list, a)
	}
	return list
}

// bodyStructure reads a body (RFC 9051 §9, body), with or without extension data.
func (d *Decoder) bodyStructure() *imap.BodyStructure {
	b := new(imap.BodyStructure)
	d.body(b)
	return b
}

func (d *Decoder) body(b *imap.BodyStructure) {
	d.expect('(', "a body structure is missing")
	if d.nest(); d.err == nil {
		if d.peek() == '(' {
			d.multipart(b)
		} else {
			d.singlePart(b)
		}
	}
	d.depth--
	d.expect(')', "a closing parenthesis is missing")
}

func (d *Decoder) multipart(b *imap.BodyStructure) {
	b.Type = "multipart"
	for d.peek() == '(' {
		if len(b.Children) >= d.limits.ItemsMax {
			d.failLimit("parts of a multipart", d.limits.ItemsMax)
		}
		b.Children = append(b.Children, imap.BodyStructure{})
		d.body(&b.Children[len(b.Children)-1])
	}
	d.SP()
	b.Subtype = d.NString().Text
	if d.More() {
		b.Params = d.params()
		d.bodyTail(b)
	}
}

// singlePart reads the fields of a part that is not multipart. Where servers send
// NIL for a string that the grammar demands, it is read as the empty string.
func (d *Decoder) singlePart(b *imap.BodyStructure) {
	b.Type = d.NString().Text
	d.SP()
	b.Subtype = d.NString().Text
	d.SP()
	b.Params = d.params()
	d.SP()
	b.ID = d.NString()
	d.SP()
	b.Description = d.NString()
	d.SP()
	b.Encoding = d.NString().Text
	d.SP()
	b.SizeOctets = d.Number64()
	more := d.More()
	switch {
	case more && d.peek() == '(': // an embedded message
		b.Envelope = d.envelope()
		d.SP()
		b.Message = d.bodyStructure()
		d.SP()
		b.Lines = d.Number64()
		more = d.More()
	case more && strings.EqualFold(b.Type, "text") && isDigit(d.peek()):
		b.Lines = d.Number64()
		more = d.More()
	}
	if more {
		b.MD5 = d.NString()
		d.bodyTail(b)
	}
}

// bodyTail reads the extension data that every part may have, as far as it is
// there, and skips what later documents may add.
func (d *Decoder) bodyTail(b *imap.BodyStructure) {
	if d.More() {
		b.Disposition = d.disposition()
	}
	if d.More() {
		b.Languages = d.languages()
	}
	if d.More() {
		b.Location = d.NString()
	}
	for d.More() {
		d.skipValue()
	}
}

func (d *Decoder) disposition() *imap.Disposition {
	if d.acceptWord("NIL") {
		return nil
	}
	disposition := new(imap.Disposition)
	d.expect('(', "a disposition is missing")
	disposition.Type = d.String()
	d.SP()
	disposition.Params = d.params()
	d.expect(')', "a closing parenthesis is missing")
	return disposition
}

func (d *Decoder) languages() []string {
	if d.peek() != '(' {
		if language := d.NString(); language.Present {
			return []string{language.Text}
		}
		return nil
	}
	var languages []string
	d.List(false, func() { languages = append(languages, d.String()) })
	return languages
}

// params reads parameters as name and value, or NIL.
func (d *Decoder) params() []imap.Param {
	if d.acceptWord("NIL") {
		return nil
	}
	var params []imap.Param
	d.List(true, func() {
		name := d.NString().Text
		d.SP()
		params = append(params, imap.Param{Name: name, Value: d.NString().Text})
	})
	return params
}
