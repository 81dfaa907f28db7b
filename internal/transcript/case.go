package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// Case is one conversation and what it demands.
type Case struct {
	Path   string // folder/name, without ".case"
	Title  string
	Covers []string // "RFC 9051 §6.4.6"
	Needs  []string // capabilities; A|B is met by either
	Lacks  []string // capabilities that must not be offered
	Start  string   // "connected", "authenticated" or "selected"
	Inbox  bool     // INBOX is emptied first
	// Server names the way in which the server must be configured; "" is as it
	// is out of the box.
	Server string
	// Users says as which user connections log in that are not the first's: 2 is
	// the second.
	Users map[string]int
	// Plain cases are played as they are written under UIDONLY, too.
	Plain bool
	// Promise marks what this project promises where the RFCs leave servers
	// free; other servers are not judged by it.
	Promise bool

	dialects condition
	mailbox  []preload // nil: no mailbox is made
	makesBox bool
	messages map[string]string
	steps    []step
}

// preload is a message that $box holds when the case begins.
type preload struct {
	message string
	flags   string
}

// step is one act of a client, and what must come of it.
type step struct {
	line    int
	conn    string
	when    condition
	verb    string // C, C+, C>, R, wait, or a directive
	text    string
	expects []expectation
}

// directives are the steps that are not written C or S.
var directives = []string{"connect", "login", "tls", "compress", "auth", "close", "check", "let"}

// mainConnection is the connection of lines without a name.
const mainConnection = "A"

// Runs reports whether the case is meant for the dialect.
func (c *Case) Runs(d Dialect) bool { return c.dialects.holds(d) }

// Topic is the folder of the case.
func (c *Case) Topic() string {
	topic, _, _ := strings.Cut(c.Path, "/")
	return topic
}

// ParseCase reads the text of a case file. Errors name the line.
func ParseCase(path, text string) (*Case, error) {
	c := &Case{Path: path, messages: map[string]string{}}
	p := &caseParser{c: c}
	inHeader := true
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		p.line = i + 1
		var err error
		switch {
		case inHeader && strings.TrimSpace(line) == "---":
			inHeader = false
			err = c.headerDone()
		case inHeader:
			err = c.header(line)
		default:
			err = p.bodyLine(line)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, p.line, err)
		}
	}
	if inHeader {
		return nil, fmt.Errorf("%s: no line --- ends the header", path)
	}
	if len(c.steps) == 0 {
		return nil, fmt.Errorf("%s: nothing is said", path)
	}
	return c, nil
}

// header reads "key: value".
func (c *Case) header(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	key, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	if !ok || value == "" {
		return fmt.Errorf("a header line is \"key: value\", not %q", line)
	}
	var err error
	switch key {
	case "title":
		c.Title = value
	case "covers":
		c.Covers, err = parseCovers(value)
	case "dialects":
		c.dialects, err = parseCondition(value)
	case "needs":
		c.Needs = strings.Fields(value)
	case "lacks":
		c.Lacks = strings.Fields(value)
	case "start":
		c.Start = value
	case "server":
		c.Server = value
	case "numbers":
		c.Plain = value == "plain"
		if !c.Plain {
			err = fmt.Errorf("numbers can only be \"plain\"")
		}
	case "users":
		c.Users, err = parseUsers(value)
	case "promise":
		c.Promise = value == "yes"
	case "inbox":
		c.Inbox = value == "empty"
		if !c.Inbox {
			err = fmt.Errorf("inbox can only be \"empty\"")
		}
	case "mailbox":
		c.makesBox = true
		c.mailbox, err = parsePreloads(value)
	default:
		err = fmt.Errorf("header %q is not known", key)
	}
	return err
}

func (c *Case) headerDone() error {
	if c.Title == "" || len(c.Covers) == 0 {
		return fmt.Errorf("the header needs title and covers")
	}
	if c.Start == "" {
		c.Start = "authenticated"
		if c.makesBox {
			c.Start = "selected"
		}
	}
	if !slices.Contains([]string{"connected", "authenticated", "selected"}, c.Start) {
		return fmt.Errorf("start is connected, authenticated or selected, not %q", c.Start)
	}
	if c.Start == "selected" && !c.makesBox {
		return fmt.Errorf("start: selected needs mailbox:")
	}
	return nil
}

// parseCovers reads "RFC 9051 §6.4.6, §7.5.2; RFC 3501 §6.4.6".
func parseCovers(value string) ([]string, error) {
	var out []string
	for _, group := range strings.Split(value, ";") {
		rfc, sections, ok := strings.Cut(strings.TrimSpace(group), " §")
		if !ok || !strings.HasPrefix(rfc, "RFC ") || !isNumber(rfc[4:]) {
			return nil, fmt.Errorf("%q is not like \"RFC 9051 §6.4.6, §7.5.2\"", group)
		}
		for _, section := range strings.Split(sections, ", §") {
			if strings.ContainsAny(section, " ,§") || section == "" {
				return nil, fmt.Errorf("%q is no section", section)
			}
			out = append(out, rfc+" §"+section)
		}
	}
	return out, nil
}

// parsePreloads reads "plain multi[\Seen \Flagged]", or "empty".
func parsePreloads(value string) ([]preload, error) {
	if value == "empty" {
		return nil, nil
	}
	var out []preload
	for value != "" {
		i := strings.IndexAny(value, " [")
		if i < 0 {
			i = len(value)
		}
		p := preload{message: value[:i]}
		value = value[i:]
		if strings.HasPrefix(value, "[") {
			end := strings.IndexByte(value, ']')
			if end < 0 {
				return nil, fmt.Errorf("[ without ]")
			}
			p.flags = value[1:end]
			value = value[end+1:]
		}
		value = strings.TrimLeft(value, " ")
		out = append(out, p)
	}
	return out, nil
}
