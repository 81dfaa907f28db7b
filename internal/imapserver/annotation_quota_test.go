package imapserver

import (
	"strings"
	"testing"
)

// The aim: annotations count where the message lies, whoever made them, his own
// ones too, and those that nobody else sees (RFC 9208 §5.4).
func TestAnnotationsOfOthersAgainstQuota(t *testing.T) {
	server := startServer(t, nil)
	owner, other := server.login("u0001"), server.login("u0002")
	if err := server.options.Auth.Directory().SetAdmin(t.Context(), "u0001", true); err != nil {
		t.Fatal(err)
	}
	owner.append("Archive", "()", "Subject: a\r\n\r\nb")
	owner.ok("SETACL Archive u0002 lrn")
	owner.ok("SELECT Archive")
	_, rest, _ := strings.Cut(owner.ok("GETQUOTAROOT Archive"), "* QUOTAROOT Archive ")
	owner.ok("SETQUOTA " + strings.Fields(rest)[0] + " (ANNOTATION-STORAGE 2)")
	note := ` (value.%s "` + strings.Repeat("x", 900) + `"))`
	command := func(entry, scope string) string {
		return "STORE 1 ANNOTATION (" + entry + strings.ReplaceAll(note, "%s", scope)
	}
	other.ok(`SELECT "Other Users/u0001@localhost/Archive"`)
	other.ok(command("/comment", "priv"))
	other.ok(command("/comment", "shared"))
	has(t, owner.ok("GETQUOTAROOT Archive"), "ANNOTATION-STORAGE 2 2")
	hasNot(t, other.ok("GETQUOTAROOT INBOX"), "ANNOTATION-STORAGE 2")
	other.status(command("/altsubject", "priv"), "NO [OVERQUOTA]")
	owner.status(command("/altsubject", "priv"), "NO [OVERQUOTA]")
	other.ok(`STORE 1 ANNOTATION (/comment (value.priv NIL))`)
	owner.ok(command("/altsubject", "priv"))
	other.ok("COPY 1 INBOX") // what is shared counts there
	has(t, owner.ok("GETQUOTAROOT Archive"), "ANNOTATION-STORAGE 2 2")
}
