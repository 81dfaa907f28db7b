package journal_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/vfs"
)

// alarm is a logger that fails the test when the journal finds damage.
type alarm struct {
	slog.Handler
	t *testing.T
}

func (a alarm) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(attr slog.Attr) bool {
		if err, ok := attr.Value.Any().(error); ok && errors.Is(err, journal.ErrCorrupt) {
			a.t.Errorf("damage where there can be none: %s: %v", r.Message, err)
		}
		return true
	})
	return nil
}

func (a alarm) Enabled(context.Context, slog.Level) bool { return true }

// crasher is one history of writing, crashing and opening again.
type crasher struct {
	t      *testing.T
	random *rand.Rand
	model  *model
	fs     *vfs.Mem
	faulty bool
}

func newCrasher(t *testing.T, seed uint64) *crasher {
	return &crasher{
		t: t, random: rand.New(rand.NewPCG(seed, 2)),
		model: &model{units: map[uint64]*asked{}}, fs: vfs.NewMem(),
	}
}

func (c *crasher) open(fs vfs.FS) *journal.Embedded {
	c.t.Helper()
	j, err := journal.Open(journal.Options{
		FS: fs, Dir: "/journal", Logger: slog.New(alarm{slog.DiscardHandler, c.t}),
		SegmentSize: int64(16<<10 + c.random.IntN(300<<10)),
	})
	if err != nil {
		c.t.Fatal("open: ", err)
	}
	return j
}

// round opens what the last crash left, checks it, and crashes again while
// several writers are at work.
func (c *crasher) round(before map[uint64]fate) map[uint64]fate {
	faults := vfs.NewFaults(c.fs)
	j := c.open(faults)
	defer j.Close()
	c.model.check(c.t, j, before)
	for f := range j.Verify(context.Background()) {
		if f.Err != nil {
			c.t.Fatal("verify: ", f.Err)
		}
	}
	if c.faulty {
		for range c.random.IntN(4) {
			faults.FailNth(1+c.random.IntN(40), [...]error{syscall.EIO, syscall.ENOSPC}[c.random.IntN(2)])
		}
	}
	var wg sync.WaitGroup
	stop, acks := make(chan struct{}), make(chan struct{}, 1<<12)
	for w := range 1 + c.random.IntN(4) {
		random := rand.New(rand.NewPCG(c.random.Uint64(), 3))
		wg.Go(func() {
			if err := c.model.write(j, journal.AccountID(w+1), random, stop, func() { acks <- struct{}{} }); err != nil {
				c.t.Error(err)
			}
		})
	}
	for range c.random.IntN(25) {
		<-acks
	}
	if c.random.IntN(4) == 0 {
		return c.kill(faults, j, func() { close(stop); wg.Wait() })
	}
	certain := c.model.fates()
	c.fs = vfs.Crash(c.fs, c.random.Uint64(), c.random.IntN(101))
	close(stop)
	wg.Wait()
	return certain
}

// kill ends the process, not the machine: what it wrote is there, synced or
// not. What the next process finds then must outlive a power failure.
func (c *crasher) kill(faults *vfs.Faults, j *journal.Embedded, stop func()) map[uint64]fate {
	faults.Heal()
	for _, kind := range []vfs.Kind{vfs.Writes, vfs.Syncs, vfs.Names} {
		faults.Fail(kind, "", errKilled)
	}
	certain := c.model.fates()
	stop()
	j.Close()
	j = c.open(c.fs)
	c.model.check(c.t, j, certain)
	c.fs = vfs.Crash(c.fs, c.random.Uint64(), c.random.IntN(101))
	certain = c.model.fates()
	j.Close()
	return certain
}

var errKilled = errors.New("process was killed")

// However the power fails, and however often, what was acknowledged is there
// once and whole, and what was refused is not.
func TestCrashes(t *testing.T) {
	histories(t, 30, 12, false)
}

// The same with a disk that fails and fills up in between.
func TestCrashesOfFailingDisks(t *testing.T) {
	histories(t, 30, 6, true)
}

func histories(t *testing.T, seeds, rounds int, faulty bool) {
	for seed := range uint64(seeds) {
		c := newCrasher(t, seed)
		c.faulty = faulty
		certain := map[uint64]fate{}
		for round := range rounds {
			certain = c.round(certain)
			if t.Failed() {
				t.Fatalf("seed %d, round %d", seed, round)
			}
		}
		j := c.open(c.fs)
		c.model.check(t, j, certain)
		j.Close()
	}
}
