package imap

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

const someToken = "91354a473744909de610943775f92038"

// urlExamples are the URLs of RFC 5092, RFC 4467, RFC 4469 and RFC 5550, and
// what they mean.
var urlExamples = []struct {
	text string
	url  URL
}{
	{"imap://minbari.example.org/gray-council;UIDVALIDITY=385759045/;UID=20/;PARTIAL=0.1024", URL{
		Host: "minbari.example.org", Mailbox: "gray-council", UIDValidity: 385759045, UID: 20, HasPartial: true, Partial: Partial{0, 1024}}},
	{"imap://psicorp.example.org/~peter/%E6%97%A5%E6%9C%AC%E8%AA%9E/%E5%8F%B0%E5%8C%97", URL{
		Host: "psicorp.example.org", Mailbox: "~peter/\u65e5\u672c\u8a9e/\u53f0\u5317"}},
	{"imap://;AUTH=GSSAPI@minbari.example.org/gray-council/;UID=20/;SECTION=1.2", URL{
		Auth: "GSSAPI", Host: "minbari.example.org", Mailbox: "gray-council", UID: 20, Section: Section{Part: PartPath{1, 2}}}},
	{"imap://;AUTH=*@minbari.example.org/gray%20council?SUBJECT%20shadows", URL{
		Auth: "*", Host: "minbari.example.org", Mailbox: "gray council", Search: "SUBJECT shadows"}},
	{"imap://john;AUTH=*@minbari.example.org/babylon5/personel?charset%20UTF-8%20SUBJECT%20%7B14+%7D%0D%0A%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2%D0%B0", URL{
		User: "john", Auth: "*", Host: "minbari.example.org", Mailbox: "babylon5/personel",
		Search: "charset UTF-8 SUBJECT {14+}\r\n\u0418\u0432\u0430\u043d\u043e\u0432\u0430"}},
	{"imap://joe@example.com/INBOX/;UID=20/;SECTION=1.2;URLAUTH=submit+fred:INTERNAL:" + someToken, URL{
		User: "joe", Host: "example.com", Mailbox: "INBOX", UID: 20, Section: Section{Part: PartPath{1, 2}},
		Access: URLAccess{AccessSubmit, "fred"}, Mechanism: "INTERNAL", Token: someToken}},
	{"imap://bob.ar@example.org/INBOX;UIDVALIDITY=385759045/;UID=25627/;SECTION=1.2.MIME;EXPIRE=2006-10-28T23:59:59Z;URLAUTH=submit+bob.ar", URL{
		User: "bob.ar", Host: "example.org", Mailbox: "INBOX", UIDValidity: 385759045, UID: 25627, Section: Section{Part: PartPath{1, 2}, Text: SectionMIME},
		Expire: time.Date(2006, 10, 28, 23, 59, 59, 0, time.UTC), Access: URLAccess{AccessSubmit, "bob.ar"}}},
	{"imap://example.com:1143/", URL{Host: "example.com", Port: 1143}},
	{"imap://[2001:db8::7]", URL{Host: "[2001:db8::7]"}},
	{"//u@h/m", URL{Form: URLNetworkPath, User: "u", Host: "h", Mailbox: "m"}},
	{"/Drafts;UIDVALIDITY=385759045/;UID=20/;SECTION=HEADER", URL{
		Form: URLAbsolutePath, Mailbox: "Drafts", UIDValidity: 385759045, UID: 20, Section: Section{Text: SectionHeader}}},
	{"/", URL{Form: URLAbsolutePath}},
	{";UID=20", URL{Form: URLRelativePath, UID: 20}},
	{";SECTION=1.4/;PARTIAL=7", URL{Form: URLRelativePath, Section: Section{Part: PartPath{1, 4}}, HasPartial: true, Partial: Partial{Offset: 7}}},
	{"..;UIDVALIDITY=385759045/;UID=20", URL{Form: URLRelativePath, Mailbox: "..", UIDValidity: 385759045, UID: 20}},
	{"", URL{Form: URLRelativePath}},
	{"/a%2F%2E%2E/;UID=1/;SECTION=HEADER.FIELDS%20(From%20%22a%20b%22)", URL{Form: URLAbsolutePath, Mailbox: "a/..", UID: 1,
		Section: Section{Text: SectionHeaderFields, Fields: []string{"From", "a b"}}}},
}

// The examples mean what the RFCs say, and are written so that they mean the
// same.
func TestParseURL(t *testing.T) {
	for _, example := range urlExamples {
		got, err := ParseURL(example.text)
		if err != nil || !reflect.DeepEqual(got, example.url) {
			t.Errorf("%s is\n%+v, want\n%+v, %v", example.text, got, example.url, err)
		}
		again, err := ParseURL(example.url.String())
		if err != nil || !reflect.DeepEqual(again, example.url) {
			t.Errorf("%s, written as %s, is %+v, %v", example.text, example.url, again, err)
		}
	}
}

