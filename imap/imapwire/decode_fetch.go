package imapwire

import (
	"bytes"

	"github.com/restante/restante/imap"
)

// fetchValues reads the items of a FETCH response (RFC 9051 §9, msg-att).
func (d *Decoder) fetchValues() []imap.FetchValue {
	values := []imap.FetchValue{}
	d.List(true, func() {
		if value, known := d.fetchValue(); known {
			values = append(values, value)
		}
	})
	return values
}

// fetchValue reads one item; of one that is not known it skips name and value
// and reports false.
func (d *Decoder) fetchValue() (value imap.FetchValue, known bool) {
	start := d.pos
	row := d.fetchRow()
	if d.err != nil {
		if _, isSyntax := d.err.(*SyntaxError); isSyntax && d.frags.fault == nil {
			d.err, d.pos = nil, start
			d.skipFetchValue()
		}
		return value, false
	}
	value.Item.Kind = row.kind
	switch {
	case row.section == bracketsOptional && d.peek() == '[':
		value.Item.Kind = imap.FetchSection
		value.Item.Section = d.section()
	case row.section == bracketsPart, row.section == bracketsPartOnly:
		value.Item.Section = d.sectionPart()
	}
	if value.Item.Kind.HasSection() && d.accept('<') {
		value.HasOrigin, value.Item.Partial.Offset = true, d.Number64()
		d.expect('>', "an origin octet does not end")
	}
	d.SP()
	d.fetchContent(&value)
	return value, true
}

// skipFetchValue skips an item that is not known: its word, a section if it has
// one, and its value.
func (d *Decoder) skipFetchValue() {
	end := d.pos
	for end < len(d.text) && d.text[end] != ' ' && d.text[end] != '[' && d.text[end] != ')' {
		end++
	}
	if end == d.pos {
		d.Fail("an item of FETCH is missing")
	}
	d.pos = end
	if d.peek() == '[' {
		if at := bytes.IndexByte(d.text[d.pos:], ']'); at >= 0 {
			d.pos += at + 1
		}
	}
	d.SP()
	d.skipValue()
}

func (d *Decoder) fetchContent(value *imap.FetchValue) {
	switch value.Item.Kind {
	case imap.FetchUID:
		value.Number = uint64(d.NzNumber())
	case imap.FetchSize, imap.FetchBinarySize:
		value.Number = d.Number64()
	case imap.FetchModSeq:
		d.expect('(', "a modification sequence in parentheses is missing")
		value.Number = uint64(d.ModSeq())
		d.expect(')', "a closing parenthesis is missing")
	case imap.FetchFlags:
		value.Flags = d.FlagList()
	case imap.FetchInternalDate:
		value.InternalDate = d.DateTime()
	case imap.FetchEnvelope:
		value.Envelope = d.envelope()
	case imap.FetchBody, imap.FetchBodyStructure:
		value.BodyStructure = d.bodyStructure()
	default:
		value.Content = d.content()
	}
}

// content reads an nstring or literal8 as octets.
func (d *Decoder) content() []byte {
	switch {
	case d.atLiteral():
		return append([]byte{}, d.literal(true)...)
	case d.accept('"'):
		return append([]byte{}, d.quoted()...)
	case !d.acceptWord("NIL"):
		d.Fail("a string or NIL is missing")
	}
	return nil
}
