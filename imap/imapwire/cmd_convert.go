package imapwire

import "github.com/restante/restante/imap"

// DecodeConversions reads the arguments of CONVERSIONS (RFC 5259 §10,
// conversions-cmd).
func DecodeConversions(d *Decoder) (imap.ConversionsRequest, error) {
	var r imap.ConversionsRequest
	for _, text := range [...]*string{&r.From, &r.To} {
		d.SP()
		if *text = d.AString(); !imap.CheckMediaRange(*text) {
			d.Fail("a media type is type/subtype, type/* or *")
		}
	}
	return r, d.End()
}

// EncodeConversions writes the arguments of CONVERSIONS.
func EncodeConversions(e *Encoder, r imap.ConversionsRequest) {
	e.SP().AString(r.From).SP().AString(r.To)
}

// DecodeConvert reads the arguments of CONVERT and UID CONVERT (RFC 5259 §10,
// convert).
func DecodeConvert(d *Decoder, byUID bool) (imap.ConvertRequest, error) {
	var r imap.ConvertRequest
	d.SP()
	r.Messages = d.Messages(byUID)
	d.SP()
	r.Target, r.Params = d.conversion()
	d.SP()
	if d.peek() == '(' {
		d.List(false, func() { r.Items = append(r.Items, d.convertAtt()) })
	} else {
		r.Items = []imap.ConvertItem{d.convertAtt()}
	}
	for _, item := range r.Items {
		if item.Kind == imap.ConvertHeader && r.Target != "" { // RFC 5259 §6
			d.Fail("a header goes with the default conversion, NIL")
		}
	}
	return r, d.End()
}

// conversion reads convert-params: NIL or a media type, and parameters.
func (d *Decoder) conversion() (target string, params []imap.Param) {
	d.expect('(', "a conversion in parentheses is missing")
	if d.peek() == '"' || !d.acceptWord("NIL") {
		target = d.mediaType()
	}
	if d.More() {
		params = d.convertParams()
	}
	d.expect(')', "a closing parenthesis is missing")
	return target, params
}

// mediaType reads type/subtype, which stands in quotes (RFC 5259 §10,
// quoted-to-mime-type).
func (d *Decoder) mediaType() string {
	if d.peek() != '"' {
		d.Fail("a media type in quotes is missing")
		return ""
	}
	text := d.String()
	if !imap.CheckMediaType(text) {
		d.Fail("a media type is type/subtype")
	}
	return text
}

func (d *Decoder) convertParams() []imap.Param {
	var params []imap.Param
	d.List(false, func() {
		name := d.AString()
		d.SP()
		params = append(params, imap.Param{Name: name, Value: d.AString()})
	})
	return params
}

// convertAtt reads convert-att.
func (d *Decoder) convertAtt() imap.ConvertItem {
	item := d.convertItem()
	if item.Kind == imap.ConvertBinary {
		item.Partial = d.partial()
	}
	return item
}

// convertItem reads the word of an item and its section. A bracket ends its word, though "[" is an
// ATOM-CHAR.
func (d *Decoder) convertItem() imap.ConvertItem {
	var item imap.ConvertItem
	if d.err != nil {
		return item
	}
	end := d.pos
	for end < len(d.text) && d.text[end] != '[' && charClass[d.text[end]]&charAtom != 0 {
		end++
	}
	for kind := range imap.ConvertKinds {
		if equalFold(d.text[d.pos:end], kind.String()) {
			item.Kind = kind
		}
	}
	if item.Kind == 0 {
		d.Fail("an item of CONVERT is missing or not known")
		return item
	}
	d.pos = end
	switch item.Kind {
	case imap.ConvertUID:
	case imap.ConvertHeader:
		item.Section = d.section()
		if item.Section.Text != imap.SectionHeader && item.Section.Text != imap.SectionMIME {
			d.Fail("BODY of CONVERT names a HEADER or MIME")
		}
	default:
		item.Section = d.sectionPart()
	}
	return item
}

// EncodeConvert writes the arguments of CONVERT and UID CONVERT.
func EncodeConvert(e *Encoder, r imap.ConvertRequest) {
	e.SP().messages(r.Messages).Raw(" (")
	if r.Target == "" {
		e.Raw("NIL")
	} else {
		e.String(r.Target)
	}
	if len(r.Params) > 0 {
		e.Raw(" (").convertParams(r.Params).octet(')')
	}
	e.Raw(") (")
	for i := range r.Items {
		if i > 0 {
			e.SP()
		}
		e.convertItem(&r.Items[i])
		if p := r.Items[i].Partial; !p.IsWhole() {
			e.octet('<').Number(p.Offset).octet('.').Number(p.Length).octet('>')
		}
	}
	e.octet(')')
}

func (e *Encoder) convertParams(params []imap.Param) *Encoder {
	for i := range params {
		if i > 0 {
			e.SP()
		}
		e.AString(params[i].Name).SP().AString(params[i].Value)
	}
	return e
}

// convertItem writes an item's word with its section.
func (e *Encoder) convertItem(item *imap.ConvertItem) {
	e.Raw(item.Kind.String())
	if item.Kind != imap.ConvertUID {
		e.section(item.Section)
	}
}
