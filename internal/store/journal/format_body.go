package journal

// bodyRow describes one stored body.
type bodyRow struct {
	id       BodyID
	size     int64 // of the content
	stored   int64 // octets of the content as encoded
	encoding uint32
}

func (r *bodyRow) encode(b []byte) {
	copy(b, r.id[:])
	le.PutUint64(b[32:], uint64(r.size))
	le.PutUint64(b[40:], uint64(r.stored))
	le.PutUint32(b[48:], r.encoding)
	le.PutUint32(b[52:], 0)
}

func (r *bodyRow) append(b []byte) []byte {
	var row [bodyRowSize]byte
	r.encode(row[:])
	return append(b, row[:]...)
}

// decodeBodyRow reads a row of bodyRowSize octets; false if it says what no
// writer would.
func decodeBodyRow(b []byte) (r bodyRow, ok bool) {
	copy(r.id[:], b)
	r.size = int64(le.Uint64(b[32:]))
	r.stored = int64(le.Uint64(b[40:]))
	r.encoding = le.Uint32(b[48:])
	ok = r.size >= 0 && r.size <= bodySizeMax && r.stored >= 0 && r.stored <= bodySizeMax &&
		(r.encoding != encodingPlain || r.size == r.stored)
	return r, ok
}

// encodeBodyHead writes bodyHeadSize octets.
func (r *bodyRow) encodeBodyHead(b []byte, seed uint32) {
	le.PutUint32(b, bodyMagic)
	r.encode(b[8:])
	le.PutUint32(b[4:], sum(seed, b[8:bodyHeadSize]))
}

func decodeBodyHead(b []byte, seed uint32) (r bodyRow, ok bool) {
	if len(b) < bodyHeadSize || le.Uint32(b) != bodyMagic || le.Uint32(b[4:]) != sum(seed, b[8:bodyHeadSize]) {
		return r, false
	}
	return decodeBodyRow(b[8:bodyHeadSize])
}

// blocks is how many sums a stored content has.
func blocks(stored int64) int64 { return (stored + blockSize - 1) / blockSize }

// room is what the body takes in a segment, with head and sums.
func (r *bodyRow) room() int64 { return bodyHeadSize + r.stored + sumSize*blocks(r.stored) }

// appendSums appends the sum of each block of a content that begins at a
// block's edge.
func appendSums(b, content []byte, seed uint32) []byte {
	for len(content) > 0 {
		n := min(len(content), blockSize)
		b = le.AppendUint32(b, sum(seed, content[:n]))
		content = content[n:]
	}
	return b
}

// checkSums returns the number of the first block whose sum is wrong, or -1.
func checkSums(content, sums []byte, seed uint32) int {
	for i := 0; len(content) > 0; i++ {
		n := min(len(content), blockSize)
		if le.Uint32(sums[i*sumSize:]) != sum(seed, content[:n]) {
			return i
		}
		content = content[n:]
	}
	return -1
}

// A Place holds the segment's number in the low half of A and the body's room
// in the high half, so that one read of the right length fetches it; B is the
// offset in the file.
func makePlace(segment uint64, room, at int64) Place {
	return Place{A: segment | uint64(min(room, 1<<32-1))<<32, B: uint64(at)}
}

func (p Place) segment() uint64 { return p.A & (1<<32 - 1) }
func (p Place) room() int64     { return int64(p.A >> 32) }
func (p Place) at() int64       { return int64(p.B) }
