package deflate

// symbol decodes one literal, one match, or the end of a block
// (RFC 1951 §3.2.5).
func (f *Inflater) symbol() bool {
	symbol, ok := f.code(f.literal)
	switch {
	case !ok:
		return false
	case symbol < 256:
		f.out = append(f.out, byte(symbol))
		return true
	case symbol == 256:
		return f.endBlock()
	}
	length, ok := f.extended(lengths[:], symbol-257)
	if !ok {
		return false
	}
	if symbol, ok = f.code(f.dist); !ok {
		return false
	}
	distance, ok := f.extended(distances[:], symbol)
	if !ok {
		return false
	}
	if distance > len(f.out) {
		return f.fail()
	}
	from := len(f.out) - distance
	for i := range length { // a match may overlap itself
		f.out = append(f.out, f.out[from+i])
	}
	return true
}

// extended reads the extra bits of a length or distance.
func (f *Inflater) extended(ranges []valueRange, symbol int) (int, bool) {
	if symbol >= len(ranges) {
		return 0, f.fail()
	}
	r := ranges[symbol]
	more, ok := f.take(r.bits)
	return r.base + int(more), ok
}

// valueRange is what a length or distance symbol stands for.
type valueRange struct {
	base int
	bits uint
}

// lengths and distances are the tables of RFC 1951 §3.2.5.
var (
	lengths   = makeLengths()
	distances = makeDistances()
)

func makeLengths() (table [29]valueRange) {
	base := 3
	for i := range table {
		bits := uint(max(i/4-1, 0))
		table[i] = valueRange{base, bits}
		base += 1 << bits
	}
	table[28] = valueRange{258, 0}
	return table
}

func makeDistances() (table [30]valueRange) {
	base := 1
	for i := range table {
		bits := uint(max(i/2-1, 0))
		table[i] = valueRange{base, bits}
		base += 1 << bits
	}
	return table
}

// codeOrder is the order in which the lengths of the code lengths' codes come
// (RFC 1951 §3.2.7).
var codeOrder = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// readCodes reads the codes that a block brings (RFC 1951 §3.2.7).
func (f *Inflater) readCodes() bool {
	counts, ok := f.take(14)
	if !ok {
		return false
	}
	literals, dists, codes := int(counts&31)+257, int(counts>>5&31)+1, int(counts>>10)+4
	if literals > 286 || dists > 30 {
		return f.fail()
	}
	var sizes [286 + 30]uint8
	for _, at := range codeOrder[:codes] {
		size, ok := f.take(3)
		if !ok {
			return false
		}
		sizes[at] = uint8(size)
	}
	var own huffman
	if !own.build(sizes[:19]) {
		return f.fail()
	}
	clear(sizes[:19])
	if !f.readSizes(&own, sizes[:literals+dists]) {
		return false
	}
	for i := range f.own {
		if f.own[i] == nil {
			f.own[i] = new(huffman)
		}
	}
	f.literal, f.dist = f.own[0], f.own[1]
	if !f.literal.build(sizes[:literals]) || !f.dist.build(sizes[literals:literals+dists]) {
		return f.fail()
	}
	return true
}

// readSizes reads the lengths of codes, with their repetitions.
func (f *Inflater) readSizes(own *huffman, sizes []uint8) bool {
	for n := 0; n < len(sizes); {
		symbol, ok := f.code(own)
		if !ok {
			return false
		}
		if symbol < 16 {
			sizes[n] = uint8(symbol)
			n++
			continue
		}
		repeated, bits, least := uint8(0), uint(2), 3
		switch {
		case symbol == 16 && n == 0:
			return f.fail()
		case symbol == 16:
			repeated = sizes[n-1]
		case symbol == 17:
			bits = 3
		default:
			bits, least = 7, 11
		}
		more, ok := f.take(bits)
		if !ok {
			return false
		}
		count := least + int(more)
		if n+count > len(sizes) {
			return f.fail()
		}
		for range count {
			sizes[n] = repeated
			n++
		}
	}
	return true
}
