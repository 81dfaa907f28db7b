package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/restante/restante/internal/store/index"
)

// The aim: rows under plans read as if the plans had been written already,
// whether one by one, in a scan, or in a scan that seeks.
func TestLayeredRowsReadAsIfWritten(t *testing.T) {
	s, _, _ := busy(t)
	defer closeTest(t, s)
	key := func(n int) []byte { return index.EntryKey(nil, 99, fmt.Sprintf("%03d", n)) }
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 5))
		want := map[string]string{}
		batch := s.index.Batch()
		batch.DeletePrefix(index.AccountPrefix(nil, 99))
		for n := range 60 {
			if random.IntN(2) == 0 {
				batch.Set(key(n), []byte{byte(n)})
				want[string(key(n))] = string([]byte{byte(n)})
			}
		}
		if err := batch.Commit(index.Applied{}); err != nil {
			t.Fatal(err)
		}
		rows := layered{base: s.index}
		for range 1 + random.IntN(3) {
			p := &plan{}
			for range random.IntN(80) {
				n := random.IntN(60)
				if random.IntN(2) == 0 {
					p.rows.delete(key(n))
					delete(want, string(key(n)))
				} else {
					p.rows.set(key(n), []byte{100, byte(n)})
					want[string(key(n))] = string([]byte{100, byte(n)})
				}
			}
			rows.over = append(rows.over, p)
		}
		compareLayered(t, seed, &rows, key, want)
		compareSeeks(t, seed, random, &rows, key, want)
	}
}

func compareLayered(t *testing.T, seed uint64, rows *layered, key func(int) []byte, want map[string]string) {
	t.Helper()
	for n := range 60 {
		value, err := rows.Get(key(n))
		expected, there := want[string(key(n))]
		if err != nil || string(value) != expected || (value != nil) != there {
			t.Fatalf("seed %d: row %d is %v, want %q", seed, n, value, expected)
		}
	}
	cursor := rows.Scan(key(5), key(55))
	var got []string
	for cursor.Next() {
		got = append(got, string(cursor.Key())+string(cursor.Value()))
	}
	if err := cursor.Close(); err != nil {
		t.Fatal(err)
	}
	var expected []string
	for n := 5; n < 55; n++ {
		if value, there := want[string(key(n))]; there {
			expected = append(expected, string(key(n))+value)
		}
	}
	if !slices.Equal(got, expected) {
		t.Fatalf("seed %d: scan yields %q, want %q", seed, got, expected)
	}
}

func compareSeeks(t *testing.T, seed uint64, random *rand.Rand, rows *layered, key func(int) []byte, want map[string]string) {
	t.Helper()
	cursor := rows.Scan(key(0), key(60))
	at, sought := -1, 0
	for range 30 {
		var more bool
		from := at + 1
		if random.IntN(2) == 0 {
			// A key that the cursor has passed already leaves it where it is.
			sought = min(sought+random.IntN(6), 59)
			from = max(at, sought)
			more = cursor.Seek(key(sought))
		} else {
			more = cursor.Next()
		}
		for at = from; at < 60 && want[string(key(at))] == ""; at++ {
		}
		if more != (at < 60) || more && string(cursor.Key()) != string(key(at)) {
			t.Fatalf("seed %d: cursor from row %d is not at row %d", seed, from, at)
		}
		if !more {
			break
		}
	}
	if err := cursor.Close(); err != nil {
		t.Fatal(err)
	}
}
