package journal

import (
	"fmt"
	"io"
	"sync"
)

// bodyReader finds bodies and verifies them. What lies in its window is served
// without a system call.
type bodyReader struct {
	j    *Embedded
	file *segmentFile // of the window, held until another is needed
	size int64        // valid octets of the file when it was opened

	window *[]byte // nil until needed and after Close
	at     int64   // of the window in the file
	filled int     // octets of it that hold something
	next   int64   // where a body would lie that follows the last one

	plain *[]byte // a decoded content, or a part of one
	body  body
}

var windows = sync.Pool{New: func() any {
	b := make([]byte, windowSize+bodyHeadSize+sumSize*(windowSize/blockSize))
	return &b
}}

// Bodies returns a reader of bodies for one goroutine at a time.
func (j *Embedded) Bodies() BodyReader { return &bodyReader{j: j} }

func (r *bodyReader) Close() error {
	if r.window != nil {
		windows.Put(r.window)
		r.window = nil
	}
	if r.plain != nil {
		windows.Put(r.plain)
		r.plain = nil
	}
	r.drop()
	r.body = body{}
	return nil
}

// drop lets go of the file and of what was read from it.
func (r *bodyReader) drop() {
	if r.file != nil {
		r.j.files.put(r.file)
		r.file = nil
	}
	r.filled, r.next = 0, 0
}

// Open finds a body where it was last seen; if it is not there, where the
// index knows it to be; and if Reclaim has just moved it, by walking over its
// segment.
func (r *bodyReader) Open(ref BodyRef) (Body, error) {
	found, err := r.try(ref)
	if found || err != nil {
		return r.opened(err)
	}
	known, ok := r.j.options.Locate(ref.ID)
	if ok && known != ref.Place {
		r.drop()
		if found, err = r.try(BodyRef{ref.ID, known}); found || err != nil {
			return r.opened(err)
		}
	}
	for _, place := range [2]Place{known, ref.Place} {
		if place == (Place{}) {
			continue
		}
		moved, ok, err := r.j.lookUp(place.segment(), ref.ID)
		if err != nil {
			return nil, err
		}
		r.drop()
		if ok {
			if found, err := r.try(BodyRef{ref.ID, moved}); found || err != nil {
				return r.opened(err)
			}
		}
	}
	if known == (Place{}) && ref.Place == (Place{}) {
		return nil, ErrNoBody
	}
	return nil, fmt.Errorf("%w: body %x is not where it was stored, in segment %d", ErrCorrupt, ref.ID[:8], max(known.segment(), ref.Place.segment()))
}

func (r *bodyReader) opened(err error) (Body, error) {
	if err != nil {
		return nil, err
	}
	return &r.body, nil
}

// try opens a body at a place; false says that it is not there.
func (r *bodyReader) try(ref BodyRef) (bool, error) {
	place := ref.Place
	if place.A == 0 || place.at() < segmentHeadSize {
		return false, nil
	}
	if r.file == nil || r.file.number != place.segment() || r.file.stale.Load() {
		r.drop()
		s, file, err := r.j.pin(place.segment())
		if file == nil || err != nil {
			return false, err
		}
		r.file, r.size = file, s.size
	}
	head, err := r.see(place.at(), place.room())
	if err != nil {
		return false, err
	}
	row, ok := decodeBodyHead(head, r.j.seed)
	if !ok || row.id != ref.ID {
		return false, nil
	}
	if row.encoding > encodingZstd {
		return false, fmt.Errorf("%w: body %x has unknown encoding %d", ErrCorrupt, row.id[:8], row.encoding)
	}
	r.body = body{r: r, row: row, place: makePlace(place.segment(), row.room(), place.at())}
	r.next = place.at() + row.room()
	return true, nil
}

// see returns the octets at a place in the file: the head of a body, and the
// whole of it if it fits. Who reads on where the last body ended is given a
// whole window.
func (r *bodyReader) see(at, room int64) ([]byte, error) {
	room = max(min(room, int64(windowSize)), bodyHeadSize)
	if b := r.have(at, room); b != nil {
		return b, nil
	}
	if r.window == nil {
		r.window = windows.Get().(*[]byte)
	}
	want := room
	// Between two bodies lie the head and records of a unit.
	if gap := at - r.next; r.next > 0 && gap >= 0 && gap < windowSize/8 {
		want = windowSize
	}
	want = min(want, r.readable()-at)
	if want < bodyHeadSize {
		return nil, nil
	}
	r.filled = 0
	n, err := r.file.ReadAt((*r.window)[:want], at)
	if err != nil && err != io.EOF {
		return nil, err
	}
	r.at, r.filled = at, n
	return (*r.window)[:min(n, int(room))], nil
}

// have returns octets that are in the window, or nil.
func (r *bodyReader) have(at, n int64) []byte {
	if from := at - r.at; from >= 0 && from+n <= int64(r.filled) {
		return (*r.window)[from : from+n]
	}
	return nil
}

// readable is how far the file may be read: what lies behind its end is not
// durable, or never will be. A file that Reclaim has replaced grows no more.
func (r *bodyReader) readable() int64 {
	r.j.mu.Lock()
	defer r.j.mu.Unlock()
	if !r.file.stale.Load() {
		s, _ := r.j.segmentLocked(r.file.number)
		r.size = s.size
	}
	return r.size
}
