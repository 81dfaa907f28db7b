package journal

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/restante/restante/internal/vfs"
)

const (
	segmentSuffix = ".seg"
	rewriteSuffix = ".new"
)

func segmentName(number uint64) string { return fmt.Sprintf("%08d%s", number, segmentSuffix) }

// parseSegmentName returns the number of a segment file, false for other files.
func parseSegmentName(name string) (uint64, bool) {
	digits, found := strings.CutSuffix(name, segmentSuffix)
	if !found || len(digits) < 8 {
		return 0, false
	}
	number, err := strconv.ParseUint(digits, 10, 32)
	return number, err == nil && segmentName(number) == name
}

// isRewrite tells the unfinished work of Reclaim.
func isRewrite(name string) bool { return strings.HasSuffix(name, segmentSuffix+rewriteSuffix) }

// createSegment makes a segment without units durable and opens it for
// writing. A file of its name can only be an earlier attempt at the same.
func (j *Embedded) createSegment(h segmentHead) (vfs.File, error) {
	f, err := vfs.OpenReadWrite(j.options.FS, j.files.path(h.number))
	if err != nil {
		return nil, err
	}
	if _, err = f.WriteAt(h.encode(), 0); err == nil {
		if err = f.Sync(); err == nil {
			err = vfs.SyncDir(j.options.FS, j.options.Dir)
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// roll begins the next segment. Its head records where the present one ends,
// which also seals that: what a failed write left behind its end is ignored
// from then on. If it fails, the writer has no segment, and tries again with
// the next group.
func (w *writer) roll() error {
	if w.file != nil {
		file := w.file
		w.file = nil
		if err := file.Close(); err != nil {
			return err
		}
	}
	h := segmentHead{identity: w.identity, number: w.number + 1, before: w.end}
	file, err := w.createSegment(h)
	if err != nil {
		return err
	}
	w.begin(h, file)
	return nil
}

// begin makes a new segment the one that is written to.
func (w *writer) begin(h segmentHead, file vfs.File) {
	w.number, w.file, w.end = h.number, file, segmentHeadSize
	w.seed = segmentSeed(h.identity, h.number)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.segments = append(w.segments, segment{segmentHead: h, size: segmentHeadSize, last: segmentHeadSize})
}

// abandon makes sure that nothing of a group whose write or sync failed is
// found after a restart, and returns the error for its tickets. The failed
// descriptor is never used again: a second sync might succeed although the
// first one lost the data. If neither a new segment nor the erasing of the
// group's first unit can be made durable, the error wraps ErrUncertain.
func (w *writer) abandon(cause error) error {
	file := w.file
	w.file = nil
	if err := file.Close(); err != nil {
		w.log.Warn("closing a failed journal segment", "segment", w.number, "err", err)
	}
	rollErr := w.roll()
	if rollErr == nil {
		return cause
	}
	eraseErr := w.erase()
	if eraseErr == nil {
		return cause
	}
	return fmt.Errorf("%w: %w: %w (sealing: %v; erasing: %v)", ErrUnavailable, ErrUncertain, cause, rollErr, eraseErr)
}

// erase overwrites the head of the first unit behind the end, which needs no
// new space. The units behind it in the same group do not count without it:
// none of them says that the erased place was ever durable.
func (w *writer) erase() error {
	f, err := vfs.OpenReadWrite(w.options.FS, w.files.path(w.number))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() <= w.end {
		return err
	}
	if _, err := f.WriteAt(make([]byte, unitHeadSize), w.end); err != nil {
		return err
	}
	return f.SyncData()
}
