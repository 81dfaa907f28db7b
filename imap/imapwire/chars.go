package imapwire

// Classes of octets (RFC 9051 §9).
const (
	charAtom    = 1 << iota // ATOM-CHAR
	charAString             // ASTRING-CHAR
	charList                // list-char
	charTag                 // what a tag is made of
	charDigit
	charBase64
	charQuotable // may stand in a quoted string as it is
)

var charClass = makeCharClass()

func makeCharClass() (table [256]uint8) {
	for c := 1; c < 0x80; c++ {
		if c != '\r' && c != '\n' && c != '"' && c != '\\' {
			table[c] |= charQuotable
		}
	}
	for c := '!'; c < 0x7f; c++ {
		switch c {
		case '(', ')', '{', '"', '\\':
		case '%', '*':
			table[c] |= charList
		case ']':
			table[c] |= charAString | charList | charTag
		case '+':
			table[c] |= charAtom | charAString | charList
		default:
			table[c] |= charAtom | charAString | charList | charTag
		}
		switch {
		case c >= '0' && c <= '9':
			table[c] |= charDigit | charBase64
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '+', c == '/', c == '=':
			table[c] |= charBase64
		}
	}
	return table
}

func isDigit(c byte) bool { return c-'0' < 10 }

func upper(c byte) byte {
	if c-'a' < 26 {
		c -= 'a' - 'A'
	}
	return c
}

// equalFold compares an octet string with a word in upper case ASCII.
func equalFold(b []byte, word string) bool {
	if len(b) != len(word) {
		return false
	}
	for i := range b {
		if upper(b[i]) != word[i] {
			return false
		}
	}
	return true
}
