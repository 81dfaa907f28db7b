package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// Dialect is a way in which a session can be spoken: what the client enables
// before anything else (RFC 9051 §6.3.1, RFC 5161).
type Dialect struct {
	Name string
	// Enable are the arguments of ENABLE; nothing is sent when it is empty.
	Enable []string
	// Properties are the words that a case's conditions ask for.
	Properties []string
}

// Dialects are all the ways in which a case is run.
var Dialects = []Dialect{
	{"rev1", nil, []string{"rev1", "unenabled"}},
	{"rev2", []string{"IMAP4rev2"}, []string{"rev2"}},
	{"utf8", []string{"UTF8=ACCEPT"}, []string{"rev1", "utf8"}},
	{"condstore", []string{"CONDSTORE"}, []string{"rev1", "condstore"}},
	{"qresync", []string{"QRESYNC"}, []string{"rev1", "condstore", "qresync"}},
	{"full", []string{"IMAP4rev2", "UTF8=ACCEPT", "QRESYNC"}, []string{"rev2", "utf8", "condstore", "qresync"}},
	{"uidonly", []string{"UIDONLY"}, []string{"rev1", "uidonly"}},
	{"uidfull", []string{"IMAP4rev2", "UTF8=ACCEPT", "QRESYNC", "UIDONLY"}, []string{"rev2", "utf8", "condstore", "qresync", "uidonly"}},
}

// properties is the closed set of words in conditions.
var properties = []string{"rev1", "rev2", "utf8", "condstore", "qresync", "uidonly", "unenabled"}

// has reports whether the dialect has the property.
func (d Dialect) has(property string) bool { return slices.Contains(d.Properties, property) }

// quotesUTF8 reports whether the server may send UTF-8 in quoted strings
// (RFC 9051 §4.3, RFC 6855 §3).
func (d Dialect) quotesUTF8() bool { return d.has("rev2") || d.has("utf8") }

// tellsVanished reports whether removals are told by VANISHED (RFC 7162 §3.2.10,
// RFC 9586 §3.4).
func (d Dialect) tellsVanished() bool { return d.has("qresync") || d.has("uidonly") }

// condition is a set of properties that must all be there, or with "!" must
// not; the empty condition holds always.
type condition []string

func parseCondition(text string) (condition, error) {
	words := strings.Fields(strings.ReplaceAll(text, ",", " "))
	for _, word := range words {
		if !slices.Contains(properties, strings.TrimPrefix(word, "!")) {
			return nil, fmt.Errorf("%q is no property of a dialect: they are %s", word, strings.Join(properties, ", "))
		}
	}
	return words, nil
}

func (c condition) holds(d Dialect) bool {
	for _, word := range c {
		property, not := strings.CutPrefix(word, "!")
		if d.has(property) == not {
			return false
		}
	}
	return true
}

// impliedByRev2 are the capabilities that IMAP4rev2 contains, whether or not
// the server names them (RFC 9051 appendix E).
var impliedByRev2 = []string{
	"NAMESPACE", "UNSELECT", "UIDPLUS", "ESEARCH", "SEARCHRES", "ENABLE", "IDLE", "SASL-IR",
	"LIST-EXTENDED", "LIST-STATUS", "MOVE", "LITERAL-", "SPECIAL-USE", "CHILDREN",
	"STATUS=SIZE", "STATUS=DELETED",
}

// implied are capabilities that others bring with them.
var implied = map[string][]string{
	"QRESYNC":     {"CONDSTORE", "ENABLE"},
	"UTF8=ACCEPT": {"ENABLE"},
	"UIDONLY":     {"ENABLE"},
	"UTF8=ONLY":   {"UTF8=ACCEPT", "ENABLE"},
	"LITERAL+":    {"LITERAL-"},
	"IMAP4REV2":   impliedByRev2,
}

// capabilitySet holds capabilities in upper case with what they imply.
type capabilitySet map[string]bool

func newCapabilitySet(names []string) capabilitySet {
	set := capabilitySet{}
	var add func(string)
	add = func(name string) {
		name = strings.ToUpper(name)
		if set[name] {
			return
		}
		set[name] = true
		if strings.HasPrefix(name, "APPENDLIMIT=") {
			add("APPENDLIMIT") // the limit is the capability's value (RFC 7889 §2)
		}
		if prefix, _, ok := strings.Cut(name, "="); ok && (prefix == "MESSAGELIMIT" || prefix == "SAVELIMIT") {
			add(prefix) // RFC 9738 §3
		}
		for _, more := range implied[name] {
			add(more)
		}
	}
	for _, name := range names {
		add(name)
	}
	return set
}

// missing returns the needed capabilities that are not there. A need written
// A|B is met by either.
func (s capabilitySet) missing(needs []string) []string {
	var out []string
	for _, need := range needs {
		met := slices.ContainsFunc(strings.Split(need, "|"), func(name string) bool {
			return s[strings.ToUpper(name)]
		})
		if !met {
			out = append(out, need)
		}
	}
	return out
}

// KnownDialects refuses a name that no dialect has.
func KnownDialects(names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(Dialects, func(d Dialect) bool { return d.Name == name }) {
			return fmt.Errorf("there is no dialect %q", name)
		}
	}
	return nil
}
