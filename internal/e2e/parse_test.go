package e2e

import (
	"strconv"
	"strings"
	"testing"
)

// fetched reads FETCH responses: for each sequence number its items, a value
// being a string, nil for NIL, or a list of values.
func fetched(t *testing.T, responses []response) map[int]map[string]any {
	t.Helper()
	got := map[int]map[string]any{}
	for _, r := range responses {
		fields := strings.SplitN(r.text, " ", 4)
		if len(fields) != 4 || fields[2] != "FETCH" {
			continue
		}
		n, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatalf("%q is no FETCH response", r.text)
		}
		list, ok := (&values{t, fields[3], r.literals}).next().([]any)
		if !ok || len(list)%2 != 0 {
			t.Fatalf("message %d: the items are no pairs: %q", n, fields[3])
		}
		if got[n] == nil {
			got[n] = map[string]any{}
		}
		for i := 0; i < len(list); i += 2 {
			got[n][strings.ToUpper(list[i].(string))] = list[i+1]
		}
	}
	return got
}

// values reads the values of a response, one after the other.
type values struct {
	t        *testing.T
	rest     string
	literals [][]byte
}

func (v *values) next() any {
	v.rest = strings.TrimLeft(v.rest, " ")
	if v.rest == "" {
		v.t.Fatal("a response ends too early")
	}
	switch v.rest[0] {
	case '(':
		return v.list()
	case '"':
		return v.quoted()
	case 0:
		number, rest, _ := strings.Cut(v.rest[1:], "\x00")
		v.rest = rest
		n, _ := strconv.Atoi(number)
		return string(v.literals[n])
	}
	return v.atom()
}

func (v *values) list() any {
	list := []any{}
	for v.rest = v.rest[1:]; ; {
		v.rest = strings.TrimLeft(v.rest, " ")
		if v.rest == "" {
			v.t.Fatal("a list does not end")
		}
		if v.rest[0] == ')' {
			v.rest = v.rest[1:]
			return list
		}
		list = append(list, v.next())
	}
}

func (v *values) quoted() any {
	var text strings.Builder
	for i := 1; i < len(v.rest); i++ {
		switch v.rest[i] {
		case '\\':
			i++
			text.WriteByte(v.rest[i])
		case '"':
			v.rest = v.rest[i+1:]
			return text.String()
		default:
			text.WriteByte(v.rest[i])
		}
	}
	v.t.Fatal("a quoted string does not end")
	return nil
}

// atom reads up to a delimiter; brackets, as in BODY[HEADER.FIELDS (DATE)],
// hold their delimiters together.
func (v *values) atom() any {
	depth, end := 0, len(v.rest)
scan:
	for i := range len(v.rest) {
		switch c := v.rest[i]; {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0 && (c == ' ' || c == '(' || c == ')'):
			end = i
			break scan
		}
	}
	text := v.rest[:end]
	v.rest = v.rest[end:]
	if strings.EqualFold(text, "NIL") {
		return nil
	}
	return text
}
