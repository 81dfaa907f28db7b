package imapserver

import (
	"regexp"
	"strings"
	"testing"
)

// number returns what a pattern finds.
func number(t testing.TB, text, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("%s is missing in\n%s", pattern, text)
	}
	return found[1]
}

// fiveMessages returns a session that has selected an INBOX of five.
func fiveMessages(t *testing.T, enable string) (*testServer, *testClient) {
	server := startServer(t, nil)
	c := server.login("u0001")
	if enable != "" {
		c.ok("ENABLE " + enable)
	}
	for range 5 {
		c.append("INBOX", "()", testMessage)
	}
	c.ok("SELECT INBOX")
	return server, c
}

// The aim: a conditional STORE spares what changed since, and says which
// (RFC 7162 §3.1.3).
func TestConditionalStore(t *testing.T) {
	server, a := fiveMessages(t, "CONDSTORE")
	b := server.login("u0001")
	since := number(t, b.ok("SELECT INBOX"), `HIGHESTMODSEQ (\d+)`)
	b.ok(`STORE 3 +FLAGS (\Flagged)`)
	text := a.ok("STORE 2:3 (UNCHANGEDSINCE " + since + `) +FLAGS.SILENT (\Answered)`)
	has(t, text, "[MODIFIED 3]", "* 2 FETCH (UID 2 MODSEQ (", `* 3 FETCH (UID 3 FLAGS (\Flagged`)
	hasNot(t, text, `\Answered`)
	has(t, a.ok("UID STORE 2:3 (UNCHANGEDSINCE "+since+") +FLAGS (x)"), "[MODIFIED 2:3]")
	has(t, a.ok("STORE 1 (UNCHANGEDSINCE 0) +FLAGS (x)"), "[MODIFIED 1]")
}

// The aim: any command that shows that a client knows modification sequences
// enables them, and tells where the mailbox stands (RFC 7162 §3.1).
func TestEnablingCommands(t *testing.T) {
	for _, command := range []string{
		"FETCH 1 (MODSEQ)", "FETCH 1 (FLAGS) (CHANGEDSINCE 1)", "SEARCH MODSEQ 1", "STATUS Sent (HIGHESTMODSEQ)",
		"STORE 1 (UNCHANGEDSINCE 1) +FLAGS (x)", "ENABLE CONDSTORE", `LIST "" "Sent" RETURN (STATUS (HIGHESTMODSEQ))`,
	} {
		_, c := fiveMessages(t, "")
		hasNot(t, c.ok(`STORE 2 FLAGS (\Seen)`), "MODSEQ")
		has(t, c.ok(command), "* OK [HIGHESTMODSEQ ")
		hasNot(t, c.ok(command), "* OK [HIGHESTMODSEQ ")
		has(t, c.ok(`STORE 2 FLAGS (\Flagged)`), "* 2 FETCH (UID 2 FLAGS (", "MODSEQ (")
		has(t, c.ok(`STORE 2 FLAGS.SILENT (\Seen)`), "* 2 FETCH (UID 2 MODSEQ (")
	}
}

// The aim: SEARCH MODSEQ tells the highest of what it found, ESEARCH that of
// what it tells (RFC 7162 §3.1.5, §3.1.10).
func TestSearchModSeq(t *testing.T) {
	_, c := fiveMessages(t, "CONDSTORE")
	at := number(t, c.ok(`STORE 2 +FLAGS (\Flagged)`), `MODSEQ \((\d+)\)`)
	later := number(t, c.ok(`STORE 4 +FLAGS (\Flagged)`), `MODSEQ \((\d+)\)`)
	has(t, c.ok("SEARCH MODSEQ "+at), "* SEARCH 2 4 (MODSEQ "+later+")")
	has(t, c.ok("SEARCH RETURN (MIN) MODSEQ "+at), "MIN 2 MODSEQ "+at)
	has(t, c.ok("SEARCH RETURN (MIN MAX) MODSEQ "+at), "MAX 4 MODSEQ "+later)
	has(t, c.ok(`SEARCH RETURN (ALL) MODSEQ "/flags/\\Flagged" all `+at), "ALL 2,4 MODSEQ "+later)
	text := c.ok("SEARCH MODSEQ 9999999")
	has(t, text, "* SEARCH\n")
}

