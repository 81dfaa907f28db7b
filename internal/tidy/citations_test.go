package tidy

import (
	"bufio"
	"os"
	"regexp"
	"strings"
	"testing"
)

// sections returns the section numbers of each RFC, by its number. The table
// holds for each document, on one line, its number and those of its sections.
func sections(t *testing.T) map[string]map[string]bool {
	t.Helper()
	file, err := os.Open("testdata/rfc-sections.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table := map[string]map[string]bool{}
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		fields := strings.Fields(scanner.Text())
		known := map[string]bool{}
		for _, section := range fields[1:] {
			known[section] = true
		}
		table[fields[0]] = known
	}
	return table
}

var citation = regexp.MustCompile(`RFC (\d{3,5}) §([0-9A-Z]+(?:\.[0-9]+)*)((?:, §[0-9A-Z]+(?:\.[0-9]+)*)*)`)

// The aim: a section that the code cites as its reason exists.
func TestCitedSectionsExist(t *testing.T) {
	table := sections(t)
	count := 0
	for _, file := range files(t) {
		for _, group := range file.Syntax.Comments {
			text := strings.Join(strings.Fields(group.Text()), " ")
			for _, match := range citation.FindAllStringSubmatch(text, -1) {
				known, ok := table[match[1]]
				if !ok {
					continue // a document the table does not have
				}
				more := strings.Split(strings.ReplaceAll(match[3], " ", ""), ",§")
				for _, section := range append([]string{match[2]}, more[1:]...) {
					count++
					if !known[section] {
						t.Errorf("%s cites RFC %s §%s, which does not exist", file.Set.Position(group.Pos()), match[1], section)
					}
				}
			}
		}
	}
	if count == 0 {
		t.Error("no citation was found; the search is broken")
	}
}
