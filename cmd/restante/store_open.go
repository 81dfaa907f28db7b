package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/restante/restante/internal/store"
)

// openStore opens the store in a directory and takes its lock. store.ErrInUse
// if another program has it open.
func openStore(ctx context.Context, data string, logger *slog.Logger, limits store.Limits) (*store.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return store.Open(store.Options{Dir: data, Logger: logger, Limits: limits})
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
