package deflate

import (
	"errors"
	"io"
)

// ErrCorrupt reports octets that are no stream of RFC 1951.
var ErrCorrupt = errors.New("deflate: corrupt stream")

// Inflater decodes a stream that comes in pieces. The zero value is at the
// beginning of one. It is used by one goroutine at a time.
type Inflater struct {
	in   []byte // what was fed
	at   place
	out  []byte // the window, and behind it what was decoded last
	took int    // out[:took] was taken

	state         state
	final         bool // the block under way is the last
	ending        bool // End was called
	stored        int  // octets of a stored block still to come
	literal, dist *huffman
	own           [2]*huffman // of blocks that bring their codes
	err           error
}

// place is how far the input is consumed. It is a value, so that a step that
// lacks input can be taken back.
type place struct {
	pos   int // in Inflater.in
	bits  uint64
	count uint // how many bits are valid
}

type state uint8

const (
	atHeader state = iota
	inStored
	inCodes
)

// Feed adds octets of the stream, which are copied, and decodes to the end of a
// block, as far as they and the bounds go.
func (f *Inflater) Feed(p []byte) {
	if f.at.pos > 0 {
		f.in = f.in[:copy(f.in, f.in[f.at.pos:])]
		f.at.pos = 0
	}
	f.in = append(f.in, p...)
	f.decode()
}

// Pending returns how many decoded octets can be taken.
func (f *Inflater) Pending() int { return len(f.out) - f.took }

// More decodes on when all was taken, and reports whether something can be. If
// not, and without an error, nothing more can be known without more input.
func (f *Inflater) More() bool {
	if f.Pending() == 0 {
		f.decode()
	}
	return f.Pending() > 0
}

// End says that the stream ends with the block of what was taken last, and reports
// whether that block is complete: if not, more must be fed before Detach.
func (f *Inflater) End() bool {
	f.ending = true
	f.decode()
	return f.state == atHeader || f.err != nil
}

// Detach ends the stream where what was taken ends, as its sender has ended it by
// a flush. rest is what was fed beyond: it is no part of the stream. owed is what
// may still come of the empty stored block with which most flushes end, if the
// network has cut it (RFC 8437 §4.1).
func (f *Inflater) Detach() (rest, owed []byte) {
	if f.state == atHeader && f.err == nil {
		before := f.at
		complete := f.header()
		if f.at = before; complete && f.state == atHeader {
			f.header()
		} else if f.err == nil && !complete {
			owed = f.owed()
		}
	}
	odd := f.at.count % 8
	f.drop(odd)
	if f.fill(); owed == nil && !f.final && odd < 3 && f.at.count >= 8 && byte(f.at.bits) == 2>>odd {
		f.drop(8) // the end of Z_PARTIAL_FLUSH: 8 to 10 bits of an empty block
	}
	for ; owed == nil && f.at.count > 0; f.drop(8) {
		rest = append(rest, byte(f.at.bits))
	}
	if owed == nil {
		rest = append(rest, f.in[f.at.pos:]...)
	}
	return rest, owed
}

// owed returns what lacks of an empty stored block, nil if what is there begins
// something else.
func (f *Inflater) owed() []byte {
	f.fill()
	marker := []byte{0, 0, 0, 0xff, 0xff}
	if odd := f.at.count % 8; odd >= 3 && f.at.bits&7 == 0 {
		marker = marker[1:] // the block's header is in the octet before
	}
	at := f.at
	at.bits >>= at.count % 8
	for n := at.count / 8; n > 0; n-- {
		if len(marker) == 0 || byte(at.bits) != marker[0] {
			return nil
		}
		marker, at.bits = marker[1:], at.bits>>8
	}
	return marker
}

// Err returns what ended the stream, once all that was decoded is taken: io.EOF
// after its last block, ErrCorrupt, or nil while it goes on.
func (f *Inflater) Err() error {
	if f.Pending() > 0 {
		return nil
	}
	return f.err
}

