package journal_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/store/journal/journaltest"
	"github.com/restante/restante/internal/vfs"
)

// Two can never have one journal open; when the first closes it, the other may.
func TestLocked(t *testing.T) {
	for _, fs := range []vfs.FS{vfs.NewMem(), vfs.OS()} {
		o := journal.Options{FS: fs, Dir: t.TempDir() + "/journal"}
		if err := fs.MkdirAll(fs.PathDir(o.Dir), 0o700); err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := journal.Open(o); !errors.Is(err, journal.ErrLocked) {
			t.Fatal("second open: ", err)
		}
		if err := errors.Join(j.Close(), j.Close()); err != nil {
			t.Fatal(err)
		}
		if j, err = journal.Open(o); err != nil {
			t.Fatal(err)
		}
		j.Close()
	}
}

// With the heads that the index knows, only what follows is read on opening;
// with an offset that the journal has not, everything.
func TestHeadsFromIndex(t *testing.T) {
	d := newDisk(t, func(o *journal.Options) { o.SegmentSize = 9000 })
	for i := range 30 {
		d.mustPut(journal.AccountID(1+i%2), strings.Repeat("x", 100))
	}
	at, heads := d.j.End(), [3]journal.Position{0, d.j.Head(1), d.j.Head(2)}
	d.mustPut(2, "more")
	d.mustPut(3, "new")
	d.j.Close()
	for _, c := range []struct {
		at    journal.Offset
		asked bool
	}{{at, true}, {journal.Offset{}, false}, {journal.Offset{Segment: at.Segment + 9, Byte: 9000}, false}} {
		asked := false
		d.start(func(o *journal.Options) {
			o.HeadsAt = c.at
			o.Heads = func(yield func(journal.AccountID, journal.Position)) {
				asked = true
				yield(1, heads[1])
				yield(2, heads[2])
			}
		})
		if d.j.Head(1) != 15 || d.j.Head(2) != 16 || d.j.Head(3) != 1 {
			t.Fatalf("from %v: heads %d %d %d", c.at, d.j.Head(1), d.j.Head(2), d.j.Head(3))
		}
		if asked != c.asked && c.at != (journal.Offset{}) {
			t.Fatalf("from %v: index asked: %v", c.at, asked)
		}
		d.j.Close()
	}
}

// badContent fails half-way.
type badContent struct{ size int64 }

func (b badContent) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > b.size/2 {
		return 0, io.ErrNoProgress
	}
	return len(p), nil
}

// A content that cannot be read fails its own unit, and does no harm to the
// journal, whether it is read at once or while it is written.
func TestUnreadableContent(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "a")
	for _, size := range []int64{1000, 1 << 20} {
		u := unitOf(1, 1, "bad")
		u.Bodies = []journal.NewBody{{Size: size, Content: badContent{size}}}
		if err := journaltest.Commit(d.j, u); !errors.Is(err, io.ErrNoProgress) {
			t.Fatalf("content of %d octets that cannot be read: %v", size, err)
		}
		short := unitOf(1, 1, "short")
		short.Bodies = []journal.NewBody{{Size: size + 1, Content: strings.NewReader(strings.Repeat("x", int(size)))}}
		if err := journaltest.Commit(d.j, short); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("content that is too short: %v", err)
		}
	}
	d.mustPut(1, "b")
	d.crash(100)
	d.want("a b")
}

// What is larger than the limits is refused, not written.
func TestTooLarge(t *testing.T) {
	d := newDisk(t)
	for name, u := range map[string]journal.Unit{
		"entries": {Entries: make([]journal.Entry, 1<<16+1)},
		"bodies":  {Bodies: make([]journal.NewBody, 1<<14+1)},
		"body":    {Bodies: []journal.NewBody{{Size: 1<<31 + 1}}},
		"minus":   {Bodies: []journal.NewBody{{Size: -1}}},
	} {
		if err := journaltest.Commit(d.j, u); err == nil {
			t.Fatal(name, " were accepted")
		}
	}
	d.want("")
}

// The line is bounded: who finds it full waits until it moves, or gives up.
func TestLineIsBounded(t *testing.T) {
	hold := make(chan struct{})
	d := newDisk(t, func(o *journal.Options) {
		o.Apply = func([]journal.Durable) error { <-hold; return nil }
	})
	records := make([]byte, 1<<20)
	ctx, cancel := context.WithCancel(context.Background())
	var n atomic.Int64
	done := make(chan error)
	go func() {
		for after := journal.Position(0); ; after++ {
			_, err := d.j.Submit(ctx, journal.Unit{Entries: []journal.Entry{{Account: 1, After: after, Records: records}}})
			if err != nil {
				done <- err
				return
			}
			n.Add(1)
		}
	}()
	for n.Load() < 33 {
		runtime.Gosched()
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if n.Load() > 33+3*9 {
		t.Fatalf("%d units of 1 MiB are in memory", n.Load())
	}
	close(hold)
}

// A journal on a full disk is opened and read, even when its end is torn; it
// takes writes when there is room.
func TestOpenOnFullDisk(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "a")
	d.mustPut(1, "torn")
	d.j.Close()
	d.change(firstSegment, func(b []byte) []byte { return b[:len(b)-1] })
	full := vfs.NewFaults(d.mem)
	full.Fail(vfs.Writes, "", syscall.ENOSPC)
	j, err := journal.Open(journal.Options{FS: full, Dir: "/journal"})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	d.j = j
	d.want("a")
	d.next[1] = 1
	if err := d.put(1, "b"); !errors.Is(err, journal.ErrNoSpace) {
		t.Fatal(err)
	}
	full.Heal()
	d.mustPut(1, "b")
	d.crash(0)
	d.want("a b")
}

// What nothing proves to have been synced is written again on opening, because
// the cache may hold it in pages that a failed sync marked as clean.
func TestTailIsWrittenAgain(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "a")
	d.j.Close()
	faults := vfs.NewFaults(d.mem)
	faults.Fail(vfs.Writes, "", syscall.EIO)
	if _, err := journal.Open(journal.Options{FS: faults, Dir: "/journal"}); !errors.Is(err, syscall.EIO) {
		t.Fatal("opening on a disk that cannot be written: ", err)
	}
}

// More segments than descriptors are read, in any order.
func TestManySegments(t *testing.T) {
	d := newDisk(t, func(o *journal.Options) { o.SegmentSize = 1 })
	var want []string
	for i := range 150 {
		d.mustPut(1, fmt.Sprint(i))
		want = append(want, fmt.Sprint(i))
	}
	d.want(strings.Join(want, " "))
	for range 2 {
		n := 0
		for _, err := range d.j.Read(context.Background(), 1, 100) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 50 {
			t.Fatalf("%d frames after position 100", n)
		}
	}
	d.crash(0)
	d.want(strings.Join(want, " "))
}
