package convert

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// readableHTML returns an HTML document as text to read: format=flowed with
// paragraphs, lists, quotes and tables in their places, and links numbered, with
// their addresses at the end. It reads tags as they come and builds no tree, so
// that nesting costs nothing.
func readableHTML(ctx context.Context, document string) (string, error) {
	r := &htmlReader{tokens: html.NewTokenizer(strings.NewReader(document)), linkNumbers: map[string]int{}}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return "", ctx.Err()
		}
		kind := r.tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		r.token(kind)
	}
	for len(r.tables) > 0 {
		r.endTable()
	}
	r.endLine()
	r.tellLinks()
	return flowed(r.lines), nil
}

// textLine is one paragraph or fixed line of the text.
type textLine struct {
	text   string
	quotes int
	indent int
	fixed  bool // not to be broken: of a table or preformatted
	space  bool // a blank line before it
}

// openList is a list that has begun.
type openList struct {
	ordered bool
	number  int
}

// htmlReader turns tokens into lines.
type htmlReader struct {
	tokens *html.Tokenizer
	lines  []textLine

	current strings.Builder
	owed    bool   // a space before the next word
	blank   bool   // a blank line before the next line
	marker  string // of the list item that begins

	quotes, fixed, hiddenDepth int
	hiddenBy                   string
	lists                      []openList
	tables                     []*table
	tableDepth                 int

	href        string
	linkText    strings.Builder
	links       []string
	linkNumbers map[string]int
}

