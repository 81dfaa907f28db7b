package demands

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/restante/restante/internal/transcript"
	"github.com/restante/restante/testdata/transcripts"
)

var update = flag.Bool("update", false, "write docs/demands.md, and the occurrences where RESTANTE_RFC names the texts, anew")

const (
	tables          = "../../testdata/demands/"
	occurrencesFile = tables + "occurrences.txt"
	document        = "../../docs/demands.md"
	// coveredMin is the share of the demands on servers, in percent, that
	// cases prove; the others have a reason that can be read.
	coveredMin = 95
)

// documents are the RFCs whose every demand has a row.
var documents = []string{"9051", "7162", "5255", "5465", "5267", "9586", "7377", "5464", "5257"}

// sectionsOf returns the sections of an RFC from the house style's table.
func sectionsOf(t *testing.T, rfc string) []string {
	t.Helper()
	table, err := os.ReadFile("../tidy/testdata/rfc-sections.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(table), "\n") {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == rfc {
			return fields[1:]
		}
	}
	t.Fatalf("the table of sections has no RFC %s", rfc)
	return nil
}

// written returns the occurrences that are kept, by RFC.
func written(t *testing.T) map[string][]Occurrences {
	t.Helper()
	file, err := os.Open(occurrencesFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	kept := map[string][]Occurrences{}
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		fields := strings.Fields(scanner.Text())
		kept[fields[0]] = append(kept[fields[0]], Occurrences{fields[1], fields[2:]})
	}
	return kept
}

// The aim: the kept occurrences are those of the texts. RESTANTE_RFC is a
// folder with rfc9051.txt and the others.
func TestOccurrencesAreThoseOfTheTexts(t *testing.T) {
	folder := os.Getenv("RESTANTE_RFC")
	if folder == "" {
		t.Skip("RESTANTE_RFC names no folder with the texts")
	}
	var b strings.Builder
	for _, rfc := range documents {
		file, err := os.Open(filepath.Join(folder, "rfc"+rfc+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		found, err := Count(file, sectionsOf(t, rfc))
		file.Close()
		if err != nil || len(found) == 0 {
			t.Fatalf("RFC %s: %d sections, %v", rfc, len(found), err)
		}
		for _, o := range found {
			fmt.Fprintln(&b, rfc, o.Section, strings.Join(o.Words, " "))
		}
	}
	if *update {
		if err := os.WriteFile(occurrencesFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(occurrencesFile); err != nil || string(kept) != b.String() {
		t.Errorf("testdata/demands/occurrences.txt is not what the texts have; run this test with -update (%v)", err)
	}
}

func readTable(t *testing.T, rfc string) []Row {
	t.Helper()
	file, err := os.Open(tables + "rfc" + rfc + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := Read(rfc, file)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The aim: no MUST of these documents is forgotten, those that bind a server
// are proved by cases that exist and say so, and the few that are not have a
// reason.
func TestEveryDemandHasItsProof(t *testing.T) {
	library, err := transcript.Load(transcripts.Files)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]*transcript.Case{}
	for _, c := range library.Cases {
		cases[c.Path] = c
	}
	kept := written(t)
	var b strings.Builder
	b.WriteString("# What the RFCs demand of servers, and what proves it\n\nWritten by `go test ./internal/demands -update` from testdata/demands. Every MUST and MUST NOT of these documents is in the\ntables there; those that bind a server are here. A demand is named by its section and the place of its MUST in it.\n")
	for _, rfc := range documents {
		rows := readTable(t, rfc)
		checkComplete(t, rfc, rows, kept[rfc])
		for i := range rows {
			checkProof(t, &rows[i], cases)
		}
		describe(t, &b, rfc, rows)
	}
	if *update {
		if err := os.WriteFile(document, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(document); err != nil || string(text) != b.String() {
		t.Errorf("docs/demands.md is not what the tables say; run this test with -update (%v)", err)
	}
}

// checkComplete compares the rows with the occurrences, one by one.
func checkComplete(t *testing.T, rfc string, rows []Row, kept []Occurrences) {
	t.Helper()
	var want, have []string
	for _, o := range kept {
		for i := range o.Words {
			want = append(want, o.Section+" "+strconv.Itoa(i+1))
		}
	}
	for i := range rows {
		have = append(have, rows[i].Section+" "+strconv.Itoa(rows[i].Number))
		if !slices.Contains(bound, rows[i].Bound) {
			t.Errorf("RFC %s §%s %d binds %q", rfc, rows[i].Section, rows[i].Number, rows[i].Bound)
		}
	}
	for i := range max(len(want), len(have)) {
		if i >= len(want) || i >= len(have) || want[i] != have[i] {
			t.Errorf("RFC %s: row %d of the table: have %q, the text has %q", rfc, i+1, at(have, i), at(want, i))
			return
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "nothing"
}

func checkProof(t *testing.T, row *Row, cases map[string]*transcript.Case) {
	t.Helper()
	for _, path := range row.Cases {
		c := cases[path]
		if c == nil {
			t.Errorf("%s %d is to be proved by %s, which is no case", row.Place(), row.Number, path)
		} else if !slices.Contains(c.Covers, row.Place()) {
			t.Errorf("%s proves %s %d and does not say that it covers it", path, row.Place(), row.Number)
		}
	}
}

// describe writes the demands on servers, and counts those with a case.
func describe(t *testing.T, b *strings.Builder, rfc string, rows []Row) {
	t.Helper()
	total, proved := 0, 0
	var lines strings.Builder
	for i := range rows {
		row := &rows[i]
		if !row.BindsServer() {
			continue
		}
		total++
		proof := "none: " + row.Why
		if len(row.Cases) > 0 {
			proved++
			proof = strings.Join(row.Cases, ", ")
		}
		fmt.Fprintf(&lines, "| %s | %d | %s | %s |\n", row.Section, row.Number, cell(row.Demand), cell(proof))
	}
	fmt.Fprintf(b, "\n## RFC %s\n\n%d of %d occurrences bind a server; cases prove %d of them.\n\n| § | | demand | proof |\n|---|---|---|---|\n%s", rfc, total, len(rows), proved, lines.String())
	if least := coveredMin; total == 0 || proved*100 < least*total {
		t.Errorf("RFC %s: cases prove %d of %d demands, not %d %%", rfc, proved, total, least)
	}
}

var bars = regexp.MustCompile(`\|`)

func cell(text string) string { return bars.ReplaceAllString(text, `\|`) }

// The aim: the counting itself is right about headings, page ends and words
// that a line end parts.
func TestCount(t *testing.T) {
	text := "1.  First\n\n   It MUST be so, and it MUST\n   NOT be otherwise.\n\nMelnikov    Standards Track    [Page 2]\n\f\nRFC 9051    IMAP4rev2    August 2021\n\n   A line.\n\n9.  is no heading MUST\n\n1.1.  Second\n\n   Nothing.\n\n2.  Third\n   MUSTARD, MUST.\n"
	found, err := Count(strings.NewReader(text), []string{"1", "1.1", "2"})
	if err != nil {
		t.Fatal(err)
	}
	want := "[{1 [MUST MUST-NOT MUST]} {2 [MUST]}]"
	if got := fmt.Sprint(found); got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}
