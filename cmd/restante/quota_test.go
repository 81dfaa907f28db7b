package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// Aim: limits of the configuration hold for accounts without their own, one by
// one; a command changes those of an account, through the server and on the
// store; and a list shows what is used.
func TestQuotaOfAccounts(t *testing.T) {
	dir := t.TempDir()
	e2e.AddAccount(t, dir, "u0001")
	e2e.AddAccount(t, dir, "u0002")
	e2e.Run(t, "", "account", "quota", "u0002", "--messages", "3", "--data", dir)
	configuration := filepath.Join(t.TempDir(), "restante.toml")
	if err := os.WriteFile(configuration, []byte("[quota]\nstorage = \"1MiB\"\nmessages = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := e2e.StartOn(t, dir, "--config", configuration)
	server.Deliver(t, "u0002@example.org", []byte("Subject: x\r\n\r\ntext\r\n"))
	quota := func(arguments ...string) string {
		return e2e.Run(t, "", append([]string{"account", "quota", "--data", dir}, arguments...)...)
	}
	for _, test := range []struct{ said, want string }{
		{quota("u0001"), "messages     0 of 7"},
		{quota("u0001"), "storage      0 of 1MiB"},
		{quota("u0001"), "mailboxes    6 of 10000"},
		{quota("u0002"), "messages     1 of 3"},
		{quota("u0002"), " of 1MiB"},
		{quota("u0002", "--storage", "10GB", "--messages", "none"), "of 9765625KiB\nmessages     1\n"},
		{quota("u0002", "--default"), "messages     1 of 7"},
		{quota("u0001", "--mailboxes", "6"), "mailboxes    6 of 6"},
		{e2e.Run(t, "", "account", "promote", "u0001", "--data", dir) + e2e.Run(t, "", "account", "list", "--data", dir), "active, administrator"},
		{e2e.Run(t, "", "account", "list", "--data", dir), "1 of 7"},
	} {
		if !strings.Contains(test.said, test.want) {
			t.Errorf("said %s\nwant %s", test.said, test.want)
		}
	}
	var list []struct {
		Address  string
		Admin    bool
		Messages struct {
			Used  uint64
			Limit *uint64
		}
	}
	if err := json.Unmarshal([]byte(e2e.Run(t, "", "account", "list", "--json", "--data", dir)), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || !list[0].Admin || list[1].Messages.Used != 1 || list[1].Messages.Limit == nil || *list[1].Messages.Limit != 7 {
		t.Errorf("listed %+v", list)
	}
	program, err := e2e.Binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range [][]string{
		{"--messages", "many"}, {"--messages", "-1"}, {"--storage", "10 parsecs"}, {"--default", "--messages", "1"},
	} {
		if said, err := exec.Command(program, append([]string{"account", "quota", "u0001", "--data", dir}, wrong...)...).CombinedOutput(); err == nil {
			t.Errorf("%v: %s", wrong, said)
		}
	}
}
