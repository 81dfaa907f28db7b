package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/vfs"
)

const (
	journalDir = "journal"
	indexDir   = "index"
)

// ErrInUse says that another process has the store open.
var ErrInUse = errors.New("store is in use")

// Open opens the store in a directory, and makes it if there is none. An index
// that is missing, damaged or of another journal is made anew, which takes
// time and loses nothing. ErrInUse if another process has the store open.
func Open(options Options) (*Store, error) {
	options.fill()
	fs, dir := options.FS, options.Dir
	lock, err := lockStore(fs, dir)
	if err != nil {
		return nil, err
	}
	s := &Store{
		options: options, fs: fs, log: options.Logger, lock: lock,
		uids: newUIDCache(options.Limits.UIDCache), accounts: map[mail.AccountID]*account{},
		closing: make(chan struct{}), gate: newGate(), pins: pins{of: map[mail.BodyID]int{}},
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), lock.Close())
	}
	return s, nil
}

// lockStore keeps everybody else out of a store.
func lockStore(fs vfs.FS, dir string) (io.Closer, error) {
	if err := makeDirs(fs, dir); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	lock, err := vfs.Lock(fs, fs.PathJoin(dir, "LOCK"))
	if errors.Is(err, vfs.ErrLocked) {
		return nil, fmt.Errorf("%w: another process has %s open; stop it, or give the command to the running server", ErrInUse, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return lock, nil
}

// makeDirs makes a directory and those above it that are missing, durably.
func makeDirs(fs vfs.FS, dir string) error {
	parent := fs.PathDir(dir)
	if _, err := fs.Stat(parent); err != nil && parent != dir {
		if err := makeDirs(fs, parent); err != nil {
			return err
		}
	}
	_, missing := fs.Stat(dir)
	if err := vfs.MakeDir(fs, dir); err != nil && missing != nil {
		return err
	}
	return nil
}

func (o *Options) fill() {
	if o.FS == nil {
		o.FS = vfs.OS()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	o.Limits.fill()
}

// open opens what the store consists of.
func (s *Store) open() error {
	if err := clearStaging(s.fs, s.options.Dir); err != nil {
		return err
	}
	fits, err := s.openBoth()
	if err == nil && !fits {
		// The index is of another journal, or ahead of this one: rows that
		// were seen before the journal was durable must not be trusted.
		s.log.Warn("index does not fit the journal and is made anew")
		err = errors.Join(s.journal.Close(), s.index.Close())
		if err == nil {
			err = s.removeIndex()
		}
		if err == nil {
			_, err = s.openBoth()
		}
	}
	if err != nil {
		return err
	}
	if err := s.replay(context.Background()); err != nil {
		return errors.Join(err, s.journal.Close(), s.index.Close())
	}
	s.startForgetting()
	return nil
}

func (s *Store) removeIndex() error {
	return s.fs.RemoveAll(s.fs.PathJoin(s.options.Dir, indexDir))
}

// openBoth opens index and journal, and reports whether the one can follow
// the other.
func (s *Store) openBoth() (fits bool, err error) {
	if s.index, err = s.openIndex(); err != nil {
		return false, err
	}
	applied, known, err := s.index.Applied()
	if err != nil || !known {
		applied = index.Applied{}
	}
	s.journal, err = journal.Open(journal.Options{
		FS: s.fs, Dir: s.fs.PathJoin(s.options.Dir, journalDir), Logger: s.log,
		SegmentSize: s.options.Limits.SegmentSize, ReserveBytes: s.options.Limits.ReserveBytes,
		Apply: s.apply, Locate: s.locate,
		Heads: s.heads, HeadsAt: journal.Offset{Segment: applied.Segment, Byte: applied.Byte},
	})
	if err != nil {
		return false, errors.Join(err, s.index.Close())
	}
	if !known {
		empty, err := isEmpty(s.index)
		return empty, err
	}
	end := s.journal.End()
	at := journal.Offset{Segment: applied.Segment, Byte: applied.Byte}
	return applied.Journal == s.journal.Identity() && !end.Less(at), nil
}

// openIndex opens the index; one that cannot be opened is made anew, unless it
// is only that there is no room, of which that would take more.
func (s *Store) openIndex() (*index.Index, error) {
	options := index.Options{FS: s.fs, Dir: s.fs.PathJoin(s.options.Dir, indexDir), Logger: s.log}
	opened, err := index.Open(options)
	if err == nil {
		return opened, nil
	}
	if errors.Is(err, index.ErrFailed) || vfs.IsNoSpace(err) {
		return nil, err
	}
	s.log.Warn("index cannot be opened and is made anew", "error", err)
	if removeErr := s.removeIndex(); removeErr != nil {
		return nil, errors.Join(err, removeErr)
	}
	return index.Open(options)
}

func isEmpty(rows index.Reader) (bool, error) {
	cursor := rows.Scan(nil, nil)
	found := cursor.Next()
	return !found, cursor.Close()
}

// heads yields where the accounts of the index end.
func (s *Store) heads(yield func(journal.AccountID, journal.Position)) {
	err := eachAccount(s.index, func(id mail.AccountID, head index.Head) error {
		yield(journal.AccountID(id), journal.Position(head.Position))
		return nil
	})
	if err != nil {
		s.log.Error("accounts of the index cannot be read", "error", err)
	}
}

// eachAccount calls use with every account that has records.
func eachAccount(rows index.Reader, use func(mail.AccountID, index.Head) error) error {
	cursor := rows.Scan(index.AccountPrefix(nil, 0), index.AccountsEnd())
	for more := cursor.Next(); more; {
		id := index.AccountOf(cursor.Key())
		head, err := readHead(rows, id)
		if err == nil {
			err = use(id, head)
		}
		if err != nil {
			return errors.Join(err, cursor.Close())
		}
		more = cursor.Seek(index.PrefixEnd(index.AccountPrefix(nil, id)))
	}
	return cursor.Close()
}
