package query

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Comparator is a way to compare strings, of the registry of RFC 4790.
type Comparator uint8

// The comparators. The zero value is what nobody has to ask for (RFC 5255
// §4.4).
const (
	UnicodeCasemap Comparator = iota // i;unicode-casemap (RFC 5051)
	ASCIICasemap                     // i;ascii-casemap (RFC 4790 §9.2)
	Octet                            // i;octet (RFC 4790 §9.3)
	ASCIINumeric                     // i;ascii-numeric (RFC 4790 §9.1)
	comparatorEnd
)

var comparatorNames = [comparatorEnd]string{
	UnicodeCasemap: "i;unicode-casemap", ASCIICasemap: "i;ascii-casemap",
	Octet: "i;octet", ASCIINumeric: "i;ascii-numeric",
}

// Comparators calls yield with every comparator there is, the most useful
// first.
func Comparators(yield func(Comparator) bool) {
	for c := UnicodeCasemap; c < comparatorEnd && yield(c); c++ {
	}
}

// String returns the comparator's identifier.
func (c Comparator) String() string {
	if c < comparatorEnd {
		return comparatorNames[c]
	}
	return ""
}

// FindsSubstrings reports whether the comparator says what is part of what.
// Numbers are not parts of numbers (RFC 4790 §9.1.1).
func (c Comparator) FindsSubstrings() bool { return c != ASCIINumeric }

// Collation is a comparator and the direction in which it orders (RFC 4790
// §3.3). The direction makes no difference to searching.
type Collation struct {
	Comparator Comparator
	Descending bool
}

// appendKey appends octets that compare as the comparator compares texts.
func (c Comparator) appendKey(dst []byte, text string) []byte {
	switch c {
	case ASCIICasemap:
		for i := range len(text) {
			b := text[i]
			if 'a' <= b && b <= 'z' {
				b -= 'a' - 'A'
			}
			dst = append(dst, b)
		}
		return dst
	case Octet:
		return append(dst, text...)
	case ASCIINumeric:
		return appendNumericKey(dst, text)
	}
	return appendCasemap(dst, text)
}

// appendNumericKey makes a key of the number at the beginning of a text: of two
// numbers the longer is larger. What begins with no digit is beyond all numbers
// (RFC 4790 §9.1.1), but nothing at all comes first (RFC 5256 §3).
func appendNumericKey(dst []byte, text string) []byte {
	if text == "" {
		return dst
	}
	end := 0
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	if end == 0 {
		return append(dst, 1)
	}
	digits := strings.TrimLeft(text[:end], "0")
	dst = binary.BigEndian.AppendUint32(append(dst, 0), uint32(len(digits)))
	return append(dst, digits...)
}

// compare orders two keys.
func (c Collation) compare(a, b []byte) int {
	if c.Descending {
		return bytes.Compare(b, a)
	}
	return bytes.Compare(a, b)
}
