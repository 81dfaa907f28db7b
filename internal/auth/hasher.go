package auth

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/xdg-go/scram"
)

// hasher computes password hashes, a few at a time.
type hasher struct {
	limits  Limits
	random  io.Reader
	slots   chan struct{}
	waiting atomic.Int64
	runs    atomic.Uint64
	nobody  passwordHash // what the password of an unknown user is compared with
}

func newHasher(limits Limits, random io.Reader) *hasher {
	h := &hasher{limits: limits, random: random, slots: make(chan struct{}, limits.ArgonAtOnce)}
	// No password has this key, whatever the salt: it is not the output of a
	// computation that anybody can choose the input of.
	salt, key := sha256.Sum256([]byte("nobody's salt")), sha256.Sum256([]byte("nobody's key"))
	h.nobody = passwordHash{h.cost(), salt[:argonSaltSize], key[:]}
	return h
}

func (h *hasher) cost() cost {
	return cost{h.limits.ArgonMemory, h.limits.ArgonPasses, h.limits.ArgonLanes}
}

// enter takes a slot; leave gives it back.
func (h *hasher) enter(ctx context.Context) error {
	if h.waiting.Add(1) > int64(h.limits.ArgonQueueMax) {
		h.waiting.Add(-1)
		return ErrTooMany
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hasher) leave() { <-h.slots }

// verify reports whether a password belongs to a hash. It costs one
// computation whatever the answer.
func (h *hasher) verify(ctx context.Context, hash passwordHash, password string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	h.runs.Add(1)
	return hash.matches(hash.compute(password)), nil
}

// newHash makes the hash of a new password.
func (h *hasher) newHash(ctx context.Context, password string) (string, error) {
	hash := passwordHash{h.cost(), make([]byte, argonSaltSize), make([]byte, argonKeySize)}
	if _, err := io.ReadFull(h.random, hash.salt); err != nil {
		return "", err
	}
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	h.runs.Add(1)
	hash.key = hash.compute(password)
	return hash.String(), nil
}

// newSecrets makes what is kept of a new password.
func (d *Directory) newSecrets(ctx context.Context, password string) (secrets, error) {
	if err := checkNewPassword(password); err != nil {
		return secrets{}, err
	}
	password = preparePassword(password)
	hash, err := d.hasher.newHash(ctx, password)
	if err != nil {
		return secrets{}, unavailable(err)
	}
	salt := make([]byte, argonSaltSize)
	if _, err := io.ReadFull(d.random, salt); err != nil {
		return secrets{}, unavailable(err)
	}
	keys, err := scramKeys(password, salt, d.limits.ScramIterations)
	return secrets{hash, keys}, err
}

// scramKeys derives what a SCRAM server keeps (RFC 5802 §3).
func scramKeys(password string, salt []byte, iterations int) (*scramEntry, error) {
	client, err := scram.SHA256.NewClientUnprepped("", password, "")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadPassword, err)
	}
	keys, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt), Iters: iterations})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadPassword, err)
	}
	return &scramEntry{salt, iterations, keys.StoredKey, keys.ServerKey}, nil
}
