package conform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/restante/restante/internal/transcript"
)

// supportOf writes docs/rfc-support.md: every row of the registry with the
// cases that prove it, and every document with its sections, from what the
// cases say and from what became of them. advertised are the capabilities that
// the server, or one of its variants, offers.
func supportOf(outcomes []transcript.Outcome, advertised []string) string {
	var b strings.Builder
	b.WriteString("# What the server supports, and what proves it\n\nWritten from a run of the cases against the server itself by `go test ./internal/conform -update`, never by hand.\nA case is played in every dialect that it does not exclude; a row or a section is proved when all of its runs passed.\n\n## IANA's registry of IMAP capabilities\n\n| capability | RFC | state | cases | topics |\n|---|---|---|---|---|\n")
	for _, r := range registry {
		p := r.provedBy(outcomes)
		state := r.state
		switch {
		case state != "":
		case !r.isOffered(advertised):
			state = notOffered
		case p.failed > 0 || len(p.cases) == 0:
			state = notProved
		default:
			state = "offered, proved"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %s |\n", r.name, r.rfc, state, len(p.cases), strings.Join(p.topics(), ", "))
	}
	b.WriteString("\n## Documents and their sections\n\n| RFC | cases | sections with cases |\n|---|---|---|\n")
	for _, d := range documentsIn(outcomes) {
		fmt.Fprintf(&b, "| %s | %d | %s |\n", d.name, len(d.cases), strings.Join(d.sections, ", "))
	}
	return b.String()
}

// isOffered reports whether a capability of the row is among those advertised.
func (r *row) isOffered(advertised []string) bool {
	return slices.ContainsFunc(advertised, func(name string) bool {
		if prefix, open := strings.CutSuffix(r.name, "="); open {
			return strings.HasPrefix(strings.ToUpper(name), prefix+"=")
		}
		return strings.EqualFold(name, r.name) || strings.HasPrefix(strings.ToUpper(name), r.name+"=") && (r.name == "THREAD" || r.name == "APPENDLIMIT")
	})
}

// proof is what the cases say of one row.
type proof struct {
	cases  map[string]bool
	failed int
}

func (r *row) provedBy(outcomes []transcript.Outcome) proof {
	p := proof{cases: map[string]bool{}}
	for _, o := range outcomes {
		if o.Case == nil || !r.isProvedIn(o.Case) {
			continue
		}
		switch o.Verdict {
		case transcript.Passed:
			p.cases[o.Case.Path] = true
		case transcript.Failed:
			p.failed++
		}
	}
	return p
}

// isProvedIn reports whether a case is about the row: it needs the capability,
// or covers a section of it.
func (r *row) isProvedIn(c *transcript.Case) bool {
	for _, need := range c.Needs {
		if strings.EqualFold(need, r.name) || strings.HasSuffix(r.name, "=") && strings.HasPrefix(strings.ToUpper(need), r.name) {
			return true
		}
	}
	return slices.ContainsFunc(c.Covers, func(section string) bool {
		return slices.ContainsFunc(r.proof, func(prefix string) bool {
			rest, ok := strings.CutPrefix(section, prefix)
			return ok && (rest == "" || rest[0] == ' ' || rest[0] == '.')
		})
	})
}

// topics are the folders of the cases.
func (p *proof) topics() []string {
	var topics []string
	for path := range p.cases {
		topic, _, _ := strings.Cut(path, "/")
		if !slices.Contains(topics, topic) {
			topics = append(topics, topic)
		}
	}
	slices.Sort(topics)
	return topics
}

// document is an RFC and where cases cover it.
type document struct {
	name     string
	cases    map[string]bool
	sections []string
}

func documentsIn(outcomes []transcript.Outcome) []*document {
	report := transcript.NewReport("", outcomes)
	var documents []*document
	for _, whole := range report.RFCs {
		d := &document{name: whole.Section, cases: map[string]bool{}}
		for _, s := range report.Sections {
			if name, section, _ := strings.Cut(s.Section, " §"); name == d.name && section != "" && s.Passed > 0 {
				d.sections = append(d.sections, "§"+section)
			}
		}
		for _, o := range outcomes {
			covers := func(section string) bool { return section == d.name || strings.HasPrefix(section, d.name+" ") }
			if o.Case != nil && o.Verdict == transcript.Passed && slices.ContainsFunc(o.Case.Covers, covers) {
				d.cases[o.Case.Path] = true
			}
		}
		if len(d.cases) > 0 {
			documents = append(documents, d)
		}
	}
	return documents
}
