package imapserver

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// overflow makes more changes of metadata, of INBOX's /private/comment, than are
// queued.
func (c *testClient) overflow() {
	c.t.Helper()
	for n := range 300 {
		c.ok(fmt.Sprintf(`SETMETADATA INBOX (/private/comment "%d")`, n))
	}
}

// The aim: entries that were removed, and special uses, are told though the notices
// of them were lost (RFC 5464 §4.4): to who enabled METADATA, and by NOTIFY, which
// goes on (RFC 5465 §5.6). What a session removed itself it is not told.
func TestRemovedMetadataAfterOverflow(t *testing.T) {
	server := startServer(t, nil)
	enabled, notified, other := server.login("u0001"), server.login("u0001"), server.login("u0001")
	other.ok(`SETMETADATA Archive (/private/comment "x" /shared/comment "y" /private/vendor/x/a "z")`)
	other.ok(`SETMETADATA "" (/private/vendor/x/s "x")`)
	enabled.ok("ENABLE METADATA")
	notified.ok("NOTIFY SET (PERSONAL (MailboxMetadataChange ServerMetadataChange))")
	notified.send("late APPEND Drafts {4}\r\n") // and is busy
	has(t, notified.line(), "+ ")
	other.ok("SETMETADATA Archive (/private/comment NIL /shared/comment NIL /private/specialuse NIL)")
	other.ok(`SETMETADATA "" (/private/vendor/x/s NIL)`)
	other.overflow()
	other.ok(`SETMETADATA "" (/private/vendor/x/t NIL)`)
	want := []string{
		`* METADATA "" /private/vendor/x/s`, "* METADATA INBOX /private/comment",
		"* METADATA Archive /private/comment /private/specialuse /shared/comment",
	}
	said := enabled.ok(`SETMETADATA Archive (/private/vendor/x/a NIL)`)
	has(t, said, want...)
	hasNot(t, said, "/vendor/x/a", "/vendor/x/t")
	hasNot(t, enabled.ok("NOOP"), "METADATA")
	notified.send("a: b\r\n")
	said = strings.Join(notified.until("late"), "\n")
	has(t, said+notified.ok("NOOP"), append(want[:2:2], "* METADATA Archive /private/comment /private/specialuse /private/vendor/x/a /shared/comment")...)
	hasNot(t, said, "NOTIFICATIONOVERFLOW")
	other.ok(`SETMETADATA Archive (/shared/comment "again")`)
	has(t, notified.line(), "* METADATA Archive /shared/comment")
}

// The aim: of so many removals that they are not kept, a session that must be told
// of each hears that it must begin anew, and one with NOTIFY that it must ask again.
func TestForgottenRemovalsAreNoSilence(t *testing.T) {
	server := startServer(t, nil)
	enabled, notified, other := server.login("u0001"), server.login("u0001"), server.login("u0001")
	var set, remove []string
	for n := range 140 {
		name := fmt.Sprintf("/private/vendor/%s/%d", strings.Repeat("x", 400), n)
		set, remove = append(set, name+` "x"`), append(remove, name+" NIL")
	}
	enabled.ok("ENABLE METADATA")
	notified.ok("NOTIFY SET (PERSONAL (MailboxMetadataChange))")
	notified.send("late APPEND Drafts {4}\r\n")
	has(t, notified.line(), "+ ")
	for range 25 {
		other.ok("SETMETADATA Archive (" + strings.Join(set, " ") + ")")
		other.ok("SETMETADATA Archive (" + strings.Join(remove, " ") + ")")
	}
	other.overflow()
	notified.send("a: b\r\n")
	has(t, strings.Join(notified.until("late"), "\n")+notified.ok("NOOP"), "* OK [NOTIFICATIONOVERFLOW]")
	enabled.send("a NOOP\r\n")
	has(t, enabled.line(), "* BYE ")
}

// The aim: an annotation that was removed is told though the notices were lost
// (RFC 5257 §4.4).
func TestRemovedAnnotationsAfterOverflow(t *testing.T) {
	server := startServer(t, nil)
	c, other := server.login("u0001"), server.login("u0001")
	for range 3 {
		c.append("INBOX", "()", "Subject: a\r\n\r\nb")
	}
	other.ok("SELECT INBOX")
	other.ok(`STORE 1:3 ANNOTATION (/comment (value.shared "x") /altsubject (value.priv "y"))`)
	c.ok("SELECT INBOX (ANNOTATE)")
	other.ok(`STORE 2 ANNOTATION (/comment (value.shared NIL))`)
	for n := range 300 {
		other.ok(fmt.Sprintf(`STORE 1 %sFLAGS.SILENT (\Flagged)`, []string{"+", "-"}[n%2]))
	}
	said := c.ok("STORE 3 ANNOTATION (/altsubject (value.priv NIL))")
	said += c.ok("NOOP")
	has(t, said, "* 2 FETCH (ANNOTATION (/comment))")
	hasNot(t, said, "altsubject")
	hasNot(t, c.ok("NOOP"), "ANNOTATION")
}

// The aim: who leaves the group by which he could read a mailbox hears nothing of
// what happened there since, neither by ENABLE METADATA nor by NOTIFY
// (RFC 5465 §5.9).
func TestWhoLeavesAGroupHearsNoMore(t *testing.T) {
	server := startServer(t, nil)
	owner, enabled, notified := server.login("u0001"), server.login("u0002"), server.login("u0002")
	directory := server.options.Auth.Directory()
	if err := errors.Join(directory.AddGroup(t.Context(), "team"), directory.JoinGroup(t.Context(), "team", []string{"u0002"})); err != nil {
		t.Fatal(err)
	}
	owner.ok("SETACL Archive $team lr")
	enabled.ok("ENABLE METADATA")
	notified.ok(`NOTIFY SET (SUBTREE "Other Users" (MessageNew MessageExpunge MailboxMetadataChange))`)
	owner.ok(`SETMETADATA Archive (/shared/comment "x")`)
	has(t, enabled.ok("NOOP"), "/Archive\" /shared/comment")
	has(t, notified.line(), "/Archive\" /shared/comment")
	notified.send("late APPEND Drafts {4}\r\n")
	has(t, notified.line(), "+ ")
	if err := directory.LeaveGroup(t.Context(), "team", []string{"u0002"}); err != nil {
		t.Fatal(err)
	}
	owner.ok(`SETMETADATA Archive (/shared/comment "y")`)
	owner.append("Archive", "()", "a: b\r\n\r\nc")
	hasNot(t, enabled.ok("NOOP"), "METADATA")
	notified.send("a: b\r\n")
	said := strings.Join(notified.until("late"), "\n") + notified.ok("NOOP")
	has(t, said, "\\NonExistent")
	hasNot(t, said, "METADATA", "STATUS")
}
