package journal_test

import (
	"testing"

	"github.com/restante/restante/internal/store/journal"
	"github.com/restante/restante/internal/store/journal/journaltest"
	"github.com/restante/restante/internal/vfs"
)

// The embedded form is a Journal: in memory, on the disk, and with segments so
// small that nearly every unit begins a new one.
func TestConformance(t *testing.T) {
	for _, c := range []struct {
		name    string
		fs      func(*testing.T) (vfs.FS, string)
		segment int64
	}{
		{"memory", func(*testing.T) (vfs.FS, string) { return vfs.NewMem(), "/journal" }, 0},
		{"disk", func(t *testing.T) (vfs.FS, string) { return vfs.OS(), t.TempDir() + "/journal" }, 0},
		{"small segments", func(*testing.T) (vfs.FS, string) { return vfs.NewMem(), "/journal" }, 9000},
	} {
		t.Run(c.name, func(t *testing.T) {
			journaltest.Run(t, func(t *testing.T) journaltest.Opener {
				fs, dir := c.fs(t)
				return func(t *testing.T, apply func([]journal.Durable) error) journal.Journal {
					j, err := journal.Open(journal.Options{FS: fs, Dir: dir, SegmentSize: c.segment, Apply: apply})
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() { j.Close() })
					return j
				}
			})
		})
	}
}
