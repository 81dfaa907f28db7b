package journaltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/restante/restante/internal/store/journal"
)

// Replay after any unit gives exactly those behind it.
func replayFromAnywhere(t *testing.T, open Opener) {
	j := open(t, nil)
	for i := range 30 {
		b, _ := Body(uint64(i), i*500)
		mustCommit(t, j, entry(5, journal.Position(i), fmt.Sprint(i), b))
	}
	all := replayed(t, j, journal.Offset{})
	for i, u := range all {
		rest := replayed(t, j, u.After)
		if len(rest) != len(all)-i-1 {
			t.Fatalf("behind unit %d there are %d units, not %d", i, len(rest), len(all)-i-1)
		}
		if len(rest) > 0 && rest[0].Frames[0].Position != u.Frames[0].Position+1 {
			t.Fatalf("unit %d is followed by position %d", i, rest[0].Frames[0].Position)
		}
	}
	end := j.End()
	for _, none := range []journal.Offset{{Segment: end.Segment + 7, Byte: 9000}, {Segment: end.Segment, Byte: end.Byte + 1}} {
		for _, err := range j.Replay(context.Background(), none) {
			if !errors.Is(err, journal.ErrCorrupt) {
				t.Fatalf("replay after %v, which is not there: %v", none, err)
			}
		}
	}
}

// Read gives one account's frames after a position, and no other's.
func readAccount(t *testing.T, open Opener) {
	j := open(t, nil)
	for i := range 40 {
		mustCommit(t, j, entry(journal.AccountID(i%3), journal.Position(i/3), fmt.Sprint(i)))
	}
	for range 2 {
		for after := range journal.Position(15) {
			next := after + 1
			for f, err := range j.Read(context.Background(), 1, after) {
				if err != nil {
					t.Fatal(err)
				}
				if f.Account != 1 || f.Position != next || string(f.Records) != fmt.Sprint(int(next-1)*3+1) {
					t.Fatalf("after %d: %+v", after, f)
				}
				next++
			}
			if want := max(after, 13); next-1 != want {
				t.Fatalf("reading after %d ended at %d instead of %d", after, next-1, want)
			}
		}
	}
	for range j.Read(context.Background(), 77, 0) {
		t.Fatal("an account that was never written has a frame")
	}
	for range j.Read(context.Background(), 1, 0) {
		break // who has had enough may leave
	}
}

// sizes are those at which a body's storage changes its shape.
var sizes = []int{0, 1, 2, 4095, 4096, 4097, 32<<10 - 1, 32 << 10, 32<<10 + 1, 64 << 10, 256<<10 - 1, 256 << 10, 256<<10 + 1, 1 << 20, 5 << 20}

// Bodies of every size come back as they were, alone, among others, in order,
// in the reverse order, and after reopening.
func bodies(t *testing.T, open Opener) {
	j := open(t, nil)
	var refs []journal.BodyRef
	var contents [][]byte
	for i, size := range sizes {
		b, content := Body(uint64(i), size)
		contents = append(contents, content)
		mustCommit(t, j, entry(1, journal.Position(i), "one", b))
	}
	var all journal.Unit
	for i, size := range sizes {
		b, content := Body(uint64(100+i), size)
		contents = append(contents, content)
		all.Bodies = append(all.Bodies, b)
	}
	all.Entries = []journal.Entry{{Account: 2, Records: []byte("all at once")}}
	mustCommit(t, j, all)
	for _, u := range replayed(t, j, journal.Offset{}) {
		for i, ref := range u.Bodies {
			if u.Sizes[i] != int64(len(contents[len(refs)])) {
				t.Fatalf("body %d has size %d", len(refs), u.Sizes[i])
			}
			refs = append(refs, ref)
		}
	}
	for range 2 {
		reader := j.Bodies()
		check := func(i int) {
			if got := readWhole(t, reader, refs[i]); !bytes.Equal(got, contents[i]) {
				t.Fatalf("body %d of %d octets differs", i, len(contents[i]))
			}
		}
		for i := range refs {
			check(i)
		}
		for i := range refs {
			check(len(refs) - 1 - i)
		}
		if _, err := reader.Open(journal.BodyRef{ID: journal.BodyID{1, 2, 3}}); !errors.Is(err, journal.ErrNoBody) {
			t.Fatal("body that was never stored: ", err)
		}
		if err := errors.Join(reader.Close(), j.Close()); err != nil {
			t.Fatal(err)
		}
		j = open(t, nil)
	}
}

