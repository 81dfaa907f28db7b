package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/store/journal/journaltest"
	"github.com/restante/restante/internal/vfs"
)

// attic is a journal of many small segments with bodies of all kinds, of which
// a part is dead.
type attic struct {
	*disk
	contents map[journal.BodyID][]byte
	dead     map[journal.BodyID]bool
	units    []journal.Durable
	end      journal.Offset
}

// prose is text that compresses.
func prose(random *rand.Rand, size int) []byte {
	words := strings.Fields("the office that keeps your post until you call for it and forgets nothing")
	var b []byte
	for len(b) < size {
		b = append(append(b, words[random.IntN(len(words))]...), ' ')
	}
	return b[:size]
}

func newAttic(t *testing.T) *attic {
	a := &attic{
		disk:     newDisk(t, func(o *journal.Options) { o.SegmentSize = 300 << 10 }),
		contents: map[journal.BodyID][]byte{}, dead: map[journal.BodyID]bool{},
	}
	random := rand.New(rand.NewPCG(5, 5))
	for i := range 60 {
		u := unitOf(journal.AccountID(1+i%3), journal.Position(i/3), fmt.Sprint("unit", i))
		for k := range 1 + random.IntN(3) {
			b, content := journaltest.Body(random.Uint64(), random.IntN(30_000))
			switch {
			case i == 20:
				content = prose(random, 400_000)
			case i == 21 && k == 0:
				content = prose(random, 128<<10)
			case random.IntN(2) == 0:
				content = prose(random, random.IntN(40_000))
			}
			b = journaltest.AsBody(content)
			a.contents[b.ID] = content
			a.dead[b.ID] = random.IntN(10) < 6
			u.Bodies = append(u.Bodies, b)
		}
		if err := journaltest.Commit(a.j, u); err != nil {
			t.Fatal(err)
		}
	}
	a.end = a.j.End()
	a.units = a.replay()
	return a
}

func (a *attic) live(id journal.BodyID) bool { return !a.dead[id] }

func (a *attic) replay() (units []journal.Durable) {
	a.Helper()
	for d, err := range a.j.Replay(context.Background(), journal.Offset{}) {
		if err != nil {
			a.Fatal(err)
		}
		c := journal.Durable{After: d.After, Bodies: append([]journal.BodyRef(nil), d.Bodies...)}
		for _, f := range d.Frames {
			f.Records = bytes.Clone(f.Records)
			c.Frames = append(c.Frames, f)
		}
		units = append(units, c)
	}
	return units
}

// check says that all units are where they were in the journal's order, that
// every live body can be read at its old place and at its present one, and that
// nothing is damaged.
func (a *attic) check() {
	a.Helper()
	now := a.replay()
	if len(now) != len(a.units) || a.j.End().Less(a.end) {
		a.Fatalf("%d units instead of %d; the journal ends at %v", len(now), len(a.units), a.j.End())
	}
	for i, u := range a.units {
		if fmt.Sprint(u.Frames, u.After) != fmt.Sprint(now[i].Frames, now[i].After) {
			a.Fatalf("unit %d is %v, was %v", i, now[i], u)
		}
		a.readable(u.Bodies)
		a.readable(now[i].Bodies)
		for range a.j.Replay(context.Background(), u.After) {
			break
		}
	}
	for i := 0; i < len(a.units); i += 7 {
		n := 0
		for _, err := range a.j.Replay(context.Background(), a.units[i].After) {
			if err != nil {
				a.Fatal(err)
			}
			n++
		}
		if n != len(a.units)-i-1 {
			a.Fatalf("%d units behind unit %d", n, i)
		}
	}
	if found := a.findings(); len(found) > 0 {
		a.Fatal(found)
	}
}

func (a *attic) readable(refs []journal.BodyRef) {
	a.Helper()
	reader := a.j.Bodies()
	defer reader.Close()
	for _, ref := range refs {
		if !a.live(ref.ID) {
			continue
		}
		b, err := reader.Open(ref)
		if err != nil {
			a.Fatal(err)
		}
		content := make([]byte, b.Size())
		if len(content) > 0 {
			if n, err := b.ReadAt(content, 0); err != nil {
				a.Fatalf("read %d of %d octets: %v", n, b.Size(), err)
			}
		}
		if !bytes.Equal(content, a.contents[ref.ID]) {
			a.Fatalf("body of %d octets differs", len(content))
		}
		whole, err := b.Bytes()
		if err != nil || whole != nil && !bytes.Equal(whole, content) {
			a.Fatalf("body of %d octets is given whole as %d, %v", b.Size(), len(whole), err)
		}
		if off := b.Size() / 3; b.Size() > 10 {
			part := make([]byte, 7)
			if _, err := b.ReadAt(part, off); err != nil || !bytes.Equal(part, content[off:off+7]) {
				a.Fatalf("part of a body at %d: %v, or it differs", off, err)
			}
		}
	}
}

