package query

import (
	"strings"

	"github.com/restante/restante/internal/message"
)

// firstMessageID returns the first valid id in a field, in normal form; "" if
// there is none.
func firstMessageID(field string) string {
	if field == "" {
		return ""
	}
	for _, id := range message.ParseMessageIDs(field) {
		if normal := normalMessageID(id); normal != "" {
			return normal
		}
	}
	return ""
}

// normalMessageID returns an id without the quotes that make no difference
// (RFC 5256 §3), or "" if it is no id: it must have something on both sides of
// an "@" (RFC 5322 §3.6.4).
func normalMessageID(id string) string {
	id = strings.Trim(id, " \t")
	if strings.ContainsAny(id, "\"\\") {
		id = withoutQuotes(id)
	}
	at := strings.LastIndexByte(id, '@')
	if at <= 0 || at == len(id)-1 {
		return ""
	}
	return id
}

func withoutQuotes(id string) string {
	b := make([]byte, 0, len(id))
	for i := 0; i < len(id); i++ {
		switch {
		case id[i] == '"':
		case id[i] == '\\' && i+1 < len(id):
			i++
			b = append(b, id[i])
		default:
			b = append(b, id[i])
		}
	}
	return string(b)
}
