package message

// base64Decoder decodes base64 (RFC 2045 §6.8) across chunks. Characters
// outside the alphabet are passed over. Padding ends a quantum and not the
// text, because bodies that were encoded in pieces are seen; an incomplete last
// quantum yields the octets it holds.
type base64Decoder struct {
	bits  uint32
	count int // sextets in bits
}

// base64Values maps a character to its value; base64Pad for "=", and
// base64Other for what is not of the alphabet.
var base64Values = func() (table [256]byte) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range table {
		table[i] = base64Other
	}
	for i := range len(alphabet) {
		table[alphabet[i]] = byte(i)
	}
	table['='] = base64Pad
	return table
}()

const (
	base64Pad   = 0x80
	base64Other = 0xff
)

func (d *base64Decoder) decode(dst, src []byte, final bool) []byte {
	for i := 0; i < len(src); {
		if d.count == 0 {
			for ; i+4 <= len(src); i += 4 {
				a, b := base64Values[src[i]], base64Values[src[i+1]]
				c, e := base64Values[src[i+2]], base64Values[src[i+3]]
				if a|b|c|e >= base64Pad {
					break
				}
				dst = append(dst, a<<2|b>>4, b<<4|c>>2, c<<6|e)
			}
			if i >= len(src) {
				break
			}
		}
		value := base64Values[src[i]]
		i++
		switch {
		case value < base64Pad:
			d.bits = d.bits<<6 | uint32(value)
			if d.count++; d.count == 4 {
				dst = append(dst, byte(d.bits>>16), byte(d.bits>>8), byte(d.bits))
				d.bits, d.count = 0, 0
			}
		case value == base64Pad:
			dst = d.flush(dst)
		}
	}
	if final {
		dst = d.flush(dst)
	}
	return dst
}

// flush ends a quantum.
func (d *base64Decoder) flush(dst []byte) []byte {
	switch d.count {
	case 2:
		dst = append(dst, byte(d.bits>>4))
	case 3:
		dst = append(dst, byte(d.bits>>10), byte(d.bits>>2))
	}
	d.bits, d.count = 0, 0
	return dst
}
