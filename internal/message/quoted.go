package message

import "bytes"

// quotedDecoder decodes quoted-printable (RFC 2045 §6.7) across chunks. White
// space at the end of a line goes; "=" that begins no escape stands for itself.
type quotedDecoder struct {
	held []byte // the start of a line whose end has not come
}

// quotedHeldMax is how much of a line is held back at most. RFC 2045 §6.7
// allows 76 characters.
const quotedHeldMax = 4 << 10

func (d *quotedDecoder) decode(dst, src []byte, final bool) []byte {
	if len(d.held) > 0 {
		d.held = append(d.held, src...)
		src = d.held
	}
	for {
		end := bytes.IndexByte(src, '\n')
		if end < 0 {
			break
		}
		dst = appendQuotedLine(dst, src[:end+1])
		src = src[end+1:]
	}
	switch {
	case final:
		dst, src = appendQuotedLine(dst, src), nil
	case len(src) > quotedHeldMax:
		safe := quotedSafe(src)
		dst, src = appendQuoted(dst, src[:safe]), src[safe:]
	}
	d.held = append(d.held[:0], src...)
	return dst
}

// quotedSafe returns how much of an unfinished line means the same whatever
// follows: all but white space, an unfinished escape and a CR at its end. White
// space beyond what may be held is let through.
func quotedSafe(line []byte) int {
	n := len(bytes.TrimRight(line, " \t\r"))
	if len(line)-n > quotedHeldMax {
		return len(line)
	}
	for back := 1; back <= 2 && back <= n; back++ {
		if line[n-back] == '=' {
			return n - back
		}
	}
	return n
}

// appendQuotedLine decodes a line with its line end, or the last one without.
func appendQuotedLine(dst, line []byte) []byte {
	text := bytes.TrimRight(line, "\r\n")
	end := line[len(text):]
	text = bytes.TrimRight(text, " \t")
	if n := len(text); n > 0 && text[n-1] == '=' {
		text, end = text[:n-1], nil // a soft line break
	}
	return append(appendQuoted(dst, text), end...)
}

// appendQuoted decodes the escapes in text.
func appendQuoted(dst, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '=')
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:i]...)
		text = text[i:]
		if len(text) >= 3 {
			if high, low := hexValue(text[1]), hexValue(text[2]); high < 16 && low < 16 {
				dst = append(dst, high<<4|low)
				text = text[3:]
				continue
			}
		}
		dst = append(dst, '=')
		text = text[1:]
	}
}

// hexValue returns the value of a hexadecimal digit in either case; 16 for
// any other octet.
func hexValue(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 16
}
