package convert

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/realmail"
)

// The aim: every text and image of real mail becomes what it can become, or is
// refused in the words of RFC 5259; and so does every header.
func TestRealMail(t *testing.T) {
	c := New()
	counts := map[string]int{}
	for i, text := range realmail.Deliverable(t) {
		r := bytes.NewReader(text)
		structure, err := message.Parse(r, int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		utf8Wanted := &Request{Params: params("charset", "utf-8")}
		if told := utf8Wanted.HeaderError("message/rfc822", structure.Root.Header.Len()); told == nil {
			header := text[structure.Root.Header.Start:structure.Root.Header.End]
			converted, told := utf8Wanted.Header("message/rfc822", header)
			if told != nil {
				t.Errorf("message %d: %v", i, told)
			}
			if a, b := message.DecodeWords(string(header)), message.DecodeWords(string(converted)); !sameText(a, b) {
				t.Errorf("message %d: the header\n%q became\n%q", i, a, b)
			}
		}
		structure.Walk(func(path []uint32, p *message.Part) bool {
			from := p.Type + "/" + p.Subtype
			for _, to := range targets(from) {
				result, err := c.Convert(context.Background(), "", p, r, &Request{Target: to})
				var told *Error
				switch {
				case err == nil && strings.HasPrefix(to, "text/") && !utf8.Valid(result.Octets):
					t.Errorf("message %d part %v to %s is not UTF-8", i, path, to)
				case err == nil:
					counts[from+" "+to]++
				case !errors.As(err, &told) || told.Code != imap.ConvertBadParameters || told.Cause != nil && strings.Contains(told.Cause.Error(), "panic"):
					t.Errorf("message %d part %v to %s: %v", i, path, to, err)
				default:
					counts[from+" "+to+" "+told.Text]++
				}
			}
			return true
		})
	}
	for what, n := range counts {
		t.Log(n, what)
	}
	if counts["text/plain text/plain"] == 0 || counts["text/html text/plain"] == 0 {
		t.Error("no text was converted")
	}
}

// sameText compares headers without their folding.
func sameText(a, b string) bool {
	return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
}
