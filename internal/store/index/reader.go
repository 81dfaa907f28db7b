package index

import (
	"bytes"
	"errors"

	"github.com/cockroachdb/pebble/v2"
)

// Reader reads rows.
type Reader interface {
	// Get returns a row's value, the caller's to keep; nil if there is none.
	Get(key []byte) ([]byte, error)
	// Scan returns a cursor before the first row from lower up to, and
	// without, upper.
	Scan(lower, upper []byte) Cursor
}

// Cursor goes through rows by ascending key. Key and Value are valid until
// it moves. It must be closed, which returns the error that stopped it.
type Cursor interface {
	// Next moves to the next row, at first to the first; false at the end.
	Next() bool
	// Seek moves forward to the first row from key on, and not at all if the
	// cursor is on or behind that; false at the end.
	Seek(key []byte) bool
	Key() []byte
	Value() []byte
	Close() error
}

// Snapshot is the index at one moment. It must be closed.
type Snapshot struct{ snapshot *pebble.Snapshot }

// Snapshot takes a snapshot.
func (x *Index) Snapshot() *Snapshot { return &Snapshot{x.db.NewSnapshot()} }

// Get reads a row of the newest state.
func (x *Index) Get(key []byte) ([]byte, error) { return get(x.db, key) }

// Scan reads rows of the newest state.
func (x *Index) Scan(lower, upper []byte) Cursor { return scan(x.db, lower, upper) }

// Get reads a row of the snapshot.
func (s *Snapshot) Get(key []byte) ([]byte, error) { return get(s.snapshot, key) }

// Scan reads rows of the snapshot.
func (s *Snapshot) Scan(lower, upper []byte) Cursor { return scan(s.snapshot, lower, upper) }

// Applied is Index.Applied at the snapshot.
func (s *Snapshot) Applied() (Applied, bool, error) { return readApplied(s) }

// Close releases the snapshot.
func (s *Snapshot) Close() error { return s.snapshot.Close() }

func get(r pebble.Reader, key []byte) ([]byte, error) {
	value, closer, err := r.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	copied := append(make([]byte, 0, len(value)), value...)
	return copied, closer.Close()
}

func scan(r pebble.Reader, lower, upper []byte) Cursor {
	iter, err := r.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return &failed{err}
	}
	return &cursor{iter: iter}
}

// cursor is a Cursor over rows on disk.
type cursor struct {
	iter    *pebble.Iterator
	started bool
}

func (c *cursor) Next() bool {
	if c.started {
		return c.iter.Next()
	}
	c.started = true
	return c.iter.First()
}

func (c *cursor) Seek(key []byte) bool {
	if c.started && (!c.iter.Valid() || bytes.Compare(c.iter.Key(), key) >= 0) {
		return c.iter.Valid()
	}
	c.started = true
	return c.iter.SeekGE(key)
}

func (c *cursor) Key() []byte   { return c.iter.Key() }
func (c *cursor) Value() []byte { return c.iter.Value() }
func (c *cursor) Close() error  { return c.iter.Close() }

// failed is a cursor that could not be made.
type failed struct{ err error }

func (f *failed) Next() bool       { return false }
func (f *failed) Seek([]byte) bool { return false }
func (f *failed) Key() []byte      { return nil }
func (f *failed) Value() []byte    { return nil }
func (f *failed) Close() error     { return f.err }
