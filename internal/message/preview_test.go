package message

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func previewOf(t *testing.T, header, body string) string {
	t.Helper()
	text := header + "\r\n\r\n" + strings.ReplaceAll(body, "\n", "\r\n")
	s, err := Parse(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return s.Preview(bytes.NewReader([]byte(text)))
}

// The aim: a preview says what its sender wrote, whatever a message is made of
// (RFC 8970 §3.3).
func TestPreviews(t *testing.T) {
	const plain, html = "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"
	for name, c := range map[string]struct{ header, body, want string }{
		"quoted below":      {plain, "Yes.\n\nOn Monday, Ann wrote:\n> Coming?\n", "Yes."},
		"quoted above":      {plain, "On Monday, Ann\n<ann@example.org> wrote:\n\n> Coming?\n\nYes.\n", "Yes."},
		"another language":  {plain, "Am 3. März schrieb Änne:\n> Kommst du?\nJa.\n", "Ja."},
		"full width colon":  {plain, "王さんは書きました：\n> 来ますか\nはい。", "はい。"},
		"bars":              {plain, "| Date: today\n| hello\nan answer", "an answer"},
		"only quoted":       {plain, "> one\n> two\n", "> one > two"},
		"introduction only": {plain, "A list:\n\none", "A list: one"},
		"long introduction": {plain, "a\nb\nc\nd:\n> e", "a b c d:"},
		"forwarded":         {plain, "See below.\n\n-----Original Message-----\nFrom: x\n", "See below."},
		"forwarded alone":   {plain, "-------- Forwarded Message --------\nFrom: x\n", "Forwarded Message From: x"},
		"signature":         {plain, "Hello\n-- \nAnn", "Hello"},
		"bare signature":    {plain, "Hello\n--\nAnn", "Hello"},
		"list footer":       {plain, "Hello\n" + strings.Repeat("_", 47) + "\nThe list", "Hello"},
		"rules":             {plain, "=====\nTitle\n=====\n***** ~~~~ text -- and - more", "Title text -- and - more"},
		"signed":            {plain, "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nHello\n-----BEGIN PGP SIGNATURE-----\nx", "Hello"},
		"encrypted":         {plain, "-----BEGIN PGP MESSAGE-----\n\nhQ", ""},
		"html quoted":       {html, "<div>Yes.</div><div>On Monday, Ann wrote:<br></div><blockquote>Coming?<p>Or not?</p></blockquote>", "Yes."},
		"html only quoted":  {html, "<blockquote>Coming?</blockquote>", "> Coming?"},
		"pixels":            {html, `<img src=x alt="open tracker" width="1" height="1"><img alt="Our shop" src=y width=200><p>Hi</p>`, "Our shop Hi"},
		"preheader":         {html, `<span style="display:none">Half price today&zwnj;&nbsp;&zwnj;&nbsp;&#847;</span><p>Dear Ann`, "Half price today\u200c Dear Ann"},
		"styles":            {html, "<style>p{color:red}</style><script>x()</script><!-- c --><![CDATA[x]]><p>Hi &amp; &eacute;&#x4e2d;</p>", "Hi & é中"},
		"own charset":       {"Content-Type: text/html", "<meta http-equiv=content-type content=\"text/html; charset=big5\"><p>\xa4\xa4\xa4\xe5", "中文"},
		"own charset utf-8": {"Content-Type: text/html", "<p>中文 é", "中文 é"},
		"right to left":     {plain, "\u200fשלום עולם\u200f\n", "\u200fשלום עולם\u200f"},
		"koi8":              {"Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64", "8NLJ18XU", "Привет"},
		"unknown charset":   {"Content-Type: text/plain; charset=x-nobody", "caf\xe9", "café"},
	} {
		if got := previewOf(t, c.header, c.body); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	long := previewOf(t, plain, strings.Repeat("é", 199)+"日本")
	if utf8.RuneCountInString(long) != previewMax || !strings.HasSuffix(long, "é日") {
		t.Errorf("%d characters, %q", utf8.RuneCountInString(long), long)
	}
	joined := previewOf(t, plain, strings.Repeat("x", 199)+"\u200d\u200d")
	if strings.HasSuffix(joined, "\u200d") {
		t.Errorf("%q ends within a character", joined)
	}
}
