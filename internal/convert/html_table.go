package convert

import (
	"slices"
	"strings"
)

// table is a table that is open: what its cells hold, and what it interrupts.
type table struct {
	rows   [][][]textLine
	nested bool // it holds another table
	inCell bool
	outer  []textLine
	blank  bool
	lists  []openList
	quotes int
}

// A table with narrow cells of one line each is shown in columns. Others lay out
// a page, and are read cell by cell.
const (
	cellMax    = 60
	columnsMax = 12
)

func (r *htmlReader) startTable(name string) {
	if name == "table" {
		r.openTable()
		return
	}
	if len(r.tables) == 0 || name == "caption" {
		r.endLine()
		return
	}
	r.endCell(name == "tr")
	t := r.tables[len(r.tables)-1]
	if name == "tr" || len(t.rows) == 0 {
		t.rows = append(t.rows, nil)
	}
	if name != "tr" {
		t.inCell = true
	}
}

func (r *htmlReader) openTable() {
	r.endLine()
	if r.tableDepth++; len(r.tables) >= tablesMax {
		return
	}
	if n := len(r.tables); n > 0 {
		r.tables[n-1].nested = true
	}
	r.tables = append(r.tables, &table{outer: r.lines, blank: r.blank, lists: r.lists, quotes: r.quotes})
	r.lines, r.lists, r.quotes, r.blank = nil, nil, 0, false
}

// endCell ends the cell at hand. What stands outside of cells is one, too.
func (r *htmlReader) endCell(endsRow bool) {
	r.endLine()
	if len(r.tables) == 0 {
		return
	}
	t := r.tables[len(r.tables)-1]
	if t.inCell || len(r.lines) > 0 {
		if len(t.rows) == 0 {
			t.rows = append(t.rows, nil)
		}
		last := len(t.rows) - 1
		t.rows[last] = append(t.rows[last], r.lines)
	}
	r.lines, t.inCell, r.blank = nil, false, false
	r.lists, r.quotes = nil, 0
}

func (r *htmlReader) endTable() {
	r.endLine()
	if r.tableDepth > len(r.tables) {
		r.tableDepth--
		return
	}
	if len(r.tables) == 0 {
		return
	}
	r.endCell(true)
	t := r.tables[len(r.tables)-1]
	r.tables = r.tables[:len(r.tables)-1]
	r.tableDepth--
	lines := t.render()
	for i := range lines {
		lines[i].quotes = min(lines[i].quotes+t.quotes, listsMax)
	}
	r.lines, r.lists, r.quotes, r.blank = t.outer, t.lists, t.quotes, t.blank
	if len(lines) > 0 {
		lines[0].space = true
		r.lines = append(r.lines, lines...)
		r.blank = true
	}
}

// render returns the lines of the table.
func (t *table) render() []textLine {
	if widths := t.widths(); widths != nil {
		return t.columns(widths)
	}
	var lines []textLine
	long := false // the cell before has several lines
	for _, row := range t.rows {
		if joined, ok := joinRow(row); ok && !t.nested {
			lines, long = append(lines, joined), false
			continue
		}
		for _, cell := range row {
			if len(cell) == 0 {
				continue
			}
			cell[0].space = cell[0].space || long || len(cell) > 1
			long = len(cell) > 1
			lines = append(lines, cell...)
		}
	}
	return lines
}

// joinRow makes one line of a row with little in it.
func joinRow(row [][]textLine) (textLine, bool) {
	var texts []string
	for _, cell := range row {
		switch len(cell) {
		case 0:
		case 1:
			texts = append(texts, cell[0].text)
		default:
			return textLine{}, false
		}
	}
	line := strings.Join(texts, "  ")
	return textLine{text: line}, line != "" && columnsOfText(line) <= lineWidth
}

// widths returns how wide the columns are; nil if this is no table of data.
func (t *table) widths() []int {
	var widths []int
	rows := 0
	for _, row := range t.rows {
		if len(row) > columnsMax || t.nested {
			return nil
		}
		if len(row) > 1 {
			rows++
		}
		for i, cell := range row {
			if len(cell) > 1 || len(cell) == 1 && (cell[0].quotes > 0 || cell[0].fixed) {
				return nil
			}
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if len(cell) == 1 {
				widths[i] = max(widths[i], columnsOfText(cell[0].text))
			}
		}
	}
	total := 0
	for _, w := range widths {
		total += w + 2
	}
	if rows < 2 || len(widths) < 2 || total > 2*lineWidth || slices.Max(widths) > cellMax {
		return nil
	}
	return widths
}

// columns shows the rows with their cells under each other.
func (t *table) columns(widths []int) []textLine {
	var lines []textLine
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			text := ""
			if len(cell) == 1 {
				text = cell[0].text
			}
			line.WriteString(text)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-columnsOfText(text)+2))
			}
		}
		if text := strings.TrimRight(line.String(), " "); text != "" {
			lines = append(lines, textLine{text: text, fixed: true})
		}
	}
	return lines
}
