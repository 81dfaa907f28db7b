package message

import (
	"strconv"
	"strings"
)

// JoinParams returns parameters with those that came in pieces put together
// (RFC 2231 §3), as BODYSTRUCTURE should tell them (§6): name*0 and name*1
// become name. Where a piece has a character set (§4.1) they become "name*",
// whose value is, with decode, the text in UTF-8 (RFC 9051 §7.5.2), and
// otherwise still charset'language'text, which older clients decode. With
// decode, values that came in one piece with a character set are text, too.
func JoinParams(params []Param, decode bool) []Param {
	if !anyStar(params) {
		return params
	}
	joined := make([]Param, 0, len(params))
	done := map[string]bool{}
	for _, p := range params {
		base, rest, starred := strings.Cut(p.Name, "*")
		switch {
		case !starred || base == "":
			joined = append(joined, p)
		case rest == "":
			if decode {
				charset, text := cutExtended(p.Value)
				p.Value = DecodeCharset(unescapePercent(text), charset)
			}
			joined = append(joined, p)
		case done[base]:
		default:
			whole, ok := joinPieces(params, base, decode)
			if !ok { // the first piece is missing: it stays as it is
				joined = append(joined, p)
				continue
			}
			done[base] = true
			joined = append(joined, whole)
		}
	}
	return joined
}

func anyStar(params []Param) bool {
	for i := range params {
		if strings.IndexByte(params[i].Name, '*') >= 0 {
			return true
		}
	}
	return false
}

// joinPieces puts the pieces of one parameter together.
func joinPieces(params []Param, base string, decode bool) (Param, bool) {
	if decode || !isExtended(params, base) {
		value, ok := joinSections(params, base)
		name := base
		if isExtended(params, base) {
			name += "*"
		}
		return Param{name, value}, ok
	}
	var raw strings.Builder
	for i := range paramsMax {
		key := base + "*" + strconv.Itoa(i)
		value, ok := findParam(params, key+"*")
		if !ok {
			if value, ok = findParam(params, key); !ok {
				return Param{base + "*", raw.String()}, i > 0
			}
			value = escapePercent(value)
		}
		raw.WriteString(value)
	}
	return Param{base + "*", raw.String()}, true
}

// isExtended reports whether the first piece may name a character set.
func isExtended(params []Param, base string) bool {
	_, found := findParam(params, base+"*0*")
	return found
}

// escapePercent makes a plain piece part of a value in which "%" has a meaning.
func escapePercent(text string) string { return strings.ReplaceAll(text, "%", "%25") }
