package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/store/journal/journaltest"
	"github.com/restante/restante/internal/vfs"
)

const firstSegment = "/journal/00000001.seg"

// change lets a function change the octets of a file, durably.
func (d *disk) change(name string, with func([]byte) []byte) {
	d.Helper()
	f, err := d.mem.Open(name)
	if err != nil {
		d.Fatal(err)
	}
	b, err := io.ReadAll(f)
	f.Close()
	if err != nil {
		d.Fatal(err)
	}
	if f, err = vfs.Create(d.mem, name); err != nil {
		d.Fatal(err)
	}
	defer f.Close()
	// A file may change what it is given to write.
	if _, err := f.Write(bytes.Clone(with(b))); err != nil {
		d.Fatal(err)
	}
	if err := errors.Join(f.Sync(), vfs.SyncDir(d.mem, "/journal")); err != nil {
		d.Fatal(err)
	}
}

// findings are what Verify and Replay have to complain of.
func (d *disk) findings() (found []error) {
	for f := range d.j.Verify(context.Background()) {
		if f.Err != nil {
			found = append(found, f.Err)
		}
	}
	return found
}

// survivors are the texts of the units that a damaged journal still gives.
func (d *disk) survivors() (texts []string, damage int) {
	for u, err := range d.j.Replay(context.Background(), journal.Offset{}) {
		if err != nil {
			if !errors.Is(err, journal.ErrCorrupt) {
				d.Fatal(err)
			}
			damage++
			continue
		}
		texts = append(texts, string(u.Frames[0].Records))
	}
	return texts, damage
}

// A bit that flips anywhere in what was durable is found, with its place, and
// costs at most the unit that it is in.
func TestBitFlips(t *testing.T) {
	const units = 12
	random := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		d := newDisk(t)
		var ends []int64
		for i := range units {
			b, _ := journaltest.Body(uint64(i), 100+i*50)
			u := unitOf(1, journal.Position(i), fmt.Sprint("unit", i))
			u.Bodies = append(u.Bodies, b)
			if err := journaltest.Commit(d.j, u); err != nil {
				t.Fatal(err)
			}
			ends = append(ends, d.j.End().Byte)
		}
		d.j.Close()
		// The last unit is left alone: whether it was durable cannot be told.
		at := random.Int64N(ends[units-2])
		bit := byte(1 << random.IntN(8))
		d.change(firstSegment, func(b []byte) []byte { b[at] ^= bit; return b })
		d.start()
		found := d.findings()
		if at >= 64 && at < 4096 || at >= 4096+64 && at < 8192 {
			continue // the empty part of the segment head
		}
		if len(found) == 0 {
			t.Fatalf("flipped bit at octet %d was not found", at)
		}
		for _, err := range found {
			if !errors.Is(err, journal.ErrCorrupt) {
				t.Fatalf("octet %d: %v", at, err)
			}
		}
		texts, _ := d.survivors()
		if len(texts) < units-1 {
			t.Fatalf("bit at octet %d cost %d units: %v", at, units-len(texts), found)
		}
		if d.j.Head(1) != units {
			t.Fatalf("account ends at %d after a flip at octet %d", d.j.Head(1), at)
		}
		d.j.Close()
	}
}

// Damage is told apart from a torn end by what later units know: the units
// behind it survive, and a new one can be written.
func TestDamageInTheMiddle(t *testing.T) {
	d := newDisk(t)
	for i := range 10 {
		d.mustPut(1, fmt.Sprint("unit", i))
	}
	d.j.Close()
	d.change(firstSegment, func(b []byte) []byte {
		i, k := bytes.Index(b, []byte("unit3")), bytes.Index(b, []byte("unit5"))
		clear(b[i:k])
		return b
	})
	d.start()
	texts, damage := d.survivors()
	if fmt.Sprint(texts) != "[unit0 unit1 unit2 unit6 unit7 unit8 unit9]" || damage != 1 {
		t.Fatalf("%v survived, %d damages", texts, damage)
	}
	var place *journal.Damage
	if found := d.findings(); !errors.As(found[0], &place) || place.Segment != 1 || place.From < 8192 || place.To <= place.From {
		t.Fatalf("findings: %v", found)
	}
	d.mustPut(1, "next")
	if d.j.Head(1) != 11 {
		t.Fatal("head is ", d.j.Head(1))
	}
}

