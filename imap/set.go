package imap

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Number is what a sequence-set may hold: UIDs or sequence numbers. The two
// never meet in one set, because Set is a different type for each.
type Number interface{ UID | Seq }

// Range is an inclusive run of numbers. In a set that a client wrote, zero
// stands for "*", the largest number in use, and Start may be larger than Stop
// (RFC 9051 §9, seq-range). In a normal set both are positive and ordered.
type Range[N Number] struct{ Start, Stop N }

// Set is a sequence-set (RFC 9051 §9) as a list of ranges. The zero value is
// the empty set, which the grammar cannot write. A Set is a value that is not
// changed once shared: methods that change return a new set.
type Set[N Number] []Range[N]

// UIDSet is a set of unique identifiers.
type UIDSet = Set[UID]

// SeqSet is a set of message sequence numbers.
type SeqSet = Set[Seq]

// ErrSet reports text that is no sequence-set.
var ErrSet = errors.New("not a sequence-set")

// SetOf returns the normal set of the given numbers, in any order.
func SetOf[N Number](numbers ...N) Set[N] {
	var set Set[N]
	for _, n := range numbers {
		if last := len(set) - 1; last >= 0 && set[last].Stop != 0 && set[last].Stop+1 == n {
			set[last].Stop = n
			continue
		}
		set = append(set, Range[N]{n, n})
	}
	return set.Normal()
}

// ParseSet reads a sequence-set such as "1:4,7,9:*". It refuses "$", which
// names a saved result and not a set (RFC 9051 §6.4.4.1).
func ParseSet[N Number](text string) (Set[N], error) {
	var set Set[N]
	for part := range strings.SplitSeq(text, ",") {
		first, second, isRange := strings.Cut(part, ":")
		start, err := parseSetNumber[N](first)
		if err != nil {
			return nil, err
		}
		stop := start
		if isRange {
			if stop, err = parseSetNumber[N](second); err != nil {
				return nil, err
			}
		}
		set = append(set, Range[N]{start, stop})
	}
	return set, nil
}

func parseSetNumber[N Number](text string) (N, error) {
	if text == "*" {
		return 0, nil
	}
	if text == "" || text[0] < '1' || text[0] > '9' { // nz-number
		return 0, ErrSet
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, ErrSet
	}
	return N(n), nil
}

// String returns the set as the grammar writes it; "" for the empty set.
func (s Set[N]) String() string { return string(s.AppendText(nil)) }

// AppendText appends the set as the grammar writes it. A range of one number
// is written as that number alone.
func (s Set[N]) AppendText(b []byte) []byte {
	for i, r := range s {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSetNumber(b, r.Start)
		if r.Stop != r.Start {
			b = append(b, ':')
			b = appendSetNumber(b, r.Stop)
		}
	}
	return b
}

func appendSetNumber[N Number](b []byte, n N) []byte {
	if n == 0 {
		return append(b, '*')
	}
	return strconv.AppendUint(b, uint64(n), 10)
}

// Dynamic reports whether the set contains "*".
func (s Set[N]) Dynamic() bool {
	return slices.ContainsFunc(s, func(r Range[N]) bool { return r.Start == 0 || r.Stop == 0 })
}

// Resolve replaces "*" by largest, orders each range, and returns the normal
// set. With largest 0 (an empty mailbox) ranges that hold "*" vanish, unless
// they also name numbers. "559:*" always includes the largest number in use,
// even when it is below 559 (RFC 9051 §9, seq-range).
func (s Set[N]) Resolve(largest N) Set[N] {
	resolved := make(Set[N], 0, len(s))
	for _, r := range s {
		if r.Start == 0 {
			r.Start = largest
		}
		if r.Stop == 0 {
			r.Stop = largest
		}
		if r.Start == 0 || r.Stop == 0 {
			continue
		}
		if r.Start > r.Stop {
			r.Start, r.Stop = r.Stop, r.Start
		}
		resolved = append(resolved, r)
	}
	return resolved.Normal()
}

