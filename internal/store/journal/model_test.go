package journal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/store/journal/journaltest"
)

// model remembers what was asked of a journal and what it answered.
type model struct {
	mu    sync.Mutex
	units map[uint64]*asked
}

// asked is one unit, as it was submitted.
type asked struct {
	accounts []journal.AccountID
	bodies   []journal.BodyID
	fate     fate
}

type fate int

const (
	open    fate = iota // may be there or not
	kept                // must be there
	refused             // must not be there
)

// plan draws a unit for some accounts; its records name it.
func (m *model) plan(random *rand.Rand, accounts ...journal.AccountID) (uint64, journal.Unit) {
	id := random.Uint64()
	var u journal.Unit
	var a asked
	for i, account := range accounts {
		records := binary.LittleEndian.AppendUint64(nil, id)
		records = append(records, byte(i))
		records = append(records, bytes.Repeat([]byte{byte(id)}, random.IntN(600))...)
		u.Entries = append(u.Entries, journal.Entry{Account: account, Records: records})
		a.accounts = append(a.accounts, account)
	}
	for range random.IntN(3) {
		size := random.IntN(9000)
		switch random.IntN(40) {
		case 0:
			size = 0
		case 1:
			size = 257<<10 + random.IntN(100_000) // streamed
		}
		b, _ := journaltest.Body(random.Uint64(), size)
		u.Bodies = append(u.Bodies, b)
		a.bodies = append(a.bodies, b.ID)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.units[id] = &a
	return id, u
}

func (m *model) settle(id uint64, f fate) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.units[id].fate = f
}

// fates is what is certain at this moment.
func (m *model) fates() map[uint64]fate {
	m.mu.Lock()
	defer m.mu.Unlock()
	fates := map[uint64]fate{}
	for id, a := range m.units {
		fates[id] = a.fate
	}
	return fates
}

// check compares a journal that was opened anew with what was certain before,
// and makes what it finds the new certainty.
func (m *model) check(t *testing.T, j journal.Journal, before map[uint64]fate) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	present := map[uint64]bool{}
	last := map[journal.AccountID]journal.Position{}
	reader := j.Bodies()
	defer reader.Close()
	for d, err := range j.Replay(context.Background(), journal.Offset{}) {
		if err != nil {
			t.Fatal("replay: ", err)
		}
		id := binary.LittleEndian.Uint64(d.Frames[0].Records)
		if present[id] {
			t.Fatalf("unit %x is there twice", id)
		}
		present[id] = true
		m.checkUnit(t, id, &d, last, reader)
	}
	for id, f := range before {
		if f == kept && !present[id] {
			t.Fatalf("acknowledged unit %x is lost", id)
		}
		if f == refused && present[id] {
			t.Fatalf("unit %x is there although its failure was reported", id)
		}
	}
	for account, position := range last {
		if got := j.Head(account); got != position {
			t.Fatalf("account %d ends at %d, Head says %d", account, position, got)
		}
	}
	for id, a := range m.units {
		a.fate = refused
		if present[id] {
			a.fate = kept
		}
	}
}

// checkUnit checks that a unit is whole and what was asked for.
func (m *model) checkUnit(t *testing.T, id uint64, d *journal.Durable, last map[journal.AccountID]journal.Position, reader journal.BodyReader) {
	t.Helper()
	a := m.units[id]
	if a == nil {
		t.Fatalf("unit %x was never asked for", id)
	}
	var accounts []journal.AccountID
	for i, f := range d.Frames {
		if binary.LittleEndian.Uint64(f.Records) != id || f.Records[8] != byte(i) {
			t.Fatalf("unit %x holds records of another", id)
		}
		if last[f.Account]++; last[f.Account] != f.Position {
			t.Fatalf("account %d: position %d where %d should be", f.Account, f.Position, last[f.Account])
		}
		accounts = append(accounts, f.Account)
	}
	if !slices.Equal(accounts, a.accounts) {
		t.Fatalf("unit %x has accounts %v instead of %v", id, accounts, a.accounts)
	}
	var bodies []journal.BodyID
	for _, ref := range d.Bodies {
		if got, err := hashOf(reader, ref); err != nil || got != ref.ID {
			t.Fatalf("unit %x: body %x: %v, or its content differs", id, ref.ID[:4], err)
		}
		bodies = append(bodies, ref.ID)
	}
	if !slices.Equal(bodies, a.bodies) {
		t.Fatalf("unit %x has other bodies", id)
	}
}

// hashOf reads a body and returns its hash.
func hashOf(reader journal.BodyReader, ref journal.BodyRef) (journal.BodyID, error) {
	b, err := reader.Open(ref)
	if err != nil {
		return journal.BodyID{}, err
	}
	content, err := b.Bytes()
	if err == nil && content == nil {
		content = make([]byte, b.Size())
		_, err = b.ReadAt(content, 0)
	}
	return sha256.Sum256(content), err
}

// write keeps submitting units for one account, and now and then for one that
// all writers share, until stop.
func (m *model) write(j journal.Journal, account journal.AccountID, random *rand.Rand, stop <-chan struct{}, acked func()) error {
	const shared = 1000
	head := j.Head(account)
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		accounts := []journal.AccountID{account}
		if random.IntN(4) == 0 {
			accounts = append(accounts, shared)
		}
		id, u := m.plan(random, accounts...)
		u.Entries[0].After = head
		if len(accounts) > 1 {
			u.Entries[1].After = j.Head(shared)
		}
		err := journaltest.Commit(j, u)
		switch {
		case err == nil:
			m.settle(id, kept)
			head++
			acked()
		case errors.Is(err, journal.ErrUncertain):
		case errors.Is(err, journal.ErrMoved), errors.Is(err, journal.ErrNoSpace), errors.Is(err, journal.ErrUnavailable):
			m.settle(id, refused)
		default:
			return fmt.Errorf("unit %x: %w", id, err)
		}
	}
}
