package message

import (
	"cmp"
	"io"
	"slices"
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
	for _, part := range s.previewParts() {
		text, err := io.ReadAll(io.LimitReader(part.TextReader(r), previewScanMax))
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

// PreviewText makes a preview of text. There is none of what is encrypted
// (RFC 8970 §3.2).
func PreviewText(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "-----BEGIN PGP MESSAGE-----") {
		return ""
	}
	text = strings.Map(withoutPadding, text)
	if own := collapse(text, true); own != "" {
		return own
	}
	return collapse(text, false)
}

// withoutPadding drops characters that show nothing, with which HTML mail fills
// its preview up, and a byte order mark. Joiners
// and marks of direction stay within words, where some scripts need them.
func withoutPadding(c rune) rune {
	switch c {
	case '\u00ad', '\u034f', '\u061c', '\u180e', '\u200b', '\u2060', '\ufeff', '\u3164', '\uffa0':
		return -1
	case '\u2007', '\u2800':
		return ' '
	}
	return c
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
			if strings.Trim(word, "\u200c\u200d\u200e\u200f") == "" {
				continue
			}
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
