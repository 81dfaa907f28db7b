package message

import (
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// utf7Encoding reads UTF-7 (RFC 2152), which some old mail is written in.
// Nothing is ever written in it.
type utf7Encoding struct{}

func (utf7Encoding) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: new(utf7Decoder)}
}

func (utf7Encoding) NewEncoder() *encoding.Encoder {
	return &encoding.Encoder{Transformer: encoding.UTF8Validator}
}

// utf7Decoder decodes one octet at a time: in shifted text, sextets gather into
// UTF-16 code units.
type utf7Decoder struct {
	shifted bool
	first   bool // the octet after "+"
	bits    uint32
	count   uint
	high    rune // a high surrogate that waits for its other half
}

// Reset implements transform.Transformer.
func (d *utf7Decoder) Reset() { *d = utf7Decoder{} }

// Transform implements transform.Transformer.
func (d *utf7Decoder) Transform(dst, src []byte, _ bool) (written, read int, err error) {
	for ; read < len(src); read++ {
		if written+2*utf8.UTFMax > len(dst) {
			return written, read, transform.ErrShortDst
		}
		c := src[read]
		value := base64Values[c]
		switch {
		case d.shifted && value < base64Pad:
			written += d.sextet(dst[written:], value)
		case d.shifted:
			literalPlus := d.first && c == '-'
			*d = utf7Decoder{}
			if literalPlus {
				c = '+'
			} else if c == '-' {
				continue
			}
			written += utf8.EncodeRune(dst[written:], rune(c))
		case c == '+':
			*d = utf7Decoder{shifted: true, first: true}
		default:
			written += utf8.EncodeRune(dst[written:], rune(c))
		}
	}
	return written, read, nil
}

// sextet takes six bits and writes the character that they complete.
func (d *utf7Decoder) sextet(dst []byte, value byte) int {
	d.first = false
	d.bits, d.count = d.bits<<6|uint32(value), d.count+6
	if d.count < 16 {
		return 0
	}
	d.count -= 16
	unit := rune(d.bits >> d.count & 0xffff)
	high := d.high
	d.high = 0
	switch {
	case high != 0 && utf16.IsSurrogate(unit):
		return utf8.EncodeRune(dst, utf16.DecodeRune(high, unit))
	case 0xd800 <= unit && unit < 0xdc00:
		d.high = unit
		return 0
	}
	return utf8.EncodeRune(dst, unit)
}
