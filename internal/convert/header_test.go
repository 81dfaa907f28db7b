package convert

import (
	"strings"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

func header(t testing.TB, text string, p ...string) (string, *Error) {
	t.Helper()
	r := &Request{Params: params(p...)}
	if err := r.HeaderError("text/plain", int64(len(text))); err != nil {
		return "", err
	}
	octets, err := r.Header("text/plain", []byte(text))
	return string(octets), err
}

// The aim: encoded words say the same in the charset that is asked for, and
// everything else stays as it is (RFC 5259 §6).
func TestHeaders(t *testing.T) {
	for _, c := range []struct{ name, charset, text, want string }{
		{"example", "utf-8", "Subject: =?KOI8-R?Q?why encode this?=\r\n\r\n", "Subject: =?UTF-8?Q?why_encode_this?=\r\n\r\n"},
		{"untouched", "utf-8", "Date: Mon, 20 Apr 2007\r\nX: a =? b ?=\r\n folded\r\n\r\n", "Date: Mon, 20 Apr 2007\r\nX: a =? b ?=\r\n folded\r\n\r\n"},
		{"phrase", "utf-8", "From: =?iso-8859-1?q?J=F6rg?= <j@example.org>\r\n", "From: =?UTF-8?Q?J=C3=B6rg?= <j@example.org>\r\n"},
		{"base64", "iso-8859-1", "Subject: =?utf-8?B?SsO2cmc=?=\r\n", "Subject: =?ISO-8859-1?B?SvZyZw==?=\r\n"},
		{"split character", "utf-8", "Subject: =?utf-8?Q?J=C3?=\r\n =?utf-8?Q?=B6rg?= x\r\n", "Subject: =?UTF-8?Q?J=C3=B6rg?= x\r\n"},
		{"two charsets", "utf-8", "Subject: =?iso-8859-1?Q?=F6?= =?iso-8859-2?Q?=B1?=\r\n", "Subject: =?UTF-8?Q?=C3=B6=C4=85?=\r\n"},
		{"unknown", "utf-8", "Subject: =?x-none?Q?=F6?= =?iso-8859-1?X?=F6?=\r\n", "Subject: =?x-none?Q?=F6?= =?iso-8859-1?X?=F6?=\r\n"},
		{"language", "utf-8", "Subject: =?iso-8859-1*de?Q?=F6?=\r\n", "Subject: =?UTF-8*de?Q?=C3=B6?=\r\n"},
		{"parameter", "utf-8", "Content-Type: text/plain; charset=utf-8;\r\n foo*=iso-8859-1'de'%f6.txt (comment)\r\n\r\n",
			"Content-Type: text/plain;\r\n charset=utf-8;\r\n foo*=utf-8'de'%C3%B6.txt (comment)\r\n\r\n"},
		{"pieces", "utf-8", "Content-Type: text/plain; charset=utf-8;\r\n foo*0*=utf-8'fr'tr%c3;\r\n foo*1*(very)=%a9s_m%c3;\r\n foo*2*=(nasty)%a0chant\r\n\r\n",
			"Content-Type: text/plain;\r\n charset=utf-8;\r\n foo*=utf-8'fr'tr%C3%A9s_m%C3%A0chant (very)(nasty)\r\n\r\n"},
		{"other parameters", "utf-8", "Content-Disposition: attachment; filename=\"a;b*\"\r\n", "Content-Disposition: attachment; filename=\"a;b*\"\r\n"},
	} {
		got, err := header(t, c.text, "charset", c.charset)
		if err != nil || got != c.want {
			t.Errorf("%s: %v\n got %q\nwant %q", c.name, err, got, c.want)
		}
	}
}

// The aim: lines with encoded words stay short (RFC 2047 §2), no word splits a
// character, and long parameters are cut into lines of less than 78 (RFC 5259 §6).
func TestLongHeaders(t *testing.T) {
	text := strings.Repeat("日本語 ", 40)
	for _, source := range []string{
		"Subject: =?utf-8?B?" + strings.TrimSuffix(strings.Repeat("5pel5pys6KqeIA==", 1), "==") + "?=\r\n",
		"Subject: a longer beginning of the subject that is plain =?utf-8?Q?" + strings.ReplaceAll(text, " ", "_") + "?=\r\n",
	} {
		got, err := header(t, source, "charset", "utf-8")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(got, "\r\n") {
			if len(line) > 76 {
				t.Errorf("%d octets: %q", len(line), line)
			}
		}
		if a, b := message.DecodeWords(strings.ReplaceAll(source, "\r\n", "")), message.DecodeWords(strings.ReplaceAll(got, "\r\n", "")); a != b {
			t.Errorf("%q became %q", a, b)
		}
	}
	got, err := header(t, "Content-Disposition: attachment; filename*=utf-8''"+strings.Repeat("%E6%97%A5", 40)+"\r\n", "charset", "utf-8")
	if err != nil || !strings.Contains(got, "filename*0*=utf-8''") || !strings.Contains(got, "filename*1*=") {
		t.Errorf("%q, %v", got, err)
	}
	for _, line := range strings.Split(got, "\r\n") {
		if len(line) > 77 {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
}

// The aim: a charset is required, must have the characters, and irrelevant parameters
// are told (RFC 5259 §6, §9).
func TestHeaderRefusals(t *testing.T) {
	if _, err := header(t, "X: y\r\n"); err == nil || err.Code != imap.ConvertMissingParameters || err.Params[0].Name != "charset" {
		t.Errorf("%v", err)
	}
	if _, err := header(t, "X: y\r\n", "charset", "utf-8", "pix-x", "5"); err == nil || err.Params[0].Name != "pix-x" {
		t.Errorf("%v", err)
	}
	if _, err := header(t, "X: =?utf-8?Q?=E2=82=AC?=\r\n", "charset", "us-ascii"); err == nil || err.Params[0].Name != "charset" {
		t.Errorf("%v", err)
	}
	if got, err := header(t, "X: =?utf-8?Q?=E2=82=AC?=\r\n", "charset", "us-ascii", "unknown-character-replacement", "EUR"); err != nil || got != "X: =?US-ASCII?Q?EUR?=\r\n" {
		t.Errorf("%q, %v", got, err)
	}
}

// Whatever a header holds, it is converted or refused, and converting again changes
// nothing.
func FuzzHeader(f *testing.F) {
	for _, seed := range []string{
		"Subject: =?KOI8-R?Q?why encode this?=\r\n\r\n", "Content-Type: a/b; c*0*=utf-8'fr'tr%c3; c*1*(x)=%a9; d=\"(\"\r\n",
		"Subject: =?utf-8?B?5pel5pys?= =?utf-8?Q?=E2?=\r\n =?utf-8?Q?=82=AC?=", "=?=?=?utf-8*de?q??=",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, err := header(t, text, "charset", "utf-8")
		if err != nil {
			t.Fatalf("%v", err)
		}
		if _, err := header(t, once, "charset", "us-ascii", "unknown-character-replacement", "?"); err != nil {
			t.Fatalf("%v", err)
		}
	})
}

// Whatever HTML, text or image comes, there is a result or an error of RFC 5259.
func FuzzConvert(f *testing.F) {
	f.Add("text/html", []byte("<table><tr><td><ul><li>x<blockquote><pre>y</table><a href=http://x>z</a>"), "text/plain", "us-ascii")
	f.Add("text/plain; format=flowed", []byte("> a \r\nb http://x"), "text/html", "iso-2022-jp")
	f.Add("text/enriched", []byte("<<a<b>\n\nc"), "text/plain", "utf-16")
	for _, format := range imageTypes {
		f.Add(format, encoded(f, format, sample(12, 9, false)), "image/gif", "7")
	}
	f.Add("image/jpeg", withOrientation(encoded(f, "image/jpeg", sample(12, 9, false)), 6), "image/webp", "7")
	f.Add("image/gif", animation(f, 3), "image/gif", "9")
	f.Fuzz(func(t *testing.T, contentType string, body []byte, target, value string) {
		if strings.ContainsAny(contentType, "\r\n") || !imap.CheckMediaType(target) {
			return
		}
		p := []string{"charset", value}
		if strings.HasPrefix(target, "image/") {
			p = []string{"pix-x", value}
		}
		_, _ = run(t, contentType, body, target, p...)
	})
}
