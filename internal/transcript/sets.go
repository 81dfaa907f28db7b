package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// span is a range of numbers, both ends in it.
type span struct{ low, high uint64 }

// parseSet reads a sequence set without "*" (RFC 9051 §9) into spans in
// rising order that do not touch.
func parseSet(text string) ([]span, error) {
	var spans []span
	for _, part := range strings.Split(text, ",") {
		low, high, isRange := strings.Cut(part, ":")
		if !isRange {
			high = low
		}
		a, errA := strconv.ParseUint(low, 10, 64)
		b, errB := strconv.ParseUint(high, 10, 64)
		if errA != nil || errB != nil || a == 0 || b == 0 {
			return nil, fmt.Errorf("%q is no set of numbers", text)
		}
		spans = append(spans, span{min(a, b), max(a, b)})
	}
	slices.SortFunc(spans, func(a, b span) int {
		if a.low < b.low {
			return -1
		}
		return 1
	})
	out := spans[:1]
	for _, s := range spans[1:] {
		last := &out[len(out)-1]
		if s.low <= last.high+1 {
			last.high = max(last.high, s.high)
		} else {
			out = append(out, s)
		}
	}
	return out, nil
}

// sameSet reports that both texts are sets with the same members.
func sameSet(a, b string) bool {
	if !strings.ContainsAny(a+b, ":,") {
		return false
	}
	setA, errA := parseSet(a)
	setB, errB := parseSet(b)
	return errA == nil && errB == nil && slices.Equal(setA, setB)
}

// covers decides <covers SET> (the text has at least SET) and <within SET>.
func covers(op, set, text string) (bool, error) {
	outer, err := parseSet(text)
	if err != nil {
		return false, err
	}
	inner, err := parseSet(set)
	if err != nil {
		return false, err
	}
	if op == "within" {
		outer, inner = inner, outer
	}
	for _, s := range inner {
		if !slices.ContainsFunc(outer, func(o span) bool { return o.low <= s.low && s.high <= o.high }) {
			return false, nil
		}
	}
	return true, nil
}
