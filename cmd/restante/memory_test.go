package main

import "testing"

// Aim: a small server has the base, and a large one room for as much garbage
// as Go's default gives it.
func TestMemoryLimitFollowsUse(t *testing.T) {
	if got := memoryLimitFor(10<<20, 4<<20); got != memoryBase {
		t.Errorf("little in use: limit %d, want %d", got, memoryBase)
	}
	for _, live := range []int64{40 << 20, 1 << 30, 64 << 30} {
		if got := memoryLimitFor(live, 0); got < 2*live {
			t.Errorf("%d in use: limit %d collects all the time", live, got)
		}
	}
}

// Aim: memory is given back once, and not again and again by a server that
// needs what it has.
func TestWastefulness(t *testing.T) {
	if (memoryUse{live: 1 << 30, stacks: 32 << 20, held: 1<<30 + 60<<20}).wasteful() {
		t.Error("a large server that needs what it has is called wasteful")
	}
	if !(memoryUse{live: 20 << 20, stacks: 8 << 20, held: 90 << 20}).wasteful() {
		t.Error("a small server may hold what it does not need")
	}
}
