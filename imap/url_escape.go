package imap

import "strings"

// Classes of octets that may stand in a URL as they are (RFC 5092 §11,
// RFC 3986 §2.3).
const (
	urlPlain     uint8 = 1 << iota // unreserved and sub-delims-sh: uchar
	urlUser                        // achar: uchar, "&", "="
	urlPath                        // bchar: achar, ":", "@", "/"
	urlMailbox                     // what Appendix A leaves as it is, and "/"
	urlReg                         // host: reg-name
	urlMechanism                   // uauth-mechanism
)

var urlClass = makeURLClass()

func makeURLClass() (table [256]uint8) {
	add := func(class uint8, octets string) {
		for i := range len(octets) {
			table[octets[i]] |= class
		}
	}
	const (
		word       = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
		unreserved = word + "_~"
	)
	add(urlPlain|urlUser|urlPath|urlMailbox|urlReg, unreserved)
	add(urlPlain|urlUser|urlPath|urlReg, "!$'()*+,")
	add(urlMailbox, "!$'()*,/") // Appendix A encodes "+"
	add(urlUser|urlPath, "&=")
	add(urlPath, ":@/")
	add(urlReg, "&=;")
	add(urlMechanism, word)
	return table
}

func isURLClass(text string, class uint8) bool {
	for i := range len(text) {
		if urlClass[text[i]]&class == 0 {
			return false
		}
	}
	return text != ""
}

// escapeURL percent-encodes every octet outside a class.
func escapeURL(text string, class uint8) string {
	const hex = "0123456789ABCDEF"
	if text == "" || isURLClass(text, class) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; urlClass[c]&class != 0 {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// escapeURLMailbox encodes a mailbox's name, and in it what would change the
// path: a slash in front, and segments of dots (RFC 5092 §7, §7.1).
func escapeURLMailbox(name string) string {
	segments := strings.Split(escapeURL(name, urlMailbox), "/")
	for i, segment := range segments {
		if segment == "." || segment == ".." {
			segments[i] = strings.ReplaceAll(segment, ".", "%2E")
		}
	}
	path := strings.Join(segments, "/")
	if strings.HasPrefix(path, "/") {
		path = "%2F" + path[1:]
	}
	return path
}

// unescapeURL takes the percent-encoding away from a text in which only octets
// of a class, and encoded ones, may stand.
func unescapeURL(text string, class uint8) (string, bool) {
	if isURLClass(text, class) {
		return text, true
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '%':
			if i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2]) {
				return "", false
			}
			b.WriteByte(unhex(text[i+1])<<4 | unhex(text[i+2]))
			i += 2
		case urlClass[c]&class == 0:
			return "", false
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), b.Len() > 0
}

func isHex(c byte) bool {
	return c-'0' < 10 || c|0x20-'a' < 6
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
