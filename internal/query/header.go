package query

import (
	"io"
	"strings"

	"github.com/restante/restante/internal/message"
)

// headerMax is how many octets of one header are searched: as many as the
// parser of messages reads for fields.
const headerMax = 1 << 20

// Header matches messages with a field of that name whose decoded text contains
// the pattern; the empty pattern matches any such field (RFC 9051 §6.4.4).
type Header struct {
	Field   string
	Pattern Pattern
}

// Tier implements Key.
func (Header) Tier() Tier { return TierHeader }

// Match implements Key. Fields that the envelope holds are answered from it
// where it can tell.
func (k Header) Match(c *Candidate, tier Tier) (Verdict, error) {
	if tier < TierStructure {
		return Unknown, nil
	}
	s, err := c.loadStructure()
	if err != nil {
		return Unknown, err
	}
	if v := k.matchCached(c, s); v != Unknown || tier < TierHeader {
		return v, nil
	}
	header, err := c.header(s.Root.Header)
	if err != nil {
		return Unknown, err
	}
	for f := range message.Fields(header) {
		if !strings.EqualFold(string(f.Name), k.Field) {
			continue
		}
		c.scratch.text = message.Unfold(c.scratch.text[:0], f.Value)
		if c.scratch.containsText(k.Pattern, message.DecodeWords(string(c.scratch.text))) {
			return Yes, nil
		}
	}
	return No, nil
}

// matchCached answers from the envelope. It holds the first of several fields
// of a name, and addresses in another form than the header: what it has not is
// not known.
func (k Header) matchCached(c *Candidate, s *message.Structure) Verdict {
	e := &s.Envelope
	switch strings.ToLower(k.Field) {
	case "subject":
		return k.matchOptional(c, s, e.Subject)
	case "message-id":
		return k.matchOptional(c, s, e.MessageID)
	case "in-reply-to":
		return k.matchOptional(c, s, e.InReplyTo)
	case "date":
		return k.matchOptional(c, s, e.Date)
	case "from":
		return k.matchPresent(len(e.From) > 0)
	case "to":
		return k.matchPresent(len(e.To) > 0)
	case "cc":
		return k.matchPresent(len(e.Cc) > 0)
	case "bcc":
		return k.matchPresent(len(e.Bcc) > 0)
	case "references":
		return k.matchPresent(len(s.References) > 0)
	}
	return Unknown
}

func (k Header) matchPresent(present bool) Verdict {
	if present && k.Pattern.Empty() {
		return Yes
	}
	return Unknown
}

func (k Header) matchOptional(c *Candidate, s *message.Structure, field message.Optional) Verdict {
	switch {
	case !field.Present:
		return No
	case c.scratch.containsText(k.Pattern, message.DecodeWords(field.Text)):
		return Yes
	case s.Repeated:
		return Unknown
	}
	return No
}

// header reads a header into the scratch.
func (c *Candidate) header(span message.Span) ([]byte, error) {
	r, err := c.loadContent()
	if err != nil {
		return nil, err
	}
	n := int(min(span.Len(), headerMax))
	if cap(c.scratch.header) < n {
		c.scratch.header = make([]byte, n)
	}
	b := c.scratch.header[:n]
	if read, err := r.ReadAt(b, span.Start); read < n {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return b, nil
}
