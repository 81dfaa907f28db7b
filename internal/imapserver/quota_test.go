package imapserver

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/restante/restante/internal/transcript"
	"github.com/restante/restante/testdata/transcripts"
)

// The aim: what only administrators can do, they can: the conversations about
// quotas hold in every dialect where every user is one.
func TestTranscriptsOfAdministrators(t *testing.T) {
	library, err := transcript.Load(transcripts.Files)
	if err != nil {
		t.Fatal(err)
	}
	server := startServer(t, nil)
	for i := range testAccounts {
		if err := server.options.Auth.Directory().SetAdmin(t.Context(), fmt.Sprintf("u%04d", i+1), true); err != nil {
			t.Fatal(err)
		}
	}
	suite := &transcript.Suite{
		Library: library, Promises: true, Parallel: testAccounts / 3, // each with three users
		Match: func(c *transcript.Case) bool { return strings.HasPrefix(c.Path, "quota/") },
		Server: transcript.Server{
			Address: server.address, Accounts: transcript.NumberedAccounts("u%04d", "secret", testAccounts),
		},
	}
	outcomes, err := suite.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, outcome := range outcomes {
		switch outcome.Verdict {
		case transcript.Failed:
			t.Errorf("%s (%s): %s\n%s", outcome.Case.Path, outcome.Dialect.Name, outcome.Reason, outcome.Wire)
		case transcript.Passed:
			passed++
		}
	}
	if passed < 100 {
		t.Errorf("only %d runs were made", passed)
	}
	if report, err := server.store.Check(t.Context(), nil); err != nil || !report.Sound() {
		t.Errorf("the store is not sound: %v %v", report.Problems, err)
	}
}

// The aim: an administrator sets the quota of every root; others can do
// neither, learn of no other root, and are offered nothing, from the moment on
// at which it is so.
func TestQuotaRootsOfOthers(t *testing.T) {
	server := startServer(t, nil)
	admin, other := server.login("u0001"), server.login("u0002")
	root := func(c *testClient) string {
		_, rest, _ := strings.Cut(c.ok("GETQUOTAROOT INBOX"), "* QUOTAROOT INBOX ")
		root, _, _ := strings.Cut(rest, "\r\n")
		return strings.Fields(root)[0]
	}
	own, foreign := root(admin), root(other)
	if own == foreign {
		t.Fatalf("two accounts share the root %s", own)
	}
	for _, c := range []string{"GETQUOTA " + foreign, "GETQUOTA nobody@example.org", "SETQUOTA " + own + " ()", "SETQUOTA " + foreign + " (MESSAGE 1)"} {
		hasNot(t, admin.status(c, "NO [NOPERM]"), "* QUOTA")
	}
	if err := server.options.Auth.Directory().SetAdmin(t.Context(), "u0001", true); err != nil {
		t.Fatal(err)
	}
	has(t, admin.ok("CAPABILITY"), " QUOTASET ")
	hasNot(t, other.ok("CAPABILITY"), "QUOTASET")
	hasNot(t, server.dial().ok("CAPABILITY"), "QUOTASET")
	has(t, admin.ok("SETQUOTA "+foreign+" (MESSAGE 1 ANNOTATION-STORAGE 5)"), "* QUOTA "+foreign+" (MESSAGE 0 1 MAILBOX 6 10000 ANNOTATION-STORAGE 0 5)")
	has(t, admin.ok("GETQUOTA "+foreign), "MESSAGE 0 1")
	has(t, other.ok("GETQUOTA "+foreign), "MESSAGE 0 1")
	hasNot(t, admin.ok("GETQUOTA "+own), "MESSAGE")
	admin.status("GETQUOTA nobody@example.org", "NO [NONEXISTENT]")
	admin.status("GETQUOTA u0002", "NO [NONEXISTENT]") // a login name, and no root
	other.append("INBOX", "()", testMessage)
	other.status("COPY 1 INBOX", "BAD")
	other.ok("SELECT INBOX")
	has(t, other.status("COPY 1 INBOX", "NO [OVERQUOTA]"), "OVERQUOTA")
	if err := server.options.Auth.Directory().SetAdmin(t.Context(), "u0001", false); err != nil {
		t.Fatal(err)
	}
	admin.status("SETQUOTA "+foreign+" ()", "NO [NOPERM]")
}

// The aim: of several messages the client is asked for those that have room,
// and not for the first that has none.
func TestMultiAppendAsksWhileThereIsRoom(t *testing.T) {
	server := startServer(t, nil)
	if err := server.options.Auth.Directory().SetAdmin(t.Context(), "u0001", true); err != nil {
		t.Fatal(err)
	}
	c := server.login("u0001")
	root := strings.Fields(c.ok("GETQUOTAROOT INBOX"))[3]
	c.ok("SETQUOTA " + root + " (STORAGE 1)")
	c.send("x APPEND INBOX {1000}\r\n")
	has(t, c.line(), "+ ")
	c.send(strings.Repeat("x", 1000) + " {25}\r\n")
	has(t, c.line(), "x NO [OVERQUOTA]")
	has(t, c.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 0")
	c.send("y APPEND INBOX {1000}\r\n")
	has(t, c.line(), "+ ")
	c.send(strings.Repeat("x", 1000) + " {24}\r\n")
	has(t, c.line(), "+ ")
	c.send(strings.Repeat("x", 24) + "\r\n")
	has(t, c.line(), "y OK [APPENDUID")
}

// The aim: what is used is told exactly, in blocks that are rounded up.
func TestUsageOverTheWire(t *testing.T) {
	server := startServer(t, nil)
	if err := server.options.Auth.Directory().SetAdmin(t.Context(), "u0001", true); err != nil {
		t.Fatal(err)
	}
	c := server.login("u0001")
	root := strings.Fields(c.ok("GETQUOTAROOT INBOX"))[3]
	has(t, c.ok("SETQUOTA "+root+" (STORAGE 100 MESSAGE 100)"), "(STORAGE 0 100 MESSAGE 0 100 MAILBOX 6 10000)")
	for range 8 {
		c.append("INBOX", "()", strings.Repeat("x", 128)) // 1024 octets are a block, and one more begins the next
	}
	has(t, c.ok("GETQUOTA "+root), "(STORAGE 1 100 MESSAGE 8 100")
	c.append("INBOX", "()", "x")
	has(t, c.ok("GETQUOTA "+root), "(STORAGE 2 100 MESSAGE 9 100")
	c.ok("CREATE a/b/c")
	has(t, c.ok("GETQUOTA "+root), "MAILBOX 9 10000")
	c.status("SETQUOTA "+root+" (STORAGE 1 STORAGE 2)", "BAD")
}
