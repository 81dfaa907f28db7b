package imap

import "strconv"

// SectionText says which text of a message or part a section names
// (RFC 9051 §6.4.5.1).
type SectionText uint8

// The texts of a section. SectionWhole is the part itself, or the entire
// message when no part is named.
const (
	SectionWhole SectionText = iota
	SectionHeader
	SectionHeaderFields
	SectionHeaderFieldsNot
	SectionBody // "TEXT": the message without its header
	SectionMIME // the MIME header of the part
	sectionTextEnd
)

var sectionTextNames = [sectionTextEnd]string{
	"", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME",
}

// SectionTexts lists every section text that has a name.
var SectionTexts = [...]SectionText{
	SectionHeader, SectionHeaderFields, SectionHeaderFieldsNot, SectionBody, SectionMIME,
}

// String returns the word of the grammar; "" for SectionWhole.
func (t SectionText) String() string {
	if t < sectionTextEnd {
		return sectionTextNames[t]
	}
	return ""
}

// PartPath names a part of a message: 4.2.1 is {4, 2, 1}. The empty path is the
// message itself (RFC 9051 §6.4.5.1).
type PartPath []uint32

// String returns the path as the grammar writes it.
func (p PartPath) String() string { return string(p.AppendText(nil)) }

// AppendText appends the path as the grammar writes it.
func (p PartPath) AppendText(b []byte) []byte {
	for i, n := range p {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendUint(b, uint64(n), 10)
	}
	return b
}

// Partial asks for a run of octets of a section: Length octets from Offset,
// counted from zero. The zero value asks for all of it: the grammar admits no
// length of zero (RFC 9051 §9, partial).
type Partial struct{ Offset, Length uint64 }

// IsWhole reports whether nothing is cut away.
func (p Partial) IsWhole() bool { return p.Length == 0 }

// Section names a text within a message (RFC 9051 §6.4.5.1, section-spec).
type Section struct {
	Part PartPath
	Text SectionText
	// Fields are the names of HEADER.FIELDS and HEADER.FIELDS.NOT in the
	// client's own order and spelling, which the answer repeats.
	Fields []string
}
