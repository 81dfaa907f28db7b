package journal

import "iter"

// Identity is a number that tells this journal from every other. What is
// derived from a journal keeps it, and is worthless beside another one.
func (j *Embedded) Identity() uint64 { return j.identity }

// Segments yields the numbers of the segments, ascending, with the length
// that each has in the journal's order.
func (j *Embedded) Segments() iter.Seq2[uint64, int64] {
	return func(yield func(uint64, int64) bool) {
		for _, s := range j.segmentsFrom(0) {
			if !yield(s.number, s.last) {
				return
			}
		}
	}
}
