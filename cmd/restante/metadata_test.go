package main_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// Aim: an administrator sets what all users share of the server, with a server
// that runs and without one, and what no user could name is refused.
func TestMetadataOfTheServer(t *testing.T) {
	dir := t.TempDir()
	e2e.AddAccount(t, dir, "u0001")
	metadata := func(arguments ...string) string {
		return e2e.Run(t, "", append([]string{"metadata", "--data", dir}, arguments...)...)
	}
	metadata("set", "/shared/comment", "Closed on Sunday")
	e2e.StartOn(t, dir)
	metadata("set", "/Shared/Filters/Values/Marked", "OR FLAGGED SEEN")
	if got, want := metadata("list"), "/shared/comment \"Closed on Sunday\"\n/shared/filters/values/marked \"OR FLAGGED SEEN\"\n"; got != want {
		t.Errorf("listed %q, want %q", got, want)
	}
	metadata("remove", "/shared/comment")
	if got := metadata("list", "--json"); strings.Contains(got, "comment") || !strings.Contains(got, "OR FLAGGED SEEN") {
		t.Errorf("listed %s", got)
	}
	program, err := e2e.Binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, refused := range [][]string{
		{"/private/comment", "x"}, {"/shared/admin", "mailto:a@example.org"}, {"/shared", "x"}, {"/shared//a", "x"}, {"/shared/*", "x"},
		{"/shared/vendor/a", "x"}, {"/shared/filters/values/a/b", "SEEN"}, {"/shared/filters/values/a", "OR SEEN"}, {"/shared/é", "x"},
	} {
		if said, err := exec.Command(program, append([]string{"metadata", "set", "--data", dir}, refused...)...).CombinedOutput(); err == nil {
			t.Errorf("%v was set: %s", refused, said)
		}
	}
}
