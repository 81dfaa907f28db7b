package transcript

import (
	"strconv"
	"strings"
)

// Kind says in which of the forms of RFC 9051 §4 a value arrived.
type Kind int

const (
	// Atom is a bare word or number (RFC 9051 §4.1, §4.2).
	Atom Kind = iota
	// Quoted is a quoted string (RFC 9051 §4.3).
	Quoted
	// Literal is a counted string (RFC 9051 §4.3).
	Literal
	// List is a parenthesised list (RFC 9051 §4.4).
	List
)

// Value is one item of a response. Text holds the content of anything but a
// list, without quotes or counts.
type Value struct {
	Kind Kind
	Text string
	List []Value
}

func (v Value) isString() bool { return v.Kind == Quoted || v.Kind == Literal }

// isNil reports the atom NIL; the string "NIL" is not nil (RFC 9051 §4.5).
func (v Value) isNil() bool { return v.Kind == Atom && strings.EqualFold(v.Text, "NIL") }

// String shows the value as it might stand on the wire, long strings folded.
func (v Value) String() string {
	switch v.Kind {
	case List:
		parts := make([]string, len(v.List))
		for i, item := range v.List {
			parts[i] = item.String()
		}
		return "(" + strings.Join(parts, " ") + ")"
	case Atom:
		return v.Text
	default:
		return fold(strconv.Quote(v.Text))
	}
}

// fold shortens a long text for people.
func fold(text string) string {
	const shown = 160
	if len(text) <= shown {
		return text
	}
	return text[:shown*2/3] + " …" + strconv.Itoa(len(text)-shown) + " octets… " + text[len(text)-shown/3:]
}

// Response is one response of the server (RFC 9051 §7).
type Response struct {
	Raw string // as received, without the last CRLF

	Tag    string // "*", "+", or the tag of a command
	Number string // of "* 3 EXISTS", "* 3 FETCH ...", else empty
	Name   string // FETCH, OK, LIST, ... in upper case; empty for "+"
	Code   []Value
	Text   string // human-readable text of a status response, or what follows "+"
	Args   []Value
}

// isStatus reports a response of RFC 9051 §7.1.
func (r *Response) isStatus() bool { return isStatusName(r.Name) }

func isStatusName(name string) bool {
	switch name {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

// codeName is the first word of the response code, in upper case.
func (r *Response) codeName() string {
	if len(r.Code) == 0 {
		return ""
	}
	return strings.ToUpper(r.Code[0].Text)
}
