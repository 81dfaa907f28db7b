package store

import (
	"errors"
	"fmt"
)

// Rebuild makes the index of a store that nobody has open anew from its
// journal. Options.Progress is told how far it has come.
func Rebuild(options Options) error {
	options.fill()
	fs := options.FS
	lock, err := lockStore(fs, options.Dir)
	if err != nil {
		return err
	}
	err = fs.RemoveAll(fs.PathJoin(options.Dir, indexDir))
	if err := errors.Join(err, lock.Close()); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	s, err := Open(options)
	if err != nil {
		return err
	}
	return s.Close()
}

// FlushIndex makes what the index has applied durable, so that the next start
// has nothing to replay.
func (s *Store) FlushIndex() error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	return s.index.Flush()
}
