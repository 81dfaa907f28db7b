package sim

import (
	"context"
	"flag"
	"log/slog"
	"sync"
	"testing"
)

var (
	seedFlag = flag.Uint64("sim.seed", 0, "run only the simulation with this seed")
	runsFlag = flag.Int("sim.runs", runsDefault, "how many simulations to run")
)

// cutsWanted is what an ordinary run must reach, so that nobody makes it
// quick by making it empty.
const cutsWanted = 2000

// Whatever moment the power fails at, what was acknowledged is there once,
// and nothing else is.
func TestCuts(t *testing.T) {
	if testing.Short() {
		t.Skip("2,000 cuts take most of a minute")
	}
	if *seedFlag != 0 {
		run(t, *seedFlag, nil)
		return
	}
	var mutex sync.Mutex
	var total Result
	t.Run("seeds", func(t *testing.T) {
		for lane := range 2 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for n := lane; n < *runsFlag && !t.Failed(); n += 2 {
					run(t, uint64(n+1), func(r Result) {
						mutex.Lock()
						defer mutex.Unlock()
						total.Cuts += r.Cuts
						total.Attempts += r.Attempts
						total.Kept += r.Kept
						total.Refused += r.Refused
					})
				}
			})
		}
	})
	t.Logf("%d cuts, %d attempts, %d of them kept and %d refused", total.Cuts, total.Attempts, total.Kept, total.Refused)
	if *runsFlag >= 50 && !t.Failed() && (total.Cuts < cutsWanted || total.Kept < cutsWanted) {
		t.Errorf("%d cuts and %d kept attempts are too few", total.Cuts, total.Kept)
	}
}

func run(t *testing.T, seed uint64, done func(Result)) {
	result, err := Run(context.Background(), Plan{
		Seed: seed, Generations: 3, Cuts: 15, Sessions: 4, Faults: seed%3 == 0, IndexFaults: seed%9 == 0,
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Errorf("%v\nto repeat: go test ./internal/sim -sim.seed %d", err, seed)
	}
	if done != nil {
		done(result)
	}
}
