package pop3server

import (
	"iter"
	"math/bits"
)

// marks is a set of positions in a maildrop.
type marks struct {
	words []uint64
	count int
}

// Has reports whether a position is marked.
func (m *marks) Has(position int) bool {
	return position/64 < len(m.words) && m.words[position/64]>>(position%64)&1 != 0
}

// Add marks a position.
func (m *marks) Add(position int) {
	for len(m.words) <= position/64 {
		m.words = append(m.words, 0)
	}
	if !m.Has(position) {
		m.words[position/64] |= 1 << (position % 64)
		m.count++
	}
}

// Clear removes all marks.
func (m *marks) Clear() { *m = marks{} }

// Count returns how many positions are marked.
func (m *marks) Count() int { return m.count }

// All yields the positions, ascending.
func (m *marks) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range m.words {
			for ; word != 0; word &= word - 1 {
				if !yield(i*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}
