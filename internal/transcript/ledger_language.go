package transcript

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// judgeText holds texts for people to ASCII until a language was chosen, or
// something was enabled that allows UTF-8 (RFC 5255 §3.1, §3.5; RFC 9051 §9, text),
// and to UTF-8 then; and it takes note of the language.
func (l *ledger) judgeText(r *Response) error {
	ascii := strings.IndexFunc(r.Text, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
	switch {
	case !utf8.ValidString(r.Text):
		return errors.New("the text is not UTF-8 (RFC 5255 §3.5, resp-text)")
	case !ascii && !l.language && !l.enabled["IMAP4REV2"] && !l.enabled["UTF8=ACCEPT"]:
		return errors.New("the text holds 8-bit octets, and neither was a language chosen nor UTF-8 enabled (RFC 5255 §3.1)")
	}
	if r.Tag == "*" && r.Name == "LANGUAGE" && len(r.Args) == 1 && len(r.Args[0].List) == 1 {
		l.language = !strings.EqualFold(r.Args[0].List[0].Text, "i-default")
	}
	for _, p := range l.pending {
		if p.tag == r.Tag && p.name == "UNAUTHENTICATE" && r.Name == "OK" {
			l.language = false // RFC 8437 §3
		}
	}
	return nil
}
