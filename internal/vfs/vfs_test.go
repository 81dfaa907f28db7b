package vfs

import (
	"errors"
	"io"
	"path/filepath"
	"syscall"
	"testing"
)

func write(t *testing.T, fs FS, name, text string, sync bool) {
	t.Helper()
	f, err := Create(fs, name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if sync {
		if err := errors.Join(f.SyncData(), SyncDir(fs, fs.PathDir(name))); err != nil {
			t.Fatal(err)
		}
	}
}

func read(fs FS, name string) (string, error) {
	f, err := fs.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	return string(b), err
}

// A crash keeps what was synced, and nothing else when told to keep nothing.
func TestCrashKeepsWhatWasSynced(t *testing.T) {
	fs := NewMem()
	if err := MakeDir(fs, "/d"); err != nil {
		t.Fatal(err)
	}
	write(t, fs, "/d/kept", "kept", true)
	write(t, fs, "/d/lost", "lost", false)
	after := Crash(fs, 1, 0)
	if got, err := read(after, "/d/kept"); err != nil || got != "kept" {
		t.Fatalf("synced file after the crash: %q, %v", got, err)
	}
	if got, err := read(after, "/d/lost"); err == nil {
		t.Fatalf("unsynced file survived with %q", got)
	}
	if got, err := read(Crash(fs, 1, 100), "/d/lost"); err != nil || got != "lost" {
		t.Fatalf("file after a crash that kept everything: %q, %v", got, err)
	}
}

// A lock excludes a second one, on disk and in memory, and can be taken again
// when it was released.
func TestLockExcludes(t *testing.T) {
	for name, fs := range map[string]FS{"os": OS(), "mem": NewMem(), "faults": NewFaults(NewMem())} {
		dir := t.TempDir()
		if err := fs.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "LOCK")
		lock, err := Lock(fs, path)
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := Lock(fs, path); !errors.Is(err, ErrLocked) {
			t.Fatalf("%s: second lock: %v", name, err)
		}
		if err := lock.Close(); err != nil {
			t.Fatal(name, err)
		}
		lock, err = Lock(fs, path)
		if err != nil {
			t.Fatalf("%s: lock after release: %v", name, err)
		}
		lock.Close()
		if _, err := Lock(fs, filepath.Join(dir, "none", "LOCK")); err == nil || errors.Is(err, ErrLocked) {
			t.Fatalf("%s: lock in a missing directory: %v", name, err)
		}
	}
}

// Faults come when asked for, at the operation asked for, and end with Heal.
func TestFaultsFailAndHeal(t *testing.T) {
	fs := NewFaults(NewMem())
	f, err := OpenReadWrite(fs, "/a.seg")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	put := func() error { _, err := f.WriteAt([]byte("x"), 0); return err }

	fs.Fail(Writes, ".seg", syscall.ENOSPC)
	if err := put(); !IsNoSpace(err) {
		t.Fatalf("write on a full disk: %v", err)
	}
	if err := f.SyncData(); err != nil {
		t.Fatalf("sync fails though only writes should: %v", err)
	}
	fs.Fail(Writes, "other", syscall.ENOSPC)
	if err := put(); err != nil {
		t.Fatalf("write to a path that was not named: %v", err)
	}
	fs.Heal()
	fs.FailNth(2, io.ErrClosedPipe)
	if err := put(); err != nil {
		t.Fatal(err)
	}
	before := fs.Changes()
	if err := f.SyncData(); !errors.Is(err, io.ErrClosedPipe) {
		t.Fatalf("second operation: %v", err)
	}
	if fs.Changes() != before+1 {
		t.Fatal("a failed operation was not counted")
	}
	if err := f.SyncData(); err != nil {
		t.Fatal(err)
	}
	fs.Fail(Names, "b.seg", io.ErrNoProgress)
	if err := fs.Rename("/a.seg", "/b.seg"); !errors.Is(err, io.ErrNoProgress) {
		t.Fatalf("renaming: %v", err)
	}
	fs.Fail(Reads, "", io.ErrNoProgress)
	if _, err := f.ReadAt(make([]byte, 1), 0); !errors.Is(err, io.ErrNoProgress) {
		t.Fatalf("reading: %v", err)
	}
}

// A write that fails leaves a part of what it was to write.
func TestFailedWriteIsTorn(t *testing.T) {
	fs := NewFaults(NewMem())
	f, err := OpenReadWrite(fs, "/a")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fs.FailNth(1, syscall.ENOSPC)
	if n, err := f.WriteAt([]byte("12345678"), 0); n != 4 || !IsNoSpace(err) {
		t.Fatal(n, err)
	}
	if got, err := read(fs, "/a"); err != nil || got != "1234" {
		t.Fatalf("%q, %v", got, err)
	}
}

// The free space of a file system in memory is unknown until it is set.
func TestFree(t *testing.T) {
	fs := NewMem()
	if _, known := Free(fs, "/"); known {
		t.Fatal("free space known of a file system that has no size")
	}
	SetFree(fs, 12345)
	if free, known := Free(fs, "/"); !known || free != 12345 {
		t.Fatal(free, known)
	}
	if free, known := Free(OS(), t.TempDir()); !known || free <= 0 {
		t.Fatal(free, known)
	}
}
