package conform

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// The aim: the program meets the cases that need an administrator, too.
func TestOwnServerForAdministrators(t *testing.T) {
	dir := t.TempDir()
	for n := range accounts {
		name := fmt.Sprintf("u%04d", n+1)
		e2e.AddAccount(t, dir, name)
		e2e.Run(t, "", "account", "promote", name, "--data", dir)
	}
	server := e2e.StartOn(t, dir)
	var out bytes.Buffer
	err := Run(context.Background(), Options{
		Address: server.Addresses["imap"], Users: "u%04d@example.org", Password: e2e.Password,
		Accounts: accounts, Parallel: accounts, Cases: "^quota/", Promises: true, Out: &out,
	})
	if err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}
