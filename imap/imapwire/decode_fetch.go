package imapwire

import (
	"bytes"

	"github.com/restante/restante/imap"
)

// fetchValues reads the items of a FETCH response (RFC 9051 §9, msg-att), as far
// as they have been read: to the end, or to a content that is streamed.
func (d *Decoder) fetchValues() []imap.FetchValue {
	d.expect('(', "a list is missing")
	if d.accept(')') {
		return []imap.FetchValue{}
	}
	return d.moreFetchValues()
}

func (d *Decoder) moreFetchValues() []imap.FetchValue {
	values := []imap.FetchValue{}
	for d.err == nil {
		if len(values) >= d.limits.ItemsMax {
			d.failLimit("items in a FETCH response", d.limits.ItemsMax)
		}
		value, known := d.fetchValue()
		if known {
			values = append(values, value)
		}
		if value.Streamed || d.accept(')') {
			break
		}
		d.SP()
	}
	return values
}

// DecodeFetchNext reads on in a FETCH response whose last value was streamed. The
// decoder is one of the fragments that Resume returned, and has read nothing. The
// last of the values it returns may be streamed in turn.
func DecodeFetchNext(d *Decoder) ([]imap.FetchValue, error) {
	d.loose = true
	d.TakeFault()
	var values []imap.FetchValue
	if !d.accept(')') {
		d.SP()
		values = d.moreFetchValues()
	}
	d.endResponse()
	return values, d.err
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
	case imap.FetchEmailID, imap.FetchThreadID:
		if !d.acceptWord("NIL") {
			value.ObjectID = d.objectIDInList()
		}
	case imap.FetchInternalDate:
		value.InternalDate = d.DateTime()
	case imap.FetchSaveDate:
		if !d.acceptWord("NIL") { // a mailbox may keep none (RFC 8514 §4.2)
			value.InternalDate = d.DateTime()
			value.HasSaveDate = d.err == nil
		}
	case imap.FetchAnnotations:
		value.Annotations = d.annotationValues()
	case imap.FetchEnvelope:
		value.Envelope = d.envelope()
	case imap.FetchBody, imap.FetchBodyStructure:
		value.BodyStructure = d.bodyStructure()
	default:
		if d.atStream() {
			value.Streamed = true
			value.SizeOctets, _ = d.StreamLiteral()
			return
		}
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
