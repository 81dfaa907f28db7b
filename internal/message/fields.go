package message

import (
	"bytes"
	"iter"
)

// Field is one field of a header as it stands there: Raw is everything from
// the name to the last line end, Name what is before the colon, Value what is
// behind it, still folded. A line that is no field has an empty Name.
type Field struct{ Raw, Name, Value []byte }

// Fields calls yield with each field of a header in order. It stops at the
// blank line.
func Fields(header []byte) iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for len(header) > 0 && !isBlankLine(header) {
			n := fieldLength(header)
			f := Field{Raw: header[:n]}
			f.Name, f.Value, _ = cutField(f.Raw)
			if len(f.Name) == 0 {
				f.Name, f.Value = nil, nil
			}
			if !yield(f) {
				return
			}
			header = header[n:]
		}
	}
}

// isBlankLine reports whether b begins with a line end.
func isBlankLine(b []byte) bool {
	return b[0] == '\n' || len(b) > 1 && b[0] == '\r' && b[1] == '\n'
}

// fieldLength returns the length of the field at the start of b with its
// continuation lines.
func fieldLength(b []byte) int {
	for n := 0; ; {
		end := bytes.IndexByte(b[n:], '\n')
		if end < 0 {
			return len(b)
		}
		n += end + 1
		if n == len(b) || b[n] != ' ' && b[n] != '\t' {
			return n
		}
	}
}

// FilterHeader appends the fields of a header that HEADER.FIELDS names, or with
// not those that HEADER.FIELDS.NOT leaves, octet by octet as they stand, in
// their order, and the blank line if the header has one (RFC 9051 §6.4.5).
// Names match without regard to case.
func FilterHeader(b, header []byte, names []string, not bool) []byte {
	end := 0
	for f := range Fields(header) {
		end += len(f.Raw)
		if len(f.Name) == 0 {
			continue // rubbish belongs to no subset
		}
		if namesContain(names, f.Name) != not {
			b = append(b, f.Raw...)
		}
	}
	return append(b, header[end:]...)
}

func namesContain(names []string, name []byte) bool {
	for _, n := range names {
		if equalFoldASCII(n, name) {
			return true
		}
	}
	return false
}

func equalFoldASCII(a string, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// Unfold appends the text of a field's value: line ends removed, white space
// at both ends trimmed (RFC 5322 §2.2.3).
func Unfold(b, value []byte) []byte {
	value = bytes.TrimLeft(value, " \t\r\n")
	for len(value) > 0 {
		line, rest, _ := bytes.Cut(value, newline)
		b = append(b, bytes.TrimRight(line, "\r")...)
		value = rest
	}
	return bytes.TrimRight(b, " \t")
}

// HeaderValues calls yield with the unfolded, undecoded value of each field
// called name.
func HeaderValues(header []byte, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for f := range Fields(header) {
			if equalFoldASCII(name, f.Name) && !yield(string(Unfold(nil, f.Value))) {
				return
			}
		}
	}
}
