package message

import (
	"bufio"
	"html"
	"io"
	"strings"
)

// NewHTMLTextReader returns the text of an HTML document in UTF-8 as a reader
// would see it: without title, tags, comments, scripts and styles, with character
// references decoded and white space collapsed; blocks begin new lines, and the
// alternative text of images is kept. Its memory is bounded: it looks at the
// document as a stream, and never fails because of what it finds.
func NewHTMLTextReader(r io.Reader) io.Reader {
	return newHTMLReader(r)
}

func newHTMLReader(r io.Reader) *htmlReader {
	return &htmlReader{in: bufio.NewReaderSize(r, chunkSize)}
}

// htmlReader is a small tokenizer. A full parser is not needed to tell text
// from tags, and would hold the document.
type htmlReader struct {
	in    *bufio.Reader
	out   []byte
	pos   int
	space byte // ' ' or '\n' owed before the next word, 0 for none
	begun bool // something was written
	err   error

	marks  bool // quotes are marked by ">", and blocks by blank lines
	quotes int  // how deep
	block  bool // the line end that is owed is that of a block
}

func (h *htmlReader) Read(p []byte) (int, error) {
	for h.pos == len(h.out) {
		if h.err != nil {
			return 0, h.err
		}
		h.out, h.pos = h.out[:0], 0
		for h.err == nil && len(h.out) < chunkSize/2 {
			h.step()
		}
	}
	n := copy(p, h.out[h.pos:])
	h.pos += n
	return n, nil
}

// next returns the next octet; 0 and h.err at the end.
func (h *htmlReader) next() byte {
	c, err := h.in.ReadByte()
	if err != nil {
		h.err = err
		return 0
	}
	return c
}

// step consumes one element of the document.
func (h *htmlReader) step() {
	c := h.next()
	switch {
	case h.err != nil:
	case c == '<':
		h.markup()
	case c == '&':
		h.reference()
	case c <= ' ':
		h.owe(' ')
	default:
		h.write(c)
	}
}

// owe asks for white space before the next word; a line end is stronger than a
// space.
func (h *htmlReader) owe(space byte) {
	if h.space != '\n' {
		h.space = space
	}
}

func (h *htmlReader) pay() {
	if h.space != 0 && h.begun {
		h.out = append(h.out, h.space)
		if h.marks && h.block {
			h.out = append(h.out, '\n')
		}
	}
	h.block = false
	if h.marks && h.quotes > 0 && (h.space == '\n' || !h.begun) {
		h.out = append(h.out, "> "...)
	}
	h.space, h.begun = 0, true
}

func (h *htmlReader) write(c byte) {
	if h.space != 0 || !h.begun {
		h.pay()
	}
	h.out = append(h.out, c)
}

// writeText writes text with its white space collapsed.
func (h *htmlReader) writeText(text string) {
	for i := range len(text) {
		if text[i] <= ' ' {
			h.owe(' ')
			continue
		}
		h.write(text[i])
	}
}

// referenceMax is the length of the longest name of a character reference.
const referenceMax = 32

// reference reads a character reference after its "&". A no-break space is a
// space to who searches.
func (h *htmlReader) reference() {
	peeked, _ := h.in.Peek(referenceMax)
	n := 0
	for n < len(peeked) && (isAlphanumeric(peeked[n]) || n == 0 && peeked[0] == '#') {
		n++
	}
	if n < len(peeked) && peeked[n] == ';' {
		n++
	}
	text := html.UnescapeString("&" + string(peeked[:n]))
	h.in.Discard(n) // it was peeked
	h.writeText(strings.ReplaceAll(text, "\u00a0", " "))
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= lower(c) && lower(c) <= 'z'
}

// markup reads what follows "<": a tag, a comment, a declaration, or text.
func (h *htmlReader) markup() {
	peeked, _ := h.in.Peek(3)
	switch {
	case len(peeked) == 3 && string(peeked) == "!--":
		h.in.Discard(3)
		h.skipPast("-->")
	case len(peeked) > 0 && (peeked[0] == '!' || peeked[0] == '?'):
		h.skipPast(">")
	case len(peeked) > 0 && (peeked[0] == '/' || isLetter(peeked[0])):
		h.tag()
	default:
		h.write('<')
	}
}

func isLetter(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' }

// skipPast consumes everything up to the end of mark.
func (h *htmlReader) skipPast(mark string) {
	for matched := 0; matched < len(mark) && h.err == nil; {
		c := h.next()
		switch {
		case c == mark[matched]:
			matched++
		case matched == 2 && mark == "-->" && c == '-': // "--->"
		case c == mark[0]:
			matched = 1
		default:
			matched = 0
		}
	}
}

// tag reads a tag after its "<".
func (h *htmlReader) tag() {
	var buf [16]byte
	name := buf[:0]
	c := h.next()
	for ; h.err == nil && c != '>' && c > ' ' && (c != '/' || len(name) == 0); c = h.next() {
		if len(name) < cap(name) {
			name = append(name, lower(c))
		}
	}
	if c != '>' {
		h.attributes(string(name) == "img")
	}
	switch string(name) {
	case "blockquote":
		h.quotes++
		h.owe('\n')
	case "/blockquote":
		h.quotes = max(0, h.quotes-1)
		h.owe('\n')
	case "script", "style", "title":
		h.skipPastEndTag(string(name))
	case "b", "/b", "i", "/i", "u", "/u", "a", "/a", "em", "/em", "strong", "/strong",
		"span", "/span", "font", "/font", "big", "/big", "small", "/small", "sup", "/sup",
		"sub", "/sub", "code", "/code", "tt", "/tt", "wbr", "s", "/s", "o:p", "/o:p":
	case "img", "td", "/td", "th", "/th", "input":
		h.owe(' ')
	default:
		h.owe('\n')
		h.block = h.block || string(name) != "br"
	}
}

// skipPastEndTag consumes everything up to </name>, in any case: what
// is before it is not shown.
func (h *htmlReader) skipPastEndTag(name string) {
	end := "</" + name
	for matched := 0; matched < len(end) && h.err == nil; {
		switch c := lower(h.next()); c {
		case end[matched]:
			matched++
		case '<':
			matched = 1
		default:
			matched = 0
		}
	}
	h.skipPast(">")
	h.owe('\n')
}

// attributeMax is how much of a value is kept.
const attributeMax = 1000

// attributes consumes the rest of a tag, whose quoted values may hold ">". Of
// an image it writes the alternative text, unless it is there to be loaded and not
// to be seen.
func (h *htmlReader) attributes(image bool) {
	var name, value []byte
	quote, inValue := byte(0), false
	alt, seen := "", true
	finish := func() {
		switch strings.ToLower(string(name)) {
		case "alt":
			alt = string(value)
		case "width", "height":
			size := strings.TrimSuffix(string(value), "px")
			seen = seen && size != "0" && size != "1"
		}
		name, value, inValue, quote = name[:0], value[:0], false, 0
	}
	for h.err == nil {
		c := h.next()
		switch {
		case quote != 0 && c == quote, quote == 0 && c <= ' ':
			finish()
		case quote == 0 && c == '>':
			finish()
			if alt != "" && seen {
				h.owe(' ')
				h.writeText(html.UnescapeString(alt))
			}
			return
		case quote == 0 && c == '=' && !inValue:
			inValue = true
		case inValue && quote == 0 && len(value) == 0 && (c == '"' || c == '\''):
			quote = c
		case !image || len(name)+len(value) > attributeMax:
		case inValue:
			value = append(value, c)
		default:
			name = append(name, c)
		}
	}
}
