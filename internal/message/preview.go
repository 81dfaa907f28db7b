package message

import (
	"strings"
	"unicode/utf8"
)

// PreviewText makes a preview of text. There is none of what is encrypted
// (RFC 8970 §3.2).
func PreviewText(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "-----BEGIN PGP MESSAGE-----") {
		return ""
	}
	text = signedText(strings.Map(withoutPadding, text))
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

// collapse joins the words of text with single spaces up to the limit, without those
// that only draw a line. With own it leaves out what others wrote: quoted lines with
// what introduces them, and what follows a signature's or a forwarded message's mark.
func collapse(text string, own bool) string {
	var b strings.Builder
	length := 0
	if own {
		text = ownText(text)
	}
	for line := range strings.Lines(text) {
		for word := range strings.FieldsSeq(line) {
			if strings.Trim(word, "\u200c\u200d\u200e\u200f") == "" || isRule(word) {
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
					return strings.TrimRight(b.String(), "\u200d") // nothing to join it with is left
				}
				length++
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

// ruleMin is how many marks draw a line.
const ruleMin = 4

// isRule reports whether a word is there to draw a line.
func isRule(word string) bool {
	return len(word) >= ruleMin && strings.Trim(word, "-=_*~#+.\u2500\u2501\u2014\u2015\u2022\u00b7") == ""
}

// signedText returns what is signed of a message that is signed in its text, and
// other text as it is.
func signedText(text string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "-----BEGIN PGP SIGNED MESSAGE-----")
	if !ok {
		return text
	}
	for line := range strings.Lines(rest) { // its header, such as Hash
		rest = rest[len(line):]
		if line = strings.TrimSpace(line); line == "" && !strings.HasPrefix(strings.TrimSpace(rest), "Hash:") {
			break
		}
	}
	rest, _, _ = strings.Cut(rest, "-----BEGIN PGP SIGNATURE-----")
	return rest
}

// ownText returns the lines of text that its sender wrote.
func ownText(text string) string {
	var lines []string
	some := false
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(bare, ">") || strings.HasPrefix(bare, "|"):
			lines = withoutIntroduction(lines)
			continue
		case some && (bare == "--" || isForwardMark(bare) || isListFooter(bare)): // RFC 3676 §4.3
			return strings.Join(lines, "")
		}
		some = some || bare != "" && !isRule(bare)
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

// introductionMax is how many lines introduce a quotation.
const introductionMax = 3

// withoutIntroduction takes away the paragraph at the end of lines if it ends with a
// colon, in any language: "On Monday you wrote:".
func withoutIntroduction(lines []string) []string {
	end := len(lines)
	for end > 0 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	if end == 0 || !strings.HasSuffix(strings.TrimSpace(lines[end-1]), ":") && !strings.HasSuffix(strings.TrimSpace(lines[end-1]), "\uff1a") {
		return lines
	}
	start := end
	for start > 0 && strings.TrimSpace(lines[start-1]) != "" {
		start--
	}
	if end-start > introductionMax {
		return lines
	}
	return lines[:start]
}

// isForwardMark reports whether a line begins a message that is forwarded or
// answered: words between rows of dashes.
func isForwardMark(line string) bool {
	inner := strings.Trim(line, "-")
	return strings.HasPrefix(line, "-----") && strings.HasSuffix(line, "-----") && strings.TrimSpace(inner) != "" && len(line)-len(inner) >= 10
}

// isListFooter reports whether a line begins what a mailing list adds.
func isListFooter(line string) bool {
	const least = 40
	return len(line) >= least && strings.Trim(line, "_") == ""
}
