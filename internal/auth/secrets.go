package auth

import (
	"context"
	"fmt"
	"io"

	"github.com/xdg-go/scram"
)

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
	made := secrets{password: hash}
	if made.scram, err = d.newScramKeys(scram.SHA256, password); err != nil || !d.scramSHA1 {
		return made, err
	}
	made.scramSHA1, err = d.newScramKeys(scram.SHA1, password)
	return made, err
}

// newScramKeys derives keys under a new salt: one of its own for each hash, so
// that the keys of one say nothing about those of the other.
func (d *Directory) newScramKeys(hash scram.HashGeneratorFcn, password string) (*scramEntry, error) {
	salt := make([]byte, argonSaltSize)
	if _, err := io.ReadFull(d.random, salt); err != nil {
		return nil, unavailable(err)
	}
	return scramKeys(hash, password, salt, d.limits.ScramIterations)
}

// scramKeys derives what a SCRAM server keeps (RFC 5802 §3).
func scramKeys(hash scram.HashGeneratorFcn, password string, salt []byte, iterations int) (*scramEntry, error) {
	client, err := hash.NewClientUnprepped("", password, "")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadPassword, err)
	}
	keys, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt), Iters: iterations})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadPassword, err)
	}
	return &scramEntry{salt, iterations, keys.StoredKey, keys.ServerKey}, nil
}

// completeSecrets makes the keys of SCRAM-SHA-1 that an account lacks, from a
// password that was just proven: those of a password that was set before they
// were wanted. Nothing depends on it: what fails now is tried at the next
// login. The password must still be the one that was proven.
func (d *Directory) completeSecrets(ctx context.Context, p principal, password string) {
	if !d.scramSHA1 || p.ScramSHA1 != nil {
		return
	}
	keys, err := d.newScramKeys(scram.SHA1, password)
	if err != nil {
		return
	}
	_ = d.commit(ctx, completeAccount(p, keys))
}
