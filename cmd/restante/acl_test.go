package main_test

import (
	"strings"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// Aim: an administrator shares mailboxes with a group and with one user, sees
// it, and takes it back; what the directory notes of it stays right.
func TestRightsByCommand(t *testing.T) {
	data := t.TempDir()
	run := func(arguments ...string) string { return e2e.Run(t, "secret", append(arguments, "--data", data)...) }
	flagsFirst := func(words ...string) string {
		return e2e.Run(t, "", append([]string{"acl", words[0], "--data", data}, words[1:]...)...)
	}
	run("account", "add", "u0001@example.org", "u0002@example.org")
	e2e.Run(t, "", "account", "add", "--shared", "team@example.org", "--data", data)
	run("group", "add", "support")
	run("group", "join", "support", "u0002@example.org", "u0001@example.org")
	run("group", "leave", "support", "u0001@example.org")
	if got := run("group", "list"); !strings.Contains(got, "support  u0002@example.org\n") {
		t.Errorf("groups:\n%s", got)
	}
	flagsFirst("set", "team@example.org", "INBOX", "$support", "lrswi")
	flagsFirst("set", "team@example.org", "INBOX", "-u0002@example.org", "w")
	flagsFirst("set", "team@example.org", "INBOX", "$support", "-i")
	if got := run("acl", "list", "team@example.org", "--json"); !strings.Contains(got, `"-u0002@example.org"`) || !strings.Contains(got, `"lrsw"`) {
		t.Errorf("rights:\n%s", got)
	}
	if got := run("account", "list"); !strings.Contains(got, "active, shared") {
		t.Errorf("accounts:\n%s", got)
	}
	run("check")
	flagsFirst("delete", "team@example.org", "INBOX", "-u0002@example.org")
	run("group", "remove", "support")
	if got := run("acl", "list", "team@example.org", "INBOX"); strings.Contains(got, "support") || strings.Contains(got, "u0002") {
		t.Errorf("rights of nobody:\n%s", got)
	}
	run("check")
	run("acl", "mend")
	run("check")
}
