package transcript

import (
	"strings"
	"testing"
	"testing/fstest"
)

// The aim: a case with a mistake is refused when it is read, with its line.
func TestLoadRefuses(t *testing.T) {
	const header = "title: t\ncovers: RFC 9051 §6.1.2\n"
	for text, reason := range map[string]string{
		header + "---\n":                                  "nothing is said",
		header + "C: NOOP\n":                              "header",
		"title: t\n---\nC: NOOP\n":                        "title and covers",
		"title: t\ncovers: 9051\n---\nC: NOOP\n":          "is not like",
		header + "colour: red\n---\nC: NOOP\n":            "not known",
		header + "dialects: rev3\n---\nC: NOOP\n":         "no property",
		header + "start: nowhere\n---\nC: NOOP\n":         "start is",
		header + "start: selected\n---\nC: NOOP\n":        "needs mailbox",
		header + "mailbox: unheard\n---\nC: NOOP\n":       "no message",
		header + "---\nX NOOP\n":                          "no step",
		header + "---\nC: NOOP\nS: * fetch\n":             "upper case",
		header + "---\nC: NOOP\nS: * OK text\n":           "only a [CODE]",
		header + "---\nC: NOOP\nS: * LIST (\n":            "missing",
		header + "---\nC: NOOP\nS: * LIST <what> a b\n":   "not understood",
		header + "---\nC: NOOP\nS: * <gt> EXISTS\n":       "argument",
		header + "---\nC: NOOP\nS: gone 1\n":              "gone NUMBER UID",
		header + "---\nC: NOOP\n[rev9] S: OK\n":           "no property",
		header + "---\nC: APPEND box @unheard\n":          "no message",
		header + "---\nC: NOOP ${repeat x y}\n":           "repeat",
		header + "---\nC: NOOP\nS: * FLAGS (\"\\q\")\n":   "not understood",
		header + "---\nmessage a:\nmessage a:\nC: NOOP\n": "twice",
	} {
		_, err := Load(fstest.MapFS{"topic/case.case": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), "topic/case") {
			t.Errorf("%q: got %v, want a reason with %q", text, err, reason)
		}
	}
}

// The aim: there are as many cases as were promised, each with its own title.
func TestCases(t *testing.T) {
	library := load(t)
	titles := map[string]string{}
	runs := map[string]int{}
	for _, c := range library.Cases {
		if other, twice := titles[c.Title]; twice {
			t.Errorf("%s and %s have the same title", c.Path, other)
		}
		titles[c.Title] = c.Path
		for _, d := range Dialects {
			if c.Runs(d) {
				runs[d.Name]++
			}
		}
	}
	if len(library.Cases) < 200 {
		t.Errorf("there are %d cases", len(library.Cases))
	}
	for _, d := range Dialects {
		if runs[d.Name] < 100 {
			t.Errorf("only %d cases run in %s", runs[d.Name], d.Name)
		}
	}
}

// The aim: a message block is lines with CRLF, and octets with escapes.
func TestMessageBlock(t *testing.T) {
	c, err := ParseCase("a/b", "title: t\ncovers: RFC 9051 §6.1.2\n---\nmessage m:\n| One: two\n|\n|! \\x00x\nC: NOOP\n")
	if err != nil || c.messages["m"] != "One: two\r\n\r\n\x00x" {
		t.Errorf("%v: %q", err, c.messages["m"])
	}
}
