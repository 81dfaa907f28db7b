package mail

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/restante/restante/imap"
)

// The aim: UIDs answers as a plain sorted slice does, whatever was appended
// and removed, and old values stay as they were.
func TestUIDsAgreeWithASlice(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		var set UIDs
		var plain []imap.UID
		next := imap.UID(1)
		for range 200 {
			before, beforePlain := set, slices.Clone(plain)
			if random.IntN(3) > 0 {
				var more imap.UIDSet
				for range 1 + random.IntN(300) {
					next += imap.UID(1 + random.IntN(2)*random.IntN(3))
					more = more.Add(next)
					plain = append(plain, next)
				}
				set = set.Append(more)
			} else {
				var gone imap.UIDSet
				plain = slices.DeleteFunc(plain, func(uid imap.UID) bool {
					if random.IntN(5) > 0 {
						return false
					}
					gone = gone.Add(uid)
					return true
				})
				set = set.Remove(gone.Union(imap.SetOf(next + 7)))
			}
			requireSame(t, seed, set, plain)
			requireSame(t, seed, before, beforePlain)
		}
	}
}

func requireSame(t *testing.T, seed uint64, set UIDs, plain []imap.UID) {
	t.Helper()
	if set.Len() != len(plain) || !slices.Equal(slices.Collect(set.All()), plain) {
		t.Fatalf("seed %d: the set holds %d UIDs, want %d", seed, set.Len(), len(plain))
	}
	for i := 0; i < len(plain); i += 1 + len(plain)/17 {
		if got := set.At(i); got != plain[i] {
			t.Fatalf("seed %d: At(%d) is %d, want %d", seed, i, got, plain[i])
		}
	}
	if len(plain) == 0 {
		return
	}
	for probe := imap.UID(0); probe <= plain[len(plain)-1]+2; probe += 1 + plain[len(plain)-1]/29 {
		want, wantFound := slices.BinarySearch(plain, probe)
		if got, found := set.Position(probe); got != want || found != wantFound {
			t.Fatalf("seed %d: Position(%d) is %d %v, want %d %v", seed, probe, got, found, want, wantFound)
		}
	}
	for i := 0; i < len(plain); i += 1 + len(plain)/13 {
		at, last, found := set.Run(plain[i])
		if end := at + int(last-plain[i]); !found || at != i || plain[end] != last {
			t.Fatalf("seed %d: Run(%d) is %d to %d", seed, plain[i], at, last)
		}
	}
	span := imap.UIDSet{{Start: plain[len(plain)/3], Stop: plain[2*len(plain)/3]}}
	if got := set.Within(span).Count(); got != uint64(2*len(plain)/3-len(plain)/3+1) {
		t.Fatalf("seed %d: Within counts %d", seed, got)
	}
}