// Words have any case, and the spelling of the Lemonade profile is understood.
func TestParseURLIsLenient(t *testing.T) {
	want, _ := ParseURL("imap://j@h/INBOX;UIDVALIDITY=3/;UID=20/;SECTION=1.MIME;EXPIRE=2006-10-28T23:59:59Z;URLAUTH=stream:INTERNAL:" + someToken)
	for _, text := range []string{
		"IMAP://j@h/INBOX;uidvalidity=3/;uid=20/;section=1.mime;expire=2006-10-28t23:59:59z;urlauth=STREAM:internal:" + strings.ToUpper(someToken),
		"imap://j@h/INBOX;UIDVALIDITY=3/;uid=20/;section=1.MIME/;expire=2006-10-28T23:59:60Z/;urlauth=stream:Internal:" + someToken,
		"imap://%6a@h/%49NBO%58;UIDVALIDITY=3/;UID=20/;SECTION=1%2eMIME;EXPIRE=2006-10-28T23:59:59Z;URLAUTH=stream:INTERNAL:" + someToken,
		"imap://j@h/x/../INBOX;UIDVALIDITY=3/./;UID=20/;SECTION=1.MIME;EXPIRE=2006-10-28T23:59:59Z;URLAUTH=stream:INTERNAL:" + someToken,
	} {
		if got, err := ParseURL(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v, %v", text, got, err)
		}
	}
}

// What RFC 5092 §11 does not allow is refused.
func TestParseURLRefuses(t *testing.T) {
	for _, text := range []string{
		"http://h/x", "imap:/x", "mailto:x", "imap://@h/", "imap://u:p@h/", "imap://u;X=1@h", "imap://;AUTH=%2A@h", "imap://u;AUTH=@h",
		"imap://h:65536", "imap://h:x", "imap://h:+1", "imap://[::1", "imap://[1.2.3.4]", "imap://[fe80::1%25eth0]", "imap://h h/", "imap://h%zz/",
		"imap://h?x", "imap://h/?x", "imap://h/x?", "imap://h/x?a?b", "imap://h/x#y", "imap://h//x", "imap://h/a b", "imap://h/a%2", "imap://h/a%00",
		"imap://h/%ff", "imap://h/\xc3\xa9", "imap://h/[", "/;UID=1", ";UIDVALIDITY=1", ";URLAUTH=anonymous", "/x;UID=1", "/x/;UIDVALIDITY=0",
		"/x/;UID=0", "/x/;UID=01", "/x/;UID=4294967296", "/x/;UID=1;SECTION=1", "/x/;UID=1/;SECTION=", "/x/;UID=1/;SECTION=0", "/x/;UID=1/;SECTION=MIME",
		"/x/;UID=1/;SECTION=HEADER.FIELDS", "/x/;UID=1/;SECTION=TEXT%20()", "/x/;UID=1/;PARTIAL=", "/x/;UID=1/;PARTIAL=1.0", "/x/;UID=1/;PARTIAL=1.",
		"/x/;UID=1/;PARTIAL=+1", "/x/;UID=1/;PARTIAL=1/;SECTION=1", "/x/;SECTION=1", "/x/;UID=1/", "/x/;UID=1?ALL", "/x/;UID=1;FOO=1", "../x",
		"/x/;UID=1;EXPIRE=2006-10-28T23:59:59Z", "/x/;UID=1;EXPIRE=2006-10-28;URLAUTH=stream", "/x/;UID=1;EXPIRE=2006-10-28T23:59:59;URLAUTH=stream",
		"/x/;UID=1;EXPIRE=2006-10-28T3:59:599Z;URLAUTH=stream", "/x/;UID=1;EXPIRE=2006-10-28T23:59:59+24:00;URLAUTH=stream",
		"/x;URLAUTH=anonymous", "/x/;UID=1;URLAUTH=", "/x/;UID=1;URLAUTH=user+", "/x/;UID=1;URLAUTH=a-b", "/x/;UID=1;URLAUTH=+u",
		"/x/;UID=1;URLAUTH=stream:INTERNAL", "/x/;UID=1;URLAUTH=stream:INTERNAL:abc", "/x/;UID=1;URLAUTH=stream:IN_:" + someToken,
		"/x/;UID=1;URLAUTH=stream:INTERNAL:" + someToken + ":", "/x/;UID=1;URLAUTH=stream;EXPIRE=2006-10-28T23:59:59Z",
	} {
		if got, err := ParseURL(text); !errors.Is(err, ErrURL) {
			t.Errorf("%s is %+v, %v", text, got, err)
		}
	}
}

