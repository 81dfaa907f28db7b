package message

import "strings"

// ParamsField is a MIME field with its parameters, as text to be written again.
type ParamsField struct {
	// Value is what stands before the parameters, as it is.
	Value  string
	Params []FieldParam
}

// FieldParam is one parameter of it.
type FieldParam struct {
	Name string
	// Raw is the value as it stands, quotes included, if it is not Extended.
	Raw string
	// Extended says that the value, which may have come in pieces, names a
	// charset (RFC 2231 §4): Text is what it says, in UTF-8.
	Extended       bool
	Text, Language string
	// Comment is what stood in parentheses in or behind it (RFC 5322 §3.2.2).
	Comment string
}

// ReadParams reads the value of a Content-Type or Content-Disposition field. It
// reports false if there is nothing extended in it that can be decoded, or if it is
// not well formed: then the field is best left as it is.
func ReadParams(value string) (ParamsField, bool) {
	var field ParamsField
	head, rest, ok := cutOutside(value, ';')
	field.Value = head
	var raw []FieldParam
	for ok && len(raw) < paramsMax {
		var text string
		text, rest, ok = cutOutside(rest, ';')
		text, comment := withoutComments(text)
		name, content, found := strings.Cut(text, "=")
		name, content = strings.TrimSpace(name), strings.TrimSpace(content)
		if name == "" && !found {
			continue
		}
		if !found || name == "" || strings.ContainsAny(name, " \t\r\n\"") {
			return field, false
		}
		raw = append(raw, FieldParam{Name: name, Raw: content, Comment: comment})
	}
	return field, !ok && field.join(raw)
}

// join puts pieces together, and reports whether some value is extended.
func (f *ParamsField) join(raw []FieldParam) (some bool) {
	var params []Param
	for _, p := range raw {
		value := p.Raw
		if strings.HasPrefix(value, "\"") {
			r := paramReader{rest: []byte(value[1:])}
			value = r.quoted()
		}
		params = append(params, Param{strings.ToLower(p.Name), value})
	}
	done := map[string]int{} // index in f.Params by base name
	for i, p := range raw {
		base, _, starred := strings.Cut(p.Name, "*")
		key := strings.ToLower(base)
		first, extended := findParam(params, key+"*0*")
		if !extended {
			first, extended = findParam(params, key+"*")
		}
		charset, _, named := strings.Cut(first, "'")
		if !starred || !extended || !named || charset != "" && !KnownCharset(charset) {
			f.Params = append(f.Params, raw[i])
			continue
		}
		if at, ok := done[key]; ok {
			f.Params[at].Comment += p.Comment
			continue
		}
		p.Name, p.Extended, some = base, true, true
		p.Text = decodeParam(params, key)
		if _, rest, ok := strings.Cut(first, "'"); ok {
			p.Language, _, _ = strings.Cut(rest, "'")
		}
		done[key] = len(f.Params)
		f.Params = append(f.Params, p)
	}
	return some
}

// cutOutside cuts text at the first mark outside of quotes and comments.
func cutOutside(text string, mark byte) (before, after string, found bool) {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case c == mark && depth == 0:
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

// withoutComments takes comments out of text.
func withoutComments(text string) (rest, comments string) {
	var b, c strings.Builder
	for {
		at := commentStart(text)
		if at < 0 {
			b.WriteString(text)
			return b.String(), c.String()
		}
		b.WriteString(text[:at])
		end := at + commentEnd([]byte(text[at:]))
		c.WriteString(text[at:end])
		text = text[end:]
	}
}

// commentStart finds a comment outside of quotes; -1 if there is none.
func commentStart(text string) int {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == '(' && !quoted:
			return i
		}
	}
	return -1
}
