package query

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/restante/restante/imap"
)

// The aim: whatever comes, changes and leaves, messages are found in the order of
// what they are compared by now, and what has left keeps no room.
func TestSorterRenews(t *testing.T) {
	const seed, steps = 5257, 4_000
	g := rand.New(rand.NewPCG(seed, 1))
	values, known := map[imap.UID]string{}, map[imap.UID]string{}
	sorter := NewSorter([]imap.SortKey{{Field: imap.SortAnnotation, Reverse: true}, {Field: imap.SortSize}}, Collation{})
	sorter.Annotation = func(uid imap.UID, _ imap.SortKey) string { return values[uid] }
	messages := map[imap.UID]*fakeMessage{}
	for i, m := range sortedMessages(g, 60) {
		messages[imap.UID(i+1)] = m
		m.uid = imap.UID(i + 1)
	}
	var order []imap.UID
	for step := range steps {
		uid := imap.UID(1 + g.IntN(len(messages)))
		at := slices.Index(order, uid)
		switch {
		case at >= 0 && g.IntN(4) == 0:
			order = slices.Delete(order, at, at+1)
			sorter.Forget(imap.SetOf(uid))
			continue
		case g.IntN(3) > 0:
			values[uid] = fmt.Sprint(g.IntN(5))
		}
		changed, err := sorter.Renew(messages[uid])
		if err != nil || changed != (at >= 0 && known[uid] != values[uid]) {
			t.Fatalf("seed %d step %d: renewing %d, which is at %d: %v, %v, from %q to %q", seed, step, uid, at, changed, err, known[uid], values[uid])
		}
		known[uid] = values[uid]
		if changed {
			order = slices.Delete(order, at, at+1)
		}
		if changed || at < 0 {
			order = slices.Insert(order, sorter.Find(order, uid), uid)
		}
		if !slices.IsSortedFunc(order, func(a, b imap.UID) int {
			return naiveOrder(values, messages, a, b)
		}) || !sorter.InOrder(order) {
			t.Fatalf("seed %d step %d: not in order: %v", seed, step, order)
		}
		if room := len(sorter.uids); room > 2*len(order)+spareMax+1 {
			t.Fatalf("seed %d step %d: room for %d of %d messages", seed, step, room, len(order))
		}
	}
}

func naiveOrder(values map[imap.UID]string, messages map[imap.UID]*fakeMessage, a, b imap.UID) int {
	switch {
	case values[a] != values[b] && values[a] > values[b]:
		return -1
	case values[a] != values[b]:
		return 1
	}
	if order := naiveCompare(imap.SortSize, messages[a], messages[b]); order != 0 {
		return order
	}
	return int(a) - int(b)
}
