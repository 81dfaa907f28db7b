package message

import (
	"io"
	"strings"
)

// Parse reads the message of size octets in r and describes it. There is a
// structure for every message; the error is a failure of r, and the structure
// then describes what could be read. Memory is bounded whatever the size.
func Parse(r io.ReaderAt, size int64) (*Structure, error) {
	p := parser{s: newScanner(r, size, windowSize)}
	return p.parse(), p.s.err
}

// ParseBytes describes the message b. The structure does not refer to b.
func ParseBytes(b []byte) *Structure {
	p := parser{s: newBytesScanner(b)}
	return p.parse()
}

// parser walks a message once, recursively by part. A body ends where the
// innermost enclosing multipart, or one around it, has a delimiter line.
type parser struct {
	s          *scanner
	boundaries []string // of the open multiparts, outermost first
	parts      int      // leaves and branches so far
	kept       int      // octets of header fields kept so far
	field      []byte   // the field being read, unfolded
	eightBit   bool     // an octet above 127 was met in a header
}

// delimiter says why a part ended.
type delimiter struct {
	level   int   // index in boundaries of the multipart whose line it is; noDelimiter, endOfMessage
	closing bool  // "--boundary--"
	start   int64 // of the line; the size at the end of the message
	content int64 // where what precedes it ends: the line end before the line belongs to it
	lines   int64 // line ends before start
}

const (
	endOfMessage = -1
	noDelimiter  = -2
)

func (p *parser) parse() *Structure {
	s := new(Structure)
	p.message(s, 0, false)
	s.Size = s.Root.Body.End
	s.EightBitHeader = p.eightBit
	return s
}

// message reads a message with its header up to the delimiter that ends it.
func (p *parser) message(s *Structure, depth int, inDigest bool) delimiter {
	p.parts++
	start := p.s.offset()
	d := p.part(&s.Root, s, depth, inDigest)
	s.Envelope.setDefaults()
	s.Size = s.Root.Body.End - start
	return d
}

// setDefaults applies RFC 9051 §7.5.2: an absent or empty Sender or Reply-To
// is that of From.
func (e *Envelope) setDefaults() {
	if len(e.Sender) == 0 {
		e.Sender = e.From
	}
	if len(e.ReplyTo) == 0 {
		e.ReplyTo = e.From
	}
}

// part reads one part, header and body. envelope is nil unless the part is the
// root of a message.
func (p *parser) part(part *Part, envelope *Structure, depth int, inDigest bool) delimiter {
	d := p.header(part, envelope, inDigest)
	part.Body.Start = part.Header.End
	linesBefore := p.s.lines
	switch {
	case d.level != noDelimiter:
		linesBefore = d.lines
	case part.IsMultipart() && depth < depthMax:
		d = p.multipart(part, depth)
	case part.IsMessage() && depth < depthMax:
		part.Message = new(Structure)
		d = p.message(part.Message, depth+1, false)
	default:
		d = p.body()
	}
	part.end(d, linesBefore)
	return d
}

// end sets where the part's body ends, and counts its lines. A body never ends
// before it or its last child starts: the line end before a boundary may be
// the one that ended a header.
func (part *Part) end(d delimiter, linesBefore int64) {
	part.Body.End = max(d.content, part.Body.Start)
	if n := len(part.Parts); n > 0 {
		part.Body.End = max(part.Body.End, part.Parts[n-1].Body.End)
	}
	if part.Message != nil {
		part.Body.End = max(part.Body.End, part.Message.Root.Body.End)
	}
	if part.IsText() || part.IsMessage() {
		part.Lines = d.lines - linesBefore
		if part.Body.End < d.start {
			part.Lines = max(part.Lines-1, 0)
		}
	}
	part.complete()
}

// complete keeps the promise that a multipart has a part and an embedded
// message a Message, where the message itself has none or a limit was met: one
// leaf covers the body, so that no octet is out of reach. Without a boundary
// the body is the text that a person would see.
func (part *Part) complete() {
	leaf := Part{
		Header: Span{part.Body.Start, part.Body.Start}, Body: part.Body,
		Type: "text", Subtype: "plain", Params: defaultParams, Encoding: "7bit",
	}
	switch {
	case part.IsMultipart() && len(part.Parts) == 0:
		part.Parts = []Part{leaf}
	case part.IsMessage() && part.Message == nil:
		part.Message = &Structure{Size: part.Body.Len(), Root: leaf}
	}
}

// multipart reads the body of a multipart: preamble, parts, epilogue.
func (p *parser) multipart(part *Part, depth int) delimiter {
	boundary := strings.TrimRight(param(part.Params, "boundary"), " \t")
	if boundary == "" || len(boundary) > boundaryMax {
		return p.body()
	}
	level := len(p.boundaries)
	p.boundaries = append(p.boundaries, boundary)
	d := p.body()
	for d.level == level && !d.closing {
		p.parts++
		child := Part{Header: Span{Start: p.s.offset()}}
		d = p.part(&child, nil, depth+1, part.Subtype == "digest")
		part.Parts = append(part.Parts, child)
	}
	p.boundaries = p.boundaries[:level]
	if d.level == level {
		d = p.body() // the epilogue
	}
	return d
}

// body consumes everything up to and including the next delimiter line of an
// open multipart, or to the end of the message.
func (p *parser) body() delimiter {
	s := p.s
	if len(p.boundaries) == 0 {
		s.finish()
		return p.atEnd()
	}
	for atStart := true; s.dashes(atStart); atStart = false {
		if d, found := p.delimiter(); found {
			p.finishLine()
			return d
		}
		s.skip(2)
	}
	return p.atEnd()
}

// finishLine consumes the rest of a line.
func (p *parser) finishLine() {
	for whole := false; !whole; {
		var line []byte
		if line, whole = p.s.line(); len(line) == 0 {
			return
		}
	}
}

func (p *parser) atEnd() delimiter {
	end := p.s.offset()
	return delimiter{level: endOfMessage, start: end, content: end, lines: p.s.lines}
}

// delimiter tells whether the line at the position, which begins with "--", is
// a delimiter of an open multipart. The line need only begin with the boundary
// (RFC 2046 §5.1.1); of several that fit the longest is meant, and of equal
// ones the innermost.
func (p *parser) delimiter() (delimiter, bool) {
	p.s.ensure(boundaryMax + 4)
	line := p.s.rest()[2:]
	level, length := noDelimiter, 0
	for i := len(p.boundaries) - 1; i >= 0; i-- {
		b := p.boundaries[i]
		if len(b) > length && len(line) >= len(b) && string(line[:len(b)]) == b {
			level, length = i, len(b)
		}
	}
	if level == noDelimiter {
		return delimiter{}, false
	}
	line = line[length:]
	closing := len(line) >= 2 && line[0] == '-' && line[1] == '-'
	if !closing && p.parts >= partsMax {
		return delimiter{}, false
	}
	start := p.s.offset()
	return delimiter{
		level: level, closing: closing, lines: p.s.lines,
		start: start, content: start - p.s.lineEndBefore(),
	}, true
}
