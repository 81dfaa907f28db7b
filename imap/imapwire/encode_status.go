package imapwire

import (
	"strings"
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// Status writes a status response with its line end (RFC 9051 §7.1). The tag is
// "*" for an untagged response. Code may be nil. Octets that text may not hold
// become "?", and so does what is beyond ASCII unless the mode has UTF8
// (RFC 9051 §9, text).
func (e *Encoder) Status(tag string, status imap.Status, code imap.Code, text string) {
	e.Raw(tag).SP().Raw(string(status)).SP()
	if code != nil {
		e.octet('[')
		e.Code(code)
		e.octet(']').SP()
	}
	switch {
	case text == "":
		text = string(status) // RFC 3501 §9 demands some text
	case text[0] == '[' && code == nil:
		e.SP() // so that the text is not taken for a code
	}
	e.humanText(text)
	e.CRLF()
}

// Untagged writes an untagged status response.
func (e *Encoder) Untagged(status imap.Status, code imap.Code, text string) {
	e.Status("*", status, code, text)
}

// Continuation writes a continuation request with text (RFC 9051 §7.6).
func (e *Encoder) Continuation(text string) {
	e.Raw("+ ")
	e.humanText(text)
	e.CRLF()
}

func (e *Encoder) humanText(text string) {
	e.room()
	if e.mode.UTF8 && !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c < 0x20 || c == 0x7f || c >= 0x80 && !e.mode.UTF8:
			e.buf = append(e.buf, '?')
		default:
			e.buf = append(e.buf, c)
		}
	}
}
