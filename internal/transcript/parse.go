package transcript

import (
	"errors"
	"fmt"
	"strings"
)

// rawResponse is a response before it is understood: the pieces of line
// between literals, and the literals.
type rawResponse struct {
	lines    []string // one more than literals; the counts "{n}" removed
	literals []literalValue
}

type literalValue struct {
	data   string
	binary bool // ~{n} (RFC 9051 §4.3.1)
}

// raw puts the response together again for people.
func (r rawResponse) raw() string {
	var b strings.Builder
	for i, line := range r.lines {
		b.WriteString(line)
		if i < len(r.literals) {
			fmt.Fprintf(&b, "{%d}\r\n%s", len(r.literals[i].data), r.literals[i].data)
		}
	}
	return b.String()
}

// lexer walks over a rawResponse.
type lexer struct {
	raw   rawResponse
	piece int
	pos   int
	utf8  bool // quoted strings may hold UTF-8 (RFC 9051 §4.3, RFC 6855 §3)
	fetch bool // in FETCH "BODY[" begins a section; elsewhere it is an atom
}

// parseResponse turns what was read into a Response, or says which demand of
// the grammar it breaks (RFC 9051 §9).
func parseResponse(raw rawResponse, utf8 bool) (*Response, error) {
	l := &lexer{raw: raw, utf8: utf8}
	r := &Response{Raw: raw.raw()}
	tag, err := l.word()
	if err != nil {
		return r, err
	}
	r.Tag = tag
	if tag == "+" {
		r.Text = strings.TrimPrefix(l.restText(), " ")
		return r, nil
	}
	if err := l.space(); err != nil {
		return r, err
	}
	name, err := l.word()
	if err != nil {
		return r, err
	}
	if tag == "*" && isNumber(name) {
		r.Number = name
		if err := l.space(); err != nil {
			return r, err
		}
		if name, err = l.word(); err != nil {
			return r, err
		}
	}
	r.Name = strings.ToUpper(name)
	l.fetch = r.Name == "FETCH" || r.Name == "UIDFETCH" || r.Name == "CONVERTED"
	if r.isStatus() {
		return r, l.status(r)
	}
	if tag != "*" {
		return r, fmt.Errorf("a tagged response must be OK, NO or BAD, not %s", r.Name)
	}
	r.Args, err = l.rest(r.Name == "THREAD")
	return r, err
}

// status reads an optional code and the text (RFC 9051 §7.1).
func (l *lexer) status(r *Response) error {
	if l.end() {
		return errors.New("a status response needs a space and text")
	}
	if err := l.space(); err != nil {
		return err
	}
	if l.at('[') {
		l.pos++
		code, err := l.code()
		if err != nil {
			return fmt.Errorf("response code: %w", err)
		}
		if len(code) == 0 {
			return errors.New("empty response code")
		}
		r.Code = code
		if l.end() {
			return errors.New("text must follow the response code")
		}
		if err := l.space(); err != nil {
			return err
		}
	}
	r.Text = l.restText()
	if r.Text == "" {
		return errors.New("resp-text must have at least one character")
	}
	return nil
}

// code reads a response code and its closing bracket. What BADURL tells is
// whatever stands before the bracket, spaces and all (RFC 4469 §5).
func (l *lexer) code() ([]Value, error) {
	const name = "BADURL"
	text := l.line()[l.pos:]
	if len(text) <= len(name) || !strings.EqualFold(text[:len(name)+1], name+" ") {
		return l.items(']')
	}
	url, _, closed := strings.Cut(text[len(name)+1:], "]")
	if !closed || url == "" {
		return nil, errors.New("BADURL tells of a URL before the closing bracket")
	}
	l.pos += len(name) + 1 + len(url) + 1
	// The grammar has no quotes around the URL, its fourth example has (RFC 4469 §5, appendix A).
	if len(url) > 2 && url[0] == '"' && strings.HasSuffix(url, `"`) {
		url = url[1 : len(url)-1]
	}
	return []Value{{Kind: Atom, Text: name}, {Kind: Atom, Text: url}}, nil
}

