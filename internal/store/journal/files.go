package journal

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/restante/restante/internal/vfs"
)

// files keeps segments open for reading: the most recently used ones, and
// those in use.
type files struct {
	fs  vfs.FS
	dir string

	mu     sync.Mutex
	open   map[uint64]*segmentFile
	clock  uint64 // counts uses
	closed bool
}

// segmentFile is a segment open for reading. Reading at an offset may be done
// by any number of goroutines.
type segmentFile struct {
	vfs.File
	number uint64
	users  int
	used   uint64
	stale  atomic.Bool // the name stands for another file by now
}

func newFiles(fs vfs.FS, dir string) *files {
	return &files{fs: fs, dir: dir, open: map[uint64]*segmentFile{}}
}

func (s *files) path(number uint64) string { return s.fs.PathJoin(s.dir, segmentName(number)) }

// get opens a segment for reading; put gives it back.
func (s *files) get(number uint64) (*segmentFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	s.clock++
	f := s.open[number]
	if f == nil {
		file, err := s.fs.Open(s.path(number))
		if err != nil {
			return nil, err
		}
		f = &segmentFile{File: file, number: number}
		s.open[number] = f
		s.evict()
	}
	f.users++
	f.used = s.clock
	return f, nil
}

func (s *files) put(f *segmentFile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.users--
	if f.users == 0 && (s.closed || f.stale.Load()) {
		f.Close()
	}
}

// evict closes the file that was not used for longest, if there are too many.
func (s *files) evict() {
	if len(s.open) <= openSegmentsMax {
		return
	}
	var oldest *segmentFile
	for _, f := range s.open {
		if f.users == 0 && f.used != 0 && (oldest == nil || f.used < oldest.used) {
			oldest = f
		}
	}
	if oldest != nil {
		delete(s.open, oldest.number)
		oldest.Close()
	}
}

// replaced says that a segment's name stands for another file now. Whoever
// reads the old one may go on with it.
func (s *files) replaced(number uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.open[number]
	if f == nil {
		return
	}
	delete(s.open, number)
	f.stale.Store(true)
	if f.users == 0 {
		f.Close()
	}
}

// close closes what is not in use; the rest is closed when it is given back.
func (s *files) close() (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, f := range s.open {
		if f.users == 0 {
			err = errors.Join(err, f.Close())
		}
	}
	s.open = nil
	return err
}
