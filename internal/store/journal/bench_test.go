package journal_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/store/journal/journaltest"
	"github.com/restante/restante/internal/vfs"
)

// BenchmarkAppend is the durable append of 4 KB messages: one iteration is one
// message, acknowledged.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			j, err := journal.Open(journal.Options{FS: vfs.OS(), Dir: b.TempDir() + "/journal"})
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			body, _ := journaltest.Body(1, 4096)
			var left atomic.Int64
			left.Store(int64(b.N))
			b.SetBytes(4096)
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for id := range writers {
				wg.Go(func() {
					records := make([]byte, 300)
					for after := journal.Position(0); left.Add(-1) >= 0; after++ {
						u := journal.Unit{Bodies: []journal.NewBody{body},
							Entries: []journal.Entry{{Account: journal.AccountID(id), After: after, Records: records}}}
						if err := journaltest.Commit(j, u); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// BenchmarkBodies reads bodies in the order in which they were stored.
func BenchmarkBodies(b *testing.B) {
	for _, size := range []int{3000, 50_000, 1 << 20} {
		b.Run(fmt.Sprintf("size=%d", size), func(b *testing.B) {
			j, err := journal.Open(journal.Options{FS: vfs.OS(), Dir: b.TempDir() + "/journal"})
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			refs := storeMany(b, j, size, min(2000, 50<<20/size))
			reader := j.Bodies()
			defer reader.Close()
			buf := make([]byte, 64<<10)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				body, err := reader.Open(refs[i%len(refs)])
				if err != nil {
					b.Fatal(err)
				}
				content, err := body.Bytes()
				for at := int64(0); err == nil && content == nil && at < body.Size(); {
					n, _ := body.ReadAt(buf, at)
					at += int64(n)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func storeMany(b *testing.B, j journal.Journal, size, count int) (refs []journal.BodyRef) {
	var last journal.Ticket
	for i := range count {
		body, _ := journaltest.Body(uint64(i), size)
		ticket, err := j.Submit(context.Background(), journal.Unit{Bodies: []journal.NewBody{body},
			Entries: []journal.Entry{{Account: 1, After: journal.Position(i), Records: make([]byte, 300)}}})
		if err != nil {
			b.Fatal(err)
		}
		last = ticket
	}
	if err := last.Wait(context.Background()); err != nil {
		b.Fatal(err)
	}
	for d, err := range j.Replay(context.Background(), journal.Offset{}) {
		if err != nil {
			b.Fatal(err)
		}
		refs = append(refs, d.Bodies...)
	}
	return refs
}

// BenchmarkBareSync is what the disk takes for the same without a journal: one
// write and one sync. The difference to one writer is what the journal costs.
func BenchmarkBareSync(b *testing.B) {
	f, err := vfs.OpenReadWrite(vfs.OS(), b.TempDir()+"/bare")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	octets := make([]byte, 4600)
	b.SetBytes(4096)
	for i := range b.N {
		if _, err := f.WriteAt(octets, int64(i*len(octets))); err != nil {
			b.Fatal(err)
		}
		if err := f.SyncData(); err != nil {
			b.Fatal(err)
		}
	}
}
