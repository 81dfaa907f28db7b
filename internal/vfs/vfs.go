// Package vfs is the file system under the whole store: the operating
// system's, one in memory that can be cut off at any moment as by a power
// failure, and a wrapper that injects errors. Journal and index share one FS
// value, so that one crash cuts both at the same instant.
//
// It is a thin layer over the file system of Pebble, and must never learn what
// the files contain.
package vfs

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"syscall"

	pebblevfs "github.com/cockroachdb/pebble/v2/vfs"
)

// FS is a name space of files. Pebble accepts it as it is.
type FS = pebblevfs.FS

// File is one open file.
type File = pebblevfs.File

// Mem is a file system in memory that can be crashed.
type Mem = pebblevfs.MemFS

// ErrLocked says that somebody else holds a lock.
var ErrLocked = errors.New("locked by another user of the file system")

// category is what the store's own files are counted under; Pebble keeps
// statistics by it.
const category pebblevfs.DiskWriteCategory = "restante"

// OS returns the operating system's file system.
func OS() FS { return pebblevfs.Default }

// NewMem returns an empty file system in memory that Crash can clone.
func NewMem() *Mem { return pebblevfs.NewCrashableMem() }

// Crash returns what a power failure at this moment could have left of fs:
// everything that was synced, and keepPercent of the 4 KiB blocks and
// directory entries that were not, chosen by seed. The original goes on.
func Crash(fs *Mem, seed uint64, keepPercent int) *Mem {
	return fs.CrashClone(pebblevfs.CrashCloneCfg{
		UnsyncedDataPercent: keepPercent,
		RNG:                 rand.New(rand.NewPCG(seed, 0x7265737461)),
	})
}

// OpenReadWrite opens a file for reading and writing at offsets, and makes it
// if there is none. The new name is not durable before SyncDir.
func OpenReadWrite(fs FS, name string) (File, error) { return fs.OpenReadWrite(name, category) }

// Create makes a new, empty file, in the place of any that has its name.
func Create(fs FS, name string) (File, error) { return fs.Create(name, category) }

// SyncDir makes names that were created, renamed or removed in a directory
// durable.
func SyncDir(fs FS, dir string) error {
	d, err := fs.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// MakeDir makes a directory whose parent exists, durably. It is no error if it
// is there already.
func MakeDir(fs FS, dir string) error {
	if err := fs.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return SyncDir(fs, fs.PathDir(dir))
}

// Free returns the octets that are free to this process on the file system of
// path, and false if the file system cannot tell.
func Free(fs FS, path string) (int64, bool) {
	usage, err := fs.GetDiskUsage(path)
	if err != nil || usage.TotalBytes == 0 {
		return 0, false
	}
	return int64(min(usage.AvailBytes, 1<<62)), true
}

// SetFree makes a file system in memory tell how much space is free.
func SetFree(fs *Mem, octets int64) {
	const total = 1 << 50
	fs.TestingSetDiskUsage(pebblevfs.DiskUsage{
		AvailBytes: uint64(octets),
		TotalBytes: total,
		UsedBytes:  total - uint64(octets),
	})
}

// IsNoSpace tells whether an error says that the file system is full, or that
// this user's share of it is.
func IsNoSpace(err error) bool {
	return pebblevfs.IsNoSpaceError(err) || errors.Is(err, syscall.EDQUOT)
}

// Lock takes the exclusive lock that the file name stands for, against other
// processes and within this one, until it is closed. ErrLocked if somebody
// holds it. The file is made, and stays; it must hold nothing.
func Lock(fs FS, name string) (io.Closer, error) {
	lock, err := fs.Lock(name)
	if err == nil {
		return lock, nil
	}
	// Pebble has no error value for a lock held within this process, so that
	// the error which remains when the file can be made means just that.
	if _, statErr := fs.Stat(name); statErr == nil && !isOtherThanLocked(err) {
		return nil, fmt.Errorf("%s: %w", name, ErrLocked)
	}
	return nil, err
}

// isOtherThanLocked tells apart what opening a file may answer from what
// locking it may.
func isOtherThanLocked(err error) bool {
	var number syscall.Errno
	if !errors.As(err, &number) {
		return false
	}
	return number != syscall.EAGAIN && number != syscall.EACCES
}
