package auth

import (
	"context"
	"encoding/binary"
	"iter"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// fakeStore keeps entries in memory: as much of a store as a directory asks
// for. The records of other accounts are only collected.
type fakeStore struct {
	mail.Store
	mutex   sync.Mutex
	entries map[string][]byte
	modSeq  imap.ModSeq
	others  map[mail.AccountID][]mail.Record
	watches []*mail.Watch
	fail    error
}

func newFakeStore() *fakeStore {
	return &fakeStore{entries: map[string][]byte{}, others: map[mail.AccountID][]mail.Record{}}
}

func (s *fakeStore) Account(_ context.Context, id mail.AccountID) (mail.Account, error) {
	return &fakeAccount{store: s, id: id}, s.fail
}

func (s *fakeStore) CommitAll(ctx context.Context, decisions []mail.AccountDecision) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.fail != nil {
		return s.fail
	}
	all := map[mail.AccountID]mail.Effects{}
	for _, d := range decisions {
		effects, err := d.Decide(fakeState{entries: s.entries, modSeq: s.modSeq, directory: d.Account == 0})
		if err != nil {
			return err
		}
		all[d.Account] = effects
	}
	for id, effects := range all {
		s.apply(id, effects.Records)
	}
	return nil
}

// apply makes a new map, so that a state that is being read stays as it is.
func (s *fakeStore) apply(id mail.AccountID, records []mail.Record) {
	if id != mail.DirectoryAccount {
		s.others[id] = append(s.others[id], records...)
		return
	}
	entries := maps.Clone(s.entries)
	for _, record := range records {
		switch r := record.(type) {
		case mail.EntryPut:
			entries[r.Key] = r.Value
		case mail.EntryRemoved:
			delete(entries, r.Key)
		}
	}
	s.entries, s.modSeq = entries, s.modSeq+1
	for _, watch := range s.watches {
		watch.Publish(&mail.Change{ModSeq: s.modSeq})
	}
}

type fakeAccount struct {
	mail.Account
	store *fakeStore
	id    mail.AccountID
}

func (a *fakeAccount) Read(_ context.Context, use func(mail.State) error) error {
	a.store.mutex.Lock()
	state, err := fakeState{entries: a.store.entries, modSeq: a.store.modSeq, directory: a.id == 0}, a.store.fail
	a.store.mutex.Unlock()
	if err != nil {
		return err
	}
	return use(state)
}

func (a *fakeAccount) Commit(ctx context.Context, decide mail.Decision) (imap.ModSeq, error) {
	err := a.store.CommitAll(ctx, []mail.AccountDecision{{Account: a.id, Decide: decide}})
	return a.store.modSeq, err
}

func (a *fakeAccount) Watch(notify func()) *mail.Watch {
	watch := mail.NewWatch(notify, nil)
	a.store.mutex.Lock()
	defer a.store.mutex.Unlock()
	a.store.watches = append(a.store.watches, watch)
	return watch
}

type fakeState struct {
	mail.State
	entries   map[string][]byte
	modSeq    imap.ModSeq
	directory bool
}

func (s fakeState) ModSeq() imap.ModSeq                        { return s.modSeq }
func (s fakeState) UIDValidityFloor() imap.UIDValidity         { return 0 }
func (s fakeState) MailboxNamed(string) (*mail.Mailbox, error) { return nil, mail.ErrNoMailbox }

func (s fakeState) Entries(prefix string) iter.Seq2[mail.Entry, error] {
	return func(yield func(mail.Entry, error) bool) {
		if !s.directory {
			return
		}
		for _, key := range slices.Sorted(maps.Keys(s.entries)) {
			if strings.HasPrefix(key, prefix) && !yield(mail.Entry{Key: key, Value: s.entries[key]}, nil) {
				return
			}
		}
	}
}

// fakeClock stands still until somebody waits, which moves it on at once.
type fakeClock struct {
	mutex  sync.Mutex
	now    time.Time
	waited time.Duration
}

func (c *fakeClock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *fakeClock) Wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now, c.waited = c.now.Add(d), c.waited+d
	return nil
}

func (c *fakeClock) pass(d time.Duration) { c.mutex.Lock(); c.now = c.now.Add(d); c.mutex.Unlock() }

// took returns what was waited since the last call.
func (c *fakeClock) took() time.Duration {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	d := c.waited
	c.waited = 0
	return d
}

// seeded is a source of randomness that every run repeats.
type seeded struct{ *rand.ChaCha8 }

func newSeeded(seed uint64) seeded {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	return seeded{rand.NewChaCha8(key)}
}

// fixture is a directory and a service that are quick about hashing.
type fixture struct {
	*Service
	store *fakeStore
	clock *fakeClock
}

var (
	home   = netip.MustParseAddr("192.0.2.1")
	office = netip.MustParseAddr("198.51.100.7")
)

func newFixture(t *testing.T, change ...func(*Limits)) fixture {
	t.Helper()
	store, clock := newFakeStore(), &fakeClock{now: time.Unix(1e9, 0)}
	limits := Limits{ArgonMemory: 8, ArgonPasses: 1, ScramIterations: 4096}
	for _, c := range change {
		c(&limits)
	}
	directory, err := OpenDirectory(t.Context(), store, DirectoryOptions{Clock: clock, Random: newSeeded(1), Limits: limits, ScramSHA1: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(directory.Close)
	service, err := NewService(directory, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return fixture{service, store, clock}
}

func (f fixture) add(t *testing.T, name, password string) AccountInfo {
	t.Helper()
	info, err := f.directory.AddAccount(t.Context(), name, password)
	if err != nil {
		t.Fatalf("adding %s: %v", name, err)
	}
	return info
}

// try logs in and returns the error.
func (f fixture) try(t *testing.T, from netip.Addr, login, password string) error {
	t.Helper()
	_, err := f.Password(t.Context(), Attempt{login, password, from, "imap"})
	return err
}
