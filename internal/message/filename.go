package message

import (
	"strconv"
	"strings"
)

// Param returns the value of a Content-Type parameter, decoded: RFC 2231
// continuations joined and charsets read, or RFC 2047 words where a sender used
// those instead. name is in lower case; the result is "" where there is none.
func (p *Part) Param(name string) string { return decodeParam(p.Params, name) }

// DispositionParam is Param for Content-Disposition.
func (p *Part) DispositionParam(name string) string {
	return decodeParam(p.DispositionParams, name)
}

// Filename returns the name that a part suggests for its body: of
// Content-Disposition (RFC 2183 §2.3) or else of Content-Type. It may hold
// anything, also path separators.
func (p *Part) Filename() string {
	if name := p.DispositionParam("filename"); name != "" {
		return name
	}
	return p.Param("name")
}

// Charset returns the charset that a text part declares, "" if it does not.
func (p *Part) Charset() string { return p.Param("charset") }

func decodeParam(params []Param, name string) string {
	if value := param(params, name+"*"); value != "" {
		charset, text := cutExtended(value)
		return DecodeCharset(unescapePercent(text), charset)
	}
	if value, ok := joinSections(params, name); ok {
		return value
	}
	return DecodeWords(param(params, name))
}

// joinSections joins name*0, name*1*, … (RFC 2231 §3 and §4.1). The first
// section may name the charset of those that are encoded.
func joinSections(params []Param, name string) (string, bool) {
	var joined strings.Builder
	charset := ""
	for i := 0; i < paramsMax; i++ {
		key := name + "*" + strconv.Itoa(i)
		if value, ok := findParam(params, key+"*"); ok {
			if i == 0 {
				charset, value = cutExtended(value)
			}
			joined.WriteString(unescapePercent(value))
			continue
		}
		value, ok := findParam(params, key)
		if !ok {
			return DecodeCharset(joined.String(), charset), i > 0
		}
		joined.WriteString(value)
	}
	return DecodeCharset(joined.String(), charset), true
}

func findParam(params []Param, name string) (string, bool) {
	for i := range params {
		if params[i].Name == name {
			return params[i].Value, true
		}
	}
	return "", false
}

// cutExtended splits charset'language'text (RFC 2231 §4).
func cutExtended(value string) (charset, text string) {
	charset, rest, ok := strings.Cut(value, "'")
	if !ok {
		return "", value
	}
	if _, text, ok = strings.Cut(rest, "'"); !ok {
		return "", value
	}
	return charset, text
}

func unescapePercent(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if high, low := hexValue(text[i+1]), hexValue(text[i+2]); high < 16 && low < 16 {
				b = append(b, high<<4|low)
				i += 2
				continue
			}
		}
		b = append(b, text[i])
	}
	return string(b)
}
