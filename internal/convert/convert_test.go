package convert

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// part makes a message of one part.
func part(t testing.TB, contentType string, body []byte) (*message.Part, *bytes.Reader) {
	t.Helper()
	encoded := base64.StdEncoding.EncodeToString(body)
	text := "Content-Type: " + contentType + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded + "\r\n"
	structure, err := message.Parse(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return &structure.Root, bytes.NewReader([]byte(text))
}

// params makes parameters of names and values.
func params(text ...string) []imap.Param {
	var list []imap.Param
	for i := 0; i < len(text); i += 2 {
		list = append(list, imap.Param{Name: text[i], Value: text[i+1]})
	}
	return list
}

func run(t testing.TB, contentType string, body []byte, target string, p ...string) (*Result, *Error) {
	t.Helper()
	leaf, r := part(t, contentType, body)
	result, err := New().Convert(context.Background(), "", leaf, r, &Request{Target: target, Params: params(p...)})
	var told *Error
	if err != nil && !errors.As(err, &told) {
		t.Fatalf("%v is no error of a conversion", err)
	}
	return result, told
}

// The aim: text is written in the charset that is asked for, and a character that it
// lacks fails the conversion or is replaced (RFC 5259 §7.1, §12.1).
func TestCharsets(t *testing.T) {
	for _, c := range []struct{ source, text, target, replacement, want string }{
		{"iso-8859-1", "caf\xe9", "utf-8", "", "café"},
		{"iso-8859-2", "\xb1\xe6", "utf-8", "", "ąć"},
		{"iso-8859-3", "\xb1", "utf-8", "", "ħ"},
		{"iso-8859-4", "\xb1", "utf-8", "", "ą"},
		{"iso-8859-5", "\xbf\xe0", "utf-8", "", "Пр"},
		{"iso-8859-6", "\xc7", "utf-8", "", "ا"},
		{"iso-8859-7", "\xe1\xe2", "utf-8", "", "αβ"},
		{"iso-8859-8", "\xe0", "utf-8", "", "א"},
		{"iso-8859-15", "\xa4", "utf-8", "", "€"},
		{"utf-8", "café", "iso-8859-1", "", "caf\xe9"},
		{"utf-8", "5 €", "iso-8859-15", "", "5 \xa4"},
		{"utf-8", "5 €", "us-ascii", "EUR", "5 EUR"},
		{"utf-8", "5 €", "iso-8859-1", "?", "5 ?"},
		{"utf-8", "日本", "iso-2022-jp", "", "\x1b$BF|K\\\x1b(B"},
		{"utf-8", "日é本", "iso-2022-jp", "?", "\x1b$BF|\x1b(B?\x1b$BK\\\x1b(B"},
		{"us-ascii", "plain", "koi8-r", "", "plain"},
		{"utf-8", strings.Repeat("é", 9000), "iso-8859-1", "", strings.Repeat("\xe9", 9000)},
	} {
		p := []string{"charset", c.target}
		if c.replacement != "" {
			p = append(p, "Unknown-Character-Replacement", c.replacement)
		}
		result, err := run(t, "text/plain; charset="+c.source, []byte(c.text), "text/plain", p...)
		if err != nil || string(result.Octets) != c.want || result.Params[0].Value != c.target {
			t.Errorf("%s to %s: %q, %v", c.source, c.target, result, err)
		}
	}
}

// The aim: each refusal names the parameters at fault, all of them, and no others
// (RFC 5259 §9).
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		source, text, target string
		params               []string
		bad                  []string
	}{
		{"text/plain; charset=utf-8", "5 €", "text/plain", []string{"CharSet", "us-ascii"}, []string{"CharSet"}},
		{"text/plain; charset=utf-8", "5 €", "text/plain", []string{"charset", "iso-8859-1", paramReplacement, "€"}, []string{paramReplacement}},
		{"text/plain", "x", "text/plain", []string{"charset", "x-unknown"}, []string{"charset"}},
		{"text/plain", "x", "text/plain", []string{"charset", "utf-8", "CHARSET", "utf-8"}, []string{"CHARSET"}},
		{"text/plain", "x", "text/plain", []string{"pix-x", "5", "foo", "bar"}, []string{"pix-x", "foo"}},
		{"text/plain", "x", "image/png", nil, nil},
		{"application/zip", "x", "text/plain", []string{"charset", "utf-8"}, nil},
		{"text/plain; charset=x-unknown", "x", "text/plain", nil, nil},
		{"image/png", "x", "image/png", []string{"pix-x", "0"}, []string{"pix-x"}},
		{"image/png", "x", "image/png", []string{"pix-x", "-1", "pix-y", "99999"}, []string{"pix-x", "pix-y"}},
		{"image/png", "no picture", "image/jpeg", nil, nil},
	} {
		_, err := run(t, c.source, []byte(c.text), c.target, c.params...)
		if err == nil {
			t.Errorf("%s to %s %v succeeds", c.source, c.target, c.params)
			continue
		}
		var bad []string
		for _, p := range err.Params {
			bad = append(bad, p.Name)
		}
		if err.Code != imap.ConvertBadParameters || !slices.Equal(bad, c.bad) || err.Text == "" {
			t.Errorf("%s to %s %v: %v, parameters %v", c.source, c.target, c.params, err, bad)
		}
	}
}

