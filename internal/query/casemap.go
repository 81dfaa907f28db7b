package query

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// appendCasemap appends what i;unicode-casemap compares by octets: each
// character in title case, and then decomposed (RFC 5051 §2).
func appendCasemap(dst []byte, text string) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		title := unicode.ToTitle(r)
		var encoded [utf8.UTFMax]byte
		n := utf8.EncodeRune(encoded[:], title)
		if parts := norm.NFKD.Properties(encoded[:n]).Decomposition(); parts != nil {
			dst = append(dst, parts...)
			continue
		}
		dst = append(dst, encoded[:n]...)
	}
	return dst
}
