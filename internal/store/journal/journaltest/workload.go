package journaltest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"testing"

	"github.com/restante/restante/internal/store/journal"
)

// Body makes a body of a size whose content is drawn from a seed.
func Body(seed uint64, size int) (journal.NewBody, []byte) {
	content := make([]byte, size)
	random := rand.New(rand.NewPCG(seed, 1))
	for i := 0; i < size; i += 8 {
		n := random.Uint64()
		for k := i; k < min(i+8, size); k++ {
			content[k] = byte(n)
			n >>= 8
		}
	}
	return AsBody(content), content
}

// AsBody makes a body of a content.
func AsBody(content []byte) journal.NewBody {
	return journal.NewBody{ID: sha256.Sum256(content), Size: int64(len(content)), Content: bytes.NewReader(content)}
}

// Commit submits a unit and waits for it.
func Commit(j journal.Journal, u journal.Unit) error {
	ticket, err := j.Submit(context.Background(), u)
	if err != nil {
		return err
	}
	return ticket.Wait(context.Background())
}

// entry is a unit of one entry.
func entry(account journal.AccountID, after journal.Position, records string, bodies ...journal.NewBody) journal.Unit {
	return journal.Unit{
		Entries: []journal.Entry{{Account: account, After: after, Records: []byte(records)}},
		Bodies:  bodies,
	}
}

func mustCommit(t *testing.T, j journal.Journal, u journal.Unit) {
	t.Helper()
	if err := Commit(j, u); err != nil {
		t.Fatal(err)
	}
}

// replayed is a copy of everything a journal holds behind an offset.
func replayed(t *testing.T, j journal.Journal, after journal.Offset) (units []journal.Durable) {
	t.Helper()
	for d, err := range j.Replay(context.Background(), after) {
		if err != nil {
			t.Fatal("replay: ", err)
		}
		units = append(units, clone(d))
	}
	return units
}

func clone(d journal.Durable) journal.Durable {
	c := journal.Durable{After: d.After}
	for _, f := range d.Frames {
		f.Records = bytes.Clone(f.Records)
		c.Frames = append(c.Frames, f)
	}
	c.Bodies = append(c.Bodies, d.Bodies...)
	c.Sizes = append(c.Sizes, d.Sizes...)
	return c
}

// readWhole reads a body by Bytes if it is small, and else by ReadAt.
func readWhole(t *testing.T, r journal.BodyReader, ref journal.BodyRef) []byte {
	t.Helper()
	b, err := r.Open(ref)
	if err != nil {
		t.Fatal(err)
	}
	content, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if content != nil {
		return bytes.Clone(content)
	}
	if b.Size() <= 64<<10 {
		t.Fatalf("body of %d octets is not given whole", b.Size())
	}
	content = make([]byte, b.Size())
	if n, err := b.ReadAt(content, 0); err != nil {
		t.Fatalf("read %d of %d octets: %v", n, b.Size(), err)
	}
	return content
}
