package auth

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
	"sync/atomic"

	"github.com/restante/restante/internal/mail"
)

// Directory is who the users are. Its methods may be called at the same time.
type Directory struct {
	store   mail.Store
	account mail.Account
	clock   Clock
	random  io.Reader
	limits  Limits
	hasher  *hasher
	// scramSHA1 says that the keys of SCRAM-SHA-1 are kept too.
	scramSHA1 bool

	watch     *mail.Watch
	published atomic.Uint64 // counts changes of the directory account
	current   atomic.Pointer[seenView]
	refresh   sync.Mutex
	changing  sync.Mutex // changes are made one after the other
}

// seenView is a view and the count of changes it is at least as new as.
type seenView struct {
	*view
	seen uint64
}

// DirectoryOptions is what a directory needs beside its store.
type DirectoryOptions struct {
	Clock  Clock     // nil is the system's
	Random io.Reader // nil is crypto/rand's
	Limits Limits    // zero fields are defaults
	// ScramSHA1 keeps the keys of SCRAM-SHA-1 too, and offers it.
	ScramSHA1 bool
}

// OpenDirectory reads the directory of a store. Close it before the store.
func OpenDirectory(ctx context.Context, store mail.Store, options DirectoryOptions) (*Directory, error) {
	account, err := store.Account(ctx, mail.DirectoryAccount)
	if err != nil {
		return nil, unavailable(err)
	}
	d := &Directory{store: store, account: account, clock: options.Clock, random: options.Random, scramSHA1: options.ScramSHA1}
	if d.clock == nil {
		d.clock = SystemClock{}
	}
	if d.random == nil {
		d.random = rand.Reader
	}
	d.limits = options.Limits.withDefaults()
	d.hasher = newHasher(d.limits, d.random)
	d.watch = account.Watch(func() { d.published.Add(1) })
	if _, err := d.view(ctx); err != nil {
		d.watch.Close()
		return nil, err
	}
	return d, nil
}

// Close ends the directory's watch.
func (d *Directory) Close() { d.watch.Close() }

// Limits returns the limits that hold, with defaults filled in.
func (d *Directory) Limits() Limits { return d.limits }

// HashRuns returns how many passwords were hashed since the start.
func (d *Directory) HashRuns() uint64 { return d.hasher.runs.Load() }

// view returns a view that has every change acknowledged before the call.
func (d *Directory) view(ctx context.Context) (*view, error) {
	if now := d.current.Load(); now != nil && now.seen == d.published.Load() {
		return now.view, nil
	}
	d.refresh.Lock()
	defer d.refresh.Unlock()
	now, seen := d.current.Load(), d.published.Load()
	if now != nil && now.seen == seen {
		return now.view, nil
	}
	d.watch.Take()
	var older, newer *view
	if now != nil {
		older = now.view
	}
	err := d.account.Read(ctx, func(state mail.State) (err error) {
		newer, err = readView(state, older)
		return err
	})
	if err != nil {
		return nil, unavailable(err)
	}
	d.current.Store(&seenView{newer, seen})
	return newer, nil
}

// commit decides on the newest directory.
func (d *Directory) commit(ctx context.Context, decide change) error {
	d.changing.Lock()
	defer d.changing.Unlock()
	older, err := d.view(ctx)
	if err != nil {
		return err
	}
	_, err = d.account.Commit(ctx, decide.decision(older))
	return unavailable(err)
}