// The aim: a client that comes back hears what changed and what is gone, and
// nothing else (RFC 7162 §3.2.5).
func TestResynchronise(t *testing.T) {
	server, a := fiveMessages(t, "QRESYNC")
	text := a.ok("SELECT INBOX")
	validity, since := number(t, text, `UIDVALIDITY (\d+)`), number(t, text, `HIGHESTMODSEQ (\d+)`)
	b := server.login("u0001")
	b.ok("SELECT INBOX")
	b.ok(`STORE 1 +FLAGS (\Flagged)`)
	b.ok(`STORE 2,4 +FLAGS (\Deleted)`)
	b.ok("EXPUNGE")
	has(t, a.ok("NOOP"), "* VANISHED 2,4", `* 1 FETCH (UID 1 FLAGS (\Flagged`, "MODSEQ")

	c := server.login("u0001")
	c.status("SELECT INBOX (QRESYNC ("+validity+" "+since+"))", "BAD")
	c.ok("ENABLE QRESYNC")
	text = c.ok("SELECT INBOX (QRESYNC (" + validity + " " + since + "))")
	has(t, text, "* VANISHED (EARLIER) 2,4\n", "* 1 FETCH (UID 1 FLAGS (", "* 3 EXISTS")
	if strings.Count(text, "FETCH") != 1 {
		t.Errorf("more is told than what changed:\n%s", text)
	}
	hasNot(t, c.ok("SELECT INBOX (QRESYNC ("+validity+" "+since+" 3:5))"), "FETCH", "2,4")
	hasNot(t, c.ok("SELECT INBOX (QRESYNC (1 "+since+"))"), "FETCH", "VANISHED")
	// The third message has UID 5: the client has heard of all removals below.
	hasNot(t, c.ok("SELECT INBOX (QRESYNC ("+validity+" "+since+" 1:5 (3 5)))"), "VANISHED")
	text = c.ok("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + since + " VANISHED)")
	has(t, text, "* VANISHED (EARLIER) 2,4\n* 1 FETCH (UID 1 ")
}

// The aim: removals are told as VANISHED, with a HIGHESTMODSEQ that hides
// nothing (RFC 7162 §3.2.7, §3.2.9).
func TestVanished(t *testing.T) {
	_, c := fiveMessages(t, "QRESYNC")
	c.ok(`STORE 1:5 +FLAGS.SILENT (\Deleted)`)
	has(t, c.ok("UID EXPUNGE 2:3,900"), "* VANISHED 2:3\n", "OK [HIGHESTMODSEQ ")
	has(t, c.ok("MOVE 1 Trash"), "* OK [COPYUID ", "* VANISHED 1\n", "OK [HIGHESTMODSEQ ")
	has(t, c.ok("EXPUNGE"), "* VANISHED 4:5\n", "OK [HIGHESTMODSEQ ")
	hasNot(t, c.ok("EXPUNGE"), "HIGHESTMODSEQ", "VANISHED")
}

// The aim: a removal that may not be told yet keeps HIGHESTMODSEQ below it
// (RFC 7162 §3.2).
func TestHeldRemovalHoldsHighestModSeq(t *testing.T) {
	server, a := fiveMessages(t, "")
	before := number(t, a.ok("SELECT INBOX"), `HIGHESTMODSEQ (\d+)`)
	b := server.login("u0001")
	b.ok("SELECT INBOX")
	b.ok(`STORE 2 +FLAGS.SILENT (\Deleted)`)
	b.ok("EXPUNGE")
	text := a.ok("FETCH 1 FLAGS")
	hasNot(t, text, "EXPUNGE")
	has(t, a.ok("FETCH 1 (MODSEQ)"), "* OK [HIGHESTMODSEQ "+before+"]")
	has(t, a.ok("NOOP"), "* 2 EXPUNGE")
}
