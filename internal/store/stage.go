package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
	"github.com/restante/restante/internal/vfs"
)

const stagingDir = "staging"

// staging is a mail.Staging: a message in memory, and from a certain size on
// in a file.
type staging struct {
	store  *Store
	hash   hash.Hash
	buffer []byte
	file   vfs.File
	name   string
	size   int64
	hasNUL bool
	failed error
}

// Stage begins a new message body.
func (s *Store) Stage() mail.Staging { return &staging{store: s, hash: sha256.New()} }

func (g *staging) Write(p []byte) (int, error) {
	if g.failed != nil {
		return 0, g.failed
	}
	g.hash.Write(p)
	g.hasNUL = g.hasNUL || bytes.IndexByte(p, 0) >= 0
	if g.file == nil && len(g.buffer)+len(p) > g.store.options.Limits.StagedInMemory {
		g.failed = g.spill()
	}
	if g.failed == nil && g.file != nil {
		_, g.failed = g.file.Write(p)
	}
	if g.failed != nil {
		g.failed = stagingError(g.failed)
		return 0, g.failed
	}
	if g.file == nil {
		g.buffer = append(g.buffer, p...)
	}
	g.size += int64(len(p))
	return len(p), nil
}

// spill moves what has come so far to a file.
func (g *staging) spill() (err error) {
	s := g.store
	g.name = s.fs.PathJoin(s.options.Dir, stagingDir, strconv.FormatUint(s.staged.Add(1), 10))
	if g.file, err = vfs.OpenReadWrite(s.fs, g.name); err != nil {
		return err
	}
	_, err = g.file.Write(g.buffer)
	g.buffer = nil
	return err
}

func stagingError(err error) error {
	if vfs.IsNoSpace(err) {
		return fmt.Errorf("%w: %w", mail.ErrNoSpace, err)
	}
	return fmt.Errorf("%w: %w", mail.ErrUnavailable, err)
}

// Finish ends the message and parses it.
func (g *staging) Finish() (*mail.Body, error) {
	if g.failed != nil {
		g.Discard()
		return nil, g.failed
	}
	body := &mail.Body{Size: g.size, HasNUL: g.hasNUL, Release: func() {}}
	g.hash.Sum(body.ID[:0])
	if g.file == nil {
		body.Content, body.Structure = bytes.NewReader(g.buffer), message.ParseBytes(g.buffer)
		return body, nil
	}
	parsed, err := message.Parse(g.file, g.size)
	if err != nil {
		g.Discard()
		return nil, stagingError(err)
	}
	file := &stagedFile{File: g.file, discard: g.Discard}
	file.users.Store(1)
	body.Content, body.Structure, body.Release = file, parsed, sync.OnceFunc(file.release)
	return body, nil
}

// stagedFile is the content of a staged message that has others than its
// owner: commits on their way to the disk, whose makers may have gone.
type stagedFile struct {
	vfs.File
	users   atomic.Int32
	discard func()
}

func (f *stagedFile) release() {
	if f.users.Add(-1) == 0 {
		f.discard()
	}
}

// Discard gives back what the message takes.
func (g *staging) Discard() {
	g.buffer = nil
	if g.file == nil {
		return
	}
	err := errors.Join(g.file.Close(), g.store.fs.Remove(g.name))
	if g.file = nil; err != nil {
		g.store.log.Warn("staged message could not be removed", "file", g.name, "error", err)
	}
}

// clearStaging makes the directory of staged messages, empty.
func clearStaging(fs vfs.FS, dir string) error {
	staged := fs.PathJoin(dir, stagingDir)
	return errors.Join(fs.RemoveAll(staged), vfs.MakeDir(fs, staged))
}
