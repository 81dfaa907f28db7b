package journal

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

// pending is a unit in line: encoded as far as it can be before its place is
// known. It is also the unit's Ticket.
type pending struct {
	ticket
	head   unitHead
	size   int64   // octets it will take in the segment
	buf    *[]byte // head, meta, and what of the bodies is held in memory
	stream []stream

	durable Durable // Places hold offsets within the unit until it is placed

	// Room for what most units have, so that they need no more memory.
	frame [2]Frame
	body  [1]BodyRef
	bsize [1]int64
}

// stream is a content that is not in memory; it belongs behind buf[:behind].
type stream struct {
	behind  int
	content io.ReaderAt
	size    int64
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// release gives the memory of a finished unit back.
func (p *pending) release() {
	if p.buf != nil && cap(*p.buf) <= 2*inlineTotalMax {
		buffers.Put(p.buf)
	}
	p.buf, p.stream, p.durable = nil, nil, Durable{}
}

var errTooLarge = errors.New("unit is larger than a journal takes")

// measure checks a unit against the limits and returns the octets of its meta.
func measure(u *Unit) (meta int, err error) {
	if len(u.Entries) > entriesMax || len(u.Bodies) > bodiesMax {
		return 0, errTooLarge
	}
	for i := range u.Entries {
		meta += entryHeadSize + len(u.Entries[i].Records)
		if meta > metaSizeMax {
			return 0, errTooLarge
		}
	}
	meta += len(u.Bodies) * bodyRowSize
	if meta > metaSizeMax {
		return 0, errTooLarge
	}
	for i := range u.Bodies {
		if size := u.Bodies[i].Size; size < 0 || size > bodySizeMax {
			return 0, fmt.Errorf("body of %d octets: %w", size, errTooLarge)
		}
	}
	return meta, nil
}

// encode makes a unit ready for the line. Bodies that are not too large are
// read here, on the caller's time, so that the committer only copies.
func encode(u *Unit, seed uint32) (*pending, error) {
	meta, err := measure(u)
	if err != nil {
		return nil, err
	}
	p := &pending{buf: buffers.Get().(*[]byte)}
	p.done = make(chan struct{})
	p.head = unitHead{metaSize: uint32(meta), entries: uint32(len(u.Entries)), bodies: uint32(len(u.Bodies))}
	p.durable.Frames, p.durable.Bodies, p.durable.Sizes = p.frame[:0], p.body[:0], p.bsize[:0]

	b := grow((*p.buf)[:0], unitHeadSize+meta+inlineSize(u))[:unitHeadSize]
	b = p.appendMeta(b, u)
	p.head.metaSum = sum(seed, b[unitHeadSize:])
	b, err = p.appendBodies(b, u, seed)
	*p.buf = b
	if err != nil {
		p.release()
		return nil, err
	}
	p.head.span = p.size
	return p, nil
}

// inlineSize is about what the bodies that stay in memory will need.
func inlineSize(u *Unit) (n int) {
	for i := range u.Bodies {
		n += bodyHeadSize
		if size := u.Bodies[i].Size; size <= inlineMax && n < inlineTotalMax {
			n += int(size) + sumSize*int(blocks(size))
		}
	}
	return n
}

func grow(b []byte, n int) []byte {
	if cap(b)-len(b) >= n {
		return b
	}
	return append(make([]byte, 0, len(b)+n), b...)
}

func (p *pending) appendMeta(b []byte, u *Unit) []byte {
	for i := range u.Entries {
		e := &u.Entries[i]
		f := Frame{e.Account, e.After + 1, e.Records}
		b = appendEntry(b, &f)
		f.Records = b[len(b)-len(e.Records) : len(b) : len(b)]
		p.durable.Frames = append(p.durable.Frames, f)
	}
	for i := range u.Bodies {
		row := bodyRow{id: u.Bodies[i].ID, size: u.Bodies[i].Size, stored: u.Bodies[i].Size}
		b = row.append(b)
	}
	return b
}

func appendEntry(b []byte, f *Frame) []byte {
	b = le.AppendUint64(b, uint64(f.Account))
	b = le.AppendUint64(b, uint64(f.Position))
	b = le.AppendUint32(b, uint32(len(f.Records)))
	return append(b, f.Records...)
}

// appendBodies appends the bodies, reading those that are held in memory. It
// sets the unit's size and where in it each body will lie.
func (p *pending) appendBodies(b []byte, u *Unit, seed uint32) ([]byte, error) {
	start := len(b)
	at := int64(start)
	for i := range u.Bodies {
		body := &u.Bodies[i]
		row := bodyRow{id: body.ID, size: body.Size, stored: body.Size}
		var h [bodyHeadSize]byte
		row.encodeBodyHead(h[:], seed)
		b = append(b, h[:]...)
		if body.Size > inlineMax || len(b)-start+int(body.Size) > inlineTotalMax {
			p.stream = append(p.stream, stream{len(b), body.Content, body.Size})
		} else {
			n := len(b)
			b = grow(b, int(body.Size)+sumSize*int(blocks(body.Size)))[:n+int(body.Size)]
			if err := readFull(body.Content, b[n:], 0); err != nil {
				return b, err
			}
			b = appendSums(b, b[n:], seed)
		}
		p.durable.Bodies = append(p.durable.Bodies, BodyRef{body.ID, makePlace(0, row.room(), at)})
		p.durable.Sizes = append(p.durable.Sizes, body.Size)
		at += row.room()
	}
	p.size = at
	p.head.bodiesSize = at - int64(start)
	return b, nil
}

// readFull fills b from a content that must have that much.
func readFull(content io.ReaderAt, b []byte, at int64) error {
	if len(b) == 0 {
		return nil
	}
	n, err := content.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: content of a body: %w", ErrUnavailable, err)
}

// place gives the unit its place: its offset is known at last.
func (p *pending) place(segment uint64, at, synced int64, seed uint32) {
	p.head.offset, p.head.synced = at, synced
	p.head.encode(*p.buf, seed)
	for i := range p.durable.Bodies {
		ref := &p.durable.Bodies[i]
		ref.Place = makePlace(segment, ref.Place.room(), at+ref.Place.at())
	}
	p.durable.After = Offset{Segment: segment, Byte: at + p.size}
}
