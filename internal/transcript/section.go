package transcript

import (
	"errors"
	"fmt"
	"strings"
)

// isSectionName reports the FETCH items that carry a section in brackets
// (RFC 9051 §6.4.5.1).
func isSectionName(name string) bool {
	switch strings.ToUpper(name) {
	case "BODY", "BINARY", "BINARY.SIZE", "BODY.PEEK", "BINARY.PEEK",
		"BODYPARTSTRUCTURE", "AVAILABLECONVERSIONS": // RFC 5259 §8
		return true
	}
	return false
}

// section reads from behind "BODY[" to the end of the item and returns the
// whole item in one spelling: upper case, header names bare, so that a server
// may write them as atoms, quoted strings or literals.
func (l *lexer) section(opening string) (string, error) {
	var b strings.Builder
	b.WriteString(strings.ToUpper(opening))
	for {
		switch {
		case l.end():
			return "", errors.New("a section is not closed by ]")
		case l.atLiteral():
			v, err := l.literal()
			if err != nil {
				return "", err
			}
			b.WriteString(strings.ToUpper(v.Text))
			continue
		case l.peek() == '"':
			text, err := l.quoted()
			if err != nil {
				return "", err
			}
			b.WriteString(strings.ToUpper(text))
			continue
		}
		c := l.peek()
		l.pos++
		b.WriteString(strings.ToUpper(string(rune(c))))
		if c == ']' {
			break
		}
	}
	origin, err := l.origin()
	return b.String() + origin, err
}

// origin reads the "<0>" behind a section, if there is one.
func (l *lexer) origin() (string, error) {
	if l.pos >= len(l.line()) || l.peek() != '<' {
		return "", nil
	}
	line := l.line()[l.pos:]
	i := strings.IndexByte(line, '>')
	if i < 0 || !isNumber(line[1:i]) {
		return "", fmt.Errorf("the origin of a partial section is a number in <>, not %q", line)
	}
	l.pos += i + 1
	return line[:i+1], nil
}