// A part of a body is that part, wherever it begins and ends.
func bodyParts(t *testing.T, open Opener) {
	j := open(t, nil)
	b, content := Body(7, 1<<20+12345)
	mustCommit(t, j, entry(1, 0, "", b))
	ref := replayed(t, j, journal.Offset{})[0].Bodies[0]
	reader := j.Bodies()
	defer reader.Close()
	body, err := reader.Open(ref)
	if err != nil {
		t.Fatal(err)
	}
	if body.Size() != int64(len(content)) || body.Place() != ref.Place {
		t.Fatal(body.Size(), body.Place(), ref.Place)
	}
	for _, r := range [][2]int{{0, 1}, {0, 100}, {32<<10 - 5, 10}, {32 << 10, 32 << 10}, {700_000, 300_000}, {1 << 20, 12345}, {3, 1 << 20}, {500, 20}, {520, 5}} {
		p := make([]byte, r[1])
		if n, err := body.ReadAt(p, int64(r[0])); n != len(p) || err != nil && err != io.EOF || !bytes.Equal(p, content[r[0]:r[0]+r[1]]) {
			t.Fatalf("%d octets at %d: %d, %v, or they differ", r[1], r[0], n, err)
		}
	}
	p := make([]byte, 10)
	if n, err := body.ReadAt(p, body.Size()-4); n != 4 || err != io.EOF || !bytes.Equal(p[:4], content[len(content)-4:]) {
		t.Fatalf("reading over the end: %d, %v", n, err)
	}
	if n, err := body.ReadAt(p, body.Size()); n != 0 || err != io.EOF {
		t.Fatalf("reading behind the end: %d, %v", n, err)
	}
	if got, err := io.ReadAll(io.NewSectionReader(body, 0, body.Size())); err != nil || !bytes.Equal(got, content) {
		t.Fatalf("reading in order: %d octets, %v", len(got), err)
	}
}

// The same body in two units does no harm.
func sameBodyTwice(t *testing.T, open Opener) {
	j := open(t, nil)
	for i := range 2 {
		b, _ := Body(3, 3000)
		mustCommit(t, j, entry(1, journal.Position(i), "", b))
	}
	_, content := Body(3, 3000)
	reader := j.Bodies()
	defer reader.Close()
	for _, u := range replayed(t, j, journal.Offset{}) {
		if !bytes.Equal(readWhole(t, reader, u.Bodies[0]), content) {
			t.Fatal("body differs")
		}
	}
}

// A wait ends with its context; the unit goes its way.
func contexts(t *testing.T, open Opener) {
	hold := make(chan struct{})
	j := open(t, func([]journal.Durable) error { <-hold; return nil })
	ticket, err := j.Submit(context.Background(), entry(1, 0, "held"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := ticket.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal("wait that was given up: ", err)
	}
	close(hold)
	if err := ticket.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, err := range j.Replay(ctx, journal.Offset{}) {
		if !errors.Is(err, context.Canceled) {
			t.Fatal("replay that was given up: ", err)
		}
	}
}

// Close keeps what is in line, and refuses what comes after it.
func closed(t *testing.T, open Opener) {
	j := open(t, nil)
	var last journal.Ticket
	for i := range 50 {
		ticket, err := j.Submit(context.Background(), entry(1, journal.Position(i), "in line"))
		if err != nil {
			t.Fatal(err)
		}
		last = ticket
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := last.Wait(context.Background()); err != nil {
		t.Fatal("unit that was in line: ", err)
	}
	if err := Commit(j, entry(1, 50, "late")); !errors.Is(err, journal.ErrUnavailable) {
		t.Fatal("unit after Close: ", err)
	}
	if j = open(t, nil); j.Head(1) != 50 {
		t.Fatal("head after reopening is ", j.Head(1))
	}
}
