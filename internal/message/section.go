package message

// SectionText says what of a message or part a body section names
// (RFC 9051 §6.4.5, section-text and section-part).
type SectionText uint8

// The texts of a section. HEADER.FIELDS and HEADER.FIELDS.NOT are
// SectionHeader passed through FilterHeader.
const (
	SectionAll    SectionText = iota // BODY[] or BODY[1.2]: everything; of a part, its body
	SectionHeader                    // HEADER: the header of a message, with its blank line
	SectionBody                      // TEXT: a message without its header
	SectionMIME                      // MIME: the header of a part, with its blank line
)

// Part returns the part that a part number such as 1.2 names, and nil where
// there is none. Every message has a part 1: of a message that is no multipart
// that is its root. The parts of an embedded message are numbered as if it
// stood alone (RFC 9051 §6.4.5). An empty path names the root.
func (s *Structure) Part(path []uint32) *Part {
	part, fresh := &s.Root, true // fresh: part is the root of a message, not yet numbered
	for _, n := range path {
		if !fresh && part.Message != nil {
			part, fresh = &part.Message.Root, true
		}
		switch {
		case part.IsMultipart():
			if n == 0 || uint64(n) > uint64(len(part.Parts)) {
				return nil
			}
			part = &part.Parts[n-1]
		case !fresh || n != 1:
			return nil
		}
		fresh = false
	}
	return part
}

// Section returns the octets that a body section names, and false where the
// message has no such section: no such part, HEADER or TEXT of a part that is
// no embedded message, or MIME without a part number.
func (s *Structure) Section(path []uint32, text SectionText) (Span, bool) {
	part := s.Part(path)
	if part == nil {
		return Span{}, false
	}
	if len(path) == 0 {
		return s.wholeSection(text)
	}
	switch text {
	case SectionAll:
		return part.Body, true
	case SectionMIME:
		return part.Header, true
	}
	if part.Message == nil {
		return Span{}, false
	}
	return part.Message.wholeSection(text)
}

// wholeSection returns a section of the message itself.
func (s *Structure) wholeSection(text SectionText) (Span, bool) {
	switch text {
	case SectionAll:
		return Span{s.Root.Header.Start, s.Root.Body.End}, true
	case SectionHeader:
		return s.Root.Header, true
	case SectionBody:
		return s.Root.Body, true
	}
	return Span{}, false
}

// Walk calls visit with each part of the message in order, the root first, and
// with its part number as RFC 9051 §6.4.5 counts: nil for the root of a
// multipart, 1 for the root of any other message. A root of an embedded
// multipart has the number of the part that embeds it. visit returns false to
// pass over what the part contains; the path is reused.
func (s *Structure) Walk(visit func(path []uint32, part *Part) bool) {
	s.walk(make([]uint32, 0, 8), visit)
}

func (s *Structure) walk(path []uint32, visit func([]uint32, *Part) bool) {
	if !s.Root.IsMultipart() {
		path = append(path, 1)
	}
	s.Root.walk(path, visit)
}

func (p *Part) walk(path []uint32, visit func([]uint32, *Part) bool) {
	if !visit(path, p) {
		return
	}
	for i := range p.Parts {
		p.Parts[i].walk(append(path, uint32(i+1)), visit)
	}
	if p.Message != nil {
		p.Message.walk(path, visit)
	}
}
