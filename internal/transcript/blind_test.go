package transcript

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/testdata/transcripts"
)

// rests are what may stand where an expectation has <rest>, by the name of the
// response and how many arguments come before.
var rests = map[string][]string{
	"ESEARCH":    {"", "UID", "ALL 7", "UID ALL 1:3", "UID COUNT 0", "COUNT 0"},
	"ESEARCH 1":  {"", "UID", "ALL 7", "UID ALL 1:3", "UID COUNT 0", "COUNT 0"},
	"ESEARCH 3":  {"(0 7)"},
	"SEARCH":     {"", "1", "1 2 3", "1 2 (MODSEQ 4)"},
	"SORT":       {"", "3 1 2"},
	"THREAD":     {"", "(1)(2 3)"},
	"LIST":       {`() "/" a`, `(\Noselect) NIL a ("CHILDINFO" ("SUBSCRIBED"))`},
	"LIST 3":     {"", `("CHILDINFO" ("SUBSCRIBED"))`},
	"LSUB":       {`() "/" a`, `(\Noselect) NIL a`},
	"STATUS":     {"a (MESSAGES 3)", "a ()"},
	"STATUS 1":   {"(MESSAGES 3)", "()"},
	"METADATA":   {`a (/x "1")`, `"" /x`, "a /x /y"},
	"METADATA 1": {`(/x "1")`, "/x", "/x /y"},
	"VANISHED":   {"1:3", "(EARLIER) 4"},
	"CONVERTED":  {`(TAG "a") (UID 7 BINARY[1] "x")`},
	"CONVERSION": {`"a/b" "c/d"`, `"a/b" "c/d" ("e")`},
	"CAPABILITY": {"", "IMAP4rev1", "IMAP4rev1 IDLE"},
	"ENABLED":    {"", "IDLE", "UTF8=ACCEPT CONDSTORE"},
	"FETCH 1":    {"(\\Seen)", "()"},
}

// instances are texts that an expected item is to be met by.
func instances(name string, at int, p pattern, rest string) string {
	switch p.op {
	case "is":
		if p.form == Atom {
			return p.text
		}
		return fmt.Sprintf("%q", p.text)
	case "list":
		var items []string
		for i, item := range p.list {
			if !item.not && item.op != "rest" {
				items = append(items, instances("in list", i, item, ""))
			} else if item.op == "rest" && strings.Contains(name, "FETCH") {
				items = append(items, `(\Seen)`)
			}
		}
		return "(" + strings.Join(items, " ") + ")"
	case "rest":
		return rest
	case "re":
		return `"a//b"` // what the one that there is asks for
	case "prefix", "suffix", "contains", "text", "i", "octets":
		return fmt.Sprintf("%q", p.text)
	case "any-list":
		return `(x "y")`
	case "n", "gt", "ge":
		return "99999"
	case "any":
		switch {
		case name == "LIST" && at == 3:
			return `("OLDNAME" ("x"))`
		case (name == "LIST" || name == "LSUB") && at == 0, strings.Contains(name, "FETCH") || name == "CONVERTED", name == "STATUS" && at == 1:
			return "()"
		}
	}
	return `"x"`
}

// samples are responses that an expectation is to be met by, with each of the
// continuations that <rest> stands for.
func samples(e *expectedResponse) []string {
	start := e.tag + " "
	if e.number != nil {
		start += instances("", 0, *e.number, "") + " "
	}
	if e.statuses != nil {
		var code []string
		for i, p := range e.code {
			code = append(code, instances("code", i, p, "1"))
		}
		return []string{start + e.statuses[0] + " [" + strings.Join(code, " ") + "] x"}
	}
	var all []string
	last, continuations := len(e.args)-1, []string{""}
	if last >= 0 && e.args[last].op == "rest" {
		key := e.name
		if last > 0 {
			key += fmt.Sprint(" ", last)
		}
		if continuations = rests[key]; continuations == nil {
			continuations = []string{"x", "x y"}
		}
	}
	for _, rest := range continuations {
		text := start + e.name
		for i, p := range e.args {
			text += " " + instances(e.name, i, p, rest)
		}
		all = append(all, strings.TrimSuffix(text, " "))
	}
	return all
}

// The aim: nothing that cases forbid is written in a way that meets nothing, which
// would be a check that cannot fail.
func TestWhatMustNotComeCouldBeMet(t *testing.T) {
	library, err := Load(transcripts.Files)
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`\$\{?([a-zA-Z][a-zA-Z0-9_]*)`)
	for _, c := range library.Cases {
		vars := variables{"/": "/"}
		for _, s := range c.steps {
			for _, e := range s.expects {
				if e.kind != mustNotCome || e.isTagged() || !strings.HasPrefix(e.text, "* ") {
					continue
				}
				for _, found := range name.FindAllStringSubmatch(e.text, -1) {
					vars[found[1]] = "7"
				}
				text, err := vars.expand(e.text)
				if err != nil {
					t.Errorf("%s:%d: %v", c.Path, e.line, err)
					continue
				}
				expected, err := parseExpected(text, func(string) (string, error) { return "x", nil }, nil)
				if err != nil {
					t.Errorf("%s:%d: %v", c.Path, e.line, err)
					continue
				}
				for _, sample := range samples(expected) {
					r, err := parse(sample+"\r\n", true)
					if err == nil {
						err = (&matcher{vars: maps.Clone(vars)}).response(expected, r)
					}
					if err != nil {
						t.Errorf("%s:%d: %q is not met by %s: %v", c.Path, e.line, e.text, sample, err)
					}
				}
			}
		}
	}
	if !slices.ContainsFunc(library.Cases, func(c *Case) bool { return c.Path == "context/star" }) {
		t.Error("the cases were not read")
	}
}
