package imapserver

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// setShared sets what all users share of the server, as the administrator does.
func (s *testServer) setShared(name, value string) {
	s.t.Helper()
	account, err := s.store.Account(context.Background(), mail.DirectoryAccount)
	if err == nil {
		_, err = account.Commit(context.Background(), mail.SetMetadata(mail.ServerMetadata, []mail.MetadataWish{{Name: name, Value: []byte(value)}}))
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// The aim: what the administrator has for all users is seen by each, told to
// those who want to hear of it, and changed by none; what a user has of the
// server is his own.
func TestServerMetadata(t *testing.T) {
	server := startServer(t, func(o *Options) { o.Admin = "mailto:postmaster@example.org" })
	one, two := server.login("u0001"), server.login("u0002")
	one.ok("ENABLE METADATA-SERVER")
	server.setShared("/comment", "Closed on Sunday")
	has(t, one.ok("NOOP"), `* METADATA "" /shared/comment`)
	for _, c := range []*testClient{one, two} {
		has(t, c.ok(`GETMETADATA "" (/shared/admin /shared/comment)`), `/shared/admin "mailto:postmaster@example.org"`, `/shared/comment "Closed on Sunday"`)
		has(t, c.ok(`GETMETADATA (DEPTH infinity) "" /shared`), "/shared/admin", "/shared/comment")
	}
	two.status(`SETMETADATA "" (/shared/admin NIL)`, "NO [NOPERM]")
	two.ok(`SETMETADATA "" (/private/vendor/x/y "mine")`)
	hasNot(t, one.ok("NOOP"), "METADATA")
	has(t, one.ok(`GETMETADATA "" /private/vendor/x/y`), `* METADATA "" (/private/vendor/x/y NIL)`)
	server.setShared("/filters/values/marked", "FLAGGED")
	one.append("INBOX", `(\Flagged)`, "Subject: a\r\n\r\nb")
	one.ok("SELECT INBOX")
	has(t, one.ok("SEARCH FILTER marked"), "* SEARCH 1")
	one.ok(`SETMETADATA "" (/private/filters/values/marked "NOT FLAGGED")`)
	hasNot(t, one.ok("SEARCH FILTER marked"), "* SEARCH 1")
}

// The aim: entries beyond the limit are refused together, and a full mailbox
// still lets entries be changed and removed.
func TestTooManyEntries(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	c.append("INBOX", "()", "Subject: a\r\n\r\nb")
	c.ok("SELECT INBOX")
	entries := func(format string, count int) string {
		var all []string
		for n := range count {
			all = append(all, fmt.Sprintf(format, n))
		}
		return strings.Join(all, " ")
	}
	c.status("SETMETADATA INBOX ("+entries(`/private/vendor/x/%d "v"`, 251)+")", "NO [METADATA TOOMANY]")
	has(t, c.ok("GETMETADATA (DEPTH infinity) INBOX /private"), "* METADATA INBOX (/private NIL)")
	c.ok("SETMETADATA INBOX (" + entries(`/private/vendor/x/%d "v"`, 250) + ")")
	c.status(`SETMETADATA INBOX (/private/comment "v")`, "NO [METADATA TOOMANY]")
	c.ok(`SETMETADATA INBOX (/private/vendor/x/7 "w" /shared/comment "v")`)
	c.ok(`SETMETADATA INBOX (/private/vendor/x/8 NIL /private/comment "v")`)
	c.status("STORE 1 ANNOTATION ("+entries(`/vendor/x/%d (value.priv "v")`, 51)+")", "NO [ANNOTATE TOOMANY]")
	c.ok("STORE 1 ANNOTATION (" + entries(`/vendor/x/%d (value.priv "v")`, 50) + ")")
	c.status(`STORE 1 ANNOTATION (/comment (value.priv "v"))`, "NO [ANNOTATE TOOMANY]")
	c.ok(`STORE 1 ANNOTATION (/comment (value.shared "v") /vendor/x/3 (value.priv "w"))`)
}

// The aim: filters that multiply cost a bounded number of substitutions.
func TestFiltersThatMultiply(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	for n := range 8 {
		c.ok(fmt.Sprintf(`SETMETADATA "" (/private/filters/values/f%d "FILTER f%d FILTER f%d FILTER f%d")`, n+1, n, n, n))
	}
	c.ok(`SETMETADATA "" (/private/filters/values/f0 "ALL")`)
	c.append("INBOX", "()", "Subject: a\r\n\r\nb")
	c.ok("SELECT INBOX")
	has(t, c.ok("SEARCH FILTER f3"), "* SEARCH 1")
	c.status("SEARCH FILTER f5", "NO [UNDEFINED-FILTER f")
	c.status("SEARCH FILTER f8", "NO [UNDEFINED-FILTER f")
	has(t, c.ok("SEARCH ALL"), "* SEARCH 1")
}

// The aim: a session that was away for long hears of every entry that has
// another value, though its changes were more than are queued.
func TestMetadataWatchOverflows(t *testing.T) {
	server := startServer(t, nil)
	c, other := server.login("u0001"), server.login("u0001")
	c.ok("ENABLE METADATA")
	for n := range 300 {
		other.ok(fmt.Sprintf(`SETMETADATA Archive (/private/vendor/x/%d "%d")`, n%5, n))
	}
	said := c.ok(`SETMETADATA Archive (/private/comment "own")`)
	has(t, said, "* METADATA Archive /private/vendor/x/0 /private/vendor/x/1 /private/vendor/x/2 /private/vendor/x/3 /private/vendor/x/4")
	hasNot(t, said, "/private/comment")
	other.ok(`SETMETADATA INBOX (/shared/comment "x")`)
	said = c.ok("NOOP")
	has(t, said, "* METADATA INBOX /shared/comment")
	hasNot(t, said, "Archive")
}

// The aim: annotations are told of where changes of messages were lost.
func TestAnnotationsAfterOverflow(t *testing.T) {
	server := startServer(t, nil)
	c, other := server.login("u0001"), server.login("u0001")
	c.append("INBOX", "()", "Subject: a\r\n\r\nb")
	c.append("INBOX", "()", "Subject: c\r\n\r\nd")
	c.ok("SELECT INBOX (ANNOTATE)")
	other.ok("SELECT INBOX")
	other.ok(`STORE 2 ANNOTATION (/comment (value.shared "x"))`)
	for n := range 300 {
		other.ok(fmt.Sprintf(`STORE 1 %sFLAGS.SILENT (\Flagged)`, []string{"+", "-"}[n%2]))
	}
	has(t, c.ok("NOOP"), "* 2 FETCH (ANNOTATION (/comment))")
	hasNot(t, c.ok("NOOP"), "ANNOTATION")
}

// The aim: SEARCH and SORT by annotations answer what looking at every message
// would.
func TestAnnotationSearchAgainstModel(t *testing.T) {
	const seed, messages = 5257, 40
	random := rand.New(rand.NewPCG(seed, 0))
	c := startServer(t, nil).login("u0001")
	for range messages {
		c.append("INBOX", "()", "Subject: a\r\n\r\nb")
	}
	c.ok("SELECT INBOX")
	entries := []string{"/comment", "/altsubject", "/vendor/x/y", "/vendor/x/z"}
	values := []string{"", "One", "two one", "THREE"}
	have := map[string]string{} // "7/comment.priv"
	for range 200 {
		n, entry, scope := 1+random.IntN(messages), entries[random.IntN(4)], []string{"priv", "shared"}[random.IntN(2)]
		key := fmt.Sprintf("%d%s.%s", n, entry, scope)
		if random.IntN(4) == 0 {
			c.ok(fmt.Sprintf("STORE %d ANNOTATION (%s (value.%s NIL))", n, entry, scope))
			delete(have, key)
			continue
		}
		have[key] = values[random.IntN(4)]
		c.ok(fmt.Sprintf("STORE %d ANNOTATION (%s (value.%s %q))", n, entry, scope, have[key]))
	}
	matches := func(n int, pattern, scope, text string) bool {
		for _, entry := range entries {
			for _, of := range []string{"priv", "shared"} {
				value, exists := have[fmt.Sprintf("%d%s.%s", n, entry, of)]
				if exists && (scope == "" || scope == "."+of) && matchEntry(pattern, entry) && strings.Contains(strings.ToLower(value), text) {
					return true
				}
			}
		}
		return false
	}
	for _, pattern := range []string{"/comment", "*", "/%", "/vendor/*", "/vendor/x/z", "/none"} {
		for _, scope := range []string{"", ".priv", ".shared"} {
			for _, text := range []string{"one", "t", ""} {
				want := "* SEARCH"
				for n := range messages {
					if matches(n+1, pattern, scope, text) {
						want += fmt.Sprintf(" %d", n+1)
					}
				}
				got := c.do(fmt.Sprintf("SEARCH ANNOTATION %s value%s %q", pattern, scope, text))[0]
				if got != want {
					t.Fatalf("seed %d, %s value%s %q: got %s, want %s", seed, pattern, scope, text, got, want)
				}
			}
		}
	}
	order := make([]int, messages)
	for n := range order {
		order[n] = n + 1
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return strings.Compare(strings.ToUpper(have[fmt.Sprintf("%d/comment.priv", a)]), strings.ToUpper(have[fmt.Sprintf("%d/comment.priv", b)]))
	})
	want := strings.Trim(strings.Join(strings.Fields("* SORT "+fmt.Sprint(order)), " "), "]")
	want = strings.ReplaceAll(want, "[", "")
	if got := c.do("SORT (ANNOTATION /comment value.priv) UTF-8 ALL")[0]; got != want {
		t.Fatalf("seed %d: got %s, want %s", seed, got, want)
	}
}

// A pattern matches one or more characters, and "%" no slash (RFC 5257 §4.3).
func TestMatchEntry(t *testing.T) {
	for _, test := range []struct {
		pattern, entry string
		want           bool
	}{
		{"*", "/comment", true}, {"/*", "/1/comment", true}, {"/%", "/comment", true}, {"/%", "/1/comment", false}, {"/%/comment", "/1/comment", true},
		{"/comment*", "/comment", false}, {"/comment%", "/comments", true}, {"%", "/comment", false}, {"/c*t", "/comment", true}, {"/c*x", "/comment", false},
		{"**", "/", false}, {"**", "/a", true}, {"/Comment", "/comment", false}, {"", "", true}, {"*", "", false},
		{strings.Repeat("*a", 50), strings.Repeat("ba", 49), false},
	} {
		if got := matchEntry(test.pattern, test.entry); got != test.want {
			t.Errorf("%q on %q: %t", test.pattern, test.entry, got)
		}
	}
}

// What one command says of entries is bounded, so that no pattern and no list of
// wishes keeps a processor, or a commit of the account, busy.
func TestEntriesAreBounded(t *testing.T) {
	server := startServer(t, nil)
	c := server.login("u0001")
	c.append("INBOX", "()", "Subject: x\r\n\r\nx\r\n")
	c.do("SELECT INBOX")
	longest, wild := "/"+strings.Repeat("a", 511), "/"+strings.Repeat("*a", 255)
	for _, command := range []string{
		"STORE 1 ANNOTATION (%s (value.priv {1+}\r\nx))", "FETCH 1 (ANNOTATION (%s value))", "SEARCH ANNOTATION %s value x", "GETMETADATA INBOX /private%s",
	} {
		name := longest
		if strings.HasPrefix(command, "GET") {
			name = name[:512-len("/private")]
		}
		c.do(fmt.Sprintf(command, name))
		c.status(fmt.Sprintf(command, name+"a"), "BAD [LIMIT]")
	}
	c.do("FETCH 1 (ANNOTATION (" + wild + " value))")
	c.status(fmt.Sprintf("FETCH 1 (ANNOTATION ({%d+}\r\n%s value))", len(wild)*1000, strings.Repeat(wild, 1000)), "BAD [LIMIT]")
}

// Large values are told in portions, each entry once, so that a client that does
// not read holds little of the server's memory.
func TestMetadataInPortions(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	const count = 40
	var names []string
	for i := range count {
		names = append(names, fmt.Sprintf("/private/n%02d", i))
		c.ok(fmt.Sprintf("SETMETADATA INBOX (%s {%d+}\r\n%s)", names[i], mail.MetadataValueMax-i, strings.Repeat("x", mail.MetadataValueMax-i)))
	}
	for _, command := range []string{
		"GETMETADATA INBOX (DEPTH infinity) /private", fmt.Sprintf("GETMETADATA INBOX (MAXSIZE %d DEPTH 1) /private", mail.MetadataValueMax),
		"GETMETADATA INBOX (" + strings.Join(names, " ") + ")", "LIST \"\" INBOX RETURN (METADATA (" + strings.Join(names, " ") + "))",
	} {
		answer := c.ok(command)
		for i, name := range names {
			if strings.Count(answer, fmt.Sprintf("%s {%d}", name, mail.MetadataValueMax-i)) != 1 {
				t.Fatalf("%.60s: %s is not told once", command, name)
			}
		}
		responses := strings.Split(answer, "* METADATA INBOX ")[1:]
		for _, response := range responses {
			if len(response) > metadataPortionOctets+4096 {
				t.Errorf("%.60s: a portion has %d octets", command, len(response))
			}
		}
		if len(responses) != 3 {
			t.Errorf("%.60s: %d portions", command, len(responses))
		}
	}
}

// MAXSIZE and DEPTH choose as RFC 5464 §4.2 says, each entry once.
func TestChooseMetadata(t *testing.T) {
	values := []namedValue{{"/private/a", []byte("1")}, {"/private/a/b", []byte("123")}, {"/private/a/b/c", []byte("12345")}, {"/private/ab", nil}}
	for _, test := range []struct {
		question metadataQuestion
		want     string
		tooLarge uint32
	}{
		{metadataQuestion{entries: []string{"/PRIVATE/a", "/private/A", "/private/x"}}, "/PRIVATE/a=1 /private/x=NIL", 0},
		{metadataQuestion{entries: []string{"/private/a"}, depth: imap.DepthOne}, "/private/a=1 /private/a/b=123", 0},
		{metadataQuestion{entries: []string{"/private/a/b", "/private"}, depth: imap.DepthInfinity, hasMaxSize: true, maxSize: 3}, "/private/a/b=123 /private/a=1 /private/ab=", 5},
		{metadataQuestion{entries: []string{"/private/a"}, hasMaxSize: true}, "", 1},
		{metadataQuestion{entries: []string{"/private/z"}, depth: imap.DepthInfinity}, "/private/z=NIL", 0},
	} {
		chosen, tooLarge := test.question.choose(values)
		var got []string
		for _, one := range chosen {
			text := string(one.Value)
			if one.Value == nil && one.Entry != "/private/ab" {
				text = "NIL"
			}
			got = append(got, one.Entry+"="+text)
		}
		if strings.Join(got, " ") != test.want || tooLarge != test.tooLarge {
			t.Errorf("%+v: got %v, %d", test.question, got, tooLarge)
		}
	}
}

// The aim: annotations count against ANNOTATION-STORAGE, in every command that
// makes some, and give back what they took when their message goes
// (RFC 9208 §5.4).
func TestAnnotationsAgainstQuota(t *testing.T) {
	server := startServer(t, nil)
	c := server.login("u0001")
	c.append("INBOX", "()", "Subject: a\r\n\r\nb")
	c.ok("SELECT INBOX")
	c.ok(`STORE 1 ANNOTATION (/comment (value.priv "` + strings.Repeat("x", 900) + `"))`)
	if err := server.options.Auth.Directory().SetAdmin(t.Context(), "u0001", true); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(c.ok("GETQUOTAROOT INBOX"), "* QUOTAROOT INBOX ")
	c.ok("SETQUOTA " + strings.Fields(rest)[0] + " (ANNOTATION-STORAGE 2)")
	has(t, c.ok("GETQUOTAROOT INBOX"), "ANNOTATION-STORAGE 1 2")
	c.ok("COPY 1 INBOX")
	has(t, c.ok("GETQUOTAROOT INBOX"), "ANNOTATION-STORAGE 2 2")
	c.status("COPY 1 INBOX", "NO [OVERQUOTA]")
	c.status(`STORE 1 ANNOTATION (/altsubject (value.shared "`+strings.Repeat("x", 900)+`"))`, "NO [OVERQUOTA]")
	c.status("APPEND INBOX ANNOTATION (/comment (value.priv \""+strings.Repeat("x", 900)+"\")) {5+}\r\na: b\n", "NO [OVERQUOTA]")
	c.ok(`SETMETADATA INBOX (/private/comment "` + strings.Repeat("x", 900) + `")`)
	c.ok(`STORE 1 +FLAGS.SILENT (\Deleted)`)
	c.ok("EXPUNGE")
	has(t, c.ok("GETQUOTAROOT INBOX"), "ANNOTATION-STORAGE 1 2")
	c.ok(`STORE 1 ANNOTATION (/altsubject (value.shared "` + strings.Repeat("x", 900) + `"))`)
}
