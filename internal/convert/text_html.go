package convert

import (
	"html"
	"regexp"
	"strings"

	"github.com/restante/restante/internal/message"
)

// flow is how lines of a plain text are joined (RFC 3676 §4).
type flow struct{ flowed, delSp bool }

// flowOf reads it off a part.
func flowOf(part *message.Part) flow {
	return flow{
		flowed: strings.EqualFold(part.Param("format"), "flowed"),
		delSp:  strings.EqualFold(part.Param("delsp"), "yes"),
	}
}

// htmlOf shows plain text as HTML: its lines and spaces kept, quotes as quotes,
// addresses of the web as links, and nothing of it read as markup.
func htmlOf(text, charset string, how flow) string {
	w := &htmlWriter{}
	w.out.Grow(len(text) + len(text)/8 + 200)
	w.out.WriteString("<!DOCTYPE html>\r\n<html><head><meta charset=\"" + html.EscapeString(charset) + "\"><title></title></head>\r\n<body>\r\n")
	var joined strings.Builder
	depth := 0
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		quotes, rest := cutQuotes(line, how.flowed)
		if joined.Len() > 0 && quotes != depth { // RFC 3676 §4.5
			w.line(depth, joined.String())
			joined.Reset()
		}
		depth = quotes
		if how.flowed && strings.HasSuffix(rest, " ") && rest != "-- " {
			if how.delSp {
				rest = rest[:len(rest)-1]
			}
			joined.WriteString(rest)
			continue
		}
		joined.WriteString(rest)
		w.line(depth, joined.String())
		joined.Reset()
	}
	if joined.Len() > 0 {
		w.line(depth, joined.String())
	}
	w.quote(0)
	w.out.WriteString("</body></html>\r\n")
	return w.out.String()
}

// cutQuotes counts the quote marks of a line and takes them off. Of flowed text the
// stuffed space goes, too (RFC 3676 §4.4); of other text marks may stand apart.
func cutQuotes(line string, flowed bool) (depth int, rest string) {
	rest = line
	for strings.HasPrefix(rest, ">") {
		depth, rest = depth+1, rest[1:]
		if !flowed && strings.HasPrefix(rest, " >") {
			rest = rest[1:]
		}
	}
	if flowed || depth > 0 {
		rest = strings.TrimPrefix(rest, " ")
	}
	return depth, rest
}

type htmlWriter struct {
	out   strings.Builder
	depth int
}

// quote opens and closes quotes up to a depth.
func (w *htmlWriter) quote(depth int) {
	depth = min(depth, listsMax)
	for ; w.depth < depth; w.depth++ {
		w.out.WriteString("<blockquote type=\"cite\">\r\n")
	}
	for ; w.depth > depth; w.depth-- {
		w.out.WriteString("</blockquote>\r\n")
	}
}

var webAddress = regexp.MustCompile(`(?i)\b(?:https?://|mailto:)[^\s<>"\x00-\x1f]+`)

func (w *htmlWriter) line(depth int, text string) {
	w.quote(depth)
	begun := false
	for {
		at := webAddress.FindStringIndex(text)
		if at == nil {
			break
		}
		address := strings.TrimRight(text[at[0]:at[1]], ".,;:!?'*_")
		for strings.HasSuffix(address, ")") && strings.Count(address, ")") > strings.Count(address, "(") {
			address = address[:len(address)-1]
		}
		w.text(text[:at[0]], !begun)
		begun = true
		escaped := html.EscapeString(address)
		w.out.WriteString("<a href=\"" + escaped + "\">" + escaped + "</a>")
		text = text[at[0]+len(address):]
	}
	w.text(text, !begun)
	w.out.WriteString("<br>\r\n")
}

// text writes text whose runs of spaces stay as wide as they are. One at the
// beginning of a line would not be seen.
func (w *htmlWriter) text(text string, begins bool) {
	text = strings.ReplaceAll(text, "\t", "    ")
	escaped := html.EscapeString(text)
	escaped = strings.ReplaceAll(escaped, "  ", "&nbsp; ")
	if begins && strings.HasPrefix(escaped, " ") {
		escaped = "&nbsp;" + escaped[1:]
	}
	w.out.WriteString(strings.Map(withoutControls, escaped))
}

// withoutControls drops characters that HTML must not hold.
func withoutControls(c rune) rune {
	if c < ' ' || c == 127 {
		return -1
	}
	return c
}
