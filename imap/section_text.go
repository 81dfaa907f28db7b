package imap

import (
	"errors"
	"strconv"
	"strings"
)

// ErrSection reports text that is no section-spec.
var ErrSection = errors.New("not a section of a message")

// String returns the section-spec without its brackets, "" for the whole
// message (RFC 9051 §9, section-spec).
func (s Section) String() string {
	text := s.Part.String()
	if s.Text != SectionWhole {
		if text != "" {
			text += "."
		}
		text += s.Text.String()
	}
	if s.Text != SectionHeaderFields && s.Text != SectionHeaderFieldsNot {
		return text
	}
	var b strings.Builder
	b.WriteString(text + " (")
	for i, field := range s.Fields {
		if i > 0 {
			b.WriteByte(' ')
		}
		if isFieldAtom(field) {
			b.WriteString(field)
		} else {
			b.WriteString(`"` + fieldEscapes.Replace(field) + `"`)
		}
	}
	b.WriteByte(')')
	return b.String()
}

var fieldEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// ParseSection reads a section-spec without its brackets, as IMAP URLs have it:
// names of fields are atoms or quoted strings, never literals. Parts nest no
// deeper than partDepthMax, and no more than fieldsMax fields are taken.
func ParseSection(text string) (Section, error) {
	var s Section
	rest, more := text, true
	for more && rest != "" && rest[0]-'0' < 10 {
		var number string
		number, rest, more = strings.Cut(rest, ".")
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil || n == 0 || number[0] == '0' || len(s.Part) == partDepthMax {
			return Section{}, ErrSection
		}
		s.Part = append(s.Part, uint32(n))
	}
	if !more && len(s.Part) > 0 {
		return s, nil
	}
	word, fields, hasFields := strings.Cut(rest, " ")
	for _, known := range SectionTexts {
		if strings.EqualFold(word, known.String()) {
			s.Text = known
		}
	}
	switch {
	case s.Text == SectionWhole, s.Text == SectionMIME && len(s.Part) == 0:
		return Section{}, ErrSection
	case s.Text == SectionHeaderFields, s.Text == SectionHeaderFieldsNot:
		var ok bool
		if s.Fields, ok = parseFieldList(fields); !ok {
			return Section{}, ErrSection
		}
	case hasFields:
		return Section{}, ErrSection
	}
	return s, nil
}

const (
	// partDepthMax is as deep as the codec's lists nest.
	partDepthMax = 100
	// fieldsMax is more than any header has that somebody reads.
	fieldsMax = 1000
)

// parseFieldList reads "(" astring *(SP astring) ")".
func parseFieldList(text string) (fields []string, ok bool) {
	text, opened := strings.CutPrefix(text, "(")
	for opened && len(fields) < fieldsMax {
		var field string
		if field, text, ok = cutField(text); !ok {
			return nil, false
		}
		fields = append(fields, field)
		if text == ")" {
			return fields, true
		}
		text, opened = strings.CutPrefix(text, " ")
	}
	return nil, false
}

// cutField takes an astring, which is no literal, from the beginning.
func cutField(text string) (field, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, " )")
		return text[:max(end, 0)], text[max(end, 0):], end > 0 && isFieldAtom(text[:end])
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return b.String(), text[i+1:], true
		case c == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\'):
			i++
			b.WriteByte(text[i])
		case c == '\\', c == 0, c == '\r', c == '\n':
			return "", "", false
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// isFieldAtom reports whether a field's name can stand without quotes
// (RFC 9051 §9, atom).
func isFieldAtom(field string) bool {
	for i := range len(field) {
		if c := field[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`(){%*"\]`, c) >= 0 {
			return false
		}
	}
	return field != ""
}
