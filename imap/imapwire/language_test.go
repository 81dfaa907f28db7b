package imapwire

import (
	"bytes"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
)

// The aim: texts are turned on the way out and stay legal (RFC 5255 §3.5, resp-text):
// UTF-8 while there is a language, ASCII before and after, no control character, and
// no "[" that would begin a code.
func TestTranslatedTexts(t *testing.T) {
	into := map[string]string{"Hello": "こんにちは", "Bracket": "[nicht]", "Control": "a\r\nb\x7fc", "Broken": "a\xffb", "Nothing": ""}
	for _, c := range []struct {
		text        string
		code        imap.Code
		plain, said string
	}{
		{"Hello", nil, "* OK Hello", "* OK こんにちは"},
		{"Bracket", nil, "* OK Bracket", "* OK  [nicht]"},
		{"Bracket", imap.CodeClosed, "* OK [CLOSED] Bracket", "* OK [CLOSED] [nicht]"},
		{"Control", nil, "* OK Control", "* OK a??b?c"},
		{"Broken", nil, "* OK Broken", "* OK a?b"},
		{"Nothing", nil, "* OK Nothing", "* OK OK"},
		{"é", nil, "* OK ??", "* OK é"},
	} {
		var out bytes.Buffer
		e := NewEncoder(&out)
		e.Attach(make([]byte, 0, EncoderBufferOctets))
		say := func(translate func(string) string) {
			e.SetTranslator(translate)
			e.Untagged(imap.StatusOK, c.code, c.text)
		}
		say(nil)
		say(func(text string) string {
			if translated, known := into[text]; known {
				return translated
			}
			return text
		})
		e.Continuation(c.text)
		say(nil)
		if err := e.Flush(); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(out.String(), "\r\n")
		if len(lines) != 5 || lines[0] != c.plain || lines[1] != c.said || lines[3] != c.plain || !strings.HasPrefix(lines[2], "+ ") {
			t.Errorf("%q:\n%q", c.text, lines)
		}
	}
}
