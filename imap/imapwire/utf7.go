package imapwire

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrUTF7 reports text that is not modified UTF-7.
var ErrUTF7 = errors.New("not modified UTF-7")

// utf7Base64 is base64 with "," for "/" and without padding
// (RFC 3501 §5.1.3). Strict refuses bits left over that are not zero.
var utf7Base64 = base64.NewEncoding(
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,",
).WithPadding(base64.NoPadding).Strict()

// DecodeUTF7 decodes a mailbox name in modified UTF-7 (RFC 3501 §5.1.3). It
// accepts the one correct encoding of a text and nothing else: no shift for
// what needs none, no two shifts that could be one, no surrogate alone, no
// octet beyond printable ASCII.
func DecodeUTF7(name string) (string, error) {
	special := strings.IndexFunc(name, func(r rune) bool { return r == '&' || r < 0x20 || r > 0x7e })
	if special < 0 {
		return name, nil
	}
	var out strings.Builder
	for shifted := false; name != ""; {
		c := name[0]
		switch {
		case c < 0x20 || c > 0x7e:
			return "", ErrUTF7
		case c != '&':
			out.WriteByte(c)
			name, shifted = name[1:], false
			continue
		}
		run, rest, closed := strings.Cut(name[1:], "-")
		if !closed {
			return "", ErrUTF7
		}
		name = rest
		if run == "" {
			out.WriteByte('&')
			shifted = false
			continue
		}
		if shifted || !decodeUTF7Run(&out, run) {
			return "", ErrUTF7
		}
		shifted = true
	}
	return out.String(), nil
}

// decodeUTF7Run decodes what stands between "&" and "-".
func decodeUTF7Run(out *strings.Builder, run string) bool {
	octets, err := utf7Base64.DecodeString(run)
	if err != nil || len(octets)%2 != 0 || strings.ContainsAny(run, "\r\n") {
		return false
	}
	for i := 0; i < len(octets); i += 2 {
		r := rune(octets[i])<<8 | rune(octets[i+1])
		if utf16.IsSurrogate(r) {
			if i += 2; i >= len(octets) {
				return false
			}
			r = utf16.DecodeRune(r, rune(octets[i])<<8|rune(octets[i+1]))
			if r == utf8.RuneError {
				return false
			}
		}
		if r >= 0x20 && r <= 0x7e {
			return false
		}
		out.WriteRune(r)
	}
	return true
}

// AppendUTF7 appends the name, which is UTF-8, in modified UTF-7. Octets that are
// not UTF-8 become U+FFFD.
func AppendUTF7(b []byte, name string) []byte {
	for i := 0; i < len(name); {
		c := name[i]
		switch {
		case c == '&':
			b = append(b, '&', '-')
			i++
			continue
		case c >= 0x20 && c <= 0x7e:
			b = append(b, c)
			i++
			continue
		}
		var units []byte
		for i < len(name) && (name[i] < 0x20 || name[i] > 0x7e) {
			r, size := utf8.DecodeRuneInString(name[i:])
			i += size
			if r > 0xffff {
				high, low := utf16.EncodeRune(r)
				units = append(units, byte(high>>8), byte(high))
				r = low
			}
			units = append(units, byte(r>>8), byte(r))
		}
		b = append(b, '&')
		b = utf7Base64.AppendEncode(b, units)
		b = append(b, '-')
	}
	return b
}

// EncodeUTF7 returns the name in modified UTF-7.
func EncodeUTF7(name string) string { return string(AppendUTF7(nil, name)) }
