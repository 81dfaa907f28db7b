package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// garbagePercent lets garbage grow to several times what is in use: while
	// that is little, collecting it twice as often would only cost time.
	garbagePercent = 400
	// memoryBase is how much memory the program takes before it collects
	// eagerly. With a thousand idle sessions about half of it is in use.
	memoryBase = 64 << 20
	// memoryMargin is for what is neither heap nor stack.
	memoryMargin = 12 << 20
	// idleCheck is how often a server that collects nothing, because nothing
	// happens, looks whether it holds what it does not need.
	idleCheck = 5 * time.Second
)

// governMemory decides when garbage is collected, until ctx ends. A fixed
// limit, or the environment's GOGC or GOMEMLIMIT, goes before. Otherwise the
// limit follows what is in use: a small server stays small, and a large one
// never collects more often than with Go's default.
func governMemory(ctx context.Context, fixed int64) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(garbagePercent)
	if fixed > 0 {
		debug.SetMemoryLimit(fixed)
		return
	}
	debug.SetMemoryLimit(memoryBase)
	adapt := adaptMemoryLimit()
	var again func(*collected)
	again = func(c *collected) {
		adapt()
		runtime.SetFinalizer(c, again)
	}
	runtime.SetFinalizer(&collected{}, again)
	go releaseWhenIdle(ctx)
}

// collected is garbage: its finalizer runs after each collection.
type collected struct{ _ *byte }

// memoryUse is what the runtime says of itself, in octets.
type memoryUse struct{ live, stacks, held, collections int64 }

func readMemoryUse() memoryUse {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/cycles/total:gc-cycles"},
	}
	metrics.Read(samples)
	value := func(i int) int64 { return int64(samples[i].Value.Uint64()) }
	return memoryUse{value(0), value(1), value(2) - value(3), value(4)}
}

// adaptMemoryLimit returns a function that sets the limit anew. A password
// hash takes much for a moment: only what is in use twice in a row counts.
// Setting the limit stops the program, so that small differences do not count.
func adaptMemoryLimit() func() {
	now, before := int64(memoryBase), int64(0)
	return func() {
		use := readMemoryUse()
		limit := memoryLimitFor(min(use.live, before), use.stacks)
		before = use.live
		if difference := limit - now; difference > now/16 || difference < -now/16 {
			now = limit
			debug.SetMemoryLimit(now)
		}
	}
}

// memoryLimitFor returns the limit for octets in use on heap and stacks.
func memoryLimitFor(live, stacks int64) int64 {
	return max(memoryBase, 2*live+stacks+memoryMargin)
}

// releaseWhenIdle gives memory back that was needed for a while, when nothing
// happens that would make the collector do it.
func releaseWhenIdle(ctx context.Context) {
	ticker := time.NewTicker(idleCheck)
	defer ticker.Stop()
	last := readMemoryUse()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		use := readMemoryUse()
		if use.collections == last.collections && use.wasteful() {
			debug.FreeOSMemory()
			use = readMemoryUse()
		}
		last = use
	}
}

// wasteful reports whether much more is held than was in use at the last
// collection.
func (u memoryUse) wasteful() bool {
	needed := u.live + u.live/4 + u.stacks + memoryMargin
	return u.held > needed+memoryMargin
}
