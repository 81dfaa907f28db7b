package auth

import (
	"context"
	"crypto/sha256"
	"io"
	"net/netip"
	"sync/atomic"
)

// hasher computes password hashes, a few at a time.
type hasher struct {
	limits Limits
	random io.Reader
	gate   *gate
	runs   atomic.Uint64
	nobody passwordHash // what the password of an unknown user is compared with
}

func newHasher(limits Limits, random io.Reader) *hasher {
	h := &hasher{limits: limits, random: random, gate: newGate(limits.ArgonAtOnce, limits.ArgonQueueMax)}
	// No password has this key, whatever the salt: it is not the output of a
	// computation that anybody can choose the input of.
	salt, key := sha256.Sum256([]byte("nobody's salt")), sha256.Sum256([]byte("nobody's key"))
	h.nobody = passwordHash{h.cost(), salt[:argonSaltSize], key[:]}
	return h
}

func (h *hasher) cost() cost {
	return cost{h.limits.ArgonMemory, h.limits.ArgonPasses, h.limits.ArgonLanes}
}

// verify reports whether a password belongs to a hash. It costs one
// computation whatever the answer.
func (h *hasher) verify(ctx context.Context, from netip.Addr, hash passwordHash, password string) (bool, error) {
	if err := h.gate.enter(ctx, from); err != nil {
		return false, err
	}
	defer h.gate.leave()
	h.runs.Add(1)
	return hash.matches(hash.compute(password)), nil
}

// newHash makes the hash of a new password.
func (h *hasher) newHash(ctx context.Context, password string) (string, error) {
	hash := passwordHash{h.cost(), make([]byte, argonSaltSize), make([]byte, argonKeySize)}
	if _, err := io.ReadFull(h.random, hash.salt); err != nil {
		return "", err
	}
	if err := h.gate.enter(ctx, netip.Addr{}); err != nil {
		return "", err
	}
	defer h.gate.leave()
	h.runs.Add(1)
	hash.key = hash.compute(password)
	return hash.String(), nil
}
