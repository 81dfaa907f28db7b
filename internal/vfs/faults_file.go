package vfs

import (
	"os"

	pebblevfs "github.com/cockroachdb/pebble/v2/vfs"
)

// name carries out a change of names unless it is to fail.
func (f *Faults) name(path string, change func() error) error {
	if err := f.decide(Names, path); err != nil {
		return err
	}
	return change()
}

// file opens a file unless that is to fail.
func (f *Faults) file(path string, open func() (File, error)) (File, error) {
	if err := f.decide(Names, path); err != nil {
		return nil, err
	}
	file, err := open()
	return f.wrap(path, file, err)
}

func (f *Faults) wrap(path string, file File, err error) (File, error) {
	if err != nil {
		return nil, err
	}
	return &faultyFile{file, f, path}, nil
}

// Unwrap returns the file system beneath.
func (f *Faults) Unwrap() FS { return f.FS }

// Create, and the methods below, do what those of FS do, or fail.
func (f *Faults) Create(name string, c pebblevfs.DiskWriteCategory) (File, error) {
	return f.file(name, func() (File, error) { return f.FS.Create(name, c) })
}

func (f *Faults) OpenReadWrite(name string, c pebblevfs.DiskWriteCategory, o ...pebblevfs.OpenOption) (File, error) {
	return f.file(name, func() (File, error) { return f.FS.OpenReadWrite(name, c, o...) })
}

func (f *Faults) ReuseForWrite(from, to string, c pebblevfs.DiskWriteCategory) (File, error) {
	return f.file(to, func() (File, error) { return f.FS.ReuseForWrite(from, to, c) })
}

func (f *Faults) Open(name string, o ...pebblevfs.OpenOption) (File, error) {
	file, err := f.FS.Open(name, o...)
	return f.wrap(name, file, err)
}

func (f *Faults) OpenDir(name string) (File, error) {
	file, err := f.FS.OpenDir(name)
	return f.wrap(name, file, err)
}

func (f *Faults) Link(from, to string) error {
	return f.name(to, func() error { return f.FS.Link(from, to) })
}

func (f *Faults) Remove(name string) error {
	return f.name(name, func() error { return f.FS.Remove(name) })
}

func (f *Faults) RemoveAll(name string) error {
	return f.name(name, func() error { return f.FS.RemoveAll(name) })
}

func (f *Faults) Rename(from, to string) error {
	return f.name(to, func() error { return f.FS.Rename(from, to) })
}

func (f *Faults) MkdirAll(dir string, perm os.FileMode) error {
	return f.name(dir, func() error { return f.FS.MkdirAll(dir, perm) })
}

// faultyFile is a file of a Faults.
type faultyFile struct {
	File
	faults *Faults
	path   string
}

func (f *faultyFile) Read(p []byte) (int, error) {
	if err := f.faults.decide(Reads, f.path); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

func (f *faultyFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.faults.decide(Reads, f.path); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}

func (f *faultyFile) Write(p []byte) (int, error) {
	return f.write(p, f.File.Write)
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	return f.write(p, func(p []byte) (int, error) { return f.File.WriteAt(p, off) })
}

func (f *faultyFile) write(p []byte, write func([]byte) (int, error)) (int, error) {
	if err := f.faults.decide(Writes, f.path); err != nil {
		n, _ := write(p[:len(p)/2])
		return n, err
	}
	return write(p)
}

func (f *faultyFile) Sync() error {
	if err := f.faults.decide(Syncs, f.path); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f *faultyFile) SyncData() error {
	if err := f.faults.decide(Syncs, f.path); err != nil {
		return err
	}
	return f.File.SyncData()
}
