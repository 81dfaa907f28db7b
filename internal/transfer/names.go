package transfer

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// shifted is the base64 of modified UTF-7 (RFC 3501 §5.1.3).
var shifted = base64.NewEncoding(
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,",
).WithPadding(base64.NoPadding)

// decodeLevel reads one level of a mailbox name as a file name has it: in
// modified UTF-7, as Dovecot and Courier write it, else as it is. It is more
// lenient than the protocol: encodeLevel also shifts the dot.
func decodeLevel(name string) string {
	var out strings.Builder
	for rest := name; rest != ""; {
		before, after, found := strings.Cut(rest, "&")
		out.WriteString(before)
		if !found {
			break
		}
		run, tail, closed := strings.Cut(after, "-")
		if !closed {
			return name
		}
		if run == "" {
			out.WriteByte('&')
		} else if !decodeRun(&out, run) {
			return name
		}
		rest = tail
	}
	return out.String()
}

func decodeRun(out *strings.Builder, run string) bool {
	octets, err := shifted.DecodeString(run)
	if err != nil || len(octets)%2 != 0 {
		return false
	}
	units := make([]uint16, len(octets)/2)
	for i := range units {
		units[i] = uint16(octets[2*i])<<8 | uint16(octets[2*i+1])
	}
	for _, r := range utf16.Decode(units) {
		if r == utf8.RuneError || r == 0 {
			return false
		}
		out.WriteRune(r)
	}
	return true
}

// encodeLevel writes one level of a mailbox name as a file name: in modified
// UTF-7, with the dot and the slash shifted too, because a dot parts levels in
// a Maildir++ and begins what is hidden.
func encodeLevel(name string) string {
	var out []byte
	var units []uint16
	flush := func() {
		if len(units) == 0 {
			return
		}
		octets := make([]byte, 0, 2*len(units))
		for _, unit := range units {
			octets = append(octets, byte(unit>>8), byte(unit))
		}
		out = append(out, '&')
		out = shifted.AppendEncode(out, octets)
		out = append(out, '-')
		units = units[:0]
	}
	for _, r := range name {
		if r < ' ' || r > '~' || r == '.' || r == '/' {
			units = utf16.AppendRune(units, r)
			continue
		}
		flush()
		if out = append(out, byte(r)); r == '&' {
			out = append(out, '-')
		}
	}
	flush()
	return string(out)
}

// encodeName writes a mailbox name with its levels encoded and parted by a
// separator.
func encodeName(name, separator string) string {
	levels := strings.Split(name, "/")
	for i, level := range levels {
		levels[i] = encodeLevel(level)
	}
	return strings.Join(levels, separator)
}
