package imapserver

import (
	"math/bits"
	"strings"
)

// matchEntry reports whether the name of an entry matches a pattern: "*" is one
// or more characters, "%" the same without "/" (RFC 5257 §4.3). What stands before
// the first wildcard decides nearly always.
func matchEntry(pattern, entry string) bool {
	fixed := strings.IndexAny(pattern, "*%")
	if fixed < 0 {
		return pattern == entry
	}
	entry, begins := strings.CutPrefix(entry, pattern[:fixed])
	if !begins {
		return false
	}
	m := entryMatcher{entry: entry}
	return m.match(pattern[fixed:])
}

// entryMatcher keeps as bits which beginnings of an entry match the pattern so far:
// bit n is its first n characters, and in a mask the character behind them. Of these
// 64 are looked at in one step, so that the longest pattern of wildcards costs little
// more than to read it and the entry.
type entryMatcher struct {
	entry string
	steps int
}

func (m *entryMatcher) match(pattern string) bool {
	words := len(m.entry)/64 + 1 // there is one beginning more than characters
	reach := make([]uint64, words)
	reach[0] = 1
	var masks []uint64
	var known [256]uint16 // where the mask of a character is, counted from 1
	for _, c := range []byte(pattern) {
		if known[c] == 0 {
			masks = m.appendMask(masks, c, words)
			known[c] = uint16(len(masks) / words)
		}
		mask := masks[(int(known[c])-1)*words:][:words]
		if c == '*' || c == '%' {
			m.spread(reach, mask)
		}
		if !m.advance(reach, mask) {
			return false
		}
	}
	end := len(m.entry)
	return reach[end/64]>>(end%64)&1 != 0
}

// appendMask appends which characters of the entry one of the pattern stands for.
func (m *entryMatcher) appendMask(masks []uint64, c byte, words int) []uint64 {
	mask := make([]uint64, words)
	for i := range len(m.entry) {
		m.steps++
		if at := m.entry[i]; at == c || c == '*' || c == '%' && at != '/' {
			mask[i/64] |= 1 << (i % 64)
		}
	}
	return append(masks, mask...)
}

// spread adds the beginnings that are reached by any number of characters of a mask:
// the carry of a sum runs through each row of them.
func (m *entryMatcher) spread(reach, mask []uint64) {
	carry := uint64(0)
	for i := range reach {
		m.steps++
		var sum uint64
		sum, carry = bits.Add64(reach[i]&mask[i], mask[i], carry)
		reach[i] |= sum ^ mask[i]
	}
}

// advance goes on by one character, and reports whether anything is reached.
func (m *entryMatcher) advance(reach, mask []uint64) bool {
	carry, any := uint64(0), uint64(0)
	for i := range reach {
		m.steps++
		at := reach[i] & mask[i]
		reach[i] = at<<1 | carry
		carry = at >> 63
		any |= reach[i]
	}
	return any != 0
}
