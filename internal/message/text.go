package message

import (
	"io"
	"strings"
	"unicode/utf8"
)

// TextReader returns the text of a part in UTF-8, out of the whole message r:
// transfer encoding and charset decoded, HTML reduced to what it shows. An
// encoding that nobody knows is passed through.
func (p *Part) TextReader(r io.ReaderAt) io.Reader {
	body, err := p.OpenDecoded(r)
	if err != nil {
		body = p.Open(r)
	}
	text := NewCharsetReader(body, p.Charset())
	if p.Subtype == "html" {
		return NewHTMLTextReader(text)
	}
	return text
}

// Preview returns the beginning of the message's text, at most 200 characters
// on one line (RFC 8970 §3.1), out of the whole message r. Quoted lines are
// passed over as long as there is other text. It is "" for a message without
// text.
func (s *Structure) Preview(r io.ReaderAt) string {
	part := s.previewPart()
	if part == nil {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(part.TextReader(r), previewScanMax))
	if err != nil && len(text) == 0 {
		return ""
	}
	return PreviewText(string(text))
}

// previewPart returns the text that stands for the message: the first plain
// text that is no attachment, or else the first HTML text.
func (s *Structure) previewPart() *Part {
	var plain, rich *Part
	s.Root.visitText(func(p *Part) bool {
		switch {
		case p.Disposition == "attachment" || p.Body.Len() == 0:
		case p.Subtype == "html" && rich == nil:
			rich = p
		case p.Subtype != "html":
			plain = p
		}
		return plain == nil
	})
	if plain != nil {
		return plain
	}
	return rich
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

// PreviewText makes a preview of text.
func PreviewText(text string) string {
	if own := collapse(text, true); own != "" {
		return own
	}
	return collapse(text, false)
}

// collapse joins the words of text with single spaces up to the limit. With
// skipQuotes it leaves out quoted lines, and stops at a signature
// (RFC 3676 §4.3).
func collapse(text string, skipQuotes bool) string {
	var b strings.Builder
	length := 0
	for line := range strings.Lines(text) {
		if skipQuotes {
			if strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") {
				continue
			}
			if strings.TrimRight(line, "\r\n") == "-- " && length > 0 {
				break
			}
		}
		for word := range strings.FieldsSeq(line) {
			if length > 0 {
				if length++; length >= previewMax {
					return b.String()
				}
				b.WriteByte(' ')
			}
			for _, c := range strings.ToValidUTF8(word, string(utf8.RuneError)) {
				if c < ' ' || c == 127 {
					continue
				}
				if length == previewMax {
					return b.String()
				}
				length++
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}
