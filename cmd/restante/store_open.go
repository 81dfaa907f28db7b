package main

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
)

// closingStore is a store that is closed in the end.
type closingStore interface {
	mail.Store
	io.Closer
}

// openStore opens the store in a directory and takes its lock. store.ErrInUse
// if another program has it open.
func openStore(ctx context.Context, data string, logger *slog.Logger) (*store.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return store.Open(store.Options{Dir: data, Logger: logger})
}

// inUse reports whether an error says that another program has the store.
func inUse(err error) bool { return errors.Is(err, store.ErrInUse) }
