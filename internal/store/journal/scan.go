package journal

import (
	"bytes"
	"fmt"
	"io"
)

// scanner walks over the units of one segment without reading their bodies.
type scanner struct {
	file   io.ReaderAt
	number uint64
	moved  bool   // rewritten: offsets are not places in the file
	unit   uint32 // seed of unit heads
	meta   uint32 // seed of the rest
	at     int64  // where the next unit is expected
	limit  int64  // no octet behind this is looked at
	order  int64  // the next unit's offset in the journal's order; 0: unknown

	buf     []byte
	bufAt   int64
	hop     int64 // size of the last unit
	current unit
}

// scan walks over a segment as far as it is valid.
func (j *Embedded) scan(file io.ReaderAt, s *segment) *scanner {
	return &scanner{
		file: file, number: s.number, moved: s.rewritten,
		unit: segmentSeed(j.identity, s.number), meta: j.seed,
		at: segmentHeadSize, limit: s.size, order: segmentHeadSize,
	}
}

// next returns the next unit, which is valid until the next call; io.EOF at
// the limit; or a *Damage, behind which next goes on.
func (s *scanner) next() (*unit, error) {
	if s.at >= s.limit {
		return nil, io.EOF
	}
	reason, err := s.load(s.at)
	if err != nil {
		return nil, err
	}
	if reason == "" {
		s.hop = s.current.size()
		s.at += s.hop
		s.order = s.current.end()
		return &s.current, nil
	}
	s.order = 0
	to, err := s.find(s.at + 1)
	if err != nil {
		return nil, err
	}
	damage := &Damage{Segment: s.number, From: s.at, To: to, Reason: reason}
	s.at = to
	return nil, damage
}

// load decodes the unit at a place; a reason says why there is none.
func (s *scanner) load(at int64) (reason string, err error) {
	s.current.at = at
	b, err := s.read(at, unitHeadSize)
	if err != nil {
		return "", err
	}
	h, ok := decodeUnitHead(b, s.unit)
	switch {
	case !ok:
		return "no unit begins here", nil
	case !s.moved && (h.offset != at || h.span != h.size()):
		return "unit does not belong here", nil
	case s.moved && s.order != 0 && h.offset != s.order:
		return "unit does not follow the one before it", nil
	case h.size() > s.limit-at:
		return "unit is longer than the segment", nil
	}
	s.current.unitHead = h
	meta, err := s.read(at+unitHeadSize, int(h.metaSize))
	if err != nil {
		return "", err
	}
	if err := s.current.decodeMeta(meta, s.meta); err != nil {
		return err.Error(), nil
	}
	return "", nil
}

// read returns n octets at a place, or fewer before the limit. It reads ahead
// where units are small, and little where bodies lie between them.
func (s *scanner) read(at int64, n int) ([]byte, error) {
	n = int(min(int64(n), s.limit-at))
	if from := at - s.bufAt; from >= 0 && from+int64(n) <= int64(len(s.buf)) {
		return s.buf[from : from+int64(n)], nil
	}
	want := windowSize
	if s.hop > windowSize/8 {
		want = hopWindow
	}
	want = int(min(int64(max(want, n)), s.limit-at))
	if cap(s.buf) < want {
		s.buf = make([]byte, want)
	}
	s.buf, s.bufAt = s.buf[:want], at
	got, err := s.file.ReadAt(s.buf, at)
	s.buf = s.buf[:got]
	if got >= n {
		return s.buf[:n], nil
	}
	if err != io.EOF {
		return nil, fmt.Errorf("segment %d, octet %d: %w", s.number, at, err)
	}
	// The file ends before the limit: what is not there reads as zeros, which
	// are no unit.
	s.buf = append(s.buf, make([]byte, n-got)...)
	return s.buf[:n], nil
}

// find searches for the next unit at or behind a place; the limit if there is
// none.
func (s *scanner) find(from int64) (int64, error) {
	var magic [4]byte
	le.PutUint32(magic[:], unitMagic)
	s.hop = 0
	for from < s.limit {
		if _, err := s.read(from, unitHeadSize); err != nil {
			return 0, err
		}
		b := s.buf[from-s.bufAt:]
		i := bytes.Index(b, magic[:])
		if i < 0 {
			from += int64(max(len(b)-len(magic)+1, 1))
			continue
		}
		from += int64(i)
		reason, err := s.load(from)
		if err != nil || reason == "" {
			return from, err
		}
		from++
	}
	return s.limit, nil
}

// proven reports whether a unit behind a damaged place says that the place was
// durable once. If none does, the damage is the torn end of what was being
// written when the power failed.
func (s *scanner) proven(damaged int64) (bool, error) {
	probe := &scanner{file: s.file, number: s.number, unit: s.unit, meta: s.meta, at: damaged + 1, limit: s.limit}
	for {
		at, err := probe.find(probe.at)
		if err != nil || at >= probe.limit {
			return false, err
		}
		if probe.current.synced > damaged {
			return true, nil
		}
		probe.at = at + probe.current.size()
	}
}
