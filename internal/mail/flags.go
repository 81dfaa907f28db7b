package mail

import (
	"iter"
	"math/bits"
	"strings"

	"github.com/restante/restante/imap"
)

// FlagBit is a flag's number in one mailbox: the system flags first, then the
// mailbox's keywords in the order in which they were first used.
type FlagBit uint16

// The system flags' bits, the same in every mailbox, in the order of
// imap.SystemFlags.
const (
	BitAnswered FlagBit = iota
	BitFlagged
	BitDeleted
	BitSeen
	BitDraft

	// keywordBits is the bit of a mailbox's first keyword.
	keywordBits FlagBit = 8
)

// Flags is the set of flags of one message, as bits whose meaning is its
// mailbox's. The zero value is the empty set; sets compare with ==.
type Flags struct {
	low  uint64
	more string // bits from 64 up, as octets, low first, without trailing zeros
}

// FlagsOf returns the set of some bits.
func FlagsOf(bits ...FlagBit) Flags {
	var f Flags
	for _, bit := range bits {
		f = f.With(bit)
	}
	return f
}

// Has reports whether a bit is set.
func (f Flags) Has(bit FlagBit) bool {
	if bit < 64 {
		return f.low>>bit&1 != 0
	}
	octet, shift := int(bit-64)/8, (bit-64)%8
	return octet < len(f.more) && f.more[octet]>>shift&1 != 0
}

// With returns the set and one more bit.
func (f Flags) With(bit FlagBit) Flags {
	if bit < 64 {
		f.low |= 1 << bit
		return f
	}
	octet, shift := int(bit-64)/8, (bit-64)%8
	more := make([]byte, max(len(f.more), octet+1))
	copy(more, f.more)
	more[octet] |= 1 << shift
	f.more = string(more)
	return f
}

// Union returns the bits that either set holds.
func (f Flags) Union(other Flags) Flags {
	f.low |= other.low
	if other.more == "" {
		return f
	}
	more := make([]byte, max(len(f.more), len(other.more)))
	copy(more, f.more)
	for i := range len(other.more) {
		more[i] |= other.more[i]
	}
	f.more = string(more)
	return f
}

// Minus returns the bits of f that the other set does not hold.
func (f Flags) Minus(other Flags) Flags {
	f.low &^= other.low
	if f.more == "" || other.more == "" {
		return f
	}
	more := []byte(f.more)
	for i := range min(len(more), len(other.more)) {
		more[i] &^= other.more[i]
	}
	f.more = strings.TrimRight(string(more), "\x00")
	return f
}

// Bits yields the bits that are set, ascending.
func (f Flags) Bits() iter.Seq[FlagBit] {
	return func(yield func(FlagBit) bool) {
		for rest := f.low; rest != 0; rest &= rest - 1 {
			if !yield(FlagBit(bits.TrailingZeros64(rest))) {
				return
			}
		}
		for i := range len(f.more) {
			for rest := f.more[i]; rest != 0; rest &= rest - 1 {
				if !yield(FlagBit(64 + i*8 + bits.TrailingZeros8(rest))) {
					return
				}
			}
		}
	}
}

// AppendBinary appends the set's stored form: the low bits as eight octets
// without their trailing zeros, then the rest, behind one count of octets.
func (f Flags) AppendBinary(b []byte) []byte {
	start := len(b)
	b = append(b, 0, 0)
	for low := f.low; low != 0; low >>= 8 {
		b = append(b, byte(low))
	}
	if f.more != "" {
		for len(b) < start+2+8 {
			b = append(b, 0)
		}
		b = append(b, f.more...)
	}
	count := len(b) - start - 2
	b[start], b[start+1] = byte(count), byte(count>>8)
	return b
}

// DecodeFlags reads what AppendBinary wrote and returns what follows it.
func DecodeFlags(b []byte) (Flags, []byte, error) {
	var f Flags
	if len(b) < 2 {
		return f, nil, ErrCorrupt
	}
	count := int(b[0]) | int(b[1])<<8
	b = b[2:]
	if len(b) < count {
		return f, nil, ErrCorrupt
	}
	for i := range min(count, 8) {
		f.low |= uint64(b[i]) << (8 * i)
	}
	if count > 8 {
		f.more = strings.TrimRight(string(b[8:count]), "\x00")
	}
	return f, b[count:], nil
}

// systemBit returns the bit of a system flag.
func systemBit(flag imap.Flag) (FlagBit, bool) {
	for i, known := range imap.SystemFlags {
		if flag.Equal(known) {
			return FlagBit(i), true
		}
	}
	return 0, false
}
