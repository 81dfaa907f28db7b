package vfs

import (
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// Faults is a file system that fails when told to, over another. The zero
// state fails nothing. All methods may be called at any time.
type Faults struct {
	FS
	mu     sync.Mutex
	count  int            // changing operations so far
	failAt map[int]error  // by number of the changing operation
	kinds  map[Kind]fault // until healed
}

// fault is what fails, and under which paths.
type fault struct {
	err  error
	part string
}

// Kind is a kind of operation that can be made to fail.
type Kind int

// The kinds of operation. Changes are all that touch the disk: writes, syncs,
// and the making, renaming and removing of names.
const (
	Reads Kind = iota
	Writes
	Syncs
	Names
)

// NewFaults wraps a file system.
func NewFaults(fs FS) *Faults {
	f := &Faults{failAt: map[int]error{}, kinds: map[Kind]fault{}}
	f.FS = errorfs.Wrap(fs, errorfs.InjectorFunc(f.decide))
	return f
}

// FailNth makes one changing operation fail: the nth from now, the next one
// being the first. The operation itself is not carried out.
func (f *Faults) FailNth(n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failAt[f.count+n] = err
}

// Fail makes all operations of a kind fail until Heal. Only paths that contain
// part are touched; the empty part is in every path.
func (f *Faults) Fail(kind Kind, part string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kinds[kind] = fault{err, part}
}

// Heal ends all faults.
func (f *Faults) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.failAt)
	clear(f.kinds)
}

// Changes returns how many changing operations have been asked for.
func (f *Faults) Changes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

func (f *Faults) decide(op errorfs.Op) error {
	kind, known := kindOf(op.Kind)
	if !known {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if kind != Reads {
		f.count++
		if err := f.failAt[f.count]; err != nil {
			return err
		}
	}
	if fault, ok := f.kinds[kind]; ok && strings.Contains(op.Path, fault.part) {
		return fault.err
	}
	return nil
}

// kindOf sorts Pebble's operations; closing, locking and asking never fail.
func kindOf(kind errorfs.OpKind) (Kind, bool) {
	switch kind {
	case errorfs.OpFileRead, errorfs.OpFileReadAt:
		return Reads, true
	case errorfs.OpFileWrite, errorfs.OpFileWriteAt:
		return Writes, true
	case errorfs.OpFileSync, errorfs.OpFileSyncData:
		return Syncs, true
	case errorfs.OpCreate, errorfs.OpLink, errorfs.OpRemove, errorfs.OpRemoveAll,
		errorfs.OpRename, errorfs.OpReuseForWrite, errorfs.OpMkdirAll:
		return Names, true
	}
	return 0, false
}
