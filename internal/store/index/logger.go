package index

import (
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/restante/restante/internal/vfs"
)

// logger passes on what the key-value store has to say.
type logger struct {
	to     *slog.Logger
	failed *failure
}

func (l logger) Infof(format string, args ...any) {
	l.to.Debug("index: " + fmt.Sprintf(format, args...))
}

func (l logger) Errorf(format string, args ...any) {
	l.to.Error("index: " + fmt.Sprintf(format, args...))
}

// Fatalf is called when the index cannot go on, for one because its list of
// files cannot be written. It must not return. The index is derived, so that
// is no reason to end the process, in which reads may still be served: only
// the goroutine that met the failure ends.
func (l logger) Fatalf(format string, args ...any) {
	l.to.Error("index cannot be written: " + fmt.Sprintf(format, args...))
	l.failed.set()
	runtime.Goexit()
}

// backgroundError logs that a file of the index could not be written. It is
// tried again at once and for as long as the disk is full, so only every
// doubling of the count is told. Whoever waits for a flush hears of each.
func backgroundError(to *slog.Logger, noRoom chan<- struct{}) func(error) {
	var count atomic.Uint64
	return func(err error) {
		if vfs.IsNoSpace(err) {
			select {
			case noRoom <- struct{}{}:
			default:
			}
		}
		if n := count.Add(1); n&(n-1) == 0 {
			to.Warn("index could not be written, trying again", "error", err, "times", n)
		}
	}
}

// failure says whether the index can go on.
type failure struct {
	once sync.Once
	now  chan struct{} // closed when it cannot
}

func (f *failure) set() { f.once.Do(func() { close(f.now) }) }

func (f *failure) is() bool {
	select {
	case <-f.now:
		return true
	default:
		return false
	}
}
