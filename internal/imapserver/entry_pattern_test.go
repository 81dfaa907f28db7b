package imapserver

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// matchSlowly is matchEntry by its definition.
func matchSlowly(pattern, entry string) bool {
	if pattern == "" {
		return entry == ""
	}
	if c := pattern[0]; c != '*' && c != '%' {
		return entry != "" && entry[0] == c && matchSlowly(pattern[1:], entry[1:])
	}
	for n := 1; n <= len(entry) && (pattern[0] == '*' || entry[n-1] != '/'); n++ {
		if matchSlowly(pattern[1:], entry[n:]) {
			return true
		}
	}
	return false
}

// The aim: a pattern matches what its definition says, also where an entry is longer
// than one word of bits.
func TestMatchEntryAgainstItsDefinition(t *testing.T) {
	const seed = 5257
	random := rand.New(rand.NewPCG(seed, 0))
	text := func(letters string, length int) string {
		b := make([]byte, length)
		for i := range b {
			b[i] = letters[random.IntN(len(letters))]
		}
		return string(b)
	}
	matched := 0
	for range 20000 {
		entry := text("ab/", random.IntN(8)) + strings.Repeat(text("ab/", 1), random.IntN(2)*random.IntN(130)) + text("ab/", random.IntN(4))
		pattern := text("ab/*%", 1+random.IntN(6))
		if random.IntN(2) == 0 && len(entry) > 0 { // one that comes near
			n := random.IntN(len(entry))
			pattern = entry[:n] + text("*%", 1) + entry[min(n+random.IntN(3), len(entry)):]
		}
		want := matchSlowly(pattern, entry)
		if want {
			matched++
		}
		if got := matchEntry(pattern, entry); got != want {
			t.Fatalf("seed %d: %q on %q: got %t", seed, pattern, entry, got)
		}
	}
	if matched < 2000 {
		t.Errorf("only %d matched", matched)
	}
}

// The aim: no pattern and no entry of the longest that the grammar admits costs more
// than a few steps for each of their characters.
func TestMatchEntryIsBounded(t *testing.T) {
	const longest = 512
	for _, pattern := range []string{"*", "%", "*a", "%a", "*%", "*a%a", "a*", "*aa%b", "*ab/"} {
		for _, entry := range []string{"a", "ab", "aaab", "a/"} {
			m := entryMatcher{entry: strings.Repeat(entry, longest/len(entry))}
			m.match(strings.Repeat(pattern, longest/len(pattern)))
			different := len(pattern) // characters in the pattern at most
			if words := longest/64 + 1; m.steps > longest*(different+2*words) {
				t.Errorf("%q on %q: %d steps", pattern, entry, m.steps)
			}
			if m.steps > 20*2*longest {
				t.Errorf("%q on %q: %d steps for %d characters", pattern, entry, m.steps, 2*longest)
			}
		}
	}
}
