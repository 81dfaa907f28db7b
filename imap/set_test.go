package imap

import (
	"math/rand/v2"
	"testing"
)

// setCase is a random set and the same numbers as a plain map, which is the
// model that the set is compared with.
func setCase(random *rand.Rand) (UIDSet, map[UID]bool) {
	model := map[UID]bool{}
	var set UIDSet
	for range random.IntN(12) {
		start := UID(1 + random.IntN(60))
		stop := start + UID(random.IntN(8))
		for n := start; n <= stop; n++ {
			model[n] = true
		}
		if random.IntN(2) == 0 {
			start, stop = stop, start
		}
		set = append(set, Range[UID]{start, stop})
	}
	return set, model
}

func sameNumbers(t *testing.T, what string, set UIDSet, model map[UID]bool) {
	t.Helper()
	count := 0
	for n := range set.All {
		count++
		if !model[n] {
			t.Fatalf("%s: %v holds %d", what, set, n)
		}
	}
	if count != len(model) || set.Count() != uint64(count) || !set.isNormal() {
		t.Fatalf("%s: %v holds %d numbers, want %d", what, set, count, len(model))
	}
	for n := range UID(80) {
		if set.Contains(n) != model[n] {
			t.Fatalf("%s: %v, Contains(%d) is %v", what, set, n, !model[n])
		}
	}
}

// Sets behave as sets of numbers do, whatever ranges they were made of.
func TestSetsAreSets(t *testing.T) {
	const seed = 20260101
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 3000 {
		wild, left := setCase(random)
		a := wild.Normal()
		sameNumbers(t, "Normal", a, left)
		wild, right := setCase(random)
		b := wild.Normal()
		union, both, minus := map[UID]bool{}, map[UID]bool{}, map[UID]bool{}
		var numbers []UID
		for n := range left {
			union[n] = true
			numbers = append(numbers, n)
			if right[n] {
				both[n] = true
			} else {
				minus[n] = true
			}
		}
		for n := range right {
			union[n] = true
		}
		sameNumbers(t, "Union", a.Union(b), union)
		sameNumbers(t, "Intersect", a.Intersect(b), both)
		sameNumbers(t, "Minus", a.Minus(b), minus)
		sameNumbers(t, "SetOf", SetOf(numbers...), left)
	}
}

// The largest numbers there are do not overflow.
func TestSetEdges(t *testing.T) {
	const top = ^UID(0)
	all := UIDSet{{1, top}}
	if all.Count() != uint64(top) || !all.Contains(top) {
		t.Errorf("%v holds %d", all, all.Count())
	}
	if rest := all.Minus(UIDSet{{top, top}}); len(rest) != 1 || rest[0].Stop != top-1 {
		t.Errorf("%v", rest)
	}
	if rest := all.Minus(UIDSet{{5, top}}); rest.String() != "1:4" {
		t.Errorf("%v", rest)
	}
	if joined := (UIDSet{{top, top}, {1, top - 1}}).Normal(); joined.String() != "1:4294967295" {
		t.Errorf("%v", joined)
	}
	if same := SetOf(top, top); same.Count() != 1 {
		t.Errorf("%v", same)
	}
}

// "*" is the largest number in use, even when it is below the other end
// (RFC 9051 §9, seq-range).
func TestResolve(t *testing.T) {
	for _, c := range []struct {
		text    string
		largest UID
		want    string
	}{
		{"2,4:7,9,12:*", 15, "2,4:7,9,12:15"},
		{"*:4,5:7", 10, "4:10"},
		{"3291:*", 100, "100:3291"},
		{"*", 9, "9"},
		{"*", 0, ""},
		{"5:*", 0, ""},
		{"1,5:*", 0, "1"},
	} {
		set, err := ParseSet[UID](c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Resolve(c.largest); got.String() != c.want {
			t.Errorf("%s with %d: %v, want %s", c.text, c.largest, got, c.want)
		}
	}
}

// What is read as a set is written as the same set, and read again.
func FuzzSet(f *testing.F) {
	for _, seed := range []string{"1", "*", "1:4,7,9:*", "4:2", "0", "01", "1,,2", "$", "4294967295", "4294967296", "1:", ":1", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := ParseSet[UID](text)
		if err != nil {
			return
		}
		again, err := ParseSet[UID](set.String())
		if err != nil || again.String() != set.String() || len(again) != len(set) {
			t.Fatalf("%q: %v, %v, %v", text, set, again, err)
		}
		if !set.Dynamic() {
			normal := set.Normal()
			if !normal.isNormal() || normal.Union(normal).String() != normal.String() {
				t.Fatalf("%q: %v", text, normal)
			}
		}
	})
}
