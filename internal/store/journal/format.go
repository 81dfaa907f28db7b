package journal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// The format of a segment file, version 1. Integers are little-endian, sums
// are CRC-32C. A segment is a head and, without gaps, units.
//
// Segment head, 8192 octets: the same 64 octets at 0 and, lest one bad sector
// takes the whole segment with it, at 4096; the rest is zero.
//
//	 0  8  "RESTJRNL"
//	 8  4  version, 1
//	12  4  flags: 1 = rewritten by Reclaim
//	16  8  identity: random, the same in all segments of one journal
//	24  8  number of the segment, as in its name
//	32  8  where the segment before this one ends (0: there is none).
//	       What it holds behind that was never acknowledged, and is ignored.
//	40  8  rewritten: where this segment ends, in the journal's order
//	48 12  zero
//	60  4  sum of 0..59
//
// Unit:
//
//	 0  4  "RUNT"
//	 4  4  sum of 8..63, seeded with identity and segment number
//	 8  8  offset: where the unit lay when it was first written. It is its
//	       place in the journal's order for ever, even if Reclaim moves it.
//	16  8  span: octets it had when it was first written
//	24  8  synced: the segment was durable up to here when this was written
//	32  4  octets of meta
//	36  4  sum of meta, seeded with identity
//	40  8  octets of bodies, behind meta
//	48  4  number of entries
//	52  4  number of bodies
//	56  8  zero
//	64     meta: the entries, then a row for each body
//	       bodies, one behind the other
//
// Entry in meta:            Row of a body in meta:
//
//	 0  8  account            0 32  SHA-256 of the content
//	 8  8  position          32  8  size of the content
//	16  4  octets of records 40  8  octets as stored
//	20     records           48  4  encoding: 0 plain, 1 zstd
//	                         52  4  zero
//
// Body:
//
//	 0  4  "RBDY"
//	 4  4  sum of 8..63, seeded with identity
//	 8 56  the row, as in meta
//	64     the content as stored
//	       4 octets for each 32 KiB of it: their sum, seeded with identity
//
// The identity is secret to those who send mail: a message that contains a
// whole segment, or a forged unit, can never be taken for one.
const (
	version         = 1
	segmentMagic    = "RESTJRNL"
	segmentHeadSize = 8192
	segmentHeadCopy = 4096
	headCopySize    = 64
	flagRewritten   = 1

	unitMagic     = 0x544e5552 // "RUNT"
	unitHeadSize  = 64
	entryHeadSize = 20
	bodyMagic     = 0x59444252 // "RBDY"
	bodyHeadSize  = 64
	bodyRowSize   = 56
	sumSize       = 4

	encodingPlain = 0
	encodingZstd  = 1
)

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	le         = binary.LittleEndian
)

func sum(seed uint32, b []byte) uint32 { return crc32.Update(seed, castagnoli, b) }

// identitySeed is what sums that hold anywhere in one journal begin with.
func identitySeed(identity uint64) uint32 {
	var b [8]byte
	le.PutUint64(b[:], identity)
	return sum(0, b[:])
}

// segmentSeed is what sums that hold in one segment only begin with.
func segmentSeed(identity, number uint64) uint32 {
	var b [16]byte
	le.PutUint64(b[:], identity)
	le.PutUint64(b[8:], number)
	return sum(0, b[:])
}

// segmentHead is what a segment says of itself.
type segmentHead struct {
	rewritten bool
	identity  uint64
	number    uint64
	before    int64 // where the segment before ends; 0: none
	end       int64 // rewritten: where this one ends, in the journal's order
}

func (h segmentHead) encode() []byte {
	b := make([]byte, segmentHeadSize)
	copy(b, segmentMagic)
	le.PutUint32(b[8:], version)
	if h.rewritten {
		le.PutUint32(b[12:], flagRewritten)
	}
	le.PutUint64(b[16:], h.identity)
	le.PutUint64(b[24:], h.number)
	le.PutUint64(b[32:], uint64(h.before))
	le.PutUint64(b[40:], uint64(h.end))
	le.PutUint32(b[60:], sum(0, b[:60]))
	copy(b[segmentHeadCopy:], b[:headCopySize])
	return b
}

