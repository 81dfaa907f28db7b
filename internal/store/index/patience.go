package index

import (
	"time"

	pebblevfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/restante/restante/internal/vfs"
)

// patient is a file system on which a write for which there is no room takes
// its time to fail. The key-value store tries a failed flush again at once and
// for ever; on a full disk it would keep a processor busy that readers need.
type patient struct {
	vfs.FS
	wait func()
}

// fullDiskDelay is how long such a write takes.
const fullDiskDelay = 200 * time.Millisecond

func newPatient(fs vfs.FS) vfs.FS {
	return &patient{fs, func() { time.Sleep(fullDiskDelay) }}
}

func (p *patient) Unwrap() pebblevfs.FS { return p.FS }

func (p *patient) Create(name string, category pebblevfs.DiskWriteCategory) (pebblevfs.File, error) {
	file, err := p.FS.Create(name, category)
	if err != nil {
		return nil, p.bear(err)
	}
	return &patientFile{file, p}, nil
}

// bear waits if an error says that there is no room.
func (p *patient) bear(err error) error {
	if vfs.IsNoSpace(err) {
		p.wait()
	}
	return err
}

type patientFile struct {
	pebblevfs.File
	fs *patient
}

func (f *patientFile) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	return n, f.fs.bear(err)
}

func (f *patientFile) Sync() error     { return f.fs.bear(f.File.Sync()) }
func (f *patientFile) SyncData() error { return f.fs.bear(f.File.SyncData()) }
