package journal_test

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/store/journal/journaltest"
	"github.com/restante/restante/internal/vfs"
)

// disk is a journal on a file system that can be made to fail and to crash.
type disk struct {
	*testing.T
	mem    *vfs.Mem
	faults *vfs.Faults
	j      *journal.Embedded
	next   map[journal.AccountID]journal.Position
}

func newDisk(t *testing.T, change ...func(*journal.Options)) *disk {
	d := &disk{T: t, mem: vfs.NewMem(), next: map[journal.AccountID]journal.Position{}}
	d.start(change...)
	return d
}

func (d *disk) start(change ...func(*journal.Options)) {
	d.Helper()
	d.faults = vfs.NewFaults(d.mem)
	o := journal.Options{FS: d.faults, Dir: "/journal"}
	for _, c := range change {
		c(&o)
	}
	j, err := journal.Open(o)
	if err != nil {
		d.Fatal(err)
	}
	d.j = j
	d.Cleanup(func() { j.Close() })
}

// put commits a unit of one account with a text.
func (d *disk) put(account journal.AccountID, text string) error {
	err := journaltest.Commit(d.j, unitOf(account, d.next[account], text))
	if err == nil {
		d.next[account]++
	}
	return err
}

func (d *disk) mustPut(account journal.AccountID, text string) {
	d.Helper()
	if err := d.put(account, text); err != nil {
		d.Fatal(text, ": ", err)
	}
}

func unitOf(account journal.AccountID, after journal.Position, text string) journal.Unit {
	return journal.Unit{Entries: []journal.Entry{{Account: account, After: after, Records: []byte(text)}}}
}

// crash cuts the power, keeps a part of what was not synced, and opens the
// journal again.
func (d *disk) crash(keepPercent int) {
	d.Helper()
	d.mem = vfs.Crash(d.mem, 1, keepPercent)
	d.start()
}

// texts are the records of all units, in order.
func (d *disk) texts() string {
	d.Helper()
	var all []string
	for u, err := range d.j.Replay(context.Background(), journal.Offset{}) {
		if err != nil {
			d.Fatal(err)
		}
		for _, f := range u.Frames {
			all = append(all, string(f.Records))
		}
	}
	return strings.Join(all, " ")
}

func (d *disk) want(texts string) {
	d.Helper()
	if got := d.texts(); got != texts {
		d.Fatalf("journal holds %q instead of %q", got, texts)
	}
}

// A unit whose sync failed is reported as not kept, and is not there after a
// crash even if the disk kept every octet of it; the journal goes on by itself.
func TestSyncFails(t *testing.T) {
	for _, failing := range []int{2, 1} { // the sync; the write
		d := newDisk(t)
		d.mustPut(1, "a")
		d.faults.FailNth(failing, syscall.EIO)
		if err := d.put(1, "lost"); !errors.Is(err, journal.ErrUnavailable) || errors.Is(err, journal.ErrUncertain) {
			t.Fatal("failed unit: ", err)
		}
		if d.j.Head(1) != 1 {
			t.Fatal("head is ", d.j.Head(1))
		}
		before := d.mem
		d.crash(100)
		d.want("a")
		d.mem = before
		d.crash(0)
		d.want("a")
		d.mustPut(1, "b")
		d.crash(0)
		d.want("a b")
	}
}

// While no new segment can be begun, the failed unit is erased; it is not there
// after a crash, and the journal recovers when the disk does.
func TestSealingFailsToo(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "a")
	d.faults.FailNth(2, syscall.EIO)                         // the sync of the unit
	d.faults.Fail(vfs.Names, "00000002.seg", syscall.ENOSPC) // and the new segment
	if err := d.put(1, "lost"); !errors.Is(err, journal.ErrUnavailable) || errors.Is(err, journal.ErrUncertain) {
		t.Fatal("failed unit: ", err)
	}
	if err := d.put(1, "no room"); !errors.Is(err, journal.ErrNoSpace) {
		t.Fatal("unit while there is no room: ", err)
	}
	first, mem := d.j, d.mem
	d.crash(100)
	d.want("a")
	// The process is killed: what it wrote stays in the cache.
	first.Close()
	d.mem = mem
	d.start()
	d.want("a")
	d.mustPut(1, "b")
	d.crash(0)
	d.want("a b")
}

// If the disk neither keeps nor discards a unit, that is what is said.
func TestUncertain(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "a")
	d.faults.Fail(vfs.Syncs, "", syscall.EIO)
	if err := d.put(1, "perhaps"); !errors.Is(err, journal.ErrUncertain) || !errors.Is(err, journal.ErrUnavailable) {
		t.Fatal("unit on a disk that cannot sync: ", err)
	}
	if err := d.put(1, "later"); !errors.Is(err, journal.ErrUnavailable) || errors.Is(err, journal.ErrUncertain) {
		t.Fatal("unit that was never written: ", err)
	}
	d.faults.Heal()
	d.mustPut(1, "b")
	d.crash(50)
	d.want("a b")
}

