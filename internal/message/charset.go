package message

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charsetAliases are names in real mail that no registry lists.
var charsetAliases = map[string]string{
	"cp932": "shift_jis", "ms932": "shift_jis", "cp936": "gbk", "cp949": "euc-kr",
	"ks_c_5601": "euc-kr", "ksc5601": "euc-kr", "cp950": "big5", "big5-hkscs": "big5",
	"x-gbk": "gbk", "gb2312_charset": "gbk", "chinesebig5": "big5",
	"iso8859_1": "windows-1252", "8859-1": "windows-1252", "iso-8859-8-e": "iso-8859-8-i",
	"win-1251": "windows-1251", "win1251": "windows-1251", "koi8": "koi8-r",
	"utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7", "cp-850": "cp850",
	"latin-1": "windows-1252", "iso": "windows-1252", "euc_kr": "euc-kr",
}

// looseUTF8 stands for every charset that is read as "UTF-8 where it is valid
// UTF-8, and windows-1252 otherwise": UTF-8 and US-ASCII themselves, those that
// nobody knows, and text that names none.
var looseUTF8 encoding.Encoding = looseEncoding{}

// lookupCharset returns the charset called name; looseUTF8 if it is unknown.
func lookupCharset(name string) encoding.Encoding {
	name = strings.ToLower(strings.Trim(name, " \t\"'"))
	if alias, ok := charsetAliases[name]; ok {
		name = alias
	}
	switch name {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968":
		return looseUTF8
	case "utf-7":
		return utf7Encoding{}
	case "utf-16":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case "hz-gb-2312":
		return simplifiedchinese.HZGB2312
	}
	if e, err := htmlindex.Get(name); err == nil && e != encoding.Replacement {
		return e
	}
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil && e != encoding.Replacement {
		return e
	}
	return looseUTF8
}

// KnownCharset reports whether text in the charset called name can be read, as
// SEARCH CHARSET asks (RFC 9051 §6.4.4).
func KnownCharset(name string) bool {
	switch strings.ToLower(name) {
	case "utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968":
		return true
	}
	return lookupCharset(name) != looseUTF8
}

// NewCharsetReader returns text in the charset called name as UTF-8. It never
// fails because of the text: what cannot be read becomes U+FFFD, and an unknown
// charset is guessed.
func NewCharsetReader(r io.Reader, name string) io.Reader {
	return transform.NewReader(r, lookupCharset(name).NewDecoder())
}

// DecodeCharset is NewCharsetReader for a string.
func DecodeCharset(text, name string) string {
	e := lookupCharset(name)
	if e == looseUTF8 && utf8.ValidString(text) {
		return text
	}
	decoded, err := e.NewDecoder().String(text)
	if err != nil {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return decoded
}

// looseEncoding is the encoding of looseUTF8.
type looseEncoding struct{ transform.NopResetter }

func (looseEncoding) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: looseEncoding{}}
}

func (looseEncoding) NewEncoder() *encoding.Encoder {
	return &encoding.Encoder{Transformer: encoding.UTF8Validator}
}

// Transform implements transform.Transformer.
func (looseEncoding) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	for read < len(src) {
		if c := src[read]; c < utf8.RuneSelf {
			if written == len(dst) {
				return written, read, transform.ErrShortDst
			}
			dst[written] = c
			written, read = written+1, read+1
			continue
		}
		if !atEOF && !utf8.FullRune(src[read:]) {
			return written, read, transform.ErrShortSrc
		}
		r, size := utf8.DecodeRune(src[read:])
		if r == utf8.RuneError && size == 1 {
			r = charmap.Windows1252.DecodeByte(src[read])
		}
		if written+utf8.RuneLen(r) > len(dst) {
			return written, read, transform.ErrShortDst
		}
		written += utf8.EncodeRune(dst[written:], r)
		read += size
	}
	return written, read, nil
}
