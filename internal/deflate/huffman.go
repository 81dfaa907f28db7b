package deflate

import "math/bits"

// huffman is a code whose codewords follow from their lengths
// (RFC 1951 §3.2.2).
type huffman struct {
	// short gives, for the next bits of the stream, a symbol and its length
	// as symbol<<4 | length, or 0 where the codeword is longer.
	short   [1 << shortBits]uint16
	count   [codeBitsMax + 1]uint16 // of codewords by length
	symbols [288]uint16             // by codeword
}

const (
	codeBitsMax = 15
	shortBits   = 9
)

// fixed are the codes of blocks that bring none (RFC 1951 §3.2.6).
var fixed = makeFixed()

func makeFixed() (f struct{ literal, dist huffman }) {
	var sizes [288]uint8
	for i := range sizes {
		switch {
		case i < 144, i >= 280:
			sizes[i] = 8
		case i < 256:
			sizes[i] = 9
		default:
			sizes[i] = 7
		}
	}
	f.literal.build(sizes[:])
	for i := range 32 { // of which the last two stand for nothing
		sizes[i] = 5
	}
	f.dist.build(sizes[:32])
	return f
}

// build makes the code of the lengths of its codewords. It reports false for what
// is no code: codewords that others begin with, or too few of them, except that
// one alone, or none, is a code as well.
func (h *huffman) build(sizes []uint8) bool {
	*h = huffman{}
	for _, size := range sizes {
		h.count[size]++
	}
	unused := int(h.count[0])
	h.count[0] = 0
	left := 1
	var offset, next [codeBitsMax + 2]uint16
	for n := 1; n <= codeBitsMax; n++ {
		left = left<<1 - int(h.count[n])
		if left < 0 {
			return false
		}
		offset[n+1] = offset[n] + h.count[n]
		next[n+1] = (next[n] + h.count[n]) << 1
	}
	if left > 0 && len(sizes)-unused != int(h.count[1]) {
		return false
	}
	for symbol, size := range sizes {
		if size == 0 {
			continue
		}
		h.symbols[offset[size]] = uint16(symbol)
		offset[size]++
		codeword := next[size]
		next[size]++
		if size > shortBits {
			continue
		}
		first := bits.Reverse16(codeword) >> (16 - size)
		for at := int(first); at < len(h.short); at += 1 << size {
			h.short[at] = uint16(symbol)<<4 | uint16(size)
		}
	}
	return true
}

// code decodes one symbol; false if there is not enough input, or an error.
func (f *Inflater) code(h *huffman) (int, bool) {
	f.fill()
	if entry := h.short[f.at.bits&(1<<shortBits-1)]; entry != 0 {
		size := uint(entry & 15)
		if size > f.at.count {
			return 0, false
		}
		f.drop(size)
		return int(entry >> 4), true
	}
	codeword, first, index := 0, 0, 0
	for n := uint(1); n <= codeBitsMax; n++ {
		if n > f.at.count {
			return 0, false
		}
		codeword |= int(f.at.bits >> (n - 1) & 1)
		count := int(h.count[n])
		if codeword-count < first {
			f.drop(n)
			return int(h.symbols[index+codeword-first]), true
		}
		index += count
		first = (first + count) << 1
		codeword <<= 1
	}
	return 0, f.fail()
}
