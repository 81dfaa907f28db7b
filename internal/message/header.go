package message

import "bytes"

// field names the header fields that a Structure keeps something of.
type field uint8

const (
	fieldOther field = iota
	fieldContentType
	fieldContentEncoding
	fieldContentID
	fieldContentDescription
	fieldContentMD5
	fieldContentLocation
	fieldContentDisposition
	fieldContentLanguage
	fieldDate // this and the following belong to messages only
	fieldSubject
	fieldFrom
	fieldSender
	fieldReplyTo
	fieldTo
	fieldCc
	fieldBcc
	fieldInReplyTo
	fieldMessageID
	fieldReferences
	fieldCount
)

// fieldNamed returns the field called name, in any case.
func fieldNamed(name []byte) field {
	var buf [len("content-transfer-encoding")]byte
	if len(name) > len(buf) || len(name) < 2 {
		return fieldOther
	}
	switch string(lowerInto(buf[:], name)) {
	case "content-type":
		return fieldContentType
	case "content-transfer-encoding":
		return fieldContentEncoding
	case "content-id":
		return fieldContentID
	case "content-description":
		return fieldContentDescription
	case "content-md5":
		return fieldContentMD5
	case "content-location":
		return fieldContentLocation
	case "content-disposition":
		return fieldContentDisposition
	case "content-language":
		return fieldContentLanguage
	case "date":
		return fieldDate
	case "subject":
		return fieldSubject
	case "from":
		return fieldFrom
	case "sender":
		return fieldSender
	case "reply-to":
		return fieldReplyTo
	case "to":
		return fieldTo
	case "cc":
		return fieldCc
	case "bcc":
		return fieldBcc
	case "in-reply-to":
		return fieldInReplyTo
	case "message-id":
		return fieldMessageID
	case "references":
		return fieldReferences
	}
	return fieldOther
}

// lowerInto writes b in ASCII lower case to buf, which is large enough.
func lowerInto(buf, b []byte) []byte {
	for i, c := range b {
		buf[i] = lower(c)
	}
	return buf[:len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// headerReader collects the fields of one header.
type headerReader struct {
	*parser
	part     *Part
	message  *Structure // nil where the part is not the root of a message
	seen     [fieldCount]bool
	current  field
	inDigest bool
	octets   int // of the header so far
}

// header reads a header: fields up to a blank line, which belongs to it. It is
// lenient: a line that is no field is passed over, unless it is the first,
// which means that there is no header at all. The level of the result is
// noDelimiter when a body follows.
func (p *parser) header(part *Part, message *Structure, inDigest bool) delimiter {
	h := headerReader{parser: p, part: part, message: message, inDigest: inDigest}
	part.Header.Start = p.s.offset()
	d := h.read()
	h.finishField()
	h.setDefaults()
	if d.level != noDelimiter {
		part.Header.End = d.start
	} else {
		part.Header.End = p.s.offset()
	}
	return d
}

func (h *headerReader) read() delimiter {
	s := h.s
	goesOn := false // the line before was only a piece of a line
	for first := true; ; {
		if !goesOn && len(h.boundaries) > 0 {
			if d, found := h.delimiterLine(); found {
				return d
			}
		}
		line, whole := s.line()
		switch {
		case len(line) == 0:
			return h.atEnd()
		case goesOn:
			h.add(line)
		case line[0] == '\n' || line[0] == '\r' && len(line) == 2 && line[1] == '\n':
			return delimiter{level: noDelimiter}
		case !first && (line[0] == ' ' || line[0] == '\t'):
			h.add(line)
		case h.begin(line):
			first = false
		case first && !isEnvelopeLine(line):
			s.unread(line)
			return delimiter{level: noDelimiter}
		}
		goesOn = !whole
		h.octets += len(line)
	}
}

// delimiterLine consumes the line at the position if it is a delimiter.
func (h *headerReader) delimiterLine() (delimiter, bool) {
	h.s.ensure(2)
	if !bytes.HasPrefix(h.s.rest(), dashDash) {
		return delimiter{}, false
	}
	d, found := h.delimiter()
	if found {
		h.finishLine()
	}
	return d, found
}

// isEnvelopeLine recognises the line that mbox files put before a message
// (RFC 4155 Appendix A), also in its quoted form. It is left where it is.
func isEnvelopeLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}

// begin starts a new field, if line begins one.
func (h *headerReader) begin(line []byte) bool {
	name, value, ok := cutField(line)
	h.finishField()
	if !ok {
		return false
	}
	if f := fieldNamed(name); f < fieldDate || h.message != nil {
		h.current = f
	}
	h.add(value)
	return true
}

// cutField splits a line at the colon of a field. White space before the colon
// is obsolete but seen (RFC 5322 §4.5).
func cutField(line []byte) (name, value []byte, ok bool) {
	for i, c := range line {
		if c == ':' {
			return bytes.TrimRight(line[:i], " \t"), line[i+1:], i > 0
		}
		if c <= ' ' || c == 127 {
			if c != ' ' && c != '\t' {
				return nil, nil, false
			}
			after := bytes.TrimLeft(line[i:], " \t")
			if len(after) == 0 || after[0] != ':' {
				return nil, nil, false
			}
		}
	}
	return nil, nil, false
}

// add appends a line, or a piece of one, to the current field without its line
// end: that is unfolding (RFC 5322 §2.2.3).
func (h *headerReader) add(line []byte) {
	if !h.eightBit && hasEightBit(line) {
		h.eightBit = true
	}
	if h.current == fieldOther || h.octets > headerMax {
		return
	}
	line = bytes.TrimRight(line, "\r\n")
	h.field = append(h.field, line[:min(len(line), fieldMax-len(h.field))]...)
}

func hasEightBit(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return true
		}
	}
	return false
}

