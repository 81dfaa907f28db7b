package auth

import (
	"context"
	"net/netip"
	"slices"
	"sync"
)

// gate lets a few through at a time. Those who wait take turns by the address
// they come from, so that whoever sends very many attempts waits behind his
// own, and everyone else only behind one of his.
type gate struct {
	fromMax int // who may wait from one address

	mutex   sync.Mutex
	free    int
	turns   []netip.Addr // those with somebody waiting, the next first
	waiting map[netip.Addr][]chan struct{}
}

func newGate(atOnce, fromMax int) *gate {
	return &gate{fromMax: fromMax, free: atOnce, waiting: map[netip.Addr][]chan struct{}{}}
}

// enter waits for a place. ErrTooMany if too many wait from the same address;
// ctx's error. Whoever entered must leave.
func (g *gate) enter(ctx context.Context, from netip.Addr) error {
	g.mutex.Lock()
	if g.free > 0 {
		g.free--
		g.mutex.Unlock()
		return nil
	}
	queue := g.waiting[from]
	if len(queue) >= g.fromMax {
		g.mutex.Unlock()
		return ErrTooMany
	}
	if len(queue) == 0 {
		g.turns = append(g.turns, from)
	}
	mine := make(chan struct{})
	g.waiting[from] = append(queue, mine)
	g.mutex.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	if !g.giveUp(from, mine) {
		g.leave() // the place came at the same moment
	}
	return ctx.Err()
}

// giveUp takes somebody out of the queue, and reports whether he was there.
func (g *gate) giveUp(from netip.Addr, mine chan struct{}) bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	at := slices.Index(g.waiting[from], mine)
	if at < 0 {
		return false
	}
	g.waiting[from] = slices.Delete(g.waiting[from], at, at+1)
	if len(g.waiting[from]) == 0 {
		delete(g.waiting, from)
		g.turns = slices.DeleteFunc(g.turns, func(a netip.Addr) bool { return a == from })
	}
	return true
}

// leave gives the place to whose turn it is.
func (g *gate) leave() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if len(g.turns) == 0 {
		g.free++
		return
	}
	from := g.turns[0]
	g.turns = slices.Delete(g.turns, 0, 1)
	queue := g.waiting[from]
	close(queue[0])
	if queue = queue[1:]; len(queue) == 0 {
		delete(g.waiting, from)
		return
	}
	g.waiting[from] = queue
	g.turns = append(g.turns, from)
}
