package message

import "strings"

// WordRun is what encoded-words say that follow each other (RFC 2047 §2).
type WordRun struct {
	Text     string // in UTF-8
	Base64   bool   // the first was in base64, and not quoted-printable
	Language string // of the first (RFC 2231 §5)
}

// EncodedWords reads the encoded-words at the beginning of text with what separates
// them, and returns how many octets they take: 0 if there is none that can be
// decoded. Characters that two of them share are put together.
func EncodedWords(text string) (run WordRun, length int) {
	var d wordDecoder
	for at := 0; ; {
		if !strings.HasPrefix(text[at:], "=?") {
			break
		}
		word, size := cutWord(text[at:])
		if size == 0 || !KnownCharset(word.charset) {
			break
		}
		if length == 0 {
			run.Base64 = word.encoding == "b"
			if charset, _, ok := strings.Cut(text[2:], "?"); ok {
				_, run.Language, _ = strings.Cut(charset, "*")
			}
		}
		d.word(word)
		length = at + size
		space := len(text[length:]) - len(strings.TrimLeft(text[length:], " \t\r\n"))
		if space == 0 {
			break
		}
		at = length + space
	}
	d.flush()
	run.Text = d.out.String()
	return run, length
}
