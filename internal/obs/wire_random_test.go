package obs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// Aim: whatever a client does, in whatever order, and whether or not the
// server agrees: no secret and no message text is in the log, and commands
// that hold neither are.
func TestWireLogOfRandomSessions(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	for range 2000 {
		dialogue, visible := randomDialogue(random)
		shown := play("imap", dialogue, func(text string) (parts []string) {
			for len(text) > 0 {
				n := 1 + random.IntN(len(text))
				parts, text = append(parts, text[:n]), text[n:]
			}
			return parts
		})
		for _, hidden := range []string{"sesame", "dear"} {
			if strings.Contains(shown, hidden) {
				t.Fatalf("seed %d: %q is in the log\n%s\nof\n%s", seed, hidden, shown, dialogue)
			}
		}
		if got := strings.Count(shown, "NOOP"); got != visible {
			t.Fatalf("seed %d: %d of %d commands are in the log\n%s\nof\n%s", seed, got, visible, shown, dialogue)
		}
	}
}

// randomDialogue makes a session; visible is how often it says NOOP.
func randomDialogue(random *rand.Rand) (dialogue string, visible int) {
	var lines []string
	say := func(format string, values ...any) { lines = append(lines, fmt.Sprintf(format, values...)) }
	// literal announces one, and reports whether the server let it come.
	literal := func(tag, before, octets string) bool {
		switch random.IntN(3) {
		case 0:
			say("C: %s {%d+}", before, len(octets))
			return true
		case 1:
			say("C: %s {%d}", before, len(octets))
			say("S: + go")
			return true
		}
		say("C: %s {%d}", before, len(octets))
		say("S: %s NO not that", tag)
		return false
	}
	for n := range 1 + random.IntN(8) {
		tag := fmt.Sprint("a", n)
		switch random.IntN(6) {
		case 0:
			say("C: %s NOOP", tag)
			visible++
		case 1:
			say("C: %s LOGIN user \"sesame\"", tag)
		case 2:
			if !literal(tag, tag+" login", "user") || !literal(tag, "user", "sesame") {
				continue
			}
			say("C: sesame")
		case 3:
			say("C: %s AUTHENTICATE PLAIN sesame", tag)
		case 4:
			say("C: %s authenticate LOGIN", tag)
			for range random.IntN(3) {
				say("S: + sesame")
				say("C: sesame")
			}
		case 5:
			if !literal(tag, tag+" APPEND box", "dear") {
				continue
			}
			say("C: dear")
		}
		say("S: * 1 FETCH (BODY[] {4}\nS: dear)")
		say("S: %s OK done", tag)
	}
	return strings.Join(lines, "\n"), visible
}