// The aim: what is listed, what a part is said to become, and what succeeds are one
// (RFC 5259 §5.1, §7.1, §8.4).
func TestConversionsAreListed(t *testing.T) {
	find := func(from, to string) []imap.Conversion { return Conversions(from, to) }
	plain := find("text/plain", "text/plain")
	if len(plain) != 1 || !slices.Equal(plain[0].Params, []string{"charset", "unknown-character-replacement"}) {
		t.Errorf("%v", plain)
	}
	if n := len(find("IMAGE/*", "image/*")); n != 16 {
		t.Errorf("%d conversions of images", n)
	}
	if len(find("image/*", "text/*")) != 0 || len(find("multipart/*", "*")) != 0 || len(find("text/x-anything", "text/plain")) != 1 {
		t.Error("conversions that are not there are listed, or the other way round")
	}
	for _, c := range find("*", "*") {
		types, err := (&Request{}).Available(c.From)
		if err != nil || !slices.Contains(types, c.To) {
			t.Errorf("%s becomes %v, %v, and not %s", c.From, types, err, c.To)
		}
	}
	if types, err := (&Request{Params: params("charset", "utf-8")}).Available("image/png"); err != nil || len(types) != 0 {
		t.Errorf("an image with a charset becomes %v, %v", types, err)
	}
	if types, err := (&Request{Target: "image/jpeg"}).Available("image/pjpeg"); err != nil || !slices.Equal(types, []string{"image/jpeg"}) {
		t.Errorf("%v, %v", types, err)
	}
	if _, err := (&Request{Target: "image/jpeg"}).Available("text/plain"); err == nil {
		t.Error("a text becomes an image")
	}
}

// The aim: documents that name their own charset name the new one.
func TestLabels(t *testing.T) {
	for kind, want := range map[string]string{
		"text/html": "<html><head><META http-equiv=x content=\"text/html; charset=utf-8\"></head>é",
		"text/xml":  "<?xml version=\"1.0\" encoding=\"utf-8\"?><x>é</x>",
		"text/css":  "@charset \"utf-8\";\nq{content:'é'}",
	} {
		source := strings.ReplaceAll(strings.ReplaceAll(want, "utf-8", "iso-8859-1"), "é", "\xe9")
		result, err := run(t, kind+"; charset=iso-8859-1", []byte(source), kind)
		if err != nil || string(result.Octets) != want {
			t.Errorf("%q, %v, want %q", result.Octets, err, want)
		}
	}
}

// The aim: a conversion that cannot have its turn, or takes too long, is told to be
// tried again (RFC 5259 §9, TEMPFAIL), and its turn is given back.
func TestTurns(t *testing.T) {
	c := New()
	c.wait = time.Millisecond
	leaf, r := part(t, "text/plain", []byte("x"))
	for range cap(c.turns) {
		c.turns <- struct{}{}
	}
	request := &Request{Target: "text/plain"}
	var told *Error
	if _, err := c.Convert(context.Background(), "k", leaf, r, request); !errors.As(err, &told) || told.Code != imap.ConvertTempFail || told.Phrase().Minutes == 0 {
		t.Errorf("%v", told)
	}
	for range cap(c.turns) {
		<-c.turns
	}
	c.work = -1
	if _, err := c.Convert(context.Background(), "k", leaf, r, request); !errors.As(err, &told) || told.Code != imap.ConvertTempFail {
		t.Errorf("%v", err)
	}
	c.work = workTime
	first, err := c.Convert(context.Background(), "k", leaf, r, request)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Convert(context.Background(), "k", leaf, r, request); err != nil || again != first {
		t.Error("a result is not remembered")
	}
	other := &Request{Target: "text/plain", Params: params("charset", "us-ascii")}
	if again, _ := c.Convert(context.Background(), "k", leaf, r, other); again == first {
		t.Error("another charset gives the same result")
	}
	ended, stop := context.WithCancel(context.Background())
	stop()
	if _, err := c.Convert(ended, "", leaf, r, request); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// The aim: the memory of what was converted has an end.
func TestCacheIsBounded(t *testing.T) {
	var c cache
	for i := range 3 * cacheEntriesMax {
		c.put(string(rune(i+1)), &outcome{result: &Result{Octets: make([]byte, cacheOctetsMax/20)}})
	}
	if c.octets > cacheOctetsMax || len(c.entries) != c.order.Len() || len(c.entries) == 0 {
		t.Errorf("%d octets, %d entries, %d in order", c.octets, len(c.entries), c.order.Len())
	}
}
