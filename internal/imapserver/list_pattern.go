package imapserver

import (
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// pattern is a canonical LIST pattern: the reference and what was behind it
// (RFC 9051 §6.3.9). "*" matches anything, "%" anything but the delimiter.
type pattern struct {
	text string
	// levels says that levels of hierarchy match, too, where there is no
	// mailbox: "%" is the last character.
	levels bool
}

// newPatterns returns the patterns of a LIST; an empty one is ignored
// (RFC 9051 §6.3.9).
func newPatterns(request *imap.ListRequest) []pattern {
	patterns := make([]pattern, 0, len(request.Patterns))
	for _, text := range request.Patterns {
		if text != "" {
			patterns = append(patterns, newPattern(request.Reference, text))
		}
	}
	return patterns
}

// reachedBy reports whether a pattern could match a name that begins with a
// prefix, or a level of it.
func reachedBy(patterns []pattern, prefix string) bool {
	return slices.ContainsFunc(patterns, func(p pattern) bool {
		fixed := p.text
		if at := strings.IndexAny(fixed, "*%"); at >= 0 {
			fixed = fixed[:at]
		}
		return strings.HasPrefix(fixed, prefix) || strings.HasPrefix(prefix, fixed)
	})
}

func newPattern(reference, name string) pattern {
	text := reference + name
	// Runs of wildcards match what their widest does; without them a match
	// could take forever.
	for _, run := range [...]string{"**", "*%", "%*"} {
		for strings.Contains(text, run) {
			text = strings.ReplaceAll(text, run, "*")
		}
	}
	for strings.Contains(text, "%%") {
		text = strings.ReplaceAll(text, "%%", "%")
	}
	return pattern{text: text, levels: strings.HasSuffix(name, "%")}
}

// match reports whether a name matches. INBOX, as first level, matches in any
// case (RFC 9051 §5.1). The work is that of the two lengths multiplied.
func (p pattern) match(name string) bool {
	inbox := 0
	if name == mail.Inbox || strings.HasPrefix(name, mail.Inbox+mail.Separator) {
		inbox = len(mail.Inbox)
	}
	// reach[i] says whether the pattern so far matches name[:i].
	reach := make([]bool, len(name)+1)
	reach[0] = true
	for i := range len(p.text) {
		switch c := p.text[i]; c {
		case '*', '%':
			for j := 1; j <= len(name); j++ {
				reach[j] = reach[j] || reach[j-1] && (c == '*' || name[j-1] != delimiter)
			}
		default:
			for j := len(name); j > 0; j-- {
				reach[j] = reach[j-1] && (c == name[j-1] || j <= inbox && upper(c) == name[j-1])
			}
			reach[0] = false
		}
	}
	return reach[len(name)]
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}
