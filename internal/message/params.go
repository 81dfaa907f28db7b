package message

import (
	"bytes"
	"strings"
)

// setType reads a Content-Type (RFC 2045 §5.1). One that cannot be read leaves
// the type unset, so that the default applies.
func (p *Part) setType(value []byte) {
	r := paramReader{rest: value}
	r.skipSpace()
	kind := r.token()
	r.skipSpace()
	if len(kind) == 0 || !r.take('/') {
		return
	}
	r.skipSpace()
	subtype := r.token()
	if len(subtype) == 0 {
		return
	}
	p.Type, p.Subtype = lowerWord(kind), lowerWord(subtype)
	p.Params = r.params()
}

// parseDisposition reads a Content-Disposition (RFC 2183 §2).
func parseDisposition(value []byte) (string, []Param) {
	r := paramReader{rest: value}
	r.skipSpace()
	kind := r.token()
	if len(kind) == 0 {
		return "", nil
	}
	return lowerWord(kind), r.params()
}

// encodingToken returns the first token of a Content-Transfer-Encoding: what
// follows it is a comment or rubbish.
func encodingToken(value []byte) string {
	r := paramReader{rest: value}
	r.skipSpace()
	return lowerWord(r.token())
}

// parseLanguages reads a Content-Language (RFC 3282 §2).
func parseLanguages(value []byte) []string {
	var tags []string
	r := paramReader{rest: value}
	for len(tags) < paramsMax {
		r.skipSpace()
		if tag := r.token(); len(tag) > 0 {
			tags = append(tags, string(tag))
		}
		if i := bytes.IndexByte(r.rest, ','); i >= 0 {
			r.rest = r.rest[i+1:]
			continue
		}
		break
	}
	return tags
}

// paramReader reads the structured MIME fields leniently.
type paramReader struct{ rest []byte }

func (r *paramReader) take(c byte) bool {
	if len(r.rest) > 0 && r.rest[0] == c {
		r.rest = r.rest[1:]
		return true
	}
	return false
}

// skipSpace passes over white space and comments (RFC 5322 §3.2.2). A comment
// that never ends is not one.
func (r *paramReader) skipSpace() {
	for len(r.rest) > 0 {
		switch r.rest[0] {
		case ' ', '\t':
			r.rest = r.rest[1:]
		case '(':
			r.rest = r.rest[commentEnd(r.rest):]
		default:
			return
		}
	}
}

// commentEnd returns the length of the comment at the start of b, which is all of b
// where it never ends.
func commentEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// token consumes a token (RFC 2045 §5.1); octets above 127 are let through.
func (r *paramReader) token() []byte {
	i := 0
	for i < len(r.rest) && isTokenChar(r.rest[i]) {
		i++
	}
	token := r.rest[:i]
	r.rest = r.rest[i:]
	return token
}

func isTokenChar(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '@', ',', ';', ':', '\\', '"', '/', '[', ']', '?', '=', 127:
		return false
	}
	return c > ' '
}

// params reads the parameters that follow a value. What cannot be read is
// passed over up to the next semicolon.
func (r *paramReader) params() []Param {
	var params []Param
	for len(params) < paramsMax {
		r.skipSpace()
		for r.take(';') {
			r.skipSpace()
		}
		if len(r.rest) == 0 {
			break
		}
		name := r.token()
		r.skipSpace()
		if len(name) == 0 || !r.take('=') {
			r.toSemicolon()
			continue
		}
		r.skipSpace()
		key := lowerWord(name)
		params = append(params, Param{key, r.value(key)})
	}
	return params
}

func (r *paramReader) toSemicolon() []byte {
	i := bytes.IndexByte(r.rest, ';')
	if i < 0 {
		i = len(r.rest)
	}
	skipped := r.rest[:i]
	r.rest = r.rest[i:]
	return skipped
}

// value reads a parameter's value. Unquoted values hold characters that they
// may not, and file names also spaces: those end at the semicolon.
func (r *paramReader) value(name string) string {
	if r.take('"') {
		return r.quoted()
	}
	if name == "name" || name == "filename" {
		return string(bytes.TrimRight(r.toSemicolon(), " \t"))
	}
	i := bytes.IndexAny(r.rest, "; \t")
	if i < 0 {
		i = len(r.rest)
	}
	value := r.rest[:i]
	r.rest = r.rest[i:]
	if name == "charset" {
		return commonWord(value)
	}
	return string(value)
}

// quoted reads a quoted-string after its first quote. One that never ends
// takes the rest.
func (r *paramReader) quoted() string {
	end := bytes.IndexAny(r.rest, `"\`)
	if end >= 0 && r.rest[end] == '"' { // nothing to unquote
		value := r.rest[:end]
		r.rest = r.rest[end+1:]
		return commonWord(value)
	}
	var b strings.Builder
	for i := 0; i < len(r.rest); i++ {
		c := r.rest[i]
		if c == '"' {
			r.rest = r.rest[i+1:]
			return b.String()
		}
		if c == '\\' && i+1 < len(r.rest) {
			i++
			c = r.rest[i]
		}
		b.WriteByte(c)
	}
	r.rest = nil
	return b.String()
}