// decodeSegmentHead reads either copy of the head; whole says that both are
// good.
func decodeSegmentHead(b []byte) (head segmentHead, whole bool, err error) {
	first, err1 := decodeHeadCopy(b, 0)
	second, err2 := decodeHeadCopy(b, segmentHeadCopy)
	if err1 != nil && err2 != nil {
		return head, false, err1
	}
	if err1 != nil {
		return second, false, nil
	}
	return first, err2 == nil && first == second, nil
}

func decodeHeadCopy(b []byte, at int) (h segmentHead, err error) {
	if len(b) < at+headCopySize {
		return h, fmt.Errorf("segment head is cut short")
	}
	b = b[at : at+headCopySize]
	if string(b[:8]) != segmentMagic || le.Uint32(b[60:]) != sum(0, b[:60]) {
		return h, fmt.Errorf("segment head is damaged")
	}
	if v := le.Uint32(b[8:]); v != version {
		return h, fmt.Errorf("segment has version %d, this program reads %d", v, version)
	}
	return segmentHead{
		rewritten: le.Uint32(b[12:])&flagRewritten != 0,
		identity:  le.Uint64(b[16:]),
		number:    le.Uint64(b[24:]),
		before:    int64(le.Uint64(b[32:])),
		end:       int64(le.Uint64(b[40:])),
	}, nil
}

// unitHead is the fixed part of a unit.
type unitHead struct {
	offset, span, synced int64
	metaSize             uint32
	metaSum              uint32
	bodiesSize           int64
	entries, bodies      uint32
}

// size is what the unit takes in the file it was read from.
func (h *unitHead) size() int64 { return unitHeadSize + int64(h.metaSize) + h.bodiesSize }

func (h *unitHead) encode(b []byte, seed uint32) {
	le.PutUint32(b, unitMagic)
	le.PutUint64(b[8:], uint64(h.offset))
	le.PutUint64(b[16:], uint64(h.span))
	le.PutUint64(b[24:], uint64(h.synced))
	le.PutUint32(b[32:], h.metaSize)
	le.PutUint32(b[36:], h.metaSum)
	le.PutUint64(b[40:], uint64(h.bodiesSize))
	le.PutUint32(b[48:], h.entries)
	le.PutUint32(b[52:], h.bodies)
	le.PutUint64(b[56:], 0)
	le.PutUint32(b[4:], sum(seed, b[8:unitHeadSize]))
}

// decodeUnitHead reports whether b begins with the head of a unit of the
// segment that seed stands for, and one whose numbers are within the limits.
func decodeUnitHead(b []byte, seed uint32) (h unitHead, ok bool) {
	if len(b) < unitHeadSize || le.Uint32(b) != unitMagic || le.Uint32(b[4:]) != sum(seed, b[8:unitHeadSize]) {
		return h, false
	}
	h = unitHead{
		offset:     int64(le.Uint64(b[8:])),
		span:       int64(le.Uint64(b[16:])),
		synced:     int64(le.Uint64(b[24:])),
		metaSize:   le.Uint32(b[32:]),
		metaSum:    le.Uint32(b[36:]),
		bodiesSize: int64(le.Uint64(b[40:])),
		entries:    le.Uint32(b[48:]),
		bodies:     le.Uint32(b[52:]),
	}
	const far = 1 << 60
	ok = h.metaSize <= metaSizeMax && h.bodiesSize >= 0 && h.bodiesSize < far &&
		h.span >= unitHeadSize && h.span < far && h.offset >= 0 && h.offset < far &&
		h.entries <= entriesMax && h.bodies <= bodiesMax &&
		int64(h.entries)*entryHeadSize+int64(h.bodies)*bodyRowSize <= int64(h.metaSize)
	return h, ok
}
