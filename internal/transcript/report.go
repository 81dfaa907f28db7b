package transcript

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// SectionResult counts the outcomes of the cases that cover one section.
type SectionResult struct {
	Section    string   `json:"section"`
	Passed     int      `json:"passed"`
	Failed     int      `json:"failed"`
	NotOffered int      `json:"notOffered"`
	Failures   []string `json:"failures,omitempty"` // "fetch/flags (rev1)"
}

// Report is what conform tells about a server.
type Report struct {
	Address    string          `json:"address"`
	Cases      int             `json:"cases"`
	Passed     int             `json:"passed"`
	Failed     int             `json:"failed"`
	NotOffered int             `json:"notOffered"`
	RFCs       []SectionResult `json:"rfcs"` // each document as a whole
	Sections   []SectionResult `json:"sections"`
	Failures   []FailureReport `json:"failures"`
	// Missing says why runs were not played: how many lack a capability, among
	// perhaps others, or stopped for the reason that stands there.
	Missing map[string]int `json:"missing"`
	Runs    []RunReport    `json:"runs"` // every one, for programs
}

// RunReport is what became of one case in one dialect.
type RunReport struct {
	Case    string  `json:"case"`
	Dialect string  `json:"dialect"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"` // where it did not pass
}

// FailureReport is one failed case for people.
type FailureReport struct {
	Case    string   `json:"case"`
	Title   string   `json:"title"`
	Dialect string   `json:"dialect"`
	Covers  []string `json:"covers"`
	Reason  string   `json:"reason"`
	Wire    string   `json:"wire"`
}

// NewReport sorts outcomes by the sections of the RFCs.
func NewReport(address string, outcomes []Outcome) *Report {
	r := &Report{Address: address, Missing: map[string]int{}}
	sections, documents := map[string]*SectionResult{}, map[string]*SectionResult{}
	cases := map[*Case]bool{}
	for _, o := range outcomes {
		if o.Case == nil {
			continue // the run was stopped before it
		}
		cases[o.Case] = true
		r.count(o)
		seen := map[string]bool{}
		for _, name := range o.Case.Covers {
			countIn(sections, name, o)
			if document := documentOf(name); !seen[document] {
				seen[document] = true
				countIn(documents, document, o)
			}
		}
	}
	r.Cases = len(cases)
	r.Sections, r.RFCs = byPlace(sections), byPlace(documents)
	return r
}

// documentOf is the document of a section: "RFC 9051".
func documentOf(section string) string {
	document, _, _ := strings.Cut(section, " §")
	return document
}

func countIn(results map[string]*SectionResult, name string, o Outcome) {
	result := results[name]
	if result == nil {
		result = &SectionResult{Section: name}
		results[name] = result
	}
	result.count(o)
}

func byPlace(results map[string]*SectionResult) []SectionResult {
	var out []SectionResult
	for _, result := range results {
		out = append(out, *result)
	}
	slices.SortFunc(out, func(a, b SectionResult) int { return compareSections(a.Section, b.Section) })
	return out
}

func (r *Report) count(o Outcome) {
	r.Runs = append(r.Runs, RunReport{o.Case.Path, o.Dialect.Name, o.Verdict, o.Reason})
	switch o.Verdict {
	case Passed:
		r.Passed++
	case NotOffered:
		r.NotOffered++
		if len(o.Missing) == 0 {
			r.Missing[o.Reason]++
		}
		for _, capability := range o.Missing {
			r.Missing[capability]++
		}
	case Failed:
		r.Failed++
		r.Failures = append(r.Failures, FailureReport{
			Case: o.Case.Path, Title: o.Case.Title, Dialect: o.Dialect.Name,
			Covers: o.Case.Covers, Reason: o.Reason, Wire: o.Wire,
		})
	}
}

func (s *SectionResult) count(o Outcome) {
	switch o.Verdict {
	case Passed:
		s.Passed++
	case NotOffered:
		s.NotOffered++
	case Failed:
		s.Failed++
		s.Failures = append(s.Failures, fmt.Sprintf("%s (%s)", o.Case.Path, o.Dialect.Name))
	}
}

// compareSections sorts section 6.4.10 behind 6.4.9.
func compareSections(a, b string) int {
	split := func(text string) []string {
		return strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '.' || c == '§' })
	}
	return slices.CompareFunc(split(a), split(b), func(x, y string) int {
		n, errN := strconv.Atoi(x)
		m, errM := strconv.Atoi(y)
		if errN == nil && errM == nil {
			return cmp.Compare(n, m)
		}
		return cmp.Compare(x, y)
	})
}

// JSON writes the report for programs.
func (r *Report) JSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Text writes the report for people: failures first, then the sections.
func (r *Report) Text(out io.Writer) error {
	var b strings.Builder
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "FAILED %s (%s): %s\n    %s\n    %s\n", f.Case, f.Dialect, f.Title, strings.Join(f.Covers, ", "), f.Reason)
		fmt.Fprintf(&b, "    the last lines were:\n%s\n", f.Wire)
	}
	fmt.Fprintf(&b, "%-24s %7s %7s %12s\n", "section", "passed", "failed", "not offered")
	for _, document := range r.RFCs {
		document.write(&b, document.Section)
		for _, s := range r.Sections {
			if documentOf(s.Section) == document.Section && s.Section != document.Section {
				s.write(&b, "  "+strings.TrimPrefix(s.Section, document.Section+" "))
			}
		}
	}
	fmt.Fprintf(&b, "\n%s: %d cases; %d runs passed, %d failed, %d not offered\n", r.Address, r.Cases, r.Passed, r.Failed, r.NotOffered)
	if len(r.Missing) > 0 {
		b.WriteString("\nnot offered, by what a run lacks (it may lack several):\n")
	}
	for _, reason := range mostFirst(r.Missing) {
		fmt.Fprintf(&b, "%7d  %s\n", r.Missing[reason], reason)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// write writes one line of the table.
func (s *SectionResult) write(b *strings.Builder, name string) {
	fmt.Fprintf(b, "%-24s %7d %7d %12d", name, s.Passed, s.Failed, s.NotOffered)
	if len(s.Failures) > 0 && strings.HasPrefix(name, " ") {
		fmt.Fprintf(b, "   %s", strings.Join(s.Failures, ", "))
	}
	b.WriteByte('\n')
}

// mostFirst returns the keys, those of the highest counts first.
func mostFirst(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b))
	})
}
