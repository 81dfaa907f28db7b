package imapserver

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// anonymous connects and logs in as nobody.
func (s *testServer) anonymous() *testClient {
	s.t.Helper()
	c := s.dial()
	c.ok("AUTHENTICATE ANONYMOUS bm9ib2R5")
	return c
}

// The aim: who has not said who he is has the rights of "anonymous" and of
// "anyone", changes nothing in the account that he is put in, neither by a list
// nor by a copy from elsewhere, and gets no URL that is for users (RFC 4314 §2,
// RFC 4505 §5, RFC 5092 §6.1.2).
func TestAnonymousHasNoRightsOfAUser(t *testing.T) {
	server := startServer(t, nil)
	owner := server.login("u0001")
	owner.append("INBOX", "()", "a: b\r\n\r\nsecret text")
	owner.ok("SETACL INBOX anonymous lr")
	owner.ok("CREATE Closed")
	owner.ok("SETACL Closed anyone lr")
	owner.ok("SETACL Closed -anonymous r")
	forUsers := owner.prove("imap://u0001@h/INBOX/;UID=1;URLAUTH=authuser")
	forAll := owner.prove("imap://u0001@h/INBOX/;UID=1;URLAUTH=anonymous")
	c := server.anonymous()
	theirs := `"Other Users/u0001@localhost/INBOX"`
	has(t, c.ok("MYRIGHTS "+theirs), `INBOX" lr`)
	c.status(`SELECT "Other Users/u0001@localhost/Closed"`, "NO [NOPERM]")
	has(t, c.ok("MYRIGHTS INBOX"), "MYRIGHTS INBOX lr")
	c.status("SETACL INBOX anyone lrswipkxtean", "NO [NOPERM]")
	c.status("GETACL INBOX", "NO [NOPERM]")
	has(t, c.ok("SELECT "+theirs), "[READ-ONLY]")
	c.status("COPY 1 INBOX", "NO [NOPERM]")
	has(t, c.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 0")
	hasNot(t, c.ok(`URLFETCH "`+forUsers+`"`), "secret")
	has(t, c.ok(`URLFETCH "`+forAll+`"`), "secret")
	c.status(`GENURLAUTH "imap://public@h/INBOX/;UID=1;URLAUTH=anonymous" INTERNAL`, "BAD")
	c.status("RESETKEY", "NO [NOPERM]")
	// Users have nothing of what is given to those without a name.
	server.login("u0002").status("SELECT "+theirs, "NO")
}

// The aim: a URL of another's mailbox gives what its user may read there, in
// the names of his sessions, to whom it is for, and as long as he may
// (RFC 4467 §7).
func TestURLsOfOthersMailboxes(t *testing.T) {
	server := startServer(t, nil)
	owner, user, third := server.login("u0001"), server.login("u0002"), server.login("u0003")
	owner.ok("CREATE Box")
	owner.append("Box", "()", "a: b\r\n\r\nsecret text")
	rump := "imap://u0002@h/Other%20Users/u0001%40localhost/Box/;UID=1;URLAUTH=authuser"
	user.status(`GENURLAUTH "`+rump+`" INTERNAL`, "BAD")
	owner.ok("SETACL Box u0002 lr")
	url := user.prove(rump)
	for _, c := range []*testClient{owner, user, third, server.login("u0004")} {
		has(t, c.ok(`URLFETCH "`+url+`"`), "secret text")
	}
	hasNot(t, third.ok(`URLFETCH "`+strings.Replace(url, "u0002@", "u0003@", 1)+`"`), "secret")
	owner.ok("SETACL Box u0003 lr") // which is not the user of the URL
	owner.ok("DELETEACL Box u0002")
	for _, c := range []*testClient{owner, user, third} {
		hasNot(t, c.ok(`URLFETCH "`+url+`"`), "secret")
	}
}

// The aim: who may read a mailbox of another may see the quota of its account,
// by either command, and nobody else may (RFC 9208 §6).
func TestQuotaOfOthersMailboxes(t *testing.T) {
	server := startServer(t, nil)
	owner, user := server.login("u0001"), server.login("u0002")
	box := `"Other Users/u0001@localhost/INBOX"`
	hasNot(t, user.status("GETQUOTA u0001@localhost", "NO [NOPERM]"), "* QUOTA")
	owner.ok("SETACL INBOX u0002 li")
	hasNot(t, user.status("GETQUOTA u0001@localhost", "NO [NOPERM]"), "* QUOTA")
	hasNot(t, user.status("GETQUOTAROOT "+box, "NO [NOPERM]"), "* QUOTA")
	owner.ok("SETACL INBOX u0002 lr")
	has(t, user.ok("GETQUOTA u0001@localhost"), "* QUOTA u0001@localhost (")
	has(t, user.ok("GETQUOTAROOT "+box), "* QUOTAROOT", "* QUOTA u0001@localhost (")
	user.status("GETQUOTA u0003@localhost", "NO [NOPERM]")
	user.status("SETQUOTA u0001@localhost ()", "NO [NOPERM]")
	owner.ok("DELETEACL INBOX u0002")
	user.status("GETQUOTA u0001@localhost", "NO [NOPERM]")
	// Names that lead to nobody have no root, also not the user's.
	user.status(`GETQUOTAROOT "Other Users/nobody/INBOX"`, "NO [NONEXISTENT]")
	user.status(`GETQUOTAROOT "Shared/x"`, "NO [NONEXISTENT]")
}

// namesNothing are the commands that take no name of a mailbox, and no URL.
var namesNothing = []string{
	"CAPABILITY", "NOOP", "LOGOUT", "ID", "LANGUAGE", "STARTTLS", "LOGIN", "AUTHENTICATE", "UNAUTHENTICATE", "COMPRESS", "ENABLE",
	"COMPARATOR", "IDLE", "CHECK", "CLOSE", "UNSELECT", "NAMESPACE", "GETQUOTA", "SETQUOTA", "SEARCH", "UID SEARCH", "CANCELUPDATE", "SORT", "UID SORT", "THREAD", "UID THREAD", "UIDBATCHES",
	"FETCH", "UID FETCH", "CONVERSIONS", "CONVERT", "UID CONVERT", "STORE", "UID STORE", "EXPUNGE", "UID EXPUNGE",
}

// namesMailbox are the commands that do, as they are tried on a mailbox, %s, and
// its part of a URL, %[2]s. A command may be tried in several ways.
var namesMailbox = map[string][]string{
	"SELECT": {`SELECT "%s"`, `SELECT "%s" (CONDSTORE)`, `SELECT "%s" (QRESYNC (1 1))`}, "EXAMINE": {`EXAMINE "%s"`},
	"CREATE": {`CREATE "%s"`, `CREATE "%s/below"`, `CREATE "%s/below" (USE (\Sent))`, `CREATE "%s//below"`}, "DELETE": {`DELETE "%s"`, `DELETE "%s//below"`},
	"RENAME":    {`RENAME "%s" mine`, `RENAME Own "%s"`, `RENAME Own "%s/below"`, `RENAME Own "%s//below"`, `RENAME None "%s/below"`, `RENAME "%s//below" mine`, `RENAME "%s//below" "%[1]s/x"`, `RENAME "%s" "%[1]s/below"`, `RENAME "%s" "%[1]s//below"`},
	"SUBSCRIBE": {`SUBSCRIBE "%s"`}, "UNSUBSCRIBE": {`UNSUBSCRIBE "%s"`},
	"LIST": {`LIST "" "%s"`, `LIST "" "%s" RETURN (STATUS (MESSAGES UIDNEXT) MYRIGHTS METADATA (/shared/comment) CHILDREN)`, `LIST "Other Users/" "*"`},
	"LSUB": {`LSUB "" "%s"`}, "RLIST": {`RLIST "" "%s"`}, "RLSUB": {`RLSUB "" "%s"`}, "STATUS": {`STATUS "%s" (MESSAGES UIDVALIDITY UIDNEXT)`},
	"APPEND":       {"APPEND \"%s\" {12+}\r\na: b\r\n\r\ntext", `APPEND Own CATENATE (URL "/%[2]s/;UID=1")`},
	"GETQUOTAROOT": {`GETQUOTAROOT "%s"`}, "GETMETADATA": {`GETMETADATA "%s" /shared/comment`}, "SETMETADATA": {`SETMETADATA "%s" (/shared/comment "x")`, `SETMETADATA "%s" (/private/comment "x")`},
	"SETACL": {`SETACL "%s" u0002 lr`}, "DELETEACL": {`DELETEACL "%s" u0001`}, "GETACL": {`GETACL "%s"`}, "LISTRIGHTS": {`LISTRIGHTS "%s" u0002`}, "MYRIGHTS": {`MYRIGHTS "%s"`},
	"COPY": {`COPY 1 "%s"`}, "UID COPY": {`UID COPY 1 "%s"`}, "MOVE": {`MOVE 1 "%s"`}, "UID MOVE": {`UID MOVE 1 "%s"`},
	"REPLACE": {"REPLACE 1 \"%s\" {12+}\r\na: b\r\n\r\ntext", `REPLACE 1 Own CATENATE (URL "/%[2]s/;UID=1")`}, "UID REPLACE": {"UID REPLACE 1 \"%s\" {12+}\r\na: b\r\n\r\ntext"},
	"ESEARCH":    {`ESEARCH IN (mailboxes "%s") ALL`, `ESEARCH IN (subtree "%s") RETURN (COUNT) ALL`, `ESEARCH IN (subtree "Other Users") ALL`},
	"NOTIFY":     {`NOTIFY SET STATUS (mailboxes "%s" (MessageNew MessageExpunge))`, `NOTIFY SET STATUS (subtree "Other Users" (MessageNew MessageExpunge MailboxName))`},
	"GENURLAUTH": {`GENURLAUTH "imap://u0002@h/%[2]s/;UID=1;URLAUTH=authuser" INTERNAL`, `GENURLAUTH "imap://u0001@h/INBOX/;UID=1;URLAUTH=authuser" INTERNAL`},
	"RESETKEY":   {`RESETKEY "%s"`},
	"URLFETCH":   {`URLFETCH "imap://u0002@h/%[2]s/;UID=1;URLAUTH=authuser:internal:91354a473744909de610943775f92038"`},
}

// The aim: what is not granted cannot be reached by any command that there is.
// Each is answered as for a mailbox that nobody has, word for word, in each
// namespace; a command that is new must say how it is tried.
func TestNothingUngrantedIsReached(t *testing.T) {
	server := startServer(t, nil)
	owner := server.login("u0001")
	owner.ok("CREATE Hidden")
	owner.append("Hidden", "()", "a: b\r\n\r\nsecret text")
	owner.ok(`SETMETADATA Hidden (/shared/comment "secret text")`)
	owner.ok("SETACL Hidden u0003 lrswi")
	owner.ok("CREATE Shown")
	owner.ok("SETACL Shown u0002 lr") // so that the account itself is known
	answers := func(mailbox, pattern string) string {
		c := server.login("u0002")
		c.ok("CREATE Own")
		c.append("Own", "()", testMessage)
		c.ok("ENABLE QRESYNC")
		c.ok("SELECT Own")
		inURL := strings.NewReplacer(" ", "%20", "@", "%40").Replace(mailbox)
		text := strings.Join(c.do(fmt.Sprintf(strings.ReplaceAll(pattern, "%s", "%[1]s")+"%.0[1]s%.0[2]s", mailbox, inURL)), "\n")
		c.do("UNSUBSCRIBE \"" + mailbox + "\"")
		c.do("UNSELECT")
		c.do("DELETE Own")
		c.do("LOGOUT")
		hasNot(t, text, "secret")
		return strings.NewReplacer(mailbox, "MAILBOX", inURL, "MAILBOX").Replace(text)
	}
	none := "Other Users/u0001@localhost/Nobody"
	for name := range commandTable() {
		patterns, tried := namesMailbox[name]
		if tried == slices.Contains(namesNothing, name) {
			t.Errorf("%s: does it take a name of a mailbox?", name)
		}
		for _, pattern := range patterns {
			for _, hidden := range []string{"Other Users/u0001@localhost/Hidden", "Other Users/u0001/Hidden", "Other Users/u0004@localhost/INBOX", "Shared/u0001@localhost/Hidden"} {
				got, want := answers(hidden, pattern), answers(none, pattern)
				if strings.HasPrefix(hidden, "Other Users/u0004") || strings.HasPrefix(hidden, "Shared") {
					want = answers("Other Users/nobody@localhost/INBOX", pattern)
				}
				if got != want {
					t.Errorf("%s\non %s: %s\nof nobody: %s", pattern, hidden, got, want)
				}
			}
		}
	}
	has(t, owner.ok("STATUS Hidden (MESSAGES)"), "MESSAGES 1")
	has(t, owner.ok("GETMETADATA Hidden /shared/comment"), "secret text")
	hasNot(t, owner.ok("GETACL Hidden"), "u0002")
}
