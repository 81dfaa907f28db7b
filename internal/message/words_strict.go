package message

import (
	"strings"
	"unicode/utf8"
)

// DecodeWordsStrictly is DecodeWords for who must not guess: of a text in a charset
// that is not known, or which is not valid in its charset, it returns the octets,
// with the encoding of words undone and their charset not, and false
// (RFC 5255 §4.6 (a) and (b)).
func DecodeWordsStrictly(text string) (decoded string, ok bool) {
	if !strings.Contains(text, "=?") {
		return text, utf8.ValidString(text)
	}
	var octets strictOctets
	d := wordDecoder{strict: &octets}
	d.text(text)
	if octets.failed {
		return octets.out.String(), false
	}
	return d.out.String(), true
}

// strictOctets collects the octets that a wordDecoder decodes.
type strictOctets struct {
	out    strings.Builder
	failed bool // some were not valid in their charset
}

func (s *strictOctets) add(octets, charset string) {
	if s != nil {
		s.out.WriteString(octets)
		s.failed = s.failed || !validIn(octets, charset)
	}
}

// validIn reports whether octets are text in the charset called name; "" is that of
// headers, UTF-8 (RFC 6532 §3.1).
func validIn(octets, name string) bool {
	e := lookupCharset(name)
	if e == looseUTF8 {
		return (name == "" || KnownCharset(name)) && utf8.ValidString(octets)
	}
	decoded, err := e.NewDecoder().String(octets)
	return err == nil && !strings.ContainsRune(decoded, utf8.RuneError)
}