// finishField keeps what the structure needs of the current field.
func (h *headerReader) finishField() {
	f, value := h.current, h.field
	h.current, h.field = fieldOther, h.field[:0]
	if f == fieldOther || h.kept > headersMax {
		return
	}
	h.kept += len(value)
	for i, c := range value {
		if c == 0 || c == '\r' || c == '\n' { // no IMAP string may hold NUL
			value[i] = ' '
		}
	}
	value = bytes.Trim(value, " \t")
	repeated := h.seen[f]
	h.seen[f] = true
	if f < fieldDate {
		if !repeated {
			h.keepPart(f, value)
		}
		return
	}
	h.message.Repeated = h.message.Repeated || repeated
	h.keepEnvelope(f, value, repeated)
}

// keepPart sets what a field says of the part. The first of several counts.
func (h *headerReader) keepPart(f field, value []byte) {
	p := h.part
	switch f {
	case fieldContentType:
		p.setType(value)
	case fieldContentEncoding:
		p.Encoding = encodingToken(value)
	case fieldContentID:
		p.ID = string(value)
	case fieldContentDescription:
		p.Description = string(value)
	case fieldContentMD5:
		p.MD5 = string(value)
	case fieldContentLocation:
		p.Location = string(value)
	case fieldContentDisposition:
		p.Disposition, p.DispositionParams = parseDisposition(value)
	case fieldContentLanguage:
		p.Language = parseLanguages(value)
	}
}

func (h *headerReader) keepEnvelope(f field, value []byte, repeated bool) {
	e := &h.message.Envelope
	switch f {
	case fieldFrom:
		e.From = appendAddresses(e.From, value)
	case fieldSender:
		e.Sender = appendAddresses(e.Sender, value)
	case fieldReplyTo:
		e.ReplyTo = appendAddresses(e.ReplyTo, value)
	case fieldTo:
		e.To = appendAddresses(e.To, value)
	case fieldCc:
		e.Cc = appendAddresses(e.Cc, value)
	case fieldBcc:
		e.Bcc = appendAddresses(e.Bcc, value)
	case fieldReferences:
		if !repeated {
			h.message.References = parseMessageIDs(value)
		}
	case fieldDate:
		if !repeated {
			e.Date = Optional{string(value), true}
			h.message.Sent, _ = ParseDate(e.Date.Text)
		}
	case fieldSubject:
		e.Subject.setFirst(value)
	case fieldInReplyTo:
		e.InReplyTo.setFirst(value)
	case fieldMessageID:
		e.MessageID.setFirst(value)
	}
}

func (o *Optional) setFirst(value []byte) {
	if !o.Present {
		*o = Optional{string(value), true}
	}
}

// defaultParams are the parameters of a part without Content-Type
// (RFC 2045 §5.2). They are shared and never changed.
var defaultParams = []Param{{"charset", "us-ascii"}}

func (h *headerReader) setDefaults() {
	p := h.part
	if p.Type == "" {
		if h.inDigest && !h.seen[fieldContentType] {
			p.Type, p.Subtype = "message", "rfc822"
		} else {
			p.Type, p.Subtype, p.Params = "text", "plain", defaultParams
		}
	}
	if p.Encoding == "" {
		p.Encoding = "7bit"
	}
}
