package language

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"
)

// textOctetsMax is more than any text needs: a client shows it in one line.
const textOctetsMax = 250

// The aim: every text can stand in a response as it is (RFC 5255 §3.5, resp-text):
// UTF-8, no control character, not empty, no "[", which would begin a code.
func TestTextsAreResponseTexts(t *testing.T) {
	for tag, l := range All().languages {
		if tag != english && len(l.texts) < 300 {
			t.Errorf("%s has %d texts; the file is not read whole", tag, len(l.texts))
		}
		for said, text := range l.texts {
			switch {
			case strings.TrimSpace(text) != text || text == "":
				t.Errorf("%s: %q is empty, or has spaces around it", tag, text)
			case !utf8.ValidString(text):
				t.Errorf("%s: %q is no UTF-8", tag, text)
			case strings.ContainsFunc(text, unicode.IsControl):
				t.Errorf("%s: %q holds a control character", tag, text)
			case strings.ContainsAny(text, "[]\u200b\u200e\u200f\ufeff"):
				t.Errorf("%s: %q holds a bracket, or what nobody sees", tag, text)
			case len(text) > textOctetsMax:
				t.Errorf("%s: %q is too long", tag, text)
			case strings.Count(text, hole) != strings.Count(said, hole):
				t.Errorf("%s: %q has other places than %q", tag, text, said)
			}
		}
	}
}

// The aim: a name of a command, a capability or a code is what the client knows,
// in every language.
func TestNamesStayAsTheyAre(t *testing.T) {
	for tag, l := range All().languages {
		for said, text := range l.texts {
			for _, word := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(" ,;:()", r) }) {
				if len(word) > 2 && strings.ToUpper(word) == word && word != hole && !strings.Contains(text, word) &&
					!strings.ContainsAny(word, `"\[`) {
					t.Errorf("%s: %q has lost %s: %q", tag, said, word, text)
				}
			}
		}
	}
}

func TestTranslate(t *testing.T) {
	german := All().Match([]string{"de-AT"})
	for said, want := range map[string]string{
		"Logged in":           "Sie sind angemeldet",
		"NOOP completed":      "NOOP ist ausgeführt",
		"more than 5 rights":  "mehr als 5 Rechte",
		"Something unknown":   "Something unknown",
		"":                    "",
		"{}":                  "{}",
		"[X] at octet 5 at x": "[X] bei Oktett 5 at x",
		"A filter must hold search criteria: a space is missing at octet 7": "Ein Filter muss Suchkriterien enthalten: ein Leerzeichen fehlt bei Oktett 7",
	} {
		if got := german.Translate(said); got != want {
			t.Errorf("%q is %q and should be %q", said, got, want)
		}
	}
}

// The aim: lookup as RFC 4647 §3.4 has it.
func TestMatch(t *testing.T) {
	for ranges, want := range map[string]string{
		"de": "de", "DE-at": "de", "de-*": "de", "zh-Hant-TW": "zh", "ja-x-private": "ja", "*": "en", "*-de": "",
		"xx fr": "fr", "d": "", "": "", "den": "", "en-a-bbb-x-a-ccc": "en", "es-419 de": "es",
	} {
		got := ""
		if l := All().Match(strings.Fields(ranges)); l != nil {
			got = l.Tag
		}
		if got != want {
			t.Errorf("%q means %q and should mean %q", ranges, got, want)
		}
	}
}

// The aim: a file that is not in order is refused, with the line.
func TestReadRefuses(t *testing.T) {
	for content, want := range map[string]string{
		"\tx\n":               "line 1",
		"a\n\tb\na\n\tc\n":    "line 4",
		"a {}\n\tb\n":         "line 2",
		"a\nb\n\tc\n":         "line 2",
		"a\n\tb\n# note\nc\n": "the last",
	} {
		_, err := read(fstest.MapFS{"texts/de.txt": {Data: []byte(content)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v and not %s", content, err, want)
		}
	}
}

// The aim: a text that is made to be slow is not.
func TestHostileTexts(t *testing.T) {
	const most = 2 * time.Second // it takes a few milliseconds
	for _, piece := range []string{" at octet ", "more than ", " completed", "A filter must hold search criteria: ", " ", ". "} {
		text := strings.Repeat(piece, 1<<20/len(piece))
		for tag, l := range All().languages {
			begin := time.Now()
			l.Translate(text)
			if took := time.Since(begin); took > most {
				t.Errorf("%s: a text of %q took %v", tag, piece, took)
			}
		}
	}
}
