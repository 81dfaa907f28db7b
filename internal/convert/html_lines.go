package convert

import (
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// endLine ends the line at hand, if there is something on it.
func (r *htmlReader) endLine() {
	text := r.current.String()
	r.current.Reset()
	r.owed = false
	text = strings.ReplaceAll(text, "\u00a0", " ")
	if r.fixed == 0 {
		text = strings.TrimSpace(text)
	} else {
		text = strings.TrimRight(text, " \t")
	}
	if text == "" {
		return
	}
	line := textLine{text: r.marker + text, quotes: min(r.quotes, listsMax), fixed: r.fixed > 0, space: r.blank}
	if len(r.lists) > 1 {
		line.indent = 2 * min(len(r.lists)-1, listsMax)
	}
	if r.marker == "" && len(r.lists) > 0 {
		line.indent += 2
	}
	r.lines = append(r.lines, line)
	r.marker, r.blank = "", false
}

// paragraph ends the line and asks for a blank one before the next.
func (r *htmlReader) paragraph() {
	r.endLine()
	r.blank = true
}

// lineBreak is <br>: a second one makes a blank line.
func (r *htmlReader) lineBreak() {
	if strings.TrimSpace(r.current.String()) == "" {
		r.blank = len(r.lines) > 0
		if r.fixed > 0 && len(r.lines) > 0 && r.lines[len(r.lines)-1].fixed {
			r.current.Reset()
		}
		return
	}
	r.endLine()
}

// endLink numbers the link that ends, if its text does not say where it leads.
func (r *htmlReader) endLink() {
	href, text := strings.TrimSpace(r.href), r.linkText.String()
	r.href = ""
	r.linkText.Reset()
	if href == "" || text == "" || href[0] == '#' || len(href) > 2000 || strings.ContainsAny(href, "\r\n\x00") {
		return
	}
	scheme, rest, ok := strings.Cut(href, ":")
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "ftp", "tel":
	default:
		return
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(rest, "//"), "/")
	if address, _, _ := strings.Cut(bare, "?"); ok && strings.EqualFold(scheme, "mailto") {
		bare = address
	}
	if said := strings.TrimSuffix(text, "/"); strings.EqualFold(said, strings.TrimSuffix(href, "/")) || strings.EqualFold(said, bare) ||
		strings.EqualFold("www."+said, bare) {
		return
	}
	number, known := r.linkNumbers[href]
	if !known {
		if len(r.links) >= linksMax {
			return
		}
		r.links = append(r.links, href)
		number = len(r.links)
		r.linkNumbers[href] = number
	}
	r.current.WriteString(" [" + strconv.Itoa(number) + "]")
}

// tellLinks writes the addresses of the links.
func (r *htmlReader) tellLinks() {
	for i, href := range r.links {
		r.lines = append(r.lines, textLine{text: "[" + strconv.Itoa(i+1) + "] " + href, fixed: true, space: i == 0})
	}
}

// flowed writes lines as format=flowed (RFC 3676 §4).
func flowed(lines []textLine) string {
	var out strings.Builder
	for i, line := range lines {
		prefix := strings.Repeat(">", line.quotes)
		if line.space && i > 0 {
			if quotes := min(line.quotes, lines[i-1].quotes); quotes > 0 {
				out.WriteString(strings.Repeat(">", quotes))
			}
			out.WriteString("\r\n")
		}
		text := strings.Repeat(" ", line.indent) + line.text
		for first := true; first || text != ""; first = false {
			head := text
			if line.fixed {
				text = ""
			} else {
				head, text = breakLine(text, lineWidth-line.quotes)
			}
			if text == "" {
				head = strings.TrimRight(head, " ")
			}
			out.WriteString(prefix)
			if line.quotes > 0 || strings.HasPrefix(head, " ") || strings.HasPrefix(head, ">") || strings.HasPrefix(head, "From ") {
				out.WriteByte(' ') // RFC 3676 §4.4
			}
			out.WriteString(head)
			out.WriteString("\r\n")
		}
	}
	return out.String()
}

// breakLine cuts a line behind the last space that fits, or behind the first.
func breakLine(text string, columns int) (head, rest string) {
	used, last := 0, -1
	for i, c := range text {
		if used >= columns && last > 0 {
			return text[:last], text[last:]
		}
		if c == ' ' && strings.TrimLeft(text[:i], " ") != "" {
			last = i + 1
		}
		used += columnsOf(c)
	}
	return text, ""
}

// columnsOf is how wide a character is shown where all have the same width.
func columnsOf(c rune) int {
	if c < 0x300 {
		return 1
	}
	switch width.LookupRune(c).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func columnsOfText(text string) int {
	n := 0
	for _, c := range text {
		n += columnsOf(c)
	}
	return n
}
