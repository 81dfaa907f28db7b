package journal

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/restante/restante/internal/vfs"
)

// recover finds the segments, reads what the index has not seen yet, decides
// where the journal ends, and makes that end durable.
func (j *Embedded) recover() (*writer, error) {
	numbers, err := j.list()
	if err != nil {
		return nil, err
	}
	if err := j.readHeads(numbers); err != nil {
		return nil, err
	}
	if len(j.segments) == 0 {
		return j.first(numbers)
	}
	j.seed = identitySeed(j.identity)
	tail, err := j.readUnits()
	if err != nil {
		return nil, err
	}
	return j.resume(numbers[len(numbers)-1], tail)
}

// list returns the numbers of the segment files, in order, and removes what an
// interrupted Reclaim left.
func (j *Embedded) list() ([]uint64, error) {
	fs, dir := j.options.FS, j.options.Dir
	names, err := fs.List(dir)
	if err != nil {
		return nil, err
	}
	var numbers []uint64
	for _, name := range names {
		if number, ok := parseSegmentName(name); ok {
			numbers = append(numbers, number)
		} else if isRewrite(name) {
			if err := fs.Remove(fs.PathJoin(dir, name)); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// first begins a journal. A file that is there already was never finished.
func (j *Embedded) first(numbers []uint64) (*writer, error) {
	var b [8]byte
	if _, err := io.ReadFull(j.options.Random, b[:]); err != nil {
		return nil, err
	}
	h := segmentHead{identity: le.Uint64(b[:]), number: 1}
	if len(numbers) > 0 {
		h.number = numbers[0]
	}
	file, err := j.createSegment(h)
	if err != nil {
		return nil, err
	}
	j.identity, j.seed = h.identity, identitySeed(h.identity)
	w := &writer{Embedded: j}
	w.begin(h, file)
	return w, nil
}

// readHeads fills in j.segments. The last file may be the unfinished attempt
// at a segment; it is left out then.
func (j *Embedded) readHeads(numbers []uint64) error {
	var lost []uint64
	for i, number := range numbers {
		f, err := j.files.get(number)
		if err != nil {
			return err
		}
		s, unfinished, err := readHead(f, number)
		j.files.put(f)
		switch {
		case unfinished && i == len(numbers)-1:
			j.log.Info("unfinished journal segment is begun again", "segment", number)
			continue
		case err != nil:
			var damage *Damage
			if !errors.As(err, &damage) {
				return err
			}
			j.log.Error("journal segment head is damaged", "err", err)
			lost = append(lost, number)
		case j.identity != 0 && s.identity != j.identity:
			return fmt.Errorf("%w: segment %d belongs to another journal", ErrCorrupt, number)
		default:
			j.identity = s.identity
		}
		j.segments = append(j.segments, s)
	}
	if len(lost) > 0 && len(lost) == len(j.segments) {
		return fmt.Errorf("%w: no segment has a head that can be read", ErrCorrupt)
	}
	for i := range j.segments {
		j.segments[i].identity = j.identity
	}
	j.bound()
	return nil
}

// readHead reads what a segment says of itself. Without units it may be
// unfinished; with units its head was durable, and if it cannot be read that is
// a *Damage, and the segment is assumed to be as it was first written.
func readHead(f vfs.File, number uint64) (s segment, unfinished bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return s, false, err
	}
	b := make([]byte, min(segmentHeadSize, info.Size()))
	if _, err := f.ReadAt(b, 0); err != nil && err != io.EOF {
		return s, false, err
	}
	s.size = info.Size()
	s.last = s.size
	s.number = number
	h, _, err := decodeSegmentHead(b)
	if err == nil && h.number != number {
		err = fmt.Errorf("segment head says number %d", h.number)
	}
	if err != nil {
		damage := &Damage{Segment: number, To: segmentHeadSize, Reason: err.Error()}
		return s, info.Size() <= segmentHeadSize, damage
	}
	s.segmentHead = h
	if h.rewritten {
		s.last = h.end
	}
	s.size = max(s.size, segmentHeadSize)
	return s, false, nil
}

// bound ends each segment where the next one says that it ends.
func (j *Embedded) bound() {
	for i := range j.segments[:max(len(j.segments)-1, 0)] {
		s, next := &j.segments[i], &j.segments[i+1]
		if next.number != s.number+1 {
			j.log.Error("journal segments are missing", "after", s.number, "before", next.number, "err", ErrCorrupt)
			continue
		}
		if next.before >= segmentHeadSize && !s.rewritten {
			s.size, s.last = next.before, next.before
		}
	}
}

// resume continues the last segment if it ends cleanly, and otherwise begins
// the one behind it, which seals the last.
func (j *Embedded) resume(lastFile uint64, tail *tail) (*writer, error) {
	last := &j.segments[len(j.segments)-1]
	w := &writer{Embedded: j, number: last.number, end: last.last, seed: segmentSeed(j.identity, last.number)}
	if !last.rewritten {
		file, err := j.settle(last, tail)
		if err != nil {
			return nil, err
		}
		w.file = file
	}
	if err := vfs.SyncDir(j.options.FS, j.options.Dir); err != nil {
		return nil, err
	}
	if tail.torn || last.rewritten || lastFile != last.number {
		// Without a new segment there is nothing to write to, but all to read.
		if err := w.roll(); err != nil {
			j.log.Error("journal takes no writes before a new segment can be begun", "segment", w.number+1, "err", err)
		}
	}
	return w, nil
}

// settle makes the last segment durable as far as it is valid. A process that
// was killed may have left pages that only the cache holds; and after a sync
// that failed, pages that the cache wrongly believes to be on the disk. What no
// later unit proves to have been synced is therefore written again.
func (j *Embedded) settle(last *segment, tail *tail) (vfs.File, error) {
	file, err := vfs.OpenReadWrite(j.options.FS, j.files.path(last.number))
	if err != nil {
		return nil, err
	}
	err = rewrite(file, tail.from, last.size)
	if vfs.IsNoSpace(err) {
		// A file system that copies on write needs room even for this. It is
		// full, not faulty, and the mail in it must be readable.
		j.log.Warn("disk is full: the end of the journal is trusted as it is", "segment", last.number, "err", err)
		err = nil
	}
	if err == nil && last.size <= segmentHeadSize && !tail.torn {
		_, err = file.WriteAt(last.segmentHead.encode(), 0)
	}
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// rewrite writes what a file holds to the same place again.
func rewrite(file vfs.File, from, to int64) error {
	b := make([]byte, min(pieceSize, max(to-from, 0)))
	for from < to {
		b = b[:min(int64(len(b)), to-from)]
		if _, err := file.ReadAt(b, from); err != nil {
			return err
		}
		if _, err := file.WriteAt(b, from); err != nil {
			return err
		}
		from += int64(len(b))
	}
	return nil
}