// Normal returns the same numbers as ascending ranges that neither overlap nor
// touch. The set must not be dynamic; its ranges may be reversed.
func (s Set[N]) Normal() Set[N] {
	if s.isNormal() {
		return s
	}
	sorted := make(Set[N], len(s))
	for i, r := range s {
		if r.Start > r.Stop {
			r.Start, r.Stop = r.Stop, r.Start
		}
		sorted[i] = r
	}
	slices.SortFunc(sorted, func(a, b Range[N]) int { return cmp.Compare(a.Start, b.Start) })
	out := sorted[:0]
	for _, r := range sorted {
		if last := len(out) - 1; last >= 0 && uint64(r.Start) <= uint64(out[last].Stop)+1 {
			out[last].Stop = max(out[last].Stop, r.Stop)
			continue
		}
		out = append(out, r)
	}
	return out
}

func (s Set[N]) isNormal() bool {
	for i, r := range s {
		if r.Start > r.Stop || i > 0 && uint64(r.Start) <= uint64(s[i-1].Stop)+1 {
			return false
		}
	}
	return true
}

// Count returns how many numbers a normal set holds.
func (s Set[N]) Count() uint64 {
	var count uint64
	for _, r := range s {
		count += uint64(r.Stop) - uint64(r.Start) + 1
	}
	return count
}

// Contains reports whether a normal set holds n.
func (s Set[N]) Contains(n N) bool {
	_, found := slices.BinarySearchFunc(s, n, func(r Range[N], n N) int {
		switch {
		case r.Stop < n:
			return -1
		case r.Start > n:
			return 1
		}
		return 0
	})
	return found
}

// Add appends n to a normal set that may be built in ascending order, and
// returns the set; it is the way to collect a result. n must not be smaller
// than what the set holds.
func (s Set[N]) Add(n N) Set[N] {
	if last := len(s) - 1; last >= 0 {
		if s[last].Stop == n {
			return s
		}
		if s[last].Stop+1 == n {
			s[last].Stop = n
			return s
		}
	}
	return append(s, Range[N]{n, n})
}

// Slice returns the numbers of a normal set from place from to before place to,
// counted from zero in ascending order.
func (s Set[N]) Slice(from, to int) Set[N] {
	var out Set[N]
	at := int64(0)
	for _, r := range s {
		count := int64(r.Stop) - int64(r.Start) + 1
		first, last := max(int64(from)-at, 0), min(int64(to)-at, count)
		if first < last {
			out = append(out, Range[N]{r.Start + N(first), r.Start + N(last-1)})
		}
		at += count
	}
	return out
}

// All calls yield with each number of a normal set, ascending.
func (s Set[N]) All(yield func(N) bool) {
	for _, r := range s {
		for n := r.Start; ; n++ {
			if !yield(n) {
				return
			}
			if n == r.Stop {
				break
			}
		}
	}
}

// Union returns the numbers that either normal set holds.
func (s Set[N]) Union(other Set[N]) Set[N] {
	return append(slices.Clone(s), other...).Normal()
}

// Intersect returns the numbers that both normal sets hold.
func (s Set[N]) Intersect(other Set[N]) Set[N] {
	var out Set[N]
	for i, j := 0, 0; i < len(s) && j < len(other); {
		start, stop := max(s[i].Start, other[j].Start), min(s[i].Stop, other[j].Stop)
		if start <= stop {
			out = append(out, Range[N]{start, stop})
		}
		if s[i].Stop < other[j].Stop {
			i++
		} else {
			j++
		}
	}
	return out
}

// Minus returns the numbers of a normal set that the other normal set does
// not hold.
func (s Set[N]) Minus(other Set[N]) Set[N] {
	var out Set[N]
	j := 0
	for _, r := range s {
		start := uint64(r.Start)
		for ; j < len(other) && uint64(other[j].Stop) < start; j++ {
		}
		for k := j; k < len(other) && other[k].Start <= r.Stop && start <= uint64(r.Stop); k++ {
			if start < uint64(other[k].Start) {
				out = append(out, Range[N]{N(start), other[k].Start - 1})
			}
			start = uint64(other[k].Stop) + 1
		}
		if start <= uint64(r.Stop) {
			out = append(out, Range[N]{N(start), r.Stop})
		}
	}
	return out
}
