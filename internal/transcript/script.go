package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// caseParser reads the part of a case behind "---".
type caseParser struct {
	c       *Case
	line    int
	message string // the message block that is open
}

func (p *caseParser) bodyLine(line string) error {
	if p.message != "" && strings.HasPrefix(line, "|") {
		return p.messageLine(line[1:])
	}
	p.message = ""
	trimmed := strings.TrimSpace(line)
	if trimmed == "" || trimmed[0] == '#' {
		return nil
	}
	if name, ok := strings.CutPrefix(trimmed, "message "); ok {
		name, ok = strings.CutSuffix(name, ":")
		if !ok || nameLen(name) != len(name) || name == "" {
			return fmt.Errorf("a message begins with \"message NAME:\"")
		}
		if _, twice := p.c.messages[name]; twice {
			return fmt.Errorf("message %s is there twice", name)
		}
		p.message = name
		p.c.messages[name] = ""
		return nil
	}
	return p.stepLine(strings.TrimLeft(line, " "))
}

// messageLine reads "| text" (a line), or "|! text" (octets with escapes).
func (p *caseParser) messageLine(line string) error {
	if octets, ok := strings.CutPrefix(line, "! "); ok {
		text, err := unescape(octets)
		p.c.messages[p.message] += text
		return err
	}
	p.c.messages[p.message] += strings.TrimPrefix(line, " ") + "\r\n"
	return nil
}

// stepLine reads "[condition] [connection] VERB text".
func (p *caseParser) stepLine(line string) error {
	var when condition
	if line[0] == '[' {
		inner, rest, ok := strings.Cut(line[1:], "]")
		if !ok {
			return fmt.Errorf("[ without ]")
		}
		var err error
		if when, err = parseCondition(inner); err != nil {
			return err
		}
		line = strings.TrimLeft(rest, " ")
	}
	conn := mainConnection
	word, rest, _ := strings.Cut(line, " ")
	if !isVerb(word) {
		conn = word
		if nameLen(conn) != len(conn) {
			return fmt.Errorf("%q is neither a step nor the name of a connection", conn)
		}
		word, rest, _ = strings.Cut(rest, " ")
	}
	if !isVerb(word) {
		return fmt.Errorf("%q is no step: write C: C+ C> R: S: S= S? S! S/ or %s", word, strings.Join(directives, ", "))
	}
	if named(word) && nameLen(rest) == len(rest) && rest != "" {
		conn, rest = rest, ""
	}
	if word[0] == 'S' {
		return p.expect(conn, word, expectation{text: rest, line: p.line, when: when})
	}
	p.c.steps = append(p.c.steps, step{line: p.line, conn: conn, when: when, verb: strings.TrimSuffix(word, ":"), text: rest})
	return nil
}

// named reports the directives that are followed by a connection.
func named(word string) bool {
	return word == "connect" || word == "login" || word == "tls" || word == "compress" || word == "close"
}

func isVerb(word string) bool {
	switch word {
	case "C:", "C+", "C>", "R:", "S:", "S=", "S?", "S!", "S/":
		return true
	}
	return slices.Contains(directives, word)
}

// expect adds an S line to the step before it, or makes a step that waits
// when the step before it was another connection's.
func (p *caseParser) expect(conn, word string, e expectation) error {
	e.kind = map[string]expectKind{"S:": mustCome, "S=": mustFollow, "S?": mayCome, "S!": mustNotCome, "S/": mayDecline}[word]
	if e.text == "" {
		return fmt.Errorf("an S line says what comes")
	}
	if n := len(p.c.steps); n > 0 && p.c.steps[n-1].conn == conn && takesExpectations(p.c.steps[n-1].verb) {
		p.c.steps[n-1].expects = append(p.c.steps[n-1].expects, e)
		return nil
	}
	p.c.steps = append(p.c.steps, step{line: p.line, conn: conn, verb: "wait", expects: []expectation{e}})
	return nil
}

func takesExpectations(verb string) bool {
	switch verb {
	case "C", "C>", "R", "wait", "connect", "auth":
		return true
	}
	return false
}