// A segment whose head is lost in both copies, but not its units, is read with
// what the others know.
func TestLostSegmentHead(t *testing.T) {
	small := func(o *journal.Options) { o.SegmentSize = 1 }
	d := newDisk(t, small)
	for i := range 3 {
		d.mustPut(1, fmt.Sprint("unit", i))
	}
	d.j.Close()
	d.change("/journal/00000002.seg", func(b []byte) []byte { clear(b[:8192]); return b })
	d.start()
	if texts, _ := d.survivors(); fmt.Sprint(texts) != "[unit0 unit1 unit2]" {
		t.Fatal(texts)
	}
	if found := d.findings(); len(found) != 1 || !errors.Is(found[0], journal.ErrCorrupt) {
		t.Fatal(found)
	}
}

// A segment that is missing is reported, and the others are read.
func TestLostSegment(t *testing.T) {
	d := newDisk(t, func(o *journal.Options) { o.SegmentSize = 1 })
	for i := range 4 {
		d.mustPut(1, fmt.Sprint("unit", i))
	}
	d.j.Close()
	if err := d.mem.Remove("/journal/00000002.seg"); err != nil {
		t.Fatal(err)
	}
	d.start()
	if texts, _ := d.survivors(); fmt.Sprint(texts) != "[unit0 unit2 unit3]" {
		t.Fatal(texts)
	}
	if len(d.findings()) == 0 {
		t.Fatal("nobody misses the segment")
	}
	for _, err := range d.j.Read(context.Background(), 1, 0) {
		if errors.Is(err, journal.ErrCorrupt) {
			return
		}
	}
	t.Fatal("an account is read as if nothing were missing")
}

// However much of the last unit reached the disk, the others are there, it is
// there whole or not at all, and the next one is not confused with it.
func TestTornTail(t *testing.T) {
	for cut := 0; ; cut += 7 {
		d := newDisk(t)
		d.mustPut(1, "first")
		from := d.j.End().Byte
		b, _ := journaltest.Body(1, 1000)
		u := unitOf(1, 1, "torn")
		u.Bodies = append(u.Bodies, b)
		if err := journaltest.Commit(d.j, u); err != nil {
			t.Fatal(err)
		}
		size := int(d.j.End().Byte - from)
		if cut >= size {
			return
		}
		d.j.Close()
		d.change(firstSegment, func(b []byte) []byte { return b[:int(from)+cut] })
		d.start()
		d.want("first")
		d.next[1] = 1
		d.mustPut(1, "second")
		d.crash(0)
		d.want("first second")
		if found := d.findings(); len(found) > 0 {
			t.Fatal(found)
		}
	}
}

// What was written behind a torn unit never comes back, even if a new unit of
// the same size takes the torn one's place.
func TestNothingBehindTornUnitReturns(t *testing.T) {
	d, release := heldUp(t)
	var last journal.Ticket
	for i, text := range []string{"AAAA", "BBBB"} {
		var err error
		if last, err = d.j.Submit(context.Background(), unitOf(1, journal.Position(1+i), text)); err != nil {
			t.Fatal(err)
		}
	}
	release()
	if err := last.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.j.Close()
	d.change(firstSegment, func(b []byte) []byte {
		copy(b[bytes.Index(b, []byte("AAAA")):], "torn")
		return b
	})
	d.start()
	d.want("kept")
	d.next[1] = 1
	d.mustPut(1, "CCCC")
	d.crash(0)
	d.want("kept CCCC")
}

// A message that holds a whole segment is never taken for one.
func TestSegmentWithinBody(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "inner")
	var segment []byte
	d.change(firstSegment, func(b []byte) []byte { segment = bytes.Clone(b); return b })
	d.j.Close()

	d = newDisk(t)
	u := unitOf(1, 0, "outer")
	u.Bodies = []journal.NewBody{journaltest.AsBody(segment)}
	if err := journaltest.Commit(d.j, u); err != nil {
		t.Fatal(err)
	}
	d.next[1] = 1
	d.mustPut(1, "after")
	d.mustPut(1, "last")
	d.j.Close()
	d.change(firstSegment, func(b []byte) []byte { b[8192] ^= 1; return b })
	d.start()
	if texts, damage := d.survivors(); fmt.Sprint(texts) != "[after last]" || damage != 1 {
		t.Fatal(texts, damage)
	}
}

// A journal of another identity, and a version from the future, are refused.
func TestForeignSegments(t *testing.T) {
	d := newDisk(t, func(o *journal.Options) { o.SegmentSize = 1 })
	d.mustPut(1, "a")
	d.mustPut(1, "b")
	d.j.Close()
	other := newDisk(t)
	other.mustPut(1, "foreign")
	other.j.Close()
	var foreign []byte
	other.change(firstSegment, func(b []byte) []byte { foreign = b; return b })
	d.change(firstSegment, func([]byte) []byte { return foreign })
	if _, err := journal.Open(journal.Options{FS: d.mem, Dir: "/journal"}); !errors.Is(err, journal.ErrCorrupt) {
		t.Fatal("segment of another journal: ", err)
	}
}
