package imapwire

import "github.com/restante/restante/imap"

// Status writes a status response with its line end (RFC 9051 §7.1). The tag is
// "*" for an untagged response. Code may be nil. The text is said in the language
// of SetTranslator. Octets that text may not hold become "?", and so does what is
// beyond ASCII unless the mode has UTF8 (RFC 9051 §9, text) or a language was
// chosen (RFC 5255 §3.5).
func (e *Encoder) Status(tag string, status imap.Status, code imap.Code, text string) {
	e.Raw(tag).SP().Raw(string(status)).SP()
	if code != nil {
		e.octet('[')
		e.Code(code)
		e.octet(']').SP()
	}
	switch text = e.inLanguage(text); {
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
	e.humanText(e.inLanguage(text))
	e.CRLF()
}
