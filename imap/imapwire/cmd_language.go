package imapwire

import (
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// DecodeLanguage reads the arguments of LANGUAGE: language ranges in the order
// in which they are wanted, none to ask which languages there are
// (RFC 5255 §3.5).
func DecodeLanguage(d *Decoder) ([]string, error) {
	var ranges []string
	for d.More() {
		if len(ranges) >= d.limits.ItemsMax {
			d.failLimit("language ranges", d.limits.ItemsMax)
		}
		ranges = append(ranges, d.AString())
		if d.err != nil {
			break
		}
	}
	return ranges, d.End()
}

// EncodeLanguage writes the arguments of LANGUAGE.
func EncodeLanguage(e *Encoder, ranges []string) {
	for _, one := range ranges {
		e.SP().AString(one)
	}
}

// Language writes a LANGUAGE response: the one language that is spoken from now
// on, or all that there are (RFC 5255 §3.3).
func (e *Encoder) Language(tags []string) {
	e.Raw("* LANGUAGE (")
	for i, tag := range tags {
		if i > 0 {
			e.SP()
		}
		e.AString(tag)
	}
	e.octet(')').CRLF()
}

// languageResponse reads what follows LANGUAGE.
func (d *Decoder) languageResponse() imap.Response {
	var r imap.LanguageResponse
	d.SP()
	d.List(false, func() { r.Tags = append(r.Tags, d.AString()) })
	return r
}

// SetTranslator sets what turns every text for people into the language that a
// client has chosen; nil leaves them as they are. While there is one, these
// texts are UTF-8, whatever the mode (RFC 5255 §3.5, resp-text).
func (e *Encoder) SetTranslator(translate func(text string) string) { e.translate = translate }

// inLanguage returns a text for people in the client's language.
func (e *Encoder) inLanguage(text string) string {
	if e.translate == nil {
		return text
	}
	return e.translate(text)
}

// humanText writes a text for people, which is in the client's language already.
// What it may not hold becomes "?".
func (e *Encoder) humanText(text string) {
	e.room()
	eightBit := e.mode.UTF8 || e.translate != nil
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r < 0x20 || r == 0x7f || r >= 0x80 && !eightBit || r == utf8.RuneError && size == 1:
			for range size {
				e.buf = append(e.buf, '?')
			}
		default:
			e.buf = append(e.buf, text[i:i+size]...)
		}
		i += size
	}
}
