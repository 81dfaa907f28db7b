package query

import (
	"strings"

	"github.com/restante/restante/internal/message"
)

// BaseSubject returns what SORT and THREAD compare of a Subject field, as it
// was sent, and whether taking the rest away shows the message to be a reply
// or to be forwarded (RFC 5256 §2.1, §3).
func BaseSubject(field string) (base string, reply bool) {
	return baseOf(message.DecodeWords(field)) // (1)
}

// baseOf is BaseSubject of a text that is decoded already.
func baseOf(decoded string) (base string, reply bool) {
	s := singleSpaced(decoded) // (1)
	for {
		s, reply = cutTrailers(s, reply) // (2)
		for {
			rest, isReply, ok := cutLeaders(s) // (3)
			s, reply = rest, reply || isReply
			blobless, cut := cutBlobs(s) // (4)
			if s = blobless; !ok && !cut {
				break // (5)
			}
		}
		if !hasPrefixFold(s, "[fwd:") || !strings.HasSuffix(s, "]") { // (6)
			return s, reply
		}
		s, reply = s[len("[fwd:"):len(s)-1], true
	}
}

// singleSpaced turns tabs, line ends and runs of spaces into single spaces.
func singleSpaced(s string) string {
	if !strings.ContainsAny(s, "\t\r\n") && !strings.Contains(s, "  ") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if c == '\t' || c == '\r' || c == '\n' {
			c = ' '
		}
		if c != ' ' || len(b) == 0 || b[len(b)-1] != ' ' {
			b = append(b, c)
		}
	}
	return string(b)
}

// cutTrailers takes every subj-trailer off.
func cutTrailers(s string, reply bool) (string, bool) {
	for {
		s = strings.TrimRight(s, " ")
		if len(s) < len("(fwd)") || !strings.EqualFold(s[len(s)-len("(fwd)"):], "(fwd)") {
			return s, reply
		}
		s, reply = s[:len(s)-len("(fwd)")], true
	}
}

// cutLeaders takes every subj-leader off: white space, and "re:" and the like
// with what stands in brackets before them.
func cutLeaders(s string) (rest string, reply, cut bool) {
	for {
		if trimmed := strings.TrimLeft(s, " "); len(trimmed) < len(s) {
			s, cut = trimmed, true
		}
		after := skipBlobs(s)
		length := refwdLength(after)
		if length == 0 {
			return s, reply, cut
		}
		s, reply, cut = after[length:], true, true
	}
}

// refwdLength returns the length of a subj-refwd at the beginning, 0 if there
// is none.
func refwdLength(s string) int {
	n := 0
	switch {
	case hasPrefixFold(s, "re"):
		n = 2
	case hasPrefixFold(s, "fwd"):
		n = 3
	case hasPrefixFold(s, "fw"):
		n = 2
	default:
		return 0
	}
	for n < len(s) && s[n] == ' ' {
		n++
	}
	n += blobLength(s[n:])
	if n == len(s) || s[n] != ':' {
		return 0
	}
	return n + 1
}

// cutBlobs takes subj-blobs off the beginning, one after the other, as long as
// something is left. What cutLeaders left them for stays so when the first of
// them is gone: the rest of them may be taken together.
func cutBlobs(s string) (rest string, cut bool) {
	if blobLength(s) == 0 {
		return s, false
	}
	rest = skipBlobs(s)
	if strings.Trim(rest, " ") != "" {
		return rest, true
	}
	for {
		next := s[blobLength(s):]
		if strings.TrimLeft(next, " ") == "" {
			return s, cut
		}
		s, cut = next, true
	}
}

func skipBlobs(s string) string {
	for {
		n := blobLength(s)
		if n == 0 {
			return s
		}
		s = s[n:]
	}
}

// blobLength returns the length of a subj-blob at the beginning, with the space
// behind it; 0 if there is none.
func blobLength(s string) int {
	if s == "" || s[0] != '[' {
		return 0
	}
	end := strings.IndexAny(s[1:], "[]")
	if end < 0 || s[1+end] == '[' || strings.IndexByte(s[:1+end], 0) >= 0 {
		return 0
	}
	n := end + 2
	for n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
