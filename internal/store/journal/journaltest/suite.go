// Package journaltest is what every Journal must satisfy. A journal's own tests
// call Run with a way to open it; what is opened twice must be the same.
package journaltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/restante/restante/internal/store/journal"
)

// Opener opens the journal under test, new or as it was left by Close. apply,
// if not nil, is its hook.
type Opener func(t *testing.T, apply func([]journal.Durable) error) journal.Journal

// Run runs the suite. Each test is given an Opener of its own.
func Run(t *testing.T, fresh func(t *testing.T) Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"Order", order},
		{"Moved", moved},
		{"Atomic", atomic},
		{"Concurrent", concurrent},
		{"AppliedBeforeDone", appliedBeforeDone},
		{"ReplayFromAnywhere", replayFromAnywhere},
		{"ReadAccount", readAccount},
		{"Bodies", bodies},
		{"BodyParts", bodyParts},
		{"SameBodyTwice", sameBodyTwice},
		{"Contexts", contexts},
		{"Closed", closed},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, fresh(t)) })
	}
}

// Units come back in the order of Submit, with their records, before and after
// reopening.
func order(t *testing.T, open Opener) {
	j := open(t, nil)
	var tickets []journal.Ticket
	const n = 100
	for i := range n {
		ticket, err := j.Submit(context.Background(), entry(1, journal.Position(i), fmt.Sprint("record ", i)))
		if err != nil {
			t.Fatal(err)
		}
		tickets = append(tickets, ticket)
	}
	for _, ticket := range slices.Backward(tickets) {
		if err := ticket.Wait(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		units := replayed(t, j, journal.Offset{})
		if len(units) != n || j.Head(1) != n {
			t.Fatalf("%d units, head %d", len(units), j.Head(1))
		}
		for i, u := range units {
			f := u.Frames[0]
			if f.Account != 1 || f.Position != journal.Position(i+1) || string(f.Records) != fmt.Sprint("record ", i) {
				t.Fatalf("unit %d is %+v", i, f)
			}
			if i > 0 && !units[i-1].After.Less(u.After) {
				t.Fatalf("offset %v does not follow %v", u.After, units[i-1].After)
			}
		}
		if end := j.End(); units[n-1].After.Less(end) && len(replayed(t, j, end)) > 0 || end.Less(units[n-1].After) {
			t.Fatalf("the journal ends at %v, the last unit at %v", end, units[n-1].After)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		j = open(t, nil)
	}
	mustCommit(t, j, entry(1, n, "after reopening"))
	if j.Head(1) != n+1 || j.Head(2) != 0 {
		t.Fatal("heads are", j.Head(1), j.Head(2))
	}
}

// Whoever decided on an old state is told so, and nothing of the unit is kept.
func moved(t *testing.T, open Opener) {
	j := open(t, nil)
	mustCommit(t, j, entry(1, 0, "first"))
	for _, after := range []journal.Position{0, 2, 7} {
		if err := Commit(j, entry(1, after, "wrong")); !errors.Is(err, journal.ErrMoved) {
			t.Fatalf("unit after %d: %v", after, err)
		}
	}
	// What is on its way counts, too.
	a, err := j.Submit(context.Background(), entry(1, 1, "second"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Submit(context.Background(), entry(1, 1, "rival")); !errors.Is(err, journal.ErrMoved) {
		t.Fatal("rival of a unit on its way: ", err)
	}
	mustCommit(t, j, entry(1, 2, "third"))
	if err := a.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	if units := replayed(t, j, journal.Offset{}); len(units) != 3 {
		t.Fatalf("%d units instead of 3", len(units))
	}
}

// A unit of several accounts is admitted whole or not at all.
func atomic(t *testing.T, open Opener) {
	j := open(t, nil)
	many := func(after ...journal.Position) (u journal.Unit) {
		for i, a := range after {
			u.Entries = append(u.Entries, journal.Entry{Account: journal.AccountID(i + 1), After: a, Records: []byte{byte(i)}})
		}
		return u
	}
	mustCommit(t, j, many(0, 0, 0))
	if err := Commit(j, many(1, 1, 0)); !errors.Is(err, journal.ErrMoved) {
		t.Fatal(err)
	}
	mustCommit(t, j, many(1, 1, 1))
	// Two entries of one account follow one another.
	mustCommit(t, j, journal.Unit{Entries: []journal.Entry{{Account: 9, After: 0}, {Account: 9, After: 1}}})
	if j.Head(1) != 2 || j.Head(2) != 2 || j.Head(3) != 2 || j.Head(9) != 2 {
		t.Fatal("heads: ", j.Head(1), j.Head(2), j.Head(3), j.Head(9))
	}
	units := replayed(t, j, journal.Offset{})
	if len(units) != 3 || len(units[1].Frames) != 3 || !bytes.Equal(units[1].Frames[2].Records, []byte{2}) {
		t.Fatalf("%+v", units)
	}
}

// Many writers of many accounts: all acknowledged units are there once, each
// account in its own order.
func concurrent(t *testing.T, open Opener) {
	j := open(t, nil)
	const writers, each = 16, 40
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				b, _ := Body(uint64(w*1000+i), w*100+i)
				if err := Commit(j, entry(journal.AccountID(w), journal.Position(i), fmt.Sprint(w, " ", i), b)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, nil)
	next := map[journal.AccountID]journal.Position{}
	reader := j.Bodies()
	defer reader.Close()
	for _, u := range replayed(t, j, journal.Offset{}) {
		f := u.Frames[0]
		if next[f.Account]++; f.Position != next[f.Account] {
			t.Fatalf("account %d has position %d instead of %d", f.Account, f.Position, next[f.Account])
		}
		i := int(f.Position - 1)
		if want := fmt.Sprint(int(f.Account), " ", i); string(f.Records) != want {
			t.Fatalf("records %q instead of %q", f.Records, want)
		}
		if _, want := Body(uint64(int(f.Account)*1000+i), int(f.Account)*100+i); !bytes.Equal(readWhole(t, reader, u.Bodies[0]), want) {
			t.Fatalf("body of account %d, position %d differs", f.Account, f.Position)
		}
	}
	for w := range writers {
		if got := j.Head(journal.AccountID(w)); got != each || next[journal.AccountID(w)] != each {
			t.Fatalf("account %d ends at %d", w, got)
		}
	}
}

// A ticket is done only when the hook has seen its unit; the hook sees units in
// order, once, just as Replay gives them.
func appliedBeforeDone(t *testing.T, open Opener) {
	var mu sync.Mutex
	var seen []journal.Durable
	j := open(t, func(group []journal.Durable) error {
		mu.Lock()
		defer mu.Unlock()
		for _, d := range group {
			seen = append(seen, clone(d))
		}
		return nil
	})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 25 {
				b, _ := Body(uint64(w<<8+i), 10)
				if err := Commit(j, entry(journal.AccountID(w), journal.Position(i), "x", b)); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				found := slices.ContainsFunc(seen, func(d journal.Durable) bool {
					return d.Frames[0].Account == journal.AccountID(w) && d.Frames[0].Position == journal.Position(i+1)
				})
				mu.Unlock()
				if !found {
					t.Error("ticket was done before the hook had seen the unit")
				}
			}
		})
	}
	wg.Wait()
	if units := replayed(t, j, journal.Offset{}); fmt.Sprint(units) != fmt.Sprint(seen) {
		t.Fatalf("replay gives %d units, the hook saw %d, or they differ", len(units), len(seen))
	}
}
