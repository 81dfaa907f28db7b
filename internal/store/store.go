package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/vfs"
)

// Options say where a store lives and what it may use.
type Options struct {
	FS     vfs.FS // nil: the operating system's
	Dir    string // made if it is not there
	Logger *slog.Logger
	Clock  func() time.Time
	Limits Limits
	// Progress is told how far a replay, a check or a rebuild has come, often
	// enough for a progress bar, from the goroutine that runs it. It may be
	// nil.
	Progress func(Progress)
}

// Progress says how far something has come.
type Progress struct {
	What        string // "index", "journal", "compare"
	Done, Total int64  // octets of the journal, or rows; Total 0: not known
}

// Store is a mail.Store in one directory. Open makes it.
type Store struct {
	options Options
	fs      vfs.FS
	log     *slog.Logger
	lock    io.Closer
	index   *index.Index
	journal *journal.Embedded
	uids    *uidCache
	staged  atomic.Uint64 // files in the staging directory so far
	commits atomic.Uint64 // that were made since Open
	refused atomic.Uint64 // commits that a quota did not admit

	mutex    sync.Mutex
	accounts map[mail.AccountID]*account

	pins pins
	// applying is held while rows are written.
	applying sync.Mutex
	// relocating is held while bodies are moved or reclaimed, and shared by
	// what must see them stay.
	relocating sync.RWMutex

	failed  atomic.Pointer[error] // why the index does not follow the journal
	gate    *gate
	stop    sync.Once
	closing chan struct{}
	ended   sync.WaitGroup // goroutines of the store's own
}

var _ mail.Store = (*Store)(nil)

// Account returns an account, or ErrErased.
func (s *Store) Account(_ context.Context, id mail.AccountID) (mail.Account, error) {
	if err := s.gate.enterAgain(); err != nil {
		return nil, err
	}
	defer s.gate.leave()
	head, err := readHead(s.index, id)
	if err != nil {
		return nil, err
	}
	if head.Erased {
		return nil, mail.ErrErased
	}
	return s.account(id), nil
}

// account returns what is known of an account in memory.
func (s *Store) account(id mail.AccountID) *account {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	a := s.accounts[id]
	if a == nil {
		a = &account{store: s, id: id}
		s.accounts[id] = a
	}
	return a
}

// known returns an account if anybody has asked for it.
func (s *Store) known(id mail.AccountID) *account {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.accounts[id]
}

// CommitAll commits decisions on different accounts together.
func (s *Store) CommitAll(ctx context.Context, decisions []mail.AccountDecision) error {
	parts := make([]*part, len(decisions))
	for i, d := range decisions {
		parts[i] = &part{account: s.account(d.Account), decide: d.Decide}
	}
	return s.commit(ctx, parts)
}

// CommitJointly commits one decision on several accounts.
func (s *Store) CommitJointly(ctx context.Context, accounts []mail.AccountID, decide mail.JointDecision) ([]imap.ModSeq, error) {
	j := &joint{decide: decide, parts: make([]*part, len(accounts))}
	for i, id := range accounts {
		j.parts[i] = &part{account: s.account(id), joint: j}
	}
	err := s.commit(ctx, slices.Clone(j.parts))
	positions := make([]imap.ModSeq, len(accounts))
	for i, p := range j.parts {
		positions[i] = p.position
	}
	return positions, err
}

// Commits returns how many commits were made since the store was opened, on
// one account or several.
func (s *Store) Commits() uint64 { return s.commits.Load() }

// Close waits for every Read and Commit that is under way and closes the store;
// those that come later fail. Closing again does nothing.
func (s *Store) Close() error {
	s.stop.Do(func() { close(s.closing) })
	if !s.gate.close() {
		return nil
	}
	s.ended.Wait()
	return errors.Join(s.journal.Close(), s.index.Close(), s.lock.Close())
}

func readHead(rows index.Reader, id mail.AccountID) (index.Head, error) {
	value, err := rows.Get(index.HeadKey(nil, id))
	if err != nil {
		return index.Head{}, err
	}
	return index.DecodeHead(value)
}

// translate gives an error of the journal the name that the domain has for it.
func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, journal.ErrNoSpace):
		return fmt.Errorf("%w: %w", mail.ErrNoSpace, err)
	case errors.Is(err, journal.ErrUnavailable), errors.Is(err, journal.ErrMoved):
		return fmt.Errorf("%w: %w", mail.ErrUnavailable, err)
	case errors.Is(err, journal.ErrNoBody):
		return fmt.Errorf("%w: %w", mail.ErrNoMessage, err)
	case errors.Is(err, journal.ErrCorrupt):
		return fmt.Errorf("%w: %w", mail.ErrCorrupt, err)
	}
	return err
}
