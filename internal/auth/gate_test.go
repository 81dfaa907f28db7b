package auth

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
)

// Aim: those who wait take turns by address, and one crowd keeps nobody else
// from his turn.
func TestGateTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 3)
		if err := g.enter(t.Context(), home); err != nil {
			t.Fatal(err)
		}
		var order []netip.Addr
		wait := func(from netip.Addr) {
			go func() {
				if err := g.enter(t.Context(), from); err != nil {
					t.Error(err)
				}
				order = append(order, from)
				g.leave()
			}()
			synctest.Wait()
		}
		for range 3 {
			wait(home)
		}
		wait(office)
		if err := g.enter(t.Context(), home); err != ErrTooMany {
			t.Errorf("a fourth from one address: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { gone <- g.enter(ctx, net4(203, 0, 113, 1)) }()
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up: %v", err)
		}
		g.leave()
		synctest.Wait()
		want := []netip.Addr{home, office, home, home}
		if len(order) != len(want) {
			t.Fatalf("order %v", order)
		}
		for i := range want {
			if order[i] != want[i] {
				t.Fatalf("order %v, want %v", order, want)
			}
		}
		if g.free != 1 || len(g.turns) != 0 || len(g.waiting) != 0 {
			t.Errorf("left behind: %+v", g)
		}
	})
}
