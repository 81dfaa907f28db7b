package imapwire

import "github.com/restante/restante/imap"

// section reads a section with its brackets (RFC 9051 §9, section).
func (d *Decoder) section() imap.Section {
	var s imap.Section
	d.expect('[', "a section is missing")
	if d.accept(']') {
		return s
	}
	more := true
	if isDigit(d.peek()) {
		s.Part, more = d.partPath()
	}
	if more {
		d.sectionText(&s)
	}
	d.expect(']', "a closing bracket is missing")
	return s
}

// sectionPart reads a part path in brackets (RFC 9051 §9, section-binary).
func (d *Decoder) sectionPart() imap.Section {
	var s imap.Section
	d.expect('[', "a section is missing")
	if isDigit(d.peek()) {
		var more bool
		if s.Part, more = d.partPath(); more {
			d.Fail("a BINARY section names a part and nothing else")
		}
	}
	d.expect(']', "a closing bracket is missing")
	return s
}

// partPath reads numbers with dots between. It reports whether a dot and
// something else follow.
func (d *Decoder) partPath() (path imap.PartPath, more bool) {
	for d.err == nil {
		if len(path) >= d.limits.DepthMax {
			d.failLimit("levels of body parts", d.limits.DepthMax)
			break
		}
		path = append(path, d.NzNumber())
		if !d.accept('.') {
			return path, false
		}
		if !isDigit(d.peek()) {
			return path, true
		}
	}
	return nil, false
}

func (d *Decoder) sectionText(s *imap.Section) {
	word := d.run(charAtom, "a section's text is missing")
	for _, text := range imap.SectionTexts {
		if equalFold(word, text.String()) {
			s.Text = text
		}
	}
	switch {
	case s.Text == imap.SectionWhole:
		d.Fail("a section's text is not known")
	case s.Text == imap.SectionMIME && len(s.Part) == 0:
		d.Fail("MIME needs a part") // RFC 9051 §6.4.5.1
	case s.Text == imap.SectionHeaderFields, s.Text == imap.SectionHeaderFieldsNot:
		d.SP()
		d.List(false, func() { s.Fields = append(s.Fields, d.AString()) })
	}
}

// partial reads <offset.length> if it is there (RFC 9051 §9, partial).
func (d *Decoder) partial() imap.Partial {
	var p imap.Partial
	if !d.accept('<') {
		return p
	}
	p.Offset = d.Number64()
	d.expect('.', "a partial is an offset, a dot and a length")
	p.Length = d.NzNumber64()
	d.expect('>', "a partial does not end")
	return p
}

// section writes a section with its brackets.
func (e *Encoder) section(s imap.Section) {
	e.room()
	e.buf = append(e.buf, '[')
	e.buf = s.Part.AppendText(e.buf)
	if s.Text != imap.SectionWhole {
		if len(s.Part) > 0 {
			e.octet('.')
		}
		e.Raw(s.Text.String())
	}
	if s.Text == imap.SectionHeaderFields || s.Text == imap.SectionHeaderFieldsNot {
		e.Raw(" (")
		for i, field := range s.Fields {
			if i > 0 {
				e.SP()
			}
			e.AString(field)
		}
		e.octet(')')
	}
	e.octet(']')
}
