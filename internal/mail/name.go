package mail

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NormalName returns a mailbox name as the store keeps it: UTF-8 in
// Normalization Form C, levels parted by "/", and INBOX, which no case
// distinguishes, in capitals wherever it is the first level (RFC 9051 §5.1).
// It returns ErrBadName, with the reason, for what cannot be a name.
func NormalName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("%w: it is not UTF-8", ErrBadName)
	}
	name = norm.NFC.String(name)
	if len(name) > mailboxNameMax {
		return "", fmt.Errorf("%w: it is longer than %d octets", ErrBadName, mailboxNameMax)
	}
	levels := strings.Split(name, Separator)
	if len(levels) > mailboxDepthMax {
		return "", fmt.Errorf("%w: it has more than %d levels", ErrBadName, mailboxDepthMax)
	}
	for _, level := range levels {
		if level == "" {
			return "", fmt.Errorf("%w: a level of it is empty", ErrBadName)
		}
	}
	// RFC 9051 §5.1: control characters and the line and paragraph
	// separators have no place in Net-Unicode names.
	for _, r := range name {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError {
			return "", fmt.Errorf("%w: it holds a control character", ErrBadName)
		}
	}
	if strings.EqualFold(levels[0], Inbox) {
		levels[0] = Inbox
	}
	return strings.Join(levels, Separator), nil
}

// ParentName returns the name one level up, or "" for a top-level name.
func ParentName(name string) string {
	if i := strings.LastIndex(name, Separator); i >= 0 {
		return name[:i]
	}
	return ""
}

// IsInferior reports whether name lies below parent in the hierarchy.
func IsInferior(name, parent string) bool {
	return len(name) > len(parent)+1 && strings.HasPrefix(name, parent) && name[len(parent):len(parent)+1] == Separator
}
