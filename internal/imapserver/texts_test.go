package imapserver

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/internal/language"
)

var listTexts = flag.Bool("texts", false, "list the texts that TestEveryLanguageHasEveryText misses")

// The aim: every text that the server says to people is in every language, and
// no language keeps one that nobody says.
func TestEveryLanguageHasEveryText(t *testing.T) {
	said := map[string]bool{}
	for _, text := range composed {
		said[text] = true
	}
	for _, room := range []*textCollector{
		collectTexts(t, ".", map[string]int{"Untagged": 2, "Status": 3, "Continuation": 0, "no": 1, "bad": 0, "bye": 1}, "text"),
		collectTexts(t, "../../imap/imapwire", map[string]int{"Fail": 0, "failLimit": 0}, "Reason", "What"),
		collectTexts(t, "../convert", map[string]int{"fail": 0, "failBecause": 0}, "Text", "text"),
	} {
		for text := range room.said {
			said[text] = true
		}
		for _, text := range room.overlooked(said) {
			t.Errorf("the test does not see that this text reaches clients; if it does, teach collectTexts the way,"+
				" if not, name it in forTheLog: %s", text)
		}
	}
	if len(said) < 300 {
		t.Fatalf("found only %d texts; the search is broken", len(said))
	}
	for _, tag := range []string{"de", "es", "fr", "ja", "zh"} {
		l := language.All().Match([]string{tag})
		if l == nil {
			t.Errorf("there is no %s", tag)
			continue
		}
		var missing []string
		for text := range said {
			if !l.Has(text) {
				missing = append(missing, text)
			}
		}
		slices.Sort(missing)
		if len(missing) > 0 && !*listTexts && len(missing) > 20 {
			missing = append(missing[:20], "(and more; this test with -args -texts lists all)")
		}
		if len(missing) > 0 {
			t.Errorf("internal/language/texts/%s.txt misses texts; add each on a line of its own, and under it, after a tab,"+
				" what it is in that language, with as many {}:\n%s", tag, strings.Join(missing, "\n"))
		}
		for _, text := range l.Texts() {
			if !said[text] {
				t.Errorf("internal/language/texts/%s.txt has a text that nobody says any more; take it out: %s", tag, text)
			}
		}
	}
}

// composed are the texts that are put together of others.
var composed = []string{
	"{} at octet {}", "more than {} {}", // imapwire.SyntaxError and LimitError
	otherUsers, shared,
}
