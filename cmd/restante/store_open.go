package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/restante/restante/internal/store"
)

// openStore opens the store in a directory and takes its lock. store.ErrInUse
// if another program has it open.
func openStore(ctx context.Context, data string, logger *slog.Logger, limits store.Limits) (*store.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return store.Open(store.Options{Dir: data, Logger: logger, Limits: limits, Progress: logProgress(logger)})
}

// progressPause is how often a log says how far a start has come.
const progressPause = 5 * time.Second

// logProgress says now and then how far a replay has come: a start that makes
// the index anew can take minutes, in which nobody must think that it hangs.
func logProgress(logger *slog.Logger) func(store.Progress) {
	last := time.Now()
	return func(p store.Progress) {
		if time.Since(last) < progressPause {
			return
		}
		last = time.Now()
		logger.Info("the store is being opened", "doing", p.What, "done", p.Done, "total", p.Total)
	}
}

// inUse reports whether an error says that another program has the store.
func inUse(err error) bool { return errors.Is(err, store.ErrInUse) }

// mustBeStore refuses a directory without a store: a slip of the pen must not
// make a new one.
func mustBeStore(data string) error {
	if _, err := os.Stat(filepath.Join(data, "journal")); err != nil {
		return fmt.Errorf("there is no store in %s: %w", data, err)
	}
	return nil
}
