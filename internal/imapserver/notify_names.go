package imapserver

import (
	"slices"
	"strings"

	"github.com/restante/restante/internal/mail"
)

// nameSet is a set of mailbox names in little more memory than their octets
// take: a session may keep a thousand of them for as long as it lasts.
type nameSet struct {
	text string // the names in order, one behind the other
	ends []uint32
}

// newNameSet makes the set of some names, each once.
func newNameSet(names []string) nameSet {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	set := nameSet{text: strings.Join(names, ""), ends: make([]uint32, 0, len(names))}
	end := 0
	for _, name := range names {
		end += len(name)
		set.ends = append(set.ends, uint32(end))
	}
	return set
}

func (n nameSet) at(i int) string {
	start := uint32(0)
	if i > 0 {
		start = n.ends[i-1]
	}
	return n.text[start:n.ends[i]]
}

// has reports whether a name is in the set.
func (n nameSet) has(name string) bool {
	low, high := 0, len(n.ends)
	for low < high {
		if middle := (low + high) / 2; n.at(middle) < name {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low < len(n.ends) && n.at(low) == name
}

// hasAbove reports whether a name, or one above it in the hierarchy, is in the set.
func (n nameSet) hasAbove(name string) bool {
	for ; name != ""; name = mail.ParentName(name) {
		if n.has(name) {
			return true
		}
	}
	return false
}
