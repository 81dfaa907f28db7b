package demands

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Row is one occurrence of MUST or MUST NOT.
type Row struct {
	RFC     string // its number
	Section string
	Number  int    // of the occurrence in its section, from 1
	Bound   string // one of the words in bound
	Demand  string // what is demanded, in words of ours
	Cases   []string
	Why     string // why no case proves it; empty where one does
}

// bound are those whom a demand can bind.
var bound = []string{"server", "client", "both", "other", "text"}

// BindsServer reports whether the row demands something of a server.
func (r *Row) BindsServer() bool { return r.Bound == "server" || r.Bound == "both" }

// Place names the row's section as cases do: "RFC 9051 §6.3.2".
func (r *Row) Place() string { return "RFC " + r.RFC + " §" + r.Section }

// Read reads the table of one RFC.
func Read(rfc string, from io.Reader) ([]Row, error) {
	var rows []Row
	section := ""
	scanner := bufio.NewScanner(from)
	for line := 1; scanner.Scan(); line++ {
		text := strings.TrimSpace(scanner.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if name, ok := strings.CutPrefix(text, "section "); ok {
			section = name
			continue
		}
		row, err := readRow(text)
		if err != nil {
			return nil, fmt.Errorf("rfc%s.txt:%d: %w", rfc, line, err)
		}
		row.RFC, row.Section = rfc, section
		rows = append(rows, row)
	}
	return rows, scanner.Err()
}

func readRow(text string) (row Row, err error) {
	number, rest, _ := strings.Cut(text, " ")
	if row.Number, err = strconv.Atoi(number); err != nil {
		return row, fmt.Errorf("a row begins with its number: %w", err)
	}
	row.Bound, rest, _ = strings.Cut(rest, " ")
	demand, proof, proved := strings.Cut(rest, " | ")
	row.Demand = strings.TrimSpace(demand)
	why, none := strings.CutPrefix(proof, "none: ")
	switch {
	case none:
		row.Why = why
	case proved:
		row.Cases = strings.Fields(proof)
	}
	if row.BindsServer() && (row.Demand == "" || len(row.Cases) == 0 && row.Why == "") {
		return row, fmt.Errorf("row %d binds the server and says neither what is demanded nor what proves it", row.Number)
	}
	return row, nil
}