// Reclaiming makes the journal smaller and changes nothing that can be seen:
// places are found again, offsets hold, heads too, before and after reopening.
func TestReclaim(t *testing.T) {
	a := newAttic(t)
	before := a.size()
	var moved []journal.BodyRef
	done, err := a.j.Reclaim(context.Background(), journal.Reclaim{
		Live: a.live, Compress: true,
		Moved: func(refs []journal.BodyRef) error { moved = append(moved, refs...); return nil },
	})
	if err != nil || done.Segments < 3 || done.Before-done.After != before-a.size() || done.After > done.Before/2 {
		t.Fatalf("%+v, %v; %d octets were %d", done, err, a.size(), before)
	}
	a.check()
	a.readable(moved)
	reader := a.j.Bodies()
	defer reader.Close()
	for _, ref := range a.units[0].Bodies {
		if _, err := reader.Open(ref); a.dead[ref.ID] && !errors.Is(err, journal.ErrCorrupt) {
			t.Fatal("dead body: ", err)
		}
	}
	again, err := a.j.Reclaim(context.Background(), journal.Reclaim{Live: a.live, Compress: true})
	if err != nil || again.Segments != 0 {
		t.Fatalf("a second run has done %+v, %v", again, err)
	}
	a.crash(0)
	a.check()
	for account := journal.AccountID(1); account <= 3; account++ {
		if a.j.Head(account) != 20 {
			t.Fatal("head is ", a.j.Head(account))
		}
	}
	// More dies; what is compressed already is copied as it is.
	for id := range a.dead {
		if id[0]%2 == 0 {
			a.dead[id] = true
		}
	}
	if done, err = a.j.Reclaim(context.Background(), journal.Reclaim{Live: a.live, DeadShare: 0.1}); err != nil || done.Segments == 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	a.check()
	a.mustPutNext()
}

func (a *attic) mustPutNext() {
	a.Helper()
	a.next[1] = 20
	a.mustPut(1, "goes on")
}

func (d *disk) size() (n int64) {
	d.Helper()
	names, err := d.mem.List("/journal")
	if err != nil {
		d.Fatal(err)
	}
	for _, name := range names {
		info, err := d.mem.Stat("/journal/" + name)
		if err != nil {
			d.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// The power may fail, or the disk, at any step of reclaiming.
func TestReclaimIsCut(t *testing.T) {
	a := newAttic(t)
	a.j.Close()
	whole := a.mem
	for cut := 1; ; cut += 1 + cut/4 {
		a.mem = vfs.Crash(whole, 1, 0)
		a.start()
		a.faults.FailNth(cut, syscall.ENOSPC)
		_, err := a.j.Reclaim(context.Background(), journal.Reclaim{Live: a.live, Compress: true})
		if err == nil {
			return
		}
		if !errors.Is(err, journal.ErrNoSpace) {
			t.Fatalf("cut %d: %v", cut, err)
		}
		a.check()
		a.crash(cut * 7 % 101)
		a.check()
		a.j.Close()
	}
}

// A reader that goes on while segments are replaced under it reads what it
// would have read.
func TestReadWhileReclaiming(t *testing.T) {
	a := newAttic(t)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				for _, u := range a.units {
					a.readable(u.Bodies)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for _, share := range []float64{0.9, 0.6, 0.4, 0.0001} {
		if _, err := a.j.Reclaim(context.Background(), journal.Reclaim{Live: a.live, DeadShare: share, Compress: share < 0.5}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
	a.check()
}

// A segment with damage is left as it is: what is in it may yet be saved.
func TestDamagedSegmentIsNotReclaimed(t *testing.T) {
	a := newAttic(t)
	a.j.Close()
	a.change(firstSegment, func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
	a.start()
	before, err := a.mem.Stat(firstSegment)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.j.Reclaim(context.Background(), journal.Reclaim{Live: func(journal.BodyID) bool { return true }, Compress: true}); err != nil {
		t.Fatal(err)
	}
	after, err := a.mem.Stat(firstSegment)
	if err != nil || after.Size() != before.Size() {
		t.Fatal(after.Size(), before.Size(), err)
	}
}
