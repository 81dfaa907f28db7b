package vfs

import (
	"strings"
	"sync"
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

// The kinds of operation. All but reads are changes. Names stands for the
// making, opening for writing, renaming and removing of files. Closing, locking
// and asking never fail.
const (
	Reads Kind = iota
	Writes
	Syncs
	Names
)

// NewFaults wraps a file system.
func NewFaults(fs FS) *Faults {
	return &Faults{FS: fs, failAt: map[int]error{}, kinds: map[Kind]fault{}}
}

// FailNth makes one changing operation fail: the nth from now, the next one
// being the first. The operation is not carried out, except that of a write the
// first half is, as when the disk becomes full.
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

// decide counts an operation and says whether it fails.
func (f *Faults) decide(kind Kind, path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kind != Reads {
		f.count++
		if err := f.failAt[f.count]; err != nil {
			return err
		}
	}
	if fault, ok := f.kinds[kind]; ok && strings.Contains(path, fault.part) {
		return fault.err
	}
	return nil
}
