package auth

import (
	"context"
	"time"
)

// Clock tells the time and waits. Tests bring their own.
type Clock interface {
	Now() time.Time
	// Wait returns nil after the duration, or the context's error as soon as
	// that is done.
	Wait(ctx context.Context, d time.Duration) error
}

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now returns the time with its monotonic reading.
func (SystemClock) Now() time.Time { return time.Now() }

// Wait waits.
func (SystemClock) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
