package imapwire

import (
	"bytes"
	"strings"

	"github.com/restante/restante/imap"
)

// annotationEntry reads the name of an entry, or a pattern for names (RFC 5257
// §3.2, §5).
func (d *Decoder) annotationEntry(pattern bool) string {
	class := uint8(charAString)
	if pattern {
		class = charList
	}
	name := string(d.astringBytes(class))
	switch {
	case d.err != nil:
	case len(name) > entryNameMax:
		d.failLimit("octets in the name of an entry", entryNameMax)
	default:
		if reason := annotationFault(name, pattern); reason != "" {
			d.Fail(reason)
		}
	}
	return name
}

// annotationFault says what is wrong with the name of an entry.
func annotationFault(name string, pattern bool) string {
	wild := strings.ContainsAny(name, "*%")
	switch {
	case strings.IndexFunc(name, func(r rune) bool { return r == 0 || r >= 0x80 }) >= 0:
		return "the name of an entry holds a character that none may hold"
	case wild && !pattern:
		return "the name of an entry holds a wildcard"
	case wild && !strings.Contains(name, "//"): // "*" is a pattern of RFC 5257 §4.8
		return ""
	case !isPath(name):
		return "the name of an entry consists of components behind slashes"
	case name == "/flags" || strings.HasPrefix(name, "/flags/"): // RFC 5257 §3.5
		return "the entry /flags is reserved"
	}
	return partFault(name)
}

// partFault says what is wrong with the part that an entry is about: what begins
// with a digit is a section-part, and has an entry below it (RFC 5257 §3.2.1).
func partFault(name string) string {
	part, rest, _ := strings.Cut(name[1:], "/")
	if !isDigit(part[0]) {
		return ""
	}
	for _, number := range strings.Split(part, ".") {
		if number == "" || number[0] == '0' || strings.Trim(number, "0123456789") != "" || len(number) > 9 {
			return "the part of an entry is not a section-part"
		}
	}
	if rest == "" {
		return "a part has no attributes of its own"
	}
	return ""
}

// attribute reads the name of an attribute (RFC 5257 §3.2).
func (d *Decoder) attribute() string {
	name := d.AString()
	switch {
	case d.err != nil:
	case name == "", name[0] == '.', strings.HasSuffix(name, "."), strings.Contains(name, ".."),
		strings.IndexFunc(name, func(r rune) bool { return r == 0 || r >= 0x80 || r == '*' || r == '%' }) >= 0:
		d.Fail("an attribute has no such name")
	}
	return name
}

// fetchAnnotation reads what FETCH asks of annotations (RFC 5257 §5, fetch-att).
// Attributes that do not exist cannot be asked for.
func (d *Decoder) fetchAnnotation() *imap.FetchAnnotation {
	a := new(imap.FetchAnnotation)
	d.SP()
	d.expect('(', "a list is missing")
	if d.peek() == '(' {
		d.List(false, func() { a.Entries = append(a.Entries, d.annotationEntry(true)) })
	} else {
		a.Entries = []string{d.annotationEntry(true)}
	}
	d.SP()
	known := func() {
		name := d.attribute()
		switch name {
		case imap.AttributeValue, imap.AttributeValuePrivate, imap.AttributeValueShared,
			imap.AttributeSize, imap.AttributeSizePrivate, imap.AttributeSizeShared:
		default:
			d.Fail("an attribute is not known")
		}
		a.Attributes = append(a.Attributes, name)
	}
	if d.peek() == '(' {
		d.List(false, known)
	} else {
		known()
	}
	d.expect(')', "a closing parenthesis is missing")
	return a
}

// annotations reads what STORE and APPEND set (RFC 5257 §5, att-annotate): only
// values, each with its suffix (§3.2.2, §3.3).
func (d *Decoder) annotations() []imap.AnnotationEntry {
	entries := []imap.AnnotationEntry{}
	d.SP()
	d.List(false, func() {
		entry := imap.AnnotationEntry{Entry: d.annotationEntry(false)}
		d.SP()
		d.List(false, func() {
			attribute := imap.AnnotationAttribute{Name: d.attribute()}
			if attribute.Name != imap.AttributeValuePrivate && attribute.Name != imap.AttributeValueShared {
				d.Fail("only value.priv and value.shared can be stored")
			}
			d.SP()
			attribute.Value = d.content()
			if d.err == nil && isPartFlag(entry.Entry) && attribute.Value != nil && string(attribute.Value) != "0" && string(attribute.Value) != "1" {
				d.Fail("the flag of a part is 1, 0 or NIL") // RFC 5257 §3.2.1
			}
			entry.Attributes = append(entry.Attributes, attribute)
		})
		entries = append(entries, entry)
	})
	return entries
}

// isPartFlag reports whether an entry is a flag of a part.
func isPartFlag(name string) bool {
	part, flag, _ := strings.Cut(name[1:], "/")
	switch flag {
	case "flags/seen", "flags/answered", "flags/flagged", "flags/forwarded":
		return isDigit(part[0])
	}
	return false
}

// searchAnnotation reads a criterion of SEARCH (RFC 5257 §4.8).
func searchAnnotation(d *Decoder) imap.SearchKey {
	var key imap.SearchAnnotation
	d.SP()
	key.Entry = d.annotationEntry(true)
	d.SP()
	switch key.Attribute = d.attribute(); key.Attribute {
	case imap.AttributeValue, imap.AttributeValuePrivate, imap.AttributeValueShared:
	default:
		d.Fail("only values can be searched")
	}
	d.SP()
	// The grammar has a string here; who left the quotes out is understood.
	if c := d.peek(); c != 0 && charClass[c]&charAString != 0 && !d.atNil() {
		key.Value = []byte(d.AString())
	} else {
		key.Value = d.content()
	}
	return key
}

