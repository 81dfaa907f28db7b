package query

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// fakeMessage is a message in memory that notes what was asked of it.
type fakeMessage struct {
	uid       imap.UID
	flags     uint64
	modseq    imap.ModSeq
	row       Row
	structure *message.Structure
	content   []byte
	dearest   Tier
	broken    error // of Structure and Open
}

func newFake(uid imap.UID, content string) *fakeMessage {
	b := []byte(content)
	return &fakeMessage{uid: uid, structure: message.ParseBytes(b), content: b, row: Row{Size: int64(len(b))}}
}

func (m *fakeMessage) reach(tier Tier) { m.dearest = max(m.dearest, tier) }

func (m *fakeMessage) UID() imap.UID { return m.uid }

func (m *fakeMessage) HasFlag(bit uint16) bool {
	m.reach(TierMarks)
	return m.flags>>bit&1 != 0
}

func (m *fakeMessage) ModSeq() imap.ModSeq {
	m.reach(TierMarks)
	return m.modseq
}

func (m *fakeMessage) Row() (Row, error) {
	m.reach(TierRow)
	return m.row, nil
}

func (m *fakeMessage) Structure() (*message.Structure, error) {
	m.reach(TierStructure)
	return m.structure, m.broken
}

func (m *fakeMessage) Sent() (time.Time, error) {
	m.reach(TierStructure)
	return m.structure.Sent, m.broken
}

func (m *fakeMessage) Open() (io.ReaderAt, int64, error) {
	m.reach(TierHeader)
	return bytes.NewReader(m.content), int64(len(m.content)), m.broken
}

func source(messages []*fakeMessage) Source {
	return func(yield func(Message, error) bool) {
		for _, m := range messages {
			if !yield(m, nil) {
				return
			}
		}
	}
}

var _ iter.Seq2[Message, error] = Source(nil)

// run returns the UIDs that a key finds.
func run(t testing.TB, key Key, messages []*fakeMessage) []imap.UID {
	t.Helper()
	var found []imap.UID
	err := Compile(key).Run(t.Context(), source(messages), Sink{
		Found:      func(m Message) bool { found = append(found, m.UID()); return true },
		Unreadable: func(_ Message, err error) error { return err },
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// goldenMessages are those of testdata that are small.
func goldenMessages(t testing.TB) []*fakeMessage {
	paths, err := filepath.Glob("../../testdata/messages/*.eml")
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d messages (%v)", len(paths), err)
	}
	slices.Sort(paths)
	var messages []*fakeMessage
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) < 6<<10 {
			messages = append(messages, newFake(imap.UID(len(messages)+1), string(b)))
		}
	}
	return messages
}

var errBroken = errors.New("broken")
