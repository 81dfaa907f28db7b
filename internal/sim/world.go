package sim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/vfs"
)

const dir = "/data"

// accounts take part; two are enough to disagree, three for subsets.
var accounts = []mail.AccountID{1, 2, 3}

// Plan says what one simulation does.
type Plan struct {
	Seed        uint64
	Generations int // of running, cutting and going on from one of the cuts
	Cuts        int // in each generation
	Sessions    int
	// Faults makes the disk of the journal fail and fill up now and then;
	// IndexFaults lets any operation fail, after which the store may refuse
	// changes until it is opened anew.
	Faults, IndexFaults bool
	Log                 *slog.Logger
}

// Result counts what a simulation did.
type Result struct{ Cuts, Attempts, Kept, Refused int }

// world is one disk and all that happens to it.
type world struct {
	plan     Plan
	random   *rand.Rand
	fs       *vfs.Mem
	store    *store.Store
	register *register
	clock    atomic.Int64
	turns    chan struct{} // steps that sessions may take
	ended    chan struct{} // steps that sessions have taken
	result   Result
}

// Run carries out a plan. The error says what broke, and when.
func Run(ctx context.Context, plan Plan) (Result, error) {
	w := &world{
		plan: plan, random: rand.New(rand.NewPCG(plan.Seed, 3)), fs: vfs.NewMem(),
		register: newRegister(), turns: make(chan struct{}, turnsMax), ended: make(chan struct{}, turnsMax),
	}
	w.clock.Store(1_700_000_000)
	for generation := range plan.Generations {
		if err := w.generation(ctx); err != nil {
			return w.result, fmt.Errorf("seed %d, generation %d: %w", plan.Seed, generation, err)
		}
	}
	w.result.Attempts = len(w.register.attempts)
	for _, f := range w.register.fates {
		switch f {
		case kept:
			w.result.Kept++
		case refused:
			w.result.Refused++
		}
	}
	return w.result, nil
}

func (w *world) open(fs vfs.FS) (*store.Store, error) {
	return store.Open(store.Options{
		FS: fs, Dir: dir, Logger: w.plan.Log,
		Clock: func() time.Time { return time.Unix(w.clock.Load(), 0) },
		Limits: store.Limits{
			StagedInMemory: 2 << 10, KeepRemoved: 10 * 24 * time.Hour, ForgetEvery: -1,
			SegmentSize: int64(16<<10 + w.random.IntN(300<<10)),
		},
	})
}

// cut is a disk as a crash left it, and what was known around that moment.
type cut struct {
	fs     *vfs.Mem
	before moment // just before the crash
	begun  int    // how many attempts had begun just after it
}

// generation opens the store, lets sessions work while the disk is cut off
// several times, and judges every cut. The last cut is the next disk.
func (w *world) generation(ctx context.Context) error {
	faults := vfs.NewFaults(w.fs)
	s, err := w.open(faults)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	w.store = s
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	failures := make(chan error, w.plan.Sessions+w.plan.Cuts)
	var sessions sync.WaitGroup
	for range w.plan.Sessions {
		one := &session{world: w, store: s, random: rand.New(rand.NewPCG(w.random.Uint64(), 4))}
		sessions.Add(1)
		go func() {
			defer sessions.Done()
			if err := one.run(ctx); err != nil {
				failures <- err
			}
		}()
	}
	var cuts []*cut
	for range w.plan.Cuts {
		w.inject(faults)
		w.let(w.random.IntN(40), failures)
		if w.random.IntN(6) == 0 {
			if err := s.FlushIndex(); err != nil && !w.plan.IndexFaults {
				failures <- err
			}
		}
		cuts = append(cuts, w.cut())
	}
	stop()
	sessions.Wait()
	w.turns, w.ended = make(chan struct{}, turnsMax), make(chan struct{}, turnsMax)
	faults.Heal()
	close(failures)
	err = <-failures
	if err == nil {
		err = w.recovers(context.WithoutCancel(ctx))
	}
	if closeErr := s.Close(); closeErr != nil && !w.plan.IndexFaults {
		err = errors.Join(err, closeErr)
	}
	for i, c := range cuts {
		if err == nil {
			if err = w.judge(ctx, c, i == len(cuts)-1); err != nil {
				err = fmt.Errorf("cut %d: %w", i, err)
			}
		}
	}
	w.fs = cuts[len(cuts)-1].fs
	return err
}

// inject makes the disk fail, or ends what was injected before.
func (w *world) inject(faults *vfs.Faults) {
	err := [...]error{syscall.EIO, syscall.ENOSPC}[w.random.IntN(2)]
	switch pick := w.random.IntN(6); {
	case w.plan.IndexFaults && pick == 0:
		faults.FailNth(1+w.random.IntN(60), err)
	case w.plan.Faults && pick < 2:
		faults.Fail([...]vfs.Kind{vfs.Writes, vfs.Syncs, vfs.Names}[w.random.IntN(3)], "journal", err)
	default:
		faults.Heal()
	}
}

// turnsMax is more turns than there can be at once.
const turnsMax = 1 << 12

