package bench

import (
	"context"
	"sync"
	"time"
)

// worker is one connection's part of a measurement. step does one unit of
// work and returns how much it counts for.
type worker struct {
	step  func() (float64, error)
	close func()
}

// rate runs the workers side by side until the time is over, and returns what
// they did a second. A worker finishes the step it is in, and the clock runs
// until the last has.
func rate(ctx context.Context, workers []worker, duration time.Duration) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var group sync.WaitGroup
	var mutex sync.Mutex
	var done float64
	var failed error
	begun := time.Now()
	for _, w := range workers {
		group.Go(func() {
			units, err := w.until(ctx)
			mutex.Lock()
			defer mutex.Unlock()
			done += units
			if err != nil && failed == nil {
				failed = err
			}
		})
	}
	group.Wait()
	return done / time.Since(begun).Seconds(), failed
}

func (w worker) until(ctx context.Context) (float64, error) {
	var done float64
	for ctx.Err() == nil {
		units, err := w.step()
		if err != nil {
			return done, err
		}
		done += units
	}
	return done, nil
}

// openAll opens one worker a connection, a few at a time, and closes those
// that were opened if one fails.
func openAll(connections int, open func(i int) (worker, error)) ([]worker, func(), error) {
	workers := make([]worker, connections)
	errs := make([]error, connections)
	var group sync.WaitGroup
	slots := make(chan struct{}, 8)
	for i := range connections {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			workers[i], errs[i] = open(i)
		})
	}
	group.Wait()
	closeAll := func() {
		for _, w := range workers {
			if w.close != nil {
				w.close()
			}
		}
	}
	for _, err := range errs {
		if err != nil {
			closeAll()
			return nil, nil, err
		}
	}
	return workers, closeAll, nil
}
