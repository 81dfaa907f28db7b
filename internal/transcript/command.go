package transcript

import (
	"fmt"
	"strings"
)

// segment is a piece of a command: text, then perhaps a literal.
type segment struct {
	text    string
	literal *sentLiteral
}

// sentLiteral is a literal of the client (RFC 9051 §4.3, RFC 7888).
type sentLiteral struct {
	data   string
	sync   bool // {n}: wait for "+"; otherwise {n+}
	binary bool // ~{n}
}

func (l sentLiteral) head() string {
	plus, tilde := "+", ""
	if l.sync {
		plus = ""
	}
	if l.binary {
		tilde = "~"
	}
	return fmt.Sprintf("%s{%d%s}\r\n", tilde, len(l.data), plus)
}

// segments splits an expanded C line. A literal is written @name for a
// message, or @"text"; @+ makes it non-synchronizing, ~@ a literal8.
func segments(line string, messages func(string) (string, error)) ([]segment, error) {
	var out []segment
	inQuotes := false
	start := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && inQuotes:
			i++
		case c == '"':
			inQuotes = !inQuotes
		case !inQuotes && (c == '@' || c == '~' && strings.HasPrefix(line[i:], "~@")) && (i == 0 || strings.IndexByte(" (", line[i-1]) >= 0):
			lit, length, err := readLiteral(line[i:], messages)
			if err != nil {
				return nil, err
			}
			out = append(out, segment{line[start:i], lit})
			i += length - 1
			start = i + 1
		}
	}
	return append(out, segment{text: line[start:]}), nil
}

// readLiteral reads a literal at the start of text and says how long its
// notation is.
func readLiteral(text string, messages func(string) (string, error)) (*sentLiteral, int, error) {
	lit := &sentLiteral{sync: true}
	rest := text
	if r, ok := strings.CutPrefix(rest, "~"); ok {
		lit.binary, rest = true, r
	}
	rest = rest[1:]
	if r, ok := strings.CutPrefix(rest, "+"); ok {
		lit.sync, rest = false, r
	}
	before := len(text) - len(rest)
	if strings.HasPrefix(rest, `"`) {
		r := &patternReader{text: rest}
		data, err := r.quoted()
		lit.data = data
		return lit, before + r.pos, err
	}
	n := nameLen(rest)
	data, err := messages(rest[:n])
	lit.data = data
	return lit, before + n, err
}

// commandName is the name of a command line, with "UID " before it where it
// is there.
func commandName(line string) string {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	word = strings.ToUpper(word)
	if word == "UID" {
		second, _, _ := strings.Cut(rest, " ")
		return word + " " + strings.ToUpper(second)
	}
	return word
}
