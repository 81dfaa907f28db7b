package demands

import (
	"bufio"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Occurrences are the words MUST and MUST-NOT of one section, in order.
type Occurrences struct {
	Section string
	Words   []string
}

var (
	heading  = regexp.MustCompile(`^(?:Appendix )?([0-9A-Z]+(?:\.[0-9]+)*)\.?\s+\S`)
	pageLine = regexp.MustCompile(`^(?:RFC \d+ .*\d{4}|\S.*\[Page \d+\])$`)
	must     = regexp.MustCompile(`\bMUST\b(?:\s+(NOT)\b)?`)
)

// Count finds the words in the text of an RFC whose sections are known: a line
// that begins like a heading with another number is none.
func Count(text io.Reader, sections []string) ([]Occurrences, error) {
	var found []Occurrences
	section, body := "", strings.Builder{}
	close := func() {
		var words []string
		for _, match := range must.FindAllStringSubmatch(body.String(), -1) {
			word := "MUST"
			if match[1] != "" {
				word = "MUST-NOT"
			}
			words = append(words, word)
		}
		if section != "" && len(words) > 0 {
			found = append(found, Occurrences{section, words})
		}
		body.Reset()
	}
	scanner := bufio.NewScanner(text)
	for scanner.Scan() {
		line := strings.Trim(scanner.Text(), "\f")
		if pageLine.MatchString(line) {
			continue
		}
		match := heading.FindStringSubmatch(line)
		if match != nil && slices.Contains(sections, match[1]) {
			close()
			section = match[1]
		}
		body.WriteString(line)
		body.WriteByte('\n')
	}
	close()
	return found, scanner.Err()
}
