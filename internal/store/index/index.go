package index

import (
	"encoding/binary"
	"errors"
	"log/slog"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// Options are what an index needs.
type Options struct {
	FS     vfs.FS
	Dir    string
	Logger *slog.Logger
}

// Index is the rows. Its methods may be called at the same time.
type Index struct {
	db     *pebble.DB
	failed *failure
	noRoom chan struct{} // says that a file just found no room
}

// ErrFailed says that the index could not be written and takes nothing more.
// What it holds can still be read; it is whole again when opened anew.
var ErrFailed = errors.New("index could not be written; restart to open it anew")

// ErrNoRoom says that what the index holds could not be made durable for want
// of room. Nothing is lost by it: the journal is read again from further back.
var ErrNoRoom = errors.New("no room to write the index")

// Applied says how far the index has come, and of which journal.
type Applied struct {
	Journal uint64
	Segment uint64
	Byte    int64
}

// Open opens an index, and makes it if there is none.
func Open(options Options) (*Index, error) {
	failed, noRoom := &failure{now: make(chan struct{})}, make(chan struct{}, 1)
	cache := pebble.NewCache(cacheSize)
	defer cache.Unref()
	settings := &pebble.Options{
		FS:                          newPatient(options.FS),
		Cache:                       cache,
		DisableWAL:                  true, // the journal is the log
		MemTableSize:                memtableSize,
		MemTableStopWritesThreshold: memtablesMax,
		MaxOpenFiles:                filesMax,
		FormatMajorVersion:          pebble.FormatNewest,
		Logger:                      logger{options.Logger, failed},
		EventListener:               &pebble.EventListener{BackgroundError: backgroundError(options.Logger, noRoom)},
	}
	for i := range settings.Levels {
		settings.Levels[i].FilterPolicy = bloom.FilterPolicy(bloomBits)
		settings.TargetFileSizes[i] = tableSize
	}
	db, err := openStore(options.Dir, settings, failed)
	if err != nil {
		return nil, err
	}
	return &Index{db, failed, noRoom}, nil
}

// openStore opens the key-value store. What it cannot bear, a full disk for
// one, ends the goroutine in which it is met, which must not be the caller's.
func openStore(dir string, settings *pebble.Options, failed *failure) (*pebble.DB, error) {
	type result struct {
		db  *pebble.DB
		err error
	}
	opened := make(chan result, 1)
	go func() {
		db, err := pebble.Open(dir, settings)
		opened <- result{db, err}
	}()
	select {
	case r := <-opened:
		return r.db, r.err
	case <-failed.now:
		return nil, ErrFailed
	}
}

// Close makes everything durable and closes the index. It waits for no room on
// a full disk: ErrNoRoom. No snapshot and no cursor may be open.
func (x *Index) Close() error {
	select {
	case <-x.noRoom: // of earlier
	default:
	}
	if err := x.flush(x.noRoom); errors.Is(err, ErrFailed) {
		return err // the store beneath would wait for a flush for ever
	} else if err != nil {
		return errors.Join(err, x.db.Close())
	}
	return x.db.Close()
}

// Flush makes everything durable. On a full disk it waits for room.
func (x *Index) Flush() error { return x.flush(nil) }

// flush makes everything durable, or gives up with ErrNoRoom when noRoom says so.
func (x *Index) flush(noRoom <-chan struct{}) error {
	if x.failed.is() {
		return ErrFailed
	}
	done, err := x.db.AsyncFlush()
	if err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-noRoom:
		return ErrNoRoom
	case <-x.failed.now:
		return ErrFailed
	}
}

// Applied returns how far the index has come; false for a new one or one of
// another format.
func (x *Index) Applied() (Applied, bool, error) { return readApplied(x) }

func readApplied(r Reader) (Applied, bool, error) {
	value, err := r.Get(AppliedKey(nil))
	if err != nil || value == nil {
		return Applied{}, false, err
	}
	d := decoder{rest: value}
	var a Applied
	format := d.uvarint()
	a.Journal = d.uvarint()
	a.Segment = d.uvarint()
	a.Byte = int64(d.uvarint())
	return a, d.finish("position") == nil && format == Format, nil
}

func appendApplied(b []byte, a Applied) []byte {
	b = binary.AppendUvarint(b, Format)
	b = binary.AppendUvarint(b, a.Journal)
	b = binary.AppendUvarint(b, a.Segment)
	return binary.AppendUvarint(b, uint64(a.Byte))
}

// Batch is a set of changes that become visible together.
type Batch struct {
	index *Index
	batch *pebble.Batch
}

// Batch begins a set of changes.
func (x *Index) Batch() *Batch { return &Batch{x, x.db.NewBatch()} }

// Set writes a row. Key and value may be reused when it returns.
func (b *Batch) Set(key, value []byte) { _ = b.batch.Set(key, value, nil) }

// Delete deletes a row, which need not exist.
func (b *Batch) Delete(key []byte) { _ = b.batch.Delete(key, nil) }

// DeletePrefix deletes every row whose key begins with prefix.
func (b *Batch) DeletePrefix(prefix []byte) {
	_ = b.batch.DeleteRange(prefix, PrefixEnd(prefix), nil)
}

// Size returns the octets in the batch.
func (b *Batch) Size() int { return b.batch.Len() }

// Commit makes the batch visible and says how far the index has come with it.
// It is not durable: after a crash the index may be where it was before.
func (b *Batch) Commit(applied Applied) error {
	if b.index.failed.is() {
		return ErrFailed
	}
	if err := b.batch.Set(AppliedKey(nil), appendApplied(nil, applied), nil); err != nil {
		return err
	}
	return errors.Join(b.batch.Commit(pebble.NoSync), b.batch.Close())
}

// Discard gives up a batch.
func (b *Batch) Discard() error { return b.batch.Close() }

// IsNamed reports whether any email is this body.
func IsNamed(r Reader, id mail.BodyID) (bool, error) {
	prefix := NamedPrefix(nil, id)
	cursor := r.Scan(prefix, PrefixEnd(prefix))
	found := cursor.Next()
	return found, cursor.Close()
}
