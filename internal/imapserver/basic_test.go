package imapserver

import (
	"strings"
	"testing"
)

const testMessage = "From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nSubject: Hello\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n\r\nGood morning.\r\n"

// The aim: a client of rev1 logs in, sees its mailboxes, adds a message,
// reads it and removes it.
func TestRev1Tour(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	has(t, c.ok(`LIST "" *`), `"/" INBOX`, `\Sent`, `\HasNoChildren`)
	has(t, c.ok(`LIST "" ""`), `(\Noselect) "/" ""`)
	c.append("INBOX", `(\Flagged $work)`, testMessage)
	has(t, c.ok("SELECT inbox"), "* 1 EXISTS", "* 1 RECENT", "[UNSEEN 1]", "[UIDNEXT 2]", "$work", `\*`, "[READ-WRITE]")
	has(t, c.ok("FETCH 1 (FLAGS UID RFC822.SIZE ENVELOPE)"), `FLAGS (\Flagged $work \Recent)`, "UID 1", `"Hello"`, `"ann" "example.org"`)
	has(t, c.ok("FETCH 1 BODY[TEXT]"), "{15}", "Good morning.", `\Seen`)
	has(t, c.ok("FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]"), "BODY[HEADER.FIELDS (SUBJECT)] {18}", "Subject: Hello")
	has(t, c.ok("SEARCH SUBJECT hello"), "* SEARCH 1")
	has(t, c.ok("UID SEARCH RETURN (COUNT ALL) SEEN"), "ESEARCH", "COUNT 1", "ALL 1")
	has(t, c.ok("COPY 1 Archive"), "[COPYUID ")
	has(t, c.ok(`STORE 1 +FLAGS (\Deleted)`), `\Deleted`)
	has(t, c.ok("EXPUNGE"), "* 1 EXPUNGE")
	has(t, c.ok("STATUS Archive (MESSAGES UIDNEXT SIZE)"), "MESSAGES 1", "UIDNEXT 2")
	has(t, c.ok("LOGOUT"), "* BYE")
}

// The aim: after ENABLE IMAP4rev2 a client hears nothing that rev2 left out.
func TestRev2Tour(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	has(t, c.ok("ENABLE IMAP4rev2 X-UNKNOWN"), "* ENABLED IMAP4rev2")
	c.append("INBOX", "()", testMessage)
	text := c.ok("SELECT INBOX")
	has(t, text, "* 1 EXISTS", `* LIST (`, "[UIDVALIDITY")
	hasNot(t, text, "RECENT", "[UNSEEN")
	text = c.ok("SEARCH ALL")
	has(t, text, "* ESEARCH (TAG ", "ALL 1")
	hasNot(t, c.ok("FETCH 1 FLAGS"), `\Recent`)
	has(t, c.ok(`CREATE "Grüße"`), "OK")
	has(t, c.ok(`LIST "" "Gr*"`), "Grüße")
	has(t, c.ok(`MOVE 1 "Grüße"`), "* OK [COPYUID", "* 1 EXPUNGE")
	has(t, c.ok(`SELECT "Grüße"`), "[CLOSED]", "* 1 EXISTS")
}

// The aim: two clients on one mailbox see each other's changes, removals not
// before they may.
func TestTwoClients(t *testing.T) {
	server := startServer(t, nil)
	a, b := server.login("u0001"), server.login("u0001")
	for range 3 {
		a.append("INBOX", "()", testMessage)
	}
	a.ok("SELECT INBOX")
	b.ok("SELECT INBOX")
	a.ok(`STORE 2 +FLAGS.SILENT (\Deleted)`)
	has(t, b.ok("NOOP"), `* 2 FETCH (FLAGS (\Deleted`)
	a.ok("EXPUNGE")
	text := b.ok("FETCH 1:3 (UID BODY.PEEK[TEXT])")
	has(t, text, "* 2 FETCH (UID 2", "* 3 FETCH (UID 3")
	hasNot(t, text, "EXPUNGE")
	has(t, b.ok("NOOP"), "* 2 EXPUNGE")
	has(t, b.ok("FETCH 2 UID"), "* 2 FETCH (UID 3)")

	b.send("i IDLE\r\n")
	has(t, b.line(), "+ ")
	a.append("INBOX", "()", testMessage)
	has(t, b.line(), "* 3 EXISTS")
	b.send("DONE\r\n")
	has(t, strings.Join(b.until("i"), "\n"), "i OK")
}