// let lets the sessions take some steps, and waits until they have taken some
// of them: a cut comes while they are at work on the rest.
func (w *world) let(steps int, failures chan error) {
	for range steps {
		w.turns <- struct{}{}
	}
	for range w.random.IntN(steps + 1) {
		select {
		case <-w.ended:
		case err := <-failures:
			failures <- err
			return
		}
	}
}

func (w *world) cut() *cut {
	c := &cut{before: w.register.now()}
	c.fs = vfs.Crash(w.fs, w.random.Uint64(), w.random.IntN(101))
	c.begun = len(w.register.now().fates)
	return c
}

// recovers demands that the store accepts changes again when the faults are
// over, without being opened anew; unless the index could not be written.
func (w *world) recovers(ctx context.Context) error {
	one := &session{world: w, store: w.store, random: w.random}
	var err error
	for range 3 {
		if err = one.subscribe(ctx); err == nil {
			return nil
		}
	}
	if w.plan.IndexFaults {
		return nil
	}
	return fmt.Errorf("after the faults: %w", err)
}

// judge opens what a crash left and compares it with the model.
func (w *world) judge(ctx context.Context, c *cut, next bool) error {
	ctx = context.WithoutCancel(ctx)
	if w.random.IntN(8) == 0 {
		if err := c.fs.RemoveAll(dir + "/index"); err != nil {
			return err
		}
	}
	if w.random.IntN(6) == 0 { // a crash while the store recovers from one
		s, err := w.open(c.fs)
		if err != nil {
			return fmt.Errorf("open: %w", err)
		}
		c.fs, err = vfs.Crash(c.fs, w.random.Uint64(), w.random.IntN(101)), nil
		if err = errors.Join(err, s.Close()); err != nil {
			return err
		}
		w.result.Cuts++
	}
	w.result.Cuts++
	s, err := w.open(c.fs)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	found, err := w.compare(ctx, s, c)
	if err == nil {
		err = sound(ctx, s)
	}
	if next {
		w.register.settle(found, c.begun)
	}
	return errors.Join(err, s.Close())
}

func sound(ctx context.Context, s *store.Store) error {
	report, err := s.Check(ctx, nil)
	if err == nil && !report.Sound() {
		err = fmt.Errorf("not sound: %q", report.Problems)
	}
	return err
}

// compare compares every account with the model, and every attempt with what
// is known of it. It returns the attempts that it found.
func (w *world) compare(ctx context.Context, s *store.Store, c *cut) (map[uint64]bool, error) {
	found := map[uint64]bool{}
	times := map[uint64]int{}
	for _, id := range accounts {
		err := w.compareAccount(ctx, s, c, id, times)
		if err != nil {
			return nil, fmt.Errorf("account %d: %w", id, err)
		}
	}
	for number, count := range times {
		found[number] = true
		if number >= uint64(c.begun) {
			return nil, fmt.Errorf("attempt %d is there before it began", number)
		}
		if want := len(w.register.attempt(number).effects()); count != want {
			return nil, fmt.Errorf("attempt %d is in %d accounts, and not in all %d", number, count, want)
		}
	}
	for number, f := range c.before.fates {
		wanted := len(w.register.attempt(uint64(number)).effects()) > 0
		switch {
		case f == kept && wanted && !found[uint64(number)]:
			return nil, fmt.Errorf("attempt %d was acknowledged and is lost", number)
		case f == refused && found[uint64(number)]:
			return nil, fmt.Errorf("attempt %d was refused and is there", number)
		}
	}
	return found, nil
}

// compareAccount compares one account and counts the attempts found there.
func (w *world) compareAccount(ctx context.Context, s *store.Store, c *cut, id mail.AccountID, times map[uint64]int) error {
	account, err := s.Account(ctx, id)
	if err != nil {
		return err
	}
	return account.Read(ctx, func(state mail.State) error {
		if state.ModSeq() < c.before.seen[id] {
			return fmt.Errorf("position is %d, and %d was seen", state.ModSeq(), c.before.seen[id])
		}
		marks := map[imap.ModSeq]uint64{}
		for entry, err := range state.Entries(markPrefix) {
			if err != nil {
				return err
			}
			position, number, err := readMark(entry)
			if err != nil {
				return err
			}
			marks[position] = number
			times[number]++
		}
		m, err := w.fold(id, state.ModSeq(), marks)
		if err != nil {
			return err
		}
		bodies := account.Bodies()
		defer bodies.Close()
		return m.compare(state, bodies)
	})
}

// fold applies the attempts found to an empty model. A position without a mark
// is one at which the store forgot removed messages.
func (w *world) fold(id mail.AccountID, last imap.ModSeq, marks map[imap.ModSeq]uint64) (*model, error) {
	m := newModel()
	for position := imap.ModSeq(1); position <= last; position++ {
		number, marked := marks[position]
		if !marked {
			m.position++
			continue
		}
		a := w.register.attempt(number)
		if a == nil {
			return nil, fmt.Errorf("there was no attempt %d", number)
		}
		effect := a.effects()[id]
		if effect.position != position {
			return nil, fmt.Errorf("attempt %d is at position %d and asked for %d", number, position, effect.position)
		}
		if err := m.apply(position, effect.records); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// fateOf says what an answer of the store means.
func fateOf(err error) fate {
	switch {
	case err == nil:
		return kept
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, journal.ErrUncertain):
		return open
	}
	return refused
}
