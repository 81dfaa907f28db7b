package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/restante/restante/internal/vfs"
)

// Options say where an embedded journal lives and whom it tells.
type Options struct {
	FS  vfs.FS
	Dir string // of the segments; made if it is not there, its parent must be
	// Logger hears of damage, discarded tails and failed disks; nil: nobody.
	Logger *slog.Logger
	// Random gives a new journal its identity; nil: the system's.
	Random io.Reader

	SegmentSize int64 // octets after which a new segment is begun; 0: 256 MiB
	// ReserveBytes is what is left free on the file system: units that would
	// take it are refused with ErrNoSpace. 0: 64 MiB, negative: nothing.
	ReserveBytes int64

	// Apply is told of each group of units once it is durable, in the
	// journal's order, before any of their tickets is done. It is called by
	// one goroutine, and must not keep the records. After an error it is not
	// called again, and the journal refuses writes until it is opened anew.
	Apply func([]Durable) error
	// Locate finds a body whose Place is unknown or stale. nil: none is.
	Locate func(BodyID) (Place, bool)

	// Heads yields the last position of every account as of HeadsAt, so that
	// opening need only read what follows. With a HeadsAt of zero, or one that
	// this journal has not, everything is read and Heads is not asked.
	Heads   func(yield func(AccountID, Position))
	HeadsAt Offset
}

func (o *Options) fill() {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.SegmentSize <= 0 {
		o.SegmentSize = segmentSizeDefault
	}
	if o.ReserveBytes == 0 {
		o.ReserveBytes = reserveDefault
	}
	if o.Apply == nil {
		o.Apply = func([]Durable) error { return nil }
	}
	if o.Locate == nil {
		o.Locate = func(BodyID) (Place, bool) { return Place{}, false }
	}
}

// Embedded is a Journal in the segment files of one directory.
//
// Two goroutines carry it: the writer brings groups of units to the disk, and
// the applier tells the index of the last group while the writer already syncs
// the next.
type Embedded struct {
	options Options
	log     *slog.Logger
	lock    io.Closer
	files   *files

	identity uint64
	seed     uint32 // of sums that hold anywhere in the journal

	mu       sync.Mutex
	heads    map[AccountID]head
	line     []*pending
	lineSize int
	room     chan struct{} // closed, and replaced, when the line moves
	segments []segment     // in order; the last is written to
	closed   bool
	broken   error // why no more is written until the journal is opened anew

	summaries summaries
	lookups   lookups
	reclaim   sync.Mutex // one Reclaim at a time; Close waits for it

	wake    chan struct{} // the line is not empty, or the journal closed
	stopped chan struct{} // both goroutines have ended
}

// head is where an account's sequence ends: on the disk, and in line.
type head struct{ durable, line Position }

// segment is what is known of one segment file.
type segment struct {
	segmentHead
	size int64 // valid octets of the file
	last int64 // where it ends in the journal's order; size unless rewritten

	sealed bool // not the last; filled in where a copy is handed out
}

var _ Journal = (*Embedded)(nil)

// Open opens the journal in a directory, and begins it if there is none. What
// a crash left of unacknowledged units at its end is discarded. Damage in what
// was durable is logged, and reported by Replay and Verify; it does not keep
// the journal from being opened. ErrLocked if somebody has it open.
func Open(options Options) (*Embedded, error) {
	options.fill()
	fs, dir := options.FS, options.Dir
	if err := vfs.MakeDir(fs, dir); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	lock, err := vfs.Lock(fs, fs.PathJoin(dir, "LOCK"))
	if errors.Is(err, vfs.ErrLocked) {
		return nil, fmt.Errorf("%s: %w", dir, ErrLocked)
	} else if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	j := &Embedded{
		options:   options,
		log:       options.Logger,
		lock:      lock,
		files:     newFiles(fs, dir),
		summaries: summaries{of: map[uint64]summary{}},
		lookups:   lookups{of: map[uint64]lookup{}},
		heads:     map[AccountID]head{},
		room:      make(chan struct{}),
		wake:      make(chan struct{}, 1),
		stopped:   make(chan struct{}),
	}
	w, err := j.recover()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("journal: %w", err), j.files.close(), lock.Close())
	}
	go j.run(w)
	return j, nil
}

// Head returns the last durable position of an account.
func (j *Embedded) Head(account AccountID) Position {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.heads[account].durable
}

// End returns the global offset behind the last durable unit.
func (j *Embedded) End() Offset {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := &j.segments[len(j.segments)-1]
	return Offset{Segment: s.number, Byte: s.last}
}

// segment finds what is known of a segment.
func (j *Embedded) segment(number uint64) (segment, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.segmentLocked(number)
}

func (j *Embedded) segmentLocked(number uint64) (segment, bool) {
	// Numbers have no gaps unless a file was lost, so that the first guess is
	// nearly always right.
	if n := len(j.segments); n > 0 {
		if i := int(number - j.segments[0].number); i >= 0 && i < n && j.segments[i].number == number {
			return j.segments[i], true
		}
	}
	for _, s := range j.segments {
		if s.number == number {
			return s, true
		}
	}
	return segment{}, false
}

// pin opens a segment for reading, together with what is known of just that
// file: Reclaim may put another in its place at any time. put gives it back. No
// file if there is no such segment.
func (j *Embedded) pin(number uint64) (segment, *segmentFile, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s, ok := j.segmentLocked(number)
	if !ok {
		return s, nil, nil
	}
	file, err := j.files.get(number)
	return s, file, err
}

// segmentsFrom returns the segments with this number or a later one.
func (j *Embedded) segmentsFrom(number uint64) []segment {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.segments {
		if j.segments[i].number >= number {
			found := append([]segment(nil), j.segments[i:]...)
			for k := range found[:len(found)-1] {
				found[k].sealed = true
			}
			return found
		}
	}
	return nil
}

// Close stops accepting units, waits for those in line, and releases the
// journal's lock. Closing again does nothing.
func (j *Embedded) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		<-j.stopped
		return nil
	}
	j.closed = true
	j.moveLine()
	j.mu.Unlock()
	j.signal()
	<-j.stopped
	j.reclaim.Lock()
	defer j.reclaim.Unlock()
	return errors.Join(j.files.close(), j.lock.Close())
}

func (j *Embedded) signal() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}