// Take moves decoded octets to p and returns their number, 0 if there are none.
func (f *Inflater) Take(p []byte) int {
	n := copy(p, f.out[f.took:])
	f.took += n
	return n
}

// Release lets go of memory that is not needed until more is fed. The window
// stays: what comes may refer to it.
func (f *Inflater) Release() {
	if f.at.pos == len(f.in) {
		f.in, f.at.pos = nil, 0
	}
	if f.state != inCodes {
		f.literal, f.dist, f.own = nil, nil, [2]*huffman{}
	}
}

// decode makes output until there is enough, or some and a block is at its end, or
// the input is used up.
func (f *Inflater) decode() {
	for f.err == nil && f.Pending() < pendingMax {
		if f.state == atHeader && (f.ending || f.Pending() > 0) {
			break
		}
		before := f.at
		if !f.step() {
			if f.err == nil && f.state != inStored {
				f.at = before
			}
			break
		}
		f.slide()
	}
}

// slide gives up output that was taken and that nothing can refer to.
func (f *Inflater) slide() {
	if len(f.out) < slideSize {
		return
	}
	over := min(f.took, len(f.out)-windowSize)
	f.out = f.out[:copy(f.out, f.out[over:])]
	f.took -= over
}

// step does the next thing that can be done as a whole, and reports false if it
// lacks input for it.
func (f *Inflater) step() bool {
	switch f.state {
	case atHeader:
		return f.header()
	case inStored:
		return f.copyStored()
	}
	return f.symbol()
}

func (f *Inflater) fail() bool {
	f.err = ErrCorrupt
	return false
}

// endBlock goes on with the next block, if there is one.
func (f *Inflater) endBlock() bool {
	f.state = atHeader
	if f.final {
		f.err = io.EOF
	}
	return true
}

// header reads the beginning of a block (RFC 1951 §3.2.3).
func (f *Inflater) header() bool {
	head, ok := f.take(3)
	if !ok {
		return false
	}
	f.final = head&1 != 0
	switch head >> 1 {
	case 0:
		return f.storedHeader()
	case 1:
		f.literal, f.dist = &fixed.literal, &fixed.dist
	case 2:
		if !f.readCodes() {
			return false
		}
	default:
		return f.fail()
	}
	f.state = inCodes
	return true
}

// storedHeader reads the length of a stored block (RFC 1951 §3.2.4).
func (f *Inflater) storedHeader() bool {
	f.drop(f.at.count % 8)
	lengths, ok := f.take(32)
	if !ok {
		return false
	}
	if uint16(lengths) != ^uint16(lengths>>16) {
		return f.fail()
	}
	if f.stored = int(uint16(lengths)); f.stored == 0 {
		return f.endBlock()
	}
	f.state = inStored
	return true
}

// copyStored moves octets of a stored block to the output.
func (f *Inflater) copyStored() bool {
	for ; f.stored > 0 && f.at.count >= 8; f.stored-- {
		octet, _ := f.take(8)
		f.out = append(f.out, byte(octet))
	}
	n := min(f.stored, len(f.in)-f.at.pos, pendingMax)
	f.out = append(f.out, f.in[f.at.pos:f.at.pos+n]...)
	f.at.pos += n
	if f.stored -= n; f.stored == 0 {
		return f.endBlock()
	}
	return n > 0
}

// fill takes octets of the input into the bits, as many as fit and are there.
func (f *Inflater) fill() {
	for f.at.count <= 56 && f.at.pos < len(f.in) {
		f.at.bits |= uint64(f.in[f.at.pos]) << f.at.count
		f.at.pos++
		f.at.count += 8
	}
}

// take reads a number of n bits, up to 32; false if they are not there.
func (f *Inflater) take(n uint) (uint64, bool) {
	if f.at.count < n {
		if f.fill(); f.at.count < n {
			return 0, false
		}
	}
	value := f.at.bits & (1<<n - 1)
	f.drop(n)
	return value, true
}

func (f *Inflater) drop(n uint) {
	f.at.bits >>= n
	f.at.count -= n
}