// rest reads " item item ..." to the end. Threads have no spaces between them:
// thread-data is 1*thread-list (RFC 5256 §5).
func (l *lexer) rest(threads bool) ([]Value, error) {
	var out []Value
	for !l.end() {
		if !threads || len(out) == 0 {
			if err := l.space(); err != nil {
				return out, err
			}
		}
		v, err := l.value(0)
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, nil
}

// items reads items until the closing character, which it consumes.
func (l *lexer) items(closing byte) ([]Value, error) {
	var out []Value
	for {
		switch {
		case l.end():
			return nil, fmt.Errorf("%q is missing", string(closing))
		case l.at(closing):
			l.pos++
			return out, nil
		}
		// A list of bodies has no spaces between them: body-type-mpart is
		// 1*body SP media-subtype (RFC 9051 §9).
		if len(out) > 0 && !(l.at('(') && out[len(out)-1].Kind == List) {
			if err := l.space(); err != nil {
				return nil, err
			}
		}
		v, err := l.value(closing)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// value reads one item; an atom also ends before the closing character.
func (l *lexer) value(closing byte) (Value, error) {
	if l.end() {
		return Value{}, errors.New("the line ends where an item was due")
	}
	if l.atLiteral() {
		return l.literal()
	}
	switch l.peek() {
	case '"':
		text, err := l.quoted()
		return Value{Kind: Quoted, Text: text}, err
	case '(':
		l.pos++
		list, err := l.items(')')
		return Value{Kind: List, List: list}, err
	}
	text, err := l.atom(closing)
	return Value{Kind: Atom, Text: text}, err
}

func (l *lexer) literal() (Value, error) {
	lit := l.raw.literals[l.piece]
	l.piece++
	l.pos = 0
	if !lit.binary && strings.IndexByte(lit.data, 0) >= 0 {
		return Value{}, errors.New("a literal holds NUL, only literal8 may (RFC 9051 §4.3.1)")
	}
	return Value{Kind: Literal, Text: lit.data}, nil
}

func (l *lexer) quoted() (string, error) {
	var b strings.Builder
	for l.pos++; ; l.pos++ {
		if l.pos >= len(l.line()) {
			return "", errors.New("a quoted string is not closed on its line")
		}
		c := l.peek()
		switch {
		case c == '"':
			l.pos++
			return b.String(), nil
		case c == '\\':
			l.pos++
			if l.pos >= len(l.line()) || l.peek() != '"' && l.peek() != '\\' {
				return "", errors.New(`only \" and \\ may be quoted in a quoted string`)
			}
			c = l.peek()
		case c == 0 || c == '\r' || c == '\n':
			return "", errors.New("a quoted string holds NUL, CR or LF")
		case c >= 0x80 && !l.utf8:
			return "", errors.New("a quoted string holds 8-bit octets and nothing was enabled that allows them (RFC 3501 §4.3, RFC 6855 §3)")
		}
		b.WriteByte(c)
	}
}

// atom reads an atom, a flag, a number, a set, or a section of FETCH.
func (l *lexer) atom(closing byte) (string, error) {
	start := l.pos
	for !l.end() && !l.atLiteral() {
		c := l.peek()
		if c == ' ' || c == '(' || c == ')' || c == '"' || c == closing {
			break
		}
		if c < ' ' || c >= 0x7f {
			return "", fmt.Errorf("octet %#x in an atom", c)
		}
		l.pos++
		if c == '[' && l.fetch && isSectionName(l.line()[start:l.pos-1]) {
			return l.section(l.line()[start:l.pos])
		}
	}
	if l.pos == start {
		return "", fmt.Errorf("an item was due before %q", l.line()[start:])
	}
	return l.line()[start:l.pos], nil
}

func (l *lexer) line() string { return l.raw.lines[l.piece] }
func (l *lexer) peek() byte   { return l.line()[l.pos] }

// at reports that the next octet of the line is c.
func (l *lexer) at(c byte) bool { return l.pos < len(l.line()) && l.peek() == c }

func (l *lexer) atLiteral() bool {
	return l.pos == len(l.line()) && l.piece < len(l.raw.literals)
}

func (l *lexer) end() bool {
	return l.pos >= len(l.line()) && l.piece >= len(l.raw.literals)
}

func (l *lexer) restText() string {
	text := l.line()[l.pos:]
	l.pos = len(l.line())
	return text
}

func (l *lexer) space() error {
	if l.pos >= len(l.line()) || l.peek() != ' ' {
		return fmt.Errorf("one space was due before %q", l.line()[min(l.pos, len(l.line())):])
	}
	l.pos++
	if l.end() {
		return errors.New("a space stands at the end of the line")
	}
	return nil
}

// word reads up to the next space.
func (l *lexer) word() (string, error) {
	line := l.line()[l.pos:]
	if i := strings.IndexByte(line, ' '); i >= 0 {
		line = line[:i]
	}
	if line == "" {
		return "", errors.New("a word was due")
	}
	l.pos += len(line)
	return line, nil
}

func isNumber(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
