// Package journal keeps the only truth a store has: for each account one
// append-only sequence of frames, and beside them the bodies of messages,
// stored once and named by the hash of their content.
//
// The package knows nothing of what a frame means: records are opaque bytes
// here, written and read by package store. It must never be asked to change
// or to forget what it acknowledged, except by reclaiming bodies and frames
// that the store says nothing can reach any more.
package journal

import (
	"context"
	"errors"
	"io"
	"iter"
)

// AccountID names an account. Zero is the directory of the store itself.
type AccountID uint64

// Position is a frame's place in its account's sequence: 1, 2, 3, … without
// gaps. It is the modification sequence of what the frame records.
type Position uint64

// BodyID is the SHA-256 of a body's content, before any compression.
type BodyID [32]byte

// Place is a hint where a body lies. It is opaque to all but the journal that
// gave it; the zero Place means "unknown". A body may be moved, so a Place may
// be stale: OpenBody then looks the body up by its BodyID.
type Place struct{ A, B uint64 }

// BodyRef names a body and where it was last seen.
type BodyRef struct {
	ID    BodyID
	Place Place
}

// Entry is one account's part of a Unit.
type Entry struct {
	Account AccountID
	// After is the position that the account must have reached, durable or
	// on its way, for this entry to be admitted; the entry becomes After+1.
	After   Position
	Records []byte
}

// Unit is what becomes durable together or not at all: the frames of one or
// more accounts and the bodies that they are the first to name.
type Unit struct {
	Entries []Entry
	Bodies  []NewBody
}

// NewBody is a body on its way into the journal. Content is read, once, before
// the Ticket is done; it must hold Size octets whose SHA-256 is ID.
type NewBody struct {
	ID      BodyID
	Size    int64
	Content io.ReaderAt
}

// Frame is one entry as read back. Records must not be changed or kept beyond
// the call that handed them out.
type Frame struct {
	Account  AccountID
	Position Position
	Records  []byte
}

// Durable is one unit that has become durable, in the journal's global order.
type Durable struct {
	Frames []Frame
	Bodies []BodyRef // those stored with this unit, with their Place and …
	Sizes  []int64   // … their sizes
	// After is the global offset just behind this unit; what has applied the
	// unit may store it and ask Replay for what follows.
	After Offset
}

// Offset is a point in the journal's global order, comparable by Less. The
// zero Offset is the beginning.
type Offset struct {
	Segment uint64
	Byte    int64
}

// Less reports whether o lies before p.
func (o Offset) Less(p Offset) bool {
	return o.Segment < p.Segment || o.Segment == p.Segment && o.Byte < p.Byte
}

var (
	// ErrMoved says that an account no longer ends where an Entry wants to
	// follow; decide again on the newest state.
	ErrMoved = errors.New("account has moved on")
	// ErrNoSpace says that there is no room for the unit. Nothing of it was
	// kept. Reads go on, and writes succeed again when there is room.
	ErrNoSpace = errors.New("no space left for the journal")
	// ErrUnavailable wraps any other failure to write. Nothing of the unit is
	// kept, unless the error also wraps ErrUncertain.
	ErrUnavailable = errors.New("journal cannot be written")
	// ErrUncertain says that the disk would neither keep nor discard the unit:
	// it may or may not be there after a restart.
	ErrUncertain = errors.New("journal cannot tell whether the unit was kept")
	// ErrNoBody says that no body of that name is stored.
	ErrNoBody = errors.New("no such body")
	// ErrCorrupt wraps what a checksum found; it names the place.
	ErrCorrupt = errors.New("journal is damaged")
	// ErrLocked says that another process has the journal open.
	ErrLocked = errors.New("journal is in use by another process")
)

// Ticket is a unit on its way to the disk.
type Ticket interface {
	// Wait returns nil once the unit is durable and the Apply hook has seen
	// it, or why it was not kept. When ctx ends first, Wait returns ctx's
	// error and the unit's fate is still open. Any number of goroutines may
	// wait, before and after it is done.
	Wait(ctx context.Context) error
}

// Journal is the sequence of every account. All methods may be called at the
// same time.
type Journal interface {
	// Submit puts a unit in line for the disk and returns at once (unless the
	// line is full: then it waits for room). The order of calls is the order
	// of the journal. All entries are admitted or none: ErrMoved if any
	// account does not end at its After. If a unit fails, every unit in line
	// behind it fails too, and accounts end where they durably did.
	Submit(ctx context.Context, unit Unit) (Ticket, error)

	// Head returns the last durable position of an account, 0 if it has none.
	Head(account AccountID) Position

	// Read yields an account's durable frames after a position, in order,
	// verified, without bodies. After yielding an error it stops.
	Read(ctx context.Context, account AccountID, after Position) iter.Seq2[Frame, error]

	// Replay yields every durable unit after a global offset, in order. An
	// offset that no longer exists yields ErrCorrupt with a zero After: start
	// from zero. Damage further on yields ErrCorrupt with the After behind it;
	// who goes on is given the units that follow.
	Replay(ctx context.Context, after Offset) iter.Seq2[Durable, error]

	// End returns the global offset behind the last durable unit.
	End() Offset

	// Bodies returns a reader of bodies for one goroutine at a time. It keeps
	// a read-ahead window, so that bodies that lie next to each other are
	// read together. Close it when done.
	Bodies() BodyReader

	// Verify reads every octet of the journal and yields what is wrong, and
	// now and then a progress with a nil Err.
	Verify(ctx context.Context) iter.Seq[Finding]

	// Close stops accepting units, waits for those in line, and releases the
	// journal's lock.
	Close() error
}

// BodyReader opens bodies, one after the other.
type BodyReader interface {
	// Open finds a body. The Body is valid until the next Open or Close.
	// ErrNoBody if there is none, ErrCorrupt if it cannot be trusted.
	Open(ref BodyRef) (Body, error)
	Close() error
}

// Body is one stored body. What is read has had its checksum verified.
type Body interface {
	io.ReaderAt
	Size() int64
	// Bytes returns the whole content if it is small enough to be held in the
	// reader's window (at least 64 KiB always is), and nil otherwise. The
	// slice must not be changed and is valid as long as the Body.
	Bytes() ([]byte, error)
	// Place says where the body was found, to be remembered as a hint.
	Place() Place
}

// Finding is one result of Verify.
type Finding struct {
	Done, Total int64 // octets, for a progress bar
	Err         error // nil: only progress
}
