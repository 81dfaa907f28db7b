package convert

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// headerMax is the largest header that is converted.
const headerMax = 1 << 20

// HeaderError says what is wrong with a request for a header in another charset,
// of a part of type from; nil if nothing is (RFC 5259 §6: CHARSET is required).
func (r *Request) HeaderError(from string, size int64) *Error {
	_, bad := r.options(textParams)
	told := &Error{Code: imap.ConvertBadParameters, From: from, To: from, Params: bad}
	switch {
	case len(bad) > 0:
		told.Text = "Some parameters do not apply to headers, or their values are not possible"
	case len(r.named(paramCharset)) == 0:
		told.Code, told.Text = imap.ConvertMissingParameters, "CHARSET must be given to convert a header"
		told.Params = []imap.Param{{Name: paramCharset}}
	case size > headerMax:
		told.Text = "The header is too large to be converted"
	default:
		return nil
	}
	return told
}

// Header writes the encoded words of a header in another charset, and the
// parameters that name a charset (RFC 5259 §6). Words stay words, and what cannot
// be decoded stays as it is. HeaderError must have found nothing.
func (r *Request) Header(from string, header []byte) ([]byte, *Error) {
	o, _ := r.options(textParams)
	w := &headerWriter{options: o}
	for len(header) > 0 {
		size := fieldLength(header)
		if err := w.field(string(header[:size])); err != nil {
			return nil, r.explain(err, from)
		}
		header = header[size:]
	}
	return w.out, nil
}

// fieldLength returns the length of the field at the beginning, with the lines that
// continue it.
func fieldLength(header []byte) int {
	for at := 0; ; {
		end := bytes.IndexByte(header[at:], '\n')
		if end < 0 {
			return len(header)
		}
		if at += end + 1; at == len(header) || header[at] != ' ' && header[at] != '\t' {
			return at
		}
	}
}

type headerWriter struct {
	options
	out  []byte
	line int // octets on the line at hand
}

func (w *headerWriter) write(text string) {
	w.out = append(w.out, text...)
	if at := strings.LastIndexByte(text, '\n'); at >= 0 {
		w.line = len(text) - at - 1
	} else {
		w.line += len(text)
	}
}

func (w *headerWriter) field(field string) error {
	if name, value, ok := strings.Cut(field, ":"); ok && strings.Contains(value, "*") {
		if text, changed, err := w.params(name, value); changed || err != nil {
			w.write(text)
			return err
		}
	}
	for {
		start := strings.Index(field, "=?")
		if start < 0 {
			w.write(field)
			return nil
		}
		run, length := message.EncodedWords(field[start:])
		if length == 0 {
			w.write(field[:start+2])
			field = field[start+2:]
			continue
		}
		w.write(field[:start])
		if err := w.words(run); err != nil {
			return err
		}
		field = field[start+length:]
	}
}

// wordMax is the longest encoded-word, and lineMax the longest line that has one
// (RFC 2047 §2).
const (
	wordMax = 75
	lineMax = 76
)

// words writes text as encoded-words, as many as it needs. None splits a character
// (RFC 2047 §5).
func (w *headerWriter) words(run message.WordRun) error {
	prefix := "=?" + strings.ToUpper(w.charset)
	if run.Language != "" {
		prefix += "*" + run.Language
	}
	if prefix += "?Q?"; run.Base64 {
		prefix = prefix[:len(prefix)-2] + "B?"
	}
	space := wordMax - len(prefix) - len("?=")
	var octets []byte
	first := true
	flush := func() {
		if len(octets) == 0 && !first {
			return
		}
		word := prefix + encodeWord(octets, run.Base64) + "?="
		switch {
		case first && w.line+len(word) > lineMax && w.afterSpace():
			w.out = w.out[:len(w.out)-1]
			w.write("\r\n ")
		case !first && w.line+1+len(word) > lineMax:
			w.write("\r\n ")
		case !first:
			w.write(" ")
		}
		w.write(word)
		octets, first = octets[:0], false
	}
	for _, c := range run.Text {
		encoded, err := encodeText(string(c), w.charset, w.replacer())
		if err != nil {
			return err
		}
		if len(octets) > 0 && encodedSize(octets, encoded, run.Base64) > space {
			flush()
		}
		octets = append(octets, encoded...)
	}
	flush()
	return nil
}

// afterSpace reports whether a space within a line was written last, at which the
// line may be folded.
func (w *headerWriter) afterSpace() bool {
	n := len(w.out)
	return w.line > 1 && n > 1 && w.out[n-1] == ' ' && w.out[n-2] != ' '
}

func encodedSize(octets, more []byte, inBase64 bool) int {
	if inBase64 {
		return base64.StdEncoding.EncodedLen(len(octets) + len(more))
	}
	return len(encodeWord(octets, false)) + len(encodeWord(more, false))
}

// encodeWord writes the text of an encoded-word, in the form that may stand
// anywhere (RFC 2047 §5).
func encodeWord(octets []byte, inBase64 bool) string {
	if inBase64 {
		return base64.StdEncoding.EncodeToString(octets)
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range octets {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case c < utf8.RuneSelf && (isAlphanumeric(c) || strings.IndexByte("!*+-/", c) >= 0):
			b.WriteByte(c)
		default:
			b.Write([]byte{'=', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func isAlphanumeric(c byte) bool { return c-'0' < 10 || c|0x20-'a' < 26 }
