package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/config"
	"github.com/restante/restante/internal/store"
)

// Between a server that is stopping and its lock being free, or one that is
// starting and its socket being there, a command tries again.
const (
	administerTries = 40
	administerPause = 50 * time.Millisecond
)

// administer carries out an operation: through the socket of the server that
// has the store open, or on the store itself, whose lock it takes.
func administer(ctx context.Context, data, name string, arguments, result any) error {
	return administerTelling(ctx, data, name, arguments, result, teller{func(progress) {}, func(string) {}})
}

// administerTelling is administer for what takes long.
func administerTelling(ctx context.Context, data, name string, arguments, result any, tell teller) error {
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	var reply json.RawMessage
	for try := 1; ; try++ {
		reply, err = administerOnce(ctx, data, controlRequest{name, encoded}, tell)
		if !inUse(err) || try == administerTries {
			break
		}
		if waitErr := (auth.SystemClock{}).Wait(ctx, administerPause); waitErr != nil {
			return waitErr
		}
	}
	if inUse(err) {
		err = fmt.Errorf("the store in %s is in use by another program that does not answer: %w", data, err)
	}
	if len(reply) > 0 && result != nil {
		err = errors.Join(err, json.Unmarshal(reply, result))
	}
	return err
}

func administerOnce(ctx context.Context, data string, request controlRequest, tell teller) (json.RawMessage, error) {
	reply, err := askServer(ctx, data, request, tell)
	if !errors.Is(err, errNoServer) {
		return reply, err
	}
	if operations[request.Operation].makes {
		err = os.MkdirAll(data, 0o700)
	} else {
		err = mustBeStore(data)
	}
	if err != nil {
		return nil, err
	}
	opened, err := openStore(ctx, data, quietLogger(), store.Limits{})
	if err != nil {
		return nil, err
	}
	directory, err := auth.OpenDirectory(ctx, opened, auth.DirectoryOptions{Limits: authLimits(config.Default().Auth)})
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	reply, err = carryOut(ctx, office{opened, directory, "", tell}, request.Operation, request.Arguments)
	directory.Close()
	return reply, errors.Join(err, opened.Close())
}
