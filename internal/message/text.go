package message

import (
	"bufio"
	"cmp"
	"io"
	"slices"
)

// TextReader returns the text of a part in UTF-8, out of the whole message r:
// transfer encoding and charset decoded, HTML reduced to what it shows. An
// encoding that nobody knows is passed through.
func (p *Part) TextReader(r io.ReaderAt) io.Reader {
	return p.textReader(r, false)
}

// textReader is TextReader; quotes of HTML are marked as in plain text if that is
// wanted.
func (p *Part) textReader(r io.ReaderAt, marks bool) io.Reader {
	body, err := p.OpenDecoded(r)
	if err != nil {
		body = p.Open(r)
	}
	charset := p.Charset()
	if p.Subtype != "html" {
		return NewCharsetReader(body, charset)
	}
	if charset == "" {
		in := bufio.NewReaderSize(body, documentScan)
		document, _ := in.Peek(documentScan)
		charset, body = DocumentCharset(document), in
	}
	html := newHTMLReader(NewCharsetReader(body, charset))
	html.marks = marks
	return html
}

// Preview returns the beginning of the message's text, at most 200 characters
// on one line (RFC 8970 §3.1), out of the whole message r. Quoted lines are
// passed over as long as there is other text. It is "" for a message without
// text.
func (s *Structure) Preview(r io.ReaderAt) string {
	for _, part := range s.previewParts() {
		text, err := io.ReadAll(io.LimitReader(part.textReader(r, true), previewScanMax))
		if err != nil && len(text) == 0 {
			continue
		}
		if preview := PreviewText(string(text)); preview != "" {
			return preview
		}
	}
	return ""
}

// previewParts returns the texts that may stand for the message, the best first:
// plain text, HTML, and any other text, of each the first that is no attachment.
// Some senders leave the plain text of an alternative blank.
func (s *Structure) previewParts() []*Part {
	var plain, rich, other *Part
	s.Root.visitText(func(p *Part) bool {
		switch {
		case p.Disposition == "attachment" || p.Body.Len() == 0:
		case p.Subtype == "plain":
			plain = cmp.Or(plain, p)
		case p.Subtype == "html":
			rich = cmp.Or(rich, p)
		default:
			other = cmp.Or(other, p)
		}
		return true
	})
	return slices.DeleteFunc([]*Part{plain, rich, other}, func(p *Part) bool { return p == nil })
}

// visitText calls visit with each text part of the message itself, not of those
// embedded in it, until it returns false.
func (p *Part) visitText(visit func(*Part) bool) bool {
	if p.IsText() {
		return visit(p)
	}
	for i := range p.Parts {
		if !p.Parts[i].visitText(visit) {
			return false
		}
	}
	return true
}
