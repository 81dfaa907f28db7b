package conform

import (
	"fmt"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// The aim: the program meets the cases that need an administrator, too.
func TestOwnServerForAdministrators(t *testing.T) {
	dir := t.TempDir()
	for n := range users {
		name := fmt.Sprintf("u%04d", n+1)
		e2e.AddAccount(t, dir, name)
		if n < accounts { // those of other connections come behind
			e2e.Run(t, "", "account", "promote", name, "--data", dir)
		}
	}
	server := e2e.StartOn(t, dir)
	playOwn(t, Options{
		Address: server.Addresses["imap"], Users: "u%04d@example.org", Password: e2e.Password,
		Accounts: users, Parallel: accounts, Cases: "^quota/",
	})
}
