package convert

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ascii is the encoding of US-ASCII: one of eight bits, of which the upper half is
// not used.
var ascii encoding.Encoding = charmap.ISO8859_1

// targetCharset returns the encoding to write a charset in; nil for one that is
// not known. Names mean what they say, and not what web pages mean by them:
// iso-8859-1 has no euro sign.
func targetCharset(name string) encoding.Encoding {
	switch name = strings.ToLower(name); name {
	case "", "utf-8", "utf8":
		return unicode.UTF8
	case "us-ascii", "ascii":
		return ascii
	case "utf-16":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		if e, err = htmlindex.Get(name); err != nil {
			return nil
		}
	}
	if e == encoding.Replacement {
		return nil
	}
	return e
}

// isASCII reports whether a charset is US-ASCII.
func isASCII(name string) bool {
	return strings.EqualFold(name, "us-ascii") || strings.EqualFold(name, "ascii")
}

// encodeText writes UTF-8 in a charset, "" being UTF-8. A character that it does
// not have becomes what replace returns, which the charset has; without replace it
// is an error (RFC 5259 §7.1).
func encodeText(text, charset string, replace func(rune) string) ([]byte, error) {
	e := targetCharset(charset)
	if e == unicode.UTF8 {
		return []byte(strings.ToValidUTF8(text, string(utf8.RuneError))), nil
	}
	w := &charsetWriter{encoder: e.NewEncoder().Transformer, ascii: isASCII(charset), replace: replace}
	if err := w.write([]byte(strings.ToValidUTF8(text, string(utf8.RuneError)))); err != nil {
		return nil, err
	}
	return w.out, w.transform(nil, true)
}

type charsetWriter struct {
	encoder transform.Transformer
	ascii   bool
	replace func(rune) string
	out     []byte
}

var errNoCharacter = &failure{text: "The charset does not have all characters of the text", param: paramCharset}

func (w *charsetWriter) write(src []byte) error {
	for len(src) > 0 {
		plain := len(src)
		if w.ascii {
			plain = 0
			for plain < len(src) && src[plain] < utf8.RuneSelf {
				plain++
			}
		}
		read, err := w.some(src[:plain])
		src = src[read:]
		if err == nil && plain == read && len(src) == 0 {
			return nil
		}
		c, size := utf8.DecodeRune(src)
		if w.replace == nil {
			return errNoCharacter
		}
		if err := w.transform([]byte(w.replace(c)), false); err != nil {
			return errNoCharacter
		}
		src = src[size:]
	}
	return nil
}

// some encodes up to the first character that is not there, and returns how many
// octets that were.
func (w *charsetWriter) some(src []byte) (read int, err error) {
	for {
		n, err := w.step(src[read:], false)
		read += n
		if err != transform.ErrShortDst {
			return read, err
		}
	}
}

func (w *charsetWriter) transform(src []byte, end bool) error {
	for {
		n, err := w.step(src, end)
		src = src[n:]
		if err != transform.ErrShortDst {
			return err
		}
	}
}

// step encodes into room that it makes first.
func (w *charsetWriter) step(src []byte, end bool) (read int, err error) {
	if cap(w.out)-len(w.out) < 64 {
		w.out = append(make([]byte, 0, 2*cap(w.out)+len(src)+256), w.out...)
	}
	written, read, err := w.encoder.Transform(w.out[len(w.out):cap(w.out)], src, end)
	w.out = w.out[:len(w.out)+written]
	return read, err
}
