package message

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// The examples of RFC 2047 §8, and words as real mail has them.
func TestDecodeWords(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                  "plain",
		"(=?ISO-8859-1?Q?a?=)":   "(a)",
		"(=?ISO-8859-1?Q?a?= b)": "(a b)",
		"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)":       "(ab)",
		"(=?ISO-8859-1?Q?a?=  \r\n =?ISO-8859-1?Q?b?=)": "(ab)",
		"(=?ISO-8859-1?Q?a_b?=)":                        "(a b)",
		"(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)":      "(a b)",
		"=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=":         "Keld Jørn Simonsen",
		"=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=":         "םולש ןב ילטפנ",
		"=?US-ASCII*EN?Q?Keith_Moore?=":                 "Keith Moore",
		"=?utf-8?B?4oI=?= =?utf-8?B?rA==?=":             "€",
		"=?utf-8?Q?What=3F?=?":                          "What??",
		"=?utf-8?Q?two words?=":                         "two words",
		"=?utf-8?X?a?=":                                 "=?utf-8?X?a?=",
		"=?utf-8?Q?unfinished":                          "=?utf-8?Q?unfinished",
		"=?utf-8?Q?line=0D=0Aend?=":                     "line  end",
		"=?x-unknown?Q?caf=C3=A9?=":                     "café",
		"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=":            "日本",
		"=?utf-7?Q?+AOk-t+AOk-?=":                       "été",
		"na\xefve":                                      "naïve",
		"Grüße":                                         "Grüße",
	} {
		if got := DecodeWords(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// RFC 2231 §3 and §4 and what senders do instead.
func TestParamDecoding(t *testing.T) {
	for value, want := range map[string]string{
		`a/b; name=plain.txt`:                                "plain.txt",
		`a/b; name=two words.txt ; x=y`:                      "two words.txt",
		`a/b; name*=utf-8''%e2%82%ac%20rates`:                "€ rates",
		`a/b; name*=us-ascii'en-us'This%20is%20%2A%2A%2Afun`: "This is ***fun",
		`a/b; name*0*=us-ascii'en'This%20is%20even%20more%20; name*1*=%2A%2A%2Afun%2A%2A%2A%20; name*2="isn't it!"`: "This is even more ***fun*** isn't it!",
		`a/b; name*0="long"; name*1="name"`:       "longname",
		`a/b; name="=?iso-8859-1?Q?caf=E9.txt?="`: "café.txt",
		`a/b; name="a.txt"; name*=utf-8''b.txt`:   "b.txt",
		`a/b; name*=rubbish%`:                     "rubbish%",
		`a/b`:                                     "",
	} {
		p := ParseBytes([]byte("Content-Type: " + value + "\r\n\r\n")).Root
		if got := p.Filename(); got != want {
			t.Errorf("%s: got %q, want %q", value, got, want)
		}
	}
}

// Text in many charsets, read in one piece and octet by octet.
func TestCharsets(t *testing.T) {
	for _, test := range []struct{ charset, text, want string }{
		{"utf-8", "caf\xc3\xa9", "café"},
		{"utf-8", "caf\xe9 \xe2\x82", "café â‚"},
		{"us-ascii", "caf\xe9", "café"},
		{"ISO-8859-1", "caf\xe9", "café"},
		{"iso-8859-15", "\xa4", "€"},
		{"koi8-r", "\xd0\xd2\xc9\xd7\xc5\xd4", "привет"},
		{"windows-1251", "\xef\xf0\xe8\xe2\xe5\xf2", "привет"},
		{"gb2312", "\xc4\xe3\xba\xc3", "你好"},
		{"chinesebig5", "\xa7A\xa6n", "你好"},
		{"iso-2022-jp", "\x1b$BF|K\\\x1b(B", "日本"},
		{"euc-kr", "\xbe\xc8\xb3\xe7", "안녕"},
		{"utf-16", "\xfe\xff\x00a\x20\xac", "a€"},
		{"utf-7", "Hi Mom -+Jjo--! 1 +- 1 +2D3eCg-", "Hi Mom -☺-! 1 + 1 😊"},
		{"cp850", "\x82", "é"},
		{"nobody-knows", "caf\xe9", "café"},
	} {
		for _, r := range []io.Reader{
			strings.NewReader(test.text), iotest.OneByteReader(strings.NewReader(test.text)),
		} {
			got, err := io.ReadAll(NewCharsetReader(r, test.charset))
			if err != nil || string(got) != test.want {
				t.Errorf("%s %q: got %q (%v), want %q", test.charset, test.text, got, err, test.want)
			}
		}
	}
	if KnownCharset("nobody-knows") || !KnownCharset("utf-8") || !KnownCharset("KOI8-R") {
		t.Error("known and unknown charsets are mixed up")
	}
}

// What a reader of HTML sees.
func TestHTMLText(t *testing.T) {
	for document, want := range map[string]string{
		"plain text":                                   "plain text",
		"<p>one</p>\r\n<p>two</p>":                     "one\ntwo",
		"a<br>b<b>c</b>d":                              "a\nbcd",
		"&lt;&amp;&eacute;&#8364;&#x20ac;&nbsp;x":      "<&é€€ x",
		"&unknown; & &#xffffffff;.":                    "&unknown; & \uFFFD.",
		"1 < 2 <3":                                     "1 < 2 <3",
		"<!-- a > b --->x<!doctype y>z":                "xz",
		"<style>p{}</style>a<SCRIPT>if(a<b)</SCRIPT>b": "a\nb",
		`<a href="x>y">link</a> <img alt="pic &amp; ture" src=z>.`: "link pic & ture .",
		"<title>not shown</title>shown":                            "shown",
		"<unclosed":                                                "",
		"<td>a</td><td>b</td>":                                     "a b",
		"a  \r\n\t b":                                              "a b",
	} {
		for _, r := range []io.Reader{
			strings.NewReader(document), iotest.OneByteReader(strings.NewReader(document)),
		} {
			got, err := io.ReadAll(NewHTMLTextReader(r))
			if err != nil || string(got) != want {
				t.Errorf("%q: got %q (%v), want %q", document, got, err, want)
			}
		}
	}
}

// A preview is short, on one line, and prefers what the sender wrote.
func TestPreviewText(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "",
		" one\r\n\ttwo  three ":               "one two three",
		"> quoted\r\nown words\r\n-- \r\nsig": "own words",
		"> only quoted":                       "> only quoted",
		"\ufeffhi \u200c \u034f\u200b \u2007there \u200d":  "hi there",
		"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
		"\r\n-----BEGIN PGP MESSAGE-----\r\nx":             "",
		"a\x00b\x07":                                       "ab",
		strings.Repeat("x", 300):                           strings.Repeat("x", previewMax),
		strings.Repeat("ä ", 300):                          strings.TrimSpace(strings.Repeat("ä ", previewMax/2)),
	} {
		got := PreviewText(text)
		if got != want || utf8.RuneCountInString(got) > previewMax {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A preview is made of the best text there is: of HTML where the plain text is
// blank, in the charset of the part, and of no attachment (RFC 8970 §3.2, §3.3).
func TestPreviewOfParts(t *testing.T) {
	alternative := func(plain, html string) string {
		return "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n" + plain +
			"\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "\r\n--b--\r\n"
	}
	for text, want := range map[string]string{
		alternative("plain words", "<p>rich</p>"):                                                                                  "plain words",
		alternative(" \r\n\u200b ", "<style>x</style><p>Gr\u00fc\u00dfe</p>"):                                                      "Gr\u00fc\u00dfe",
		"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B$3$s$K$A$O\x1b(B\r\n":                                          "\u3053\u3093\u306b\u3061\u306f",
		"Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n8NLJ18XU\r\n":                        "\u041f\u0440\u0438\u0432\u0435\u0442",
		"Content-Type: image/png\r\n\r\nxx":                                                                                        "",
		"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nxx":                                                    "",
		"Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--b--\r\n": "",
	} {
		if got := ParseBytes([]byte(text)).Preview(strings.NewReader(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Decoding takes any text, returns UTF-8, and depends on nothing but the text.
func FuzzText(f *testing.F) {
	f.Add("=?utf-8?Q?a=3F?= =?utf-8?B?rA==?=", "utf-8")
	f.Add("<p>x &amp; <!-- --> <img alt='a'>", "iso-2022-jp")
	f.Add("+AOk-t+2D3eCg-", "utf-7")
	f.Fuzz(func(t *testing.T, text, charset string) {
		if words := DecodeWords(text); !utf8.ValidString(words) {
			t.Fatalf("%q is decoded as %q", text, words)
		}
		read := func(r io.Reader) string {
			b, err := io.ReadAll(NewHTMLTextReader(NewCharsetReader(r, charset)))
			if err != nil {
				t.Fatalf("%q in %q: %v", text, charset, err)
			}
			return string(b)
		}
		whole, pieces := read(strings.NewReader(text)), read(iotest.OneByteReader(strings.NewReader(text)))
		if whole != pieces || !utf8.ValidString(whole) {
			t.Fatalf("%q in %q: %q at once and %q in pieces", text, charset, whole, pieces)
		}
	})
}
