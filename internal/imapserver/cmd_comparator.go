package imapserver

import (
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/query"
)

// errNoSubstrings refuses to look for text by a comparator that knows no parts
// (RFC 5255 §4.4).
var errNoSubstrings = bad("The active comparator does not search in texts")

// comparatorNameMax is what RFC 4790 §3.2 allows.
const comparatorNameMax = 254

// comparator is COMPARATOR (RFC 5255 §4.7): it tells the active comparator, or
// makes the first that is meant the active one.
func (s *session) comparator(wanted []string) (outcome, error) {
	if len(wanted) == 0 {
		s.enc.Comparator(collationName(s.collation), nil)
		return outcome{}, nil
	}
	var chosen *query.Collation
	var matching []string
	for comparator := range query.Comparators {
		for _, pattern := range wanted {
			if _, ok := collationMeant(pattern, comparator); ok {
				matching = append(matching, comparator.String())
				break
			}
		}
	}
	for _, pattern := range wanted {
		if !validComparator(pattern) {
			return outcome{}, bad("This is no name of comparators")
		}
		for comparator := range query.Comparators {
			if collation, ok := collationMeant(pattern, comparator); ok && chosen == nil {
				chosen = &collation
			}
		}
	}
	if chosen == nil {
		return outcome{}, no(imap.CodeBadComparator, "No such comparator")
	}
	s.collation = *chosen
	if len(matching) == 1 {
		matching = nil
	}
	s.enc.Comparator(collationName(s.collation), matching)
	return outcome{}, nil
}

func collationName(c query.Collation) string {
	if c.Descending {
		return "-" + c.Comparator.String()
	}
	return c.Comparator.String()
}

// validComparator says whether an argument may be one: no longer than allowed,
// and without two wildcards beside each other (RFC 4790 §3.2).
func validComparator(pattern string) bool {
	return pattern != "" && len(pattern) <= comparatorNameMax && !strings.Contains(pattern, "**")
}

// collationMeant says whether a pattern means a comparator, and in which
// direction. Identifiers do not differ by case.
func collationMeant(pattern string, comparator query.Comparator) (query.Collation, bool) {
	collation := query.Collation{Comparator: comparator}
	if !validComparator(pattern) {
		return collation, false
	}
	if rest, descending := strings.CutPrefix(pattern, "-"); descending {
		collation.Descending, pattern = true, rest
	} else {
		pattern = strings.TrimPrefix(pattern, "+")
	}
	pattern = strings.ToLower(pattern)
	if pattern == "default" {
		return collation, comparator == query.UnicodeCasemap
	}
	return collation, matchesWildcards(pattern, comparator.String())
}

// matchesWildcards compares a name with a pattern in which "*" stands for
// anything. Each piece is looked for once, from left to right.
func matchesWildcards(pattern, name string) bool {
	pieces := strings.Split(pattern, "*")
	last := len(pieces) - 1
	if last == 0 {
		return pattern == name
	}
	rest, ok := strings.CutPrefix(name, pieces[0])
	for _, piece := range pieces[1:last] {
		at := strings.Index(rest, piece)
		if !ok || at < 0 {
			return false
		}
		rest = rest[at+len(piece):]
	}
	return ok && strings.HasSuffix(rest, pieces[last])
}
