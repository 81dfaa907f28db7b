package transcript

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// unboundMark stands, in an expanded expectation, before the name of a
// variable that has no value yet; no server text can hold it.
const unboundMark = '\x01'

// variables are a case's bindings; they are shared by its connections.
type variables map[string]string

func (v variables) clone() variables {
	out := make(variables, len(v))
	for name, value := range v {
		out[name] = value
	}
	return out
}

// expand replaces $name, ${name}, ${name+1}, ${repeat 3 text},
// ${base64 text}, ${url text} (percent-encoded), $/ (the hierarchy separator) and $$ (a dollar). A name
// without a value becomes unboundMark and the name.
func (v variables) expand(text string) (string, error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '$')
		if i < 0 || i+1 >= len(text) {
			b.WriteString(text)
			return b.String(), nil
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		switch c := text[0]; {
		case c == '$':
			b.WriteByte('$')
			text = text[1:]
		case c == '/':
			b.WriteString(v["/"])
			text = text[1:]
		case c == '{':
			inner, rest, ok := cutBrace(text)
			if !ok {
				return "", fmt.Errorf("${ without }")
			}
			value, err := v.call(inner)
			if err != nil {
				return "", err
			}
			b.WriteString(value)
			text = rest
		default:
			n := nameLen(text)
			if n == 0 {
				return "", fmt.Errorf("a name must follow $ (write $$ for a dollar): %q", text)
			}
			b.WriteString(v.lookup(text[:n]))
			text = text[n:]
		}
	}
}

// cutBrace splits "{inner}rest", minding braces within.
func cutBrace(text string) (inner, rest string, ok bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[1:i], text[i+1:], true
			}
		}
	}
	return "", "", false
}

func nameLen(text string) int {
	n := 0
	for n < len(text) && (text[n] >= 'a' && text[n] <= 'z' || text[n] >= 'A' && text[n] <= 'Z' || text[n] >= '0' && text[n] <= '9' || text[n] == '_') {
		n++
	}
	return n
}

func (v variables) lookup(name string) string {
	if value, ok := v[name]; ok {
		return value
	}
	return string(unboundMark) + name
}

// call evaluates what stands in ${...}.
func (v variables) call(inner string) (string, error) {
	word, rest, called := strings.Cut(inner, " ")
	if !called {
		word = "" // a variable may be called as a function is
	}
	switch word {
	case "repeat":
		count, text, ok := strings.Cut(rest, " ")
		n, err := strconv.Atoi(count)
		if err != nil || !ok {
			return "", fmt.Errorf("write ${repeat N text}, not ${%s}", inner)
		}
		return strings.Repeat(text, n), nil
	case "base64":
		text, err := v.expand(rest)
		if err != nil {
			return "", err
		}
		text, err = unescape(text)
		return base64.StdEncoding.EncodeToString([]byte(text)), err
	case "url":
		text, err := v.expand(rest)
		return strings.ReplaceAll(url.PathEscape(text), "@", "%40"), err
	}
	if i := strings.IndexAny(inner, "+-"); i > 0 {
		return v.shift(inner[:i], inner[i:])
	}
	if nameLen(inner) != len(inner) || inner == "" {
		return "", fmt.Errorf("${%s} is not understood", inner)
	}
	return v.lookup(inner), nil
}

// shift adds a number to a variable that holds one.
func (v variables) shift(name, by string) (string, error) {
	value, ok := v[name]
	if !ok {
		return string(unboundMark) + name, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return "", fmt.Errorf("$%s is %q, not a number", name, value)
	}
	m, err := strconv.ParseInt(by, 10, 64)
	if err != nil {
		return "", fmt.Errorf("${%s%s} is not understood", name, by)
	}
	return strconv.FormatInt(n+m, 10), nil
}

// expandAll expands and refuses variables without a value.
func (v variables) expandAll(text string) (string, error) {
	out, err := v.expand(text)
	if err != nil {
		return "", err
	}
	if i := strings.IndexByte(out, unboundMark); i >= 0 {
		name := out[i+1:]
		return "", fmt.Errorf("$%s has no value here", name[:nameLen(name)])
	}
	return out, nil
}

// unescape reads \r \n \t \0 \\ \" and \xNN.
func unescape(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			continue
		}
		i++
		if i >= len(text) {
			return "", fmt.Errorf(`a \ at the end of %q`, text)
		}
		switch c := text[i]; c {
		case 'r':
			b.WriteByte('\r')
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '0':
			b.WriteByte(0)
		case '\\', '"':
			b.WriteByte(c)
		case 'x':
			if i+3 > len(text) {
				return "", fmt.Errorf(`\x needs two digits in %q`, text)
			}
			n, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
			if err != nil {
				return "", fmt.Errorf(`\x needs two digits in %q`, text)
			}
			b.WriteByte(byte(n))
			i += 2
		default:
			return "", fmt.Errorf(`\%c is not understood in %q`, c, text)
		}
	}
	return b.String(), nil
}

// expandMessage replaces variables in a message of a case; "$" stays where
// no known name follows it.
func (v variables) expandMessage(text string) (string, error) {
	if !strings.Contains(text, "${") {
		return text, nil
	}
	return v.expandAll(text)
}