// atNil reports whether NIL is next as a whole word.
func (d *Decoder) atNil() bool {
	start := d.pos
	found := d.acceptWord("NIL")
	d.pos = start
	return found
}

// sortAnnotation reads what follows ANNOTATION in a sort criterion (RFC 5257
// §4.9).
func (d *Decoder) sortAnnotation(key *imap.SortKey) {
	d.SP()
	key.Entry = d.annotationEntry(false)
	d.SP()
	switch key.Attribute = d.attribute(); key.Attribute {
	case imap.AttributeValuePrivate, imap.AttributeValueShared:
	default:
		d.Fail("only value.priv and value.shared can be sorted by")
	}
}

// annotationValues reads ANNOTATION in a FETCH response: entries with attributes,
// or the names of those that changed (RFC 5257 §5, msg-att-dynamic).
func (d *Decoder) annotationValues() []imap.AnnotationEntry {
	entries := []imap.AnnotationEntry{}
	d.List(true, func() {
		if d.peek() == '(' { // the attributes of the entry before
			if len(entries) == 0 || entries[len(entries)-1].Attributes != nil {
				d.Fail("attributes without an entry")
				return
			}
			last := &entries[len(entries)-1]
			d.List(false, func() {
				attribute := imap.AnnotationAttribute{Name: d.AString()}
				d.SP()
				attribute.Value = d.content()
				last.Attributes = append(last.Attributes, attribute)
			})
			return
		}
		entries = append(entries, imap.AnnotationEntry{Entry: d.AString()})
	})
	return entries
}

// annotationEntries writes entries with their attributes, or their names alone.
func (e *Encoder) annotationEntries(entries []imap.AnnotationEntry) *Encoder {
	e.octet('(')
	for i, entry := range entries {
		if i > 0 {
			e.SP()
		}
		e.AString(entry.Entry)
		for k, attribute := range entry.Attributes {
			if k == 0 {
				e.SP()
			}
			e.octet("( "[min(k, 1)]).AString(attribute.Name).SP().value(attribute.Value)
		}
		if len(entry.Attributes) > 0 {
			e.octet(')')
		}
	}
	return e.octet(')')
}

// annotationPattern writes the pattern of an entry.
func (e *Encoder) annotationPattern(pattern string) *Encoder {
	for i := range len(pattern) {
		if charClass[pattern[i]]&charList == 0 {
			return e.String(pattern)
		}
	}
	if pattern == "" || len(pattern) > quotedOctetsMax {
		return e.String(pattern)
	}
	return e.Raw(pattern)
}

func (e *Encoder) fetchAnnotation(a *imap.FetchAnnotation) {
	e.Raw(" (")
	for i, entry := range a.Entries {
		e.octet("( "[min(i, 1)]).annotationPattern(entry)
	}
	e.Raw(") ").entryNames(a.Attributes).octet(')')
}

func (e *Encoder) searchAnnotation(k imap.SearchAnnotation) {
	e.Raw("ANNOTATION ").annotationPattern(k.Entry).SP().Raw(k.Attribute).SP().value(k.Value)
}

// Annotations writes ANNOTATION.
func (w *FetchWriter) Annotations(entries []imap.AnnotationEntry) {
	w.item("ANNOTATION").annotationEntries(entries)
}

func (d *Decoder) codeAnnotate() imap.Code {
	d.SP()
	code := imap.CodeAnnotate(d.word())
	if code != imap.AnnotateTooBig && code != imap.AnnotateTooMany {
		d.Fail("an ANNOTATE code is not known")
	}
	return code
}

func (d *Decoder) codeAnnotations() imap.Code {
	var code imap.CodeAnnotations
	d.SP()
	switch {
	case d.acceptWord("NONE"):
		return code
	case d.acceptWord("READ-ONLY"):
		code.ReadOnly = true
	default:
		code.MaxOctets = d.NzNumber()
	}
	if d.More() {
		if code.NoPrivate = d.acceptWord("NOPRIVATE"); !code.NoPrivate {
			d.Fail("ANNOTATIONS has NOPRIVATE or nothing at its end")
		}
	}
	return code
}

func (e *Encoder) codeAnnotations(c imap.CodeAnnotations) {
	switch {
	case c.ReadOnly:
		e.Raw(" READ-ONLY")
	case c.MaxOctets > 0:
		e.SP().Number(uint64(c.MaxOctets))
	default:
		e.Raw(" NONE")
		return
	}
	if c.NoPrivate {
		e.Raw(" NOPRIVATE")
	}
}

// isInAnnotation reports whether the literal that comes now belongs to the
// ANNOTATION of an APPEND and is not its message.
func (f *Fragmenter) isInAnnotation() bool {
	depth, quoted, inside := 0, false, false
	for _, p := range f.frags.pieces {
		if p.kind != pieceText {
			continue
		}
		text := f.frags.data[p.start:p.end]
		for i := 0; i < len(text); i++ {
			switch c := text[i]; {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == '(':
				if depth++; depth == 1 {
					inside = endsInWord(text[:i], "ANNOTATION ")
				}
			case c == ')':
				depth--
			}
		}
	}
	return depth > 0 && inside
}

func endsInWord(text []byte, word string) bool {
	return len(text) > len(word) && equalFold(text[len(text)-len(word):], word) && bytes.IndexByte([]byte(" )"), text[len(text)-len(word)-1]) >= 0
}
