package conform

import (
	"flag"
	"testing"
	"time"

	"github.com/restante/restante/internal/transcript"
)

var (
	stressCommands = flag.Int("stress.commands", 6000, "how many commands TestStress gives")
	stressSeed     = flag.Uint64("stress.seed", 0, "the seed of TestStress; 0 chooses one")
)

// The aim: eight clients in mixed dialects share mailboxes, and a model
// foretells every answer to every command; nothing contradicts it. A run of
// 200,000 commands: go test ./internal/conform -run TestStress -stress.commands 200000.
func TestStress(t *testing.T) {
	seed := *stressSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("the seed is %d", seed)
	stress := transcript.Stress{Server: stormServer(t), Seed: seed, Clients: 8, Commands: *stressCommands}
	if err := stress.Run(); err != nil {
		t.Fatal(err)
	}
}
