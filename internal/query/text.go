package query

import (
	"io"

	"github.com/restante/restante/internal/message"
)

// Text matches messages that have the pattern in their decoded text: BODY. With
// Headers it looks into the message header and the headers of all parts as
// well: TEXT (RFC 9051 §6.4.4). Parts of other types than text and message are
// not looked at, as that section allows; HTML counts as what it shows.
type Text struct {
	Pattern Pattern
	Headers bool
}

// Tier implements Key.
func (Text) Tier() Tier { return TierText }

// Match implements Key.
func (k Text) Match(c *Candidate, tier Tier) (Verdict, error) {
	if k.Pattern.Empty() {
		return Yes, nil
	}
	if tier < TierText {
		return Unknown, nil
	}
	s, err := c.loadStructure()
	if err != nil {
		return Unknown, err
	}
	r, err := c.loadContent()
	if err != nil {
		return Unknown, err
	}
	search := textSearch{Text: k, candidate: c, content: r}
	search.message(s)
	return verdictOf(search.found), search.err
}

// textSearch walks the parts of a message until the pattern is found.
type textSearch struct {
	Text
	candidate *Candidate
	content   io.ReaderAt
	found     bool
	err       error
}

func (t *textSearch) message(s *message.Structure) {
	t.part(&s.Root)
}

func (t *textSearch) part(p *message.Part) {
	if t.Headers {
		t.header(p.Header)
	}
	switch {
	case t.found || t.err != nil:
	case p.Message != nil:
		t.message(p.Message)
	case p.IsMultipart():
		for i := range p.Parts {
			t.part(&p.Parts[i])
		}
	case p.Type == "text" || p.Type == "message":
		t.found, t.err = t.candidate.scratch.containsStream(t.Pattern, p.TextReader(t.content))
	}
}

// header looks through the fields of one header, each as "name: text".
func (t *textSearch) header(span message.Span) {
	if t.found || t.err != nil || span.Len() == 0 {
		return
	}
	header, err := t.candidate.header(span)
	if err != nil {
		t.err = err
		return
	}
	s := t.candidate.scratch
	for f := range message.Fields(header) {
		s.text = append(append(s.text[:0], f.Name...), ": "...)
		s.text = message.Unfold(s.text, f.Value)
		if s.containsText(t.Pattern, message.DecodeWords(string(s.text))) {
			t.found = true
			return
		}
	}
}
