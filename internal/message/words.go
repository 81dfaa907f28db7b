package message

import "strings"

// DecodeWords returns the text of a header value as UTF-8: encoded-words
// (RFC 2047 §2) decoded, the white space between two of them dropped (§6.2),
// and octets above 127 read as UTF-8 or, where they are not, as windows-1252.
// It is lenient: a word that cannot be decoded stays as it is.
func DecodeWords(text string) string {
	if !strings.Contains(text, "=?") {
		return DecodeCharset(text, "")
	}
	var d wordDecoder
	d.text(text)
	return d.out.String()
}

// text decodes a whole text.
func (d *wordDecoder) text(text string) {
	for {
		start := strings.Index(text, "=?")
		if start < 0 {
			break
		}
		word, length := cutWord(text[start:])
		if length == 0 {
			d.plain(text[:start+2])
			text = text[start+2:]
			continue
		}
		if between := text[:start]; !d.afterWord || strings.Trim(between, " \t\r\n") != "" {
			d.plain(between)
		}
		d.word(word)
		text = text[start+length:]
	}
	d.plain(text)
	d.flush()
}

// encodedWord is an encoded-word taken apart.
type encodedWord struct{ charset, encoding, text string }

// cutWord takes the encoded-word at the start of text apart and returns its
// length; 0 if it is none. Characters that its text must not hold are accepted.
func cutWord(text string) (encodedWord, int) {
	text = text[:min(len(text), wordMax)]
	charset, rest, ok := strings.Cut(text[2:], "?")
	if !ok || charset == "" || strings.ContainsAny(charset, " \t") {
		return encodedWord{}, 0
	}
	code, rest, ok := strings.Cut(rest, "?")
	if !ok || len(code) != 1 || !strings.Contains("bBqQ", code) {
		return encodedWord{}, 0
	}
	body, _, ok := strings.Cut(rest, "?=")
	if !ok {
		return encodedWord{}, 0
	}
	if name, _, hasLanguage := strings.Cut(charset, "*"); hasLanguage { // RFC 2231 §5
		charset = name
	}
	length := len(text) - len(rest) + len(body) + 2
	return encodedWord{charset, strings.ToLower(code), body}, length
}

// wordDecoder builds the decoded text. Octets of adjacent words in one charset
// are decoded together, because a character may be split between them.
type wordDecoder struct {
	out       strings.Builder
	charset   string
	octets    []byte
	afterWord bool
	strict    *strictOctets // nil for who does not ask
}

func (d *wordDecoder) word(w encodedWord) {
	if d.afterWord && !strings.EqualFold(w.charset, d.charset) {
		d.flush()
	}
	d.charset, d.afterWord = w.charset, true
	if w.encoding == "b" {
		d.octets = new(base64Decoder).decode(d.octets, []byte(w.text), true)
		return
	}
	d.octets = appendQuoted(d.octets, []byte(strings.ReplaceAll(w.text, "_", " ")))
}

// plain ends a run of words and adds text as it is.
func (d *wordDecoder) plain(text string) {
	if text == "" {
		return
	}
	d.flush()
	d.afterWord = false
	d.out.WriteString(DecodeCharset(text, ""))
	d.strict.add(text, "")
}

func (d *wordDecoder) flush() {
	if len(d.octets) > 0 {
		d.out.WriteString(cleanControls(DecodeCharset(string(d.octets), d.charset)))
		d.strict.add(string(d.octets), d.charset)
	}
	d.octets = d.octets[:0]
}

// cleanControls turns control characters that were hidden in an encoded word
// into spaces, so that no decoded header holds a line end.
func cleanControls(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 127 {
			return ' '
		}
		return r
	}, text)
}
