package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// expectKind says what an S line is.
type expectKind int

const (
	mustCome    expectKind = iota // S:
	mustFollow                    // S=  in the order of its like
	mayCome                       // S?
	mustNotCome                   // S!  among what no other line has met
	mayDecline                    // S/  instead of success: a freedom that the RFC leaves
)

// expectation is an S line of a case, before its variables are known.
type expectation struct {
	kind expectKind
	text string
	line int
	when condition
}

// expectedResponse is an expectation with its variables replaced.
type expectedResponse struct {
	tag      string // "*", "+", "", or a tag
	statuses []string
	number   *pattern
	name     string
	code     []pattern
	noCode   []string // [!CODE]: these codes must not be there
	args     []pattern
	argsMode listMode
}

// parseExpected reads an S line after expansion. Lines begin with "*", "+", "?" (tagged or not),
// "#2" (the result of the second of several commands sent together), OK, NO,
// BAD or alternatives such as NO|BAD, or a tag.
func parseExpected(text string, messages func(string) (string, error), tags []string) (*expectedResponse, error) {
	e := &expectedResponse{}
	first, rest, _ := strings.Cut(text, " ")
	switch {
	case first == "*" || first == "+":
		e.tag = first
	case isStatusAlternative(first):
		rest = text
	case first == "?": // tagged or not
	case strings.HasPrefix(first, "#"):
		var n int
		if _, err := fmt.Sscanf(first, "#%d", &n); err != nil || n < 1 {
			return nil, fmt.Errorf("%q must be # and the number of a command", first)
		}
		if n > len(tags) {
			return nil, fmt.Errorf("%s: only %d commands were sent", first, len(tags))
		}
		e.tag = tags[n-1]
	default:
		e.tag = first
	}
	r := &patternReader{text: rest, messages: messages}
	if e.tag == "+" {
		var err error
		e.args, e.argsMode, err = r.patterns(0)
		return e, err
	}
	return e, e.body(r)
}

func isStatusAlternative(word string) bool {
	for _, name := range strings.Split(word, "|") {
		if !isStatusName(name) {
			return false
		}
	}
	return true
}

// body reads "[number] NAME ..." or "STATUS [code]".
func (e *expectedResponse) body(r *patternReader) error {
	word := r.atomOrPattern()
	if isStatusAlternative(word) {
		e.statuses = strings.Split(word, "|")
		return e.readCode(r)
	}
	if word == "" || isNumber(word) || word[0] == '<' || word[0] == unboundMark {
		number := &patternReader{text: word, messages: r.messages}
		if word == "" {
			return fmt.Errorf("a response must have a name")
		}
		p, err := number.pattern(0)
		if err != nil {
			return err
		}
		e.number = &p
		for r.pos < len(r.text) && r.text[r.pos] == ' ' {
			r.pos++
		}
		word = r.atomOrPattern()
	}
	if word == "" || word != strings.ToUpper(word) {
		return fmt.Errorf("a response must have a name in upper case, not %q", word)
	}
	e.name = word
	var err error
	e.args, e.argsMode, err = r.patterns(0)
	return err
}

// atomOrPattern reads a word or a whole <...>.
func (r *patternReader) atomOrPattern() string {
	start := r.pos
	if r.pos < len(r.text) && r.text[r.pos] == '<' {
		if i := strings.IndexByte(r.text[r.pos:], '>'); i >= 0 {
			r.pos += i + 1
			return r.text[start:r.pos]
		}
	}
	return r.atom(0)
}

// readCode reads "[CODE items]", "[!CODE]" or nothing.
func (e *expectedResponse) readCode(r *patternReader) error {
	rest := strings.TrimSpace(r.text[r.pos:])
	if rest == "" {
		return nil
	}
	if rest[0] != '[' {
		return fmt.Errorf("only a [CODE] may follow a status, the text is not judged: %q", rest)
	}
	r.pos = len(r.text) - len(strings.TrimLeft(r.text[r.pos:], " ")) + 1
	code, _, err := r.patterns(']')
	if err != nil {
		return err
	}
	if strings.TrimSpace(r.text[r.pos:]) != "" {
		return fmt.Errorf("nothing may follow the code: %q", r.text[r.pos:])
	}
	for _, p := range code {
		if p.not && len(code) == 1 {
			e.noCode = append(e.noCode, strings.ToUpper(p.text))
			return nil
		}
	}
	e.code = code
	return nil
}

// isTagged reports that the line is about the result of a command.
func (e expectation) isTagged() bool {
	first, _, _ := strings.Cut(e.text, " ")
	return first != "*" && first != "+" && first != "?" && !slices.Contains(helpers, first)
}

// helpers are the expectations that read differently in each dialect, and
// the end of the connection.
var helpers = []string{"found", "gone", "closed"}