// A full disk refuses writes, serves reads, and takes writes again when there
// is room.
func TestFullDisk(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "a")
	d.faults.Fail(vfs.Writes, "", syscall.ENOSPC)
	for range 3 {
		if err := d.put(1, "too much"); !errors.Is(err, journal.ErrNoSpace) {
			t.Fatal("unit on a full disk: ", err)
		}
	}
	d.want("a")
	d.faults.Heal()
	d.mustPut(1, "b")
	d.want("a b")
	d.crash(0)
	d.want("a b")
}

// Units are refused while they would take what is reserved for the index. Those
// without bodies may take most of it, so that mail can be deleted when the disk
// is full; not all of it.
func TestReserve(t *testing.T) {
	d := newDisk(t, func(o *journal.Options) { o.ReserveBytes = 1 << 20 })
	withBody := func(after journal.Position) error {
		u := unitOf(1, after, "delivery")
		u.Bodies = []journal.NewBody{journaltest.AsBody([]byte("a message"))}
		return journaltest.Commit(d.j, u)
	}
	vfs.SetFree(d.mem, 1<<20)
	if err := withBody(0); !errors.Is(err, journal.ErrNoSpace) {
		t.Fatal("a body that takes the reserve: ", err)
	}
	d.mustPut(1, "removal")
	vfs.SetFree(d.mem, 1<<18)
	if err := d.put(1, "another"); !errors.Is(err, journal.ErrNoSpace) {
		t.Fatal("a removal that takes the last of the reserve: ", err)
	}
	vfs.SetFree(d.mem, 1<<20+4096)
	if err := withBody(1); err != nil {
		t.Fatal("a body where there is room: ", err)
	}
	d.next[1]++
	d.want("removal delivery")
}

// When a unit fails, those in line behind it fail too, of whatever account, and
// the accounts end where they durably did.
func TestLineFailsTogether(t *testing.T) {
	d, release := heldUp(t)
	var tickets []journal.Ticket
	for _, u := range []journal.Unit{unitOf(1, 1, "failing"), unitOf(1, 2, "behind"), unitOf(2, 0, "another")} {
		ticket, err := d.j.Submit(context.Background(), u)
		if err != nil {
			t.Fatal(err)
		}
		tickets = append(tickets, ticket)
	}
	d.faults.Fail(vfs.Syncs, ".seg", syscall.EIO)
	release()
	for i, ticket := range tickets {
		if err := ticket.Wait(context.Background()); err == nil {
			t.Fatalf("unit %d was kept", i)
		}
	}
	d.faults.Heal()
	if d.j.Head(1) != 1 || d.j.Head(2) != 0 {
		t.Fatal("heads are ", d.j.Head(1), d.j.Head(2))
	}
	d.next[1] = 1
	d.mustPut(1, "again")
	d.mustPut(2, "again")
	d.want("kept again again")
}

// heldUp is a journal with one unit, whose writer waits until release: what is
// submitted before goes to the disk together.
func heldUp(t *testing.T) (d *disk, release func()) {
	entered, hold := make(chan struct{}, 100), make(chan struct{})
	d = newDisk(t, func(o *journal.Options) {
		o.Apply = func([]journal.Durable) error {
			entered <- struct{}{}
			<-hold
			return nil
		}
	})
	// One unit that nobody waits behind is applied by the writer itself.
	if _, err := d.j.Submit(context.Background(), unitOf(1, 0, "kept")); err != nil {
		t.Fatal(err)
	}
	<-entered
	return d, func() { close(hold) }
}

// When the index cannot follow, what is durable stays so, and the journal takes
// nothing more until it is opened anew.
func TestApplyFails(t *testing.T) {
	d := newDisk(t, func(o *journal.Options) {
		o.Apply = func([]journal.Durable) error { return errors.New("index is broken") }
	})
	d.mustPut(1, "a")
	if err := d.put(1, "b"); !errors.Is(err, journal.ErrUnavailable) {
		t.Fatal("unit behind an index that is broken: ", err)
	}
	d.crash(0)
	d.want("a")
	d.mustPut(1, "b")
}

// A unit costs one write and one sync, and so does a whole line of them.
func TestOneWriteOneSync(t *testing.T) {
	d := newDisk(t)
	d.mustPut(1, "a")
	before := d.faults.Changes()
	d.mustPut(1, "b")
	if got := d.faults.Changes() - before; got != 2 {
		t.Fatalf("a unit costs %d operations of the disk", got)
	}
	d, release := heldUp(t)
	before = d.faults.Changes()
	var last journal.Ticket
	for i := range 20 {
		var err error
		if last, err = d.j.Submit(context.Background(), unitOf(5, journal.Position(i), "in line")); err != nil {
			t.Fatal(err)
		}
	}
	release()
	if err := last.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := d.faults.Changes() - before; got != 2 {
		t.Fatalf("a line of units costs %d operations of the disk", got)
	}
}