// References are resolved as RFC 3986 §5.2 and the examples of RFC 5092 §9 say.
func TestResolveURL(t *testing.T) {
	const server = "imap://joe@h:1143"
	for _, test := range []struct{ base, reference, want string }{
		{"/gray-council/;UID=20/;SECTION=1.2", ";SECTION=1.4", "/gray-council/;UID=20/;SECTION=1.4"},
		{"", "/foo/;UID=20/..", "/foo"},
		{"/foo", ";UID=20", "/foo/;UID=20"},
		{"/foo;UIDVALIDITY=3/;UID=1/;SECTION=1", ";UID=20/;SECTION=2", "/foo;UIDVALIDITY=3/;UID=20/;SECTION=2"},
		{"/foo/;UID=2", ";SECTION=1/;PARTIAL=2.3", "/foo/;UID=2/;SECTION=1/;PARTIAL=2.3"},
		{"/foo/;UID=2/;SECTION=1", ";PARTIAL=9", "/foo/;UID=2/;SECTION=1/;PARTIAL=9"},
		{"/foo", "/INBOX/;UID=1", "/INBOX/;UID=1"},
		{"/a/b", "c/;UID=1", "/a/c/;UID=1"},
		{"/a/b/;UID=4", "../c", "/a/c"},
		{"/a/b", "..;UIDVALIDITY=385759045/;UID=20", "/a/%2E%2E;UIDVALIDITY=385759045/;UID=20"},
		{"/a/b?ALL", "", "/a/b?ALL"},
	} {
		base, err := ParseURL(server + test.base)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := base.Resolve(test.reference); err != nil || got.String() != server+test.want {
			t.Errorf("%s of %s is %s, %v", test.reference, test.base, got, err)
		}
	}
	base, _ := ParseURL(server + "/foo")
	for reference, want := range map[string]string{"imap://x/y": "imap://x/y", "//x/y": "imap://x/y"} {
		if got, err := base.Resolve(reference); err != nil || got.String() != want {
			t.Errorf("%s is %s, %v", reference, got, err)
		}
	}
	bare, _ := ParseURL(server)
	for _, wrong := range []string{";UID=20", ";UIDVALIDITY=3", ";URLAUTH=stream", "?ALL", "http:x", ";SECTION=1"} {
		if got, err := bare.Resolve(wrong); err == nil {
			t.Errorf("%s is %s", wrong, got)
		}
	}
}

// The rump is the very octets before the proof (RFC 4467 §6).
func TestSplitURLAuth(t *testing.T) {
	const rump = "imap://joe@EXAMPLE.com/%49NBOX/;uid=20;urlauth=submit+f%3ared"
	got, mechanism, token, ok := SplitURLAuth(rump + ":internal:" + someToken)
	if !ok || got != rump || mechanism != "internal" || token != someToken {
		t.Error(got, mechanism, token, ok)
	}
	for _, text := range []string{"", rump, rump + ":internal:", rump + ":internal:abc", rump + "::" + someToken, someToken} {
		if _, _, _, ok := SplitURLAuth(text); ok {
			t.Errorf("%s has a proof", text)
		}
	}
}

// Identifiers that are registered have the form they are registered with.
func TestURLAccess(t *testing.T) {
	for access, want := range map[URLAccess]bool{
		{AccessSubmit, "u"}: true, {AccessUser, "u"}: true, {AccessAuthUser, ""}: true, {AccessAnonymous, ""}: true, {AccessStream, ""}: true,
		{"mine", ""}: true, {"mine3", "u"}: true, {AccessSubmit, ""}: false, {AccessUser, ""}: false, {AccessAuthUser, "u"}: false,
		{AccessAnonymous, "u"}: false, {AccessStream, "u"}: false, {}: false, {"a.b", ""}: false,
	} {
		if access.IsWellFormed() != want {
			t.Errorf("%v", access)
		}
	}
}

// What is read is written so that it is read as the same, and what resolves
// against a base is a whole URL.
func FuzzURL(f *testing.F) {
	for _, example := range urlExamples {
		f.Add(example.text)
	}
	base, err := ParseURL("imap://joe@example.com/a/b;UIDVALIDITY=7/;UID=3/;SECTION=1.2")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if u, err := ParseURL(text); err == nil {
			again, err := ParseURL(u.String())
			if err != nil || !again.Expire.Equal(u.Expire) {
				t.Fatalf("%q, written as %q, is %+v, %v", text, u, again, err)
			}
			again.Expire = u.Expire
			if !reflect.DeepEqual(u, again) {
				t.Fatalf("%q, written as %q, is\n%+v, not\n%+v", text, u, again, u)
			}
		} else if !errors.Is(err, ErrURL) {
			t.Fatal(err)
		}
		if u, err := base.Resolve(text); err == nil && u.Form != URLAbsolute {
			t.Fatalf("%q resolves to %q", text, u)
		}
	})
}
