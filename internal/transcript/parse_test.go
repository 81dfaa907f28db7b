package transcript

import (
	"bufio"
	"strings"
	"testing"
)

// parse reads one response from text, as from a connection.
func parse(text string, utf8 bool) (*Response, error) {
	raw, err := readRaw(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		return nil, err
	}
	return parseResponse(raw, utf8)
}

// The judge must read every form in which a server may write a value.
func TestParseForms(t *testing.T) {
	for _, form := range []string{
		"* LIST (\\HasNoChildren) \"/\" box\r\n",
		"* LIST (\\HasNoChildren) \"/\" \"box\"\r\n",
		"* LIST (\\HasNoChildren) \"/\" {3}\r\nbox\r\n",
		"* LIST ({14}\r\n\\HasNoChildren) \"/\" box\r\n",
		"* list (\\hasnochildren) {1}\r\n/ {3}\r\nbox\r\n",
	} {
		r, err := parse(form, false)
		if err != nil {
			t.Errorf("%q: %v", form, err)
			continue
		}
		if r.Name != "LIST" || len(r.Args) != 3 || r.Args[2].Text != "box" || r.Args[1].Text != "/" {
			t.Errorf("%q became %+v", form, r)
		}
	}
}

// Sections are one item however their header names are written.
func TestParseSection(t *testing.T) {
	for _, form := range []string{
		"* 1 FETCH (BODY[1.HEADER.FIELDS (From To)]<0> \"x\" UID 3)\r\n",
		"* 1 FETCH (BODY[1.HEADER.FIELDS (\"From\" {2}\r\nTo)]<0> {1}\r\nx UID 3)\r\n",
	} {
		r, err := parse(form, false)
		if err != nil {
			t.Fatalf("%q: %v", form, err)
		}
		items := r.Args[0].List
		if len(items) != 4 || items[0].Text != "BODY[1.HEADER.FIELDS (FROM TO)]<0>" || items[1].Text != "x" {
			t.Errorf("%q became %v", form, items)
		}
	}
}

// A mailbox may be named like a section.
func TestParseMailboxLikeSection(t *testing.T) {
	r, err := parse("* LIST () \"/\" BODY[a\r\n", false)
	if err != nil || r.Args[2].Text != "BODY[a" {
		t.Errorf("%v: %+v", err, r)
	}
}

// What breaks the grammar must be refused, each with its own reason.
func TestParseRefuses(t *testing.T) {
	for form, reason := range map[string]string{
		"* FLAGS (\\Seen \r\n":                  "space",
		"* SEARCH 1  2\r\n":                     "due",
		"* SEARCH 1 \r\n":                       "end of the line",
		"* LIST () \"/\" \"open\r\n":            "not closed",
		"* LIST () \"/\" \"caf\u00e9\"\r\n":     "8-bit",
		"* 1 FETCH (BODY[] {1}\r\n\x00)\r\n":    "NUL",
		"* OK\r\n":                              "",
		"* OK [UIDNEXT 4]\r\n":                  "text must follow",
		"A1 FETCH x\r\n":                        "OK, NO or BAD",
		"* SEARCH 1\n":                          "CRLF",
		"* 1 FETCH (FLAGS (\\Seen) UID 1))\r\n": "due",
	} {
		_, err := parse(form, false)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: got %v, want a reason with %q", form, err, reason)
		}
	}
	if _, err := parse("* LIST () \"/\" \"caf\u00e9\"\r\n", true); err != nil {
		t.Errorf("UTF-8 was enabled: %v", err)
	}
}
