package transcript

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/testdata/transcripts"
)

var update = flag.Bool("update", false, "write docs/transcript-coverage.md anew")

// coverageFile lists each demand with the cases that exercise it.
const coverageFile = "../../docs/transcript-coverage.md"

func load(t *testing.T) Library {
	t.Helper()
	library, err := Load(transcripts.Files)
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// said is everything that the cases say and expect, with where.
type said struct {
	path string
	line string // "C SELECT box", or an S line written out for one dialect
	sent bool
}

func everythingSaid(library Library) []said {
	var out []said
	for _, c := range library.Cases {
		for _, st := range c.steps {
			if st.verb != "wait" && st.text != "" {
				text := st.text
				if st.verb == "R" { // the tag is the writer's
					_, text, _ = strings.Cut(text, " ")
				}
				out = append(out, said{c.Path, strings.ToUpper(text), true})
			}
			for _, e := range st.expects {
				for _, d := range Dialects {
					r := &caseRun{c: c, dialect: d, vars: variables{}}
					if text, err := r.translate(e); err == nil && e.when.holds(d) && c.Runs(d) && e.kind != mustNotCome {
						out = append(out, said{c.Path, strings.ToUpper(text), false})
					}
				}
			}
		}
	}
	return out
}

// covering returns the cases in which the demand is met by a line.
func (d demand) covering(all []said) []string {
	re := regexp.MustCompile(d.expression())
	var out []string
	for _, s := range all {
		if s.sent == d.kind.sent() && re.MatchString(s.line) && !slices.Contains(out, s.path) {
			out = append(out, s.path)
		}
	}
	return out
}

// expression finds the demand in an upper-case line.
func (d demand) expression() string {
	name := regexp.QuoteMeta(strings.ToUpper(d.name))
	word := `.*[ (]` + name
	switch d.kind {
	case command:
		return `^` + name + `(?: |\\R|$)`
	case response:
		return `(?:^|[*] |[*] (?:[0-9]+|<[^>]*>|\$\w+) |\|)` + name + `(?:\||\[| |$)`
	case code:
		return `\[(?:<ONE-OF [^>]*\b)?` + name + `[ \]|>]`
	case fetchItem:
		return `FETCH` + word
	case convertItem:
		return `CONVERT .*[ (]` + name
	case searchKey:
		return `SEARCH` + word + `(?:[ )]|$)`
	case statusItem:
		return `STATUS` + word + `(?:[ )]|$)`
	case listOption:
		return `LIST` + word + `(?:[ )]|$)`
	case attribute:
		return `^[*] (?:LIST|LSUB|FLAGS|\S+ FETCH) .*` + name
	}
	return `$.`
}

// The aim: every command, response and word of RFC 9051 is exercised by a
// case, or the table says why no case can.
func TestCoverage(t *testing.T) {
	library := load(t)
	all := everythingSaid(library)
	var b strings.Builder
	b.WriteString("# What the cases cover\n\nWritten by `go test ./internal/transcript -run TestCoverage -update`. Every command, response and word of RFC 9051\n(and of rev1, CONDSTORE and QRESYNC, which Restante has from the start), and the cases that exercise it.\n\n")
	kind := kind(-1)
	for _, d := range demands {
		if d.kind != kind {
			kind = d.kind
			fmt.Fprintf(&b, "\n## %s\n\n| | source | cases |\n|---|---|---|\n", kindTitles[kind])
		}
		cases := d.covering(all)
		switch {
		case len(cases) == 0 && d.why == "":
			t.Errorf("no case exercises %s (%s)", d.name, d.source)
		case len(cases) > 0 && d.why != "":
			t.Errorf("%s is exercised by %s, though it is said: %s", d.name, cases[0], d.why)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", d.name, d.source, cell(cases, d.why))
	}
	if *update {
		if err := os.WriteFile(coverageFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	checkCoverageFile(t, library)
}

// checkCoverageFile holds the written list to the demands and the cases that
// there are; it does not break with every new case.
func checkCoverageFile(t *testing.T, library Library) {
	t.Helper()
	written, err := os.ReadFile(coverageFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range demands {
		if !strings.Contains(string(written), "| `"+d.name+"` |") {
			t.Errorf("docs/transcript-coverage.md does not know %s; run this test with -update", d.name)
		}
	}
	for _, path := range regexp.MustCompile(`[a-z0-9]+/[a-z0-9-]+`).FindAllString(string(written), -1) {
		if !slices.ContainsFunc(library.Cases, func(c *Case) bool { return c.Path == path }) && !strings.HasPrefix(path, "internal/") {
			t.Errorf("docs/transcript-coverage.md names %s, which is no case; run this test with -update", path)
		}
	}
}

// cell names at most four cases, and does not count the others, so that the
// file does not change with every case that is added.
func cell(cases []string, why string) string {
	const shown = 4
	if len(cases) == 0 {
		return "none: " + why
	}
	if len(cases) > shown {
		return strings.Join(cases[:shown], ", ") + " and others"
	}
	return strings.Join(cases, ", ")
}
