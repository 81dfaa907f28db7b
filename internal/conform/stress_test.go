package conform

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/restante/restante/internal/e2e"
	"github.com/restante/restante/internal/transcript"
)

var (
	stressCommands = flag.Int("stress.commands", 6000, "how many commands TestStress gives")
	stressSeed     = flag.Uint64("stress.seed", 0, "the seed of TestStress; 0 chooses one")
)

// stressServer is a server with two accounts: the project's own, or the one
// that RESTANTE_CONFORM names.
func stressServer(t *testing.T) transcript.Server {
	server := transcript.Server{Address: os.Getenv("RESTANTE_CONFORM"), Accounts: transcript.NumberedAccounts("u%04d", "secret", 2)}
	if server.Address == "" {
		own := e2e.Start(t, 2)
		server.Address = own.Addresses["imap"]
		server.Accounts = transcript.NumberedAccounts("u%04d@example.org", e2e.Password, 2)
	}
	return server
}

// The aim: eight clients in mixed dialects share mailboxes, and a model
// foretells every answer to every command; nothing contradicts it. A run of
// 200,000 commands: go test ./internal/conform -run TestStress -stress.commands 200000.
func TestStress(t *testing.T) {
	seed := *stressSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("the seed is %d", seed)
	stress := transcript.Stress{Server: stressServer(t), Seed: seed, Clients: 8, Commands: *stressCommands}
	if err := stress.Run(); err != nil {
		t.Fatal(err)
	}
}