func (r *htmlReader) token(kind html.TokenType) {
	switch kind {
	case html.TextToken:
		if r.hiddenBy == "" {
			r.text(string(r.tokens.Text()))
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := r.tokens.TagName()
		r.start(string(name), r.attributes(more), kind == html.SelfClosingTagToken)
	case html.EndTagToken:
		name, _ := r.tokens.TagName()
		r.end(string(name))
	}
}

// attributes are those of a tag that mean something here.
type attributes struct {
	href, alt, src, style, start, width, height string
	hidden                                      bool
}

func (r *htmlReader) attributes(more bool) (a attributes) {
	for more {
		var key, value []byte
		key, value, more = r.tokens.TagAttr()
		switch string(key) {
		case "href":
			a.href = string(value)
		case "alt":
			a.alt = string(value)
		case "style":
			a.style = string(value)
		case "start":
			a.start = string(value)
		case "width":
			a.width = string(value)
		case "height":
			a.height = string(value)
		case "hidden":
			a.hidden = true
		}
	}
	return a
}

// isHidden reports whether an element is not shown.
func (a *attributes) isHidden() bool {
	style := strings.ToLower(strings.Join(strings.Fields(a.style), ""))
	return a.hidden || strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// unshown are elements whose content is no text.
var unshown = []string{"head", "script", "style", "title", "template", "noscript", "object", "svg", "math", "select", "textarea",
	"iframe", "noframes", "noembed", "audio", "video"}

// voids are elements that have no end.
var voids = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// unclosed are elements that another of their name ends.
var unclosed = []string{"p", "li", "td", "th", "tr", "dt", "dd", "option"}

// start handles the beginning of an element.
func (r *htmlReader) start(name string, a attributes, closed bool) {
	if r.hiddenBy != "" {
		switch {
		case name == "body": // a head that does not end
			r.hiddenBy = ""
		case name == r.hiddenBy && slices.Contains(unclosed, name):
			r.hiddenBy = ""
			r.start(name, a, closed)
			return
		case name == r.hiddenBy && !closed:
			r.hiddenDepth++
		}
		return
	}
	if !closed && !slices.Contains(voids, name) && (slices.Contains(unshown, name) || a.isHidden()) {
		r.hiddenBy, r.hiddenDepth = name, 1
		return
	}
	switch name {
	case "br":
		r.lineBreak()
	case "hr":
		r.paragraph()
		r.word(strings.Repeat("-", 20))
		r.paragraph()
	case "img":
		r.image(a)
	case "a":
		r.endLink()
		r.href = a.href
	case "pre", "listing", "xmp":
		r.paragraph()
		r.fixed++
	case "blockquote":
		r.paragraph()
		r.quotes++
	case "ul", "ol", "menu", "dir":
		r.startList(name == "ol", a.start)
	case "li":
		r.item()
	case "dd":
		r.endLine()
		r.marker = "  "
	case "q":
		r.text("\"")
	case "input", "button":
		r.owed = true
	case "table", "tr", "td", "th", "caption":
		r.startTable(name)
	default:
		r.block(name)
	}
}

// end handles the end of an element.
func (r *htmlReader) end(name string) {
	if r.hiddenBy != "" {
		if name == r.hiddenBy {
			if r.hiddenDepth--; r.hiddenDepth == 0 {
				r.hiddenBy = ""
			}
		}
		return
	}
	switch name {
	case "a":
		r.endLink()
	case "pre", "listing", "xmp":
		r.paragraph()
		r.fixed = max(0, r.fixed-1)
	case "blockquote":
		r.paragraph()
		r.quotes = max(0, r.quotes-1)
	case "ul", "ol", "menu", "dir":
		r.endLine()
		r.lists = r.lists[:max(0, len(r.lists)-1)]
		r.blank = len(r.lists) == 0
	case "q":
		r.text("\"")
	case "table":
		r.endTable()
	case "tr", "td", "th":
		r.endCell(name == "tr")
	case "br":
		r.lineBreak()
	default:
		r.block(name)
	}
}

// block ends a line at the edges of elements that are no part of a line.
func (r *htmlReader) block(name string) {
	switch name {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "fieldset", "figure":
		r.paragraph()
	case "div", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "body",
		"form", "dt", "dd", "li", "figcaption", "option", "thead", "tbody", "tfoot", "details", "summary":
		r.endLine()
	}
}

func (r *htmlReader) startList(ordered bool, start string) {
	r.endLine()
	r.blank = r.blank || len(r.lists) == 0
	if len(r.lists) >= 10*listsMax {
		return
	}
	number, err := strconv.Atoi(start)
	if err != nil {
		number = 1
	}
	r.lists = append(r.lists, openList{ordered: ordered, number: number})
}

func (r *htmlReader) item() {
	r.endLine()
	r.marker = "* "
	if n := len(r.lists); n > 0 && r.lists[n-1].ordered {
		r.marker = strconv.Itoa(r.lists[n-1].number) + ". "
		r.lists[n-1].number++
	}
}

// image shows what an image says, unless it is there to be loaded and not seen.
func (r *htmlReader) image(a attributes) {
	small := func(size string) bool { return size == "0" || size == "1" || size == "1px" || size == "0px" }
	alt := strings.Join(strings.Fields(a.alt), " ")
	if alt == "" || a.isHidden() || small(a.width) || small(a.height) {
		return
	}
	r.owed = true
	r.word("[" + alt + "]")
	r.owed = true
}

// text takes characters of the document.
func (r *htmlReader) text(text string) {
	text = strings.Map(visible, text)
	if r.fixed > 0 {
		for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
			if i > 0 {
				r.lineBreak()
			}
			r.current.WriteString(line)
		}
		return
	}
	for i, word := range strings.FieldsFunc(text, isHTMLSpace) {
		if i > 0 || isHTMLSpace(rune(text[0])) {
			r.owed = true
		}
		r.word(word)
	}
	if text != "" && isHTMLSpace(rune(text[len(text)-1])) {
		r.owed = true
	}
}

// visible drops what shows nothing and makes a hard space a space.
func visible(c rune) rune {
	switch c {
	case '\u00ad', '\u034f', '\u200b', '\u2060', '\ufeff', '\x00':
		return -1
	case '\u00a0', '\u2007', '\u202f':
		return '\u00a0'
	}
	if c < ' ' && !isHTMLSpace(c) || c == 127 {
		return -1
	}
	return c
}

func isHTMLSpace(c rune) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
}

func (r *htmlReader) word(word string) {
	if r.owed && r.current.Len() > 0 {
		r.current.WriteByte(' ')
	}
	r.owed = false
	r.current.WriteString(word)
	if r.href != "" && r.linkText.Len() < 400 {
		r.linkText.WriteString(word)
	}
}
