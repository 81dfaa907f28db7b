package mail

import (
	"iter"
	"slices"
	"sort"

	"github.com/restante/restante/imap"
)

// UIDs is an ascending set of the UIDs of a mailbox that answers in
// logarithmic time which UID stands at a position and at which position a UID
// stands. It is a value: a change gives a new set which shares with the old
// one whatever is the same, so that many sessions on one large mailbox cost
// little more than one. The zero value is empty. Any number of goroutines may
// read it.
type UIDs struct {
	chunks []*uidChunk
	before []int // before[i] is how many UIDs lie in chunks[:i]
	count  int
}

// uidChunk is up to chunkRanges ranges; it is not changed once made.
type uidChunk struct {
	ranges imap.UIDSet
	before []int // before[i] is how many UIDs lie in ranges[:i]
	count  int
}

const chunkRanges = 128

func newUIDChunk(ranges imap.UIDSet) *uidChunk {
	chunk := &uidChunk{ranges: ranges, before: make([]int, len(ranges))}
	for i, r := range ranges {
		chunk.before[i] = chunk.count
		chunk.count += int(r.Stop-r.Start) + 1
	}
	return chunk
}

// UIDsOf returns the UIDs of a normal set.
func UIDsOf(set imap.UIDSet) UIDs {
	var chunks []*uidChunk
	for part := range slices.Chunk(set, chunkRanges) {
		chunks = append(chunks, newUIDChunk(slices.Clone(part)))
	}
	return uidsOfChunks(chunks)
}

func uidsOfChunks(chunks []*uidChunk) UIDs {
	u := UIDs{chunks: chunks, before: make([]int, len(chunks))}
	for i, chunk := range chunks {
		u.before[i] = u.count
		u.count += chunk.count
	}
	return u
}

// Len returns how many UIDs there are.
func (u UIDs) Len() int { return u.count }

// Octets returns about how much memory the set takes, not counting that it
// may share most of it with another.
func (u UIDs) Octets() int {
	const ofRange, ofChunk = 16, 80
	octets := 0
	for _, chunk := range u.chunks {
		octets += ofChunk + ofRange*len(chunk.ranges)
	}
	return octets
}

// Last returns the largest UID, 0 if there is none.
func (u UIDs) Last() imap.UID {
	if u.count == 0 {
		return 0
	}
	ranges := u.chunks[len(u.chunks)-1].ranges
	return ranges[len(ranges)-1].Stop
}

// At returns the UID at a position, counted from 0. It panics if there is
// none, as a slice would.
func (u UIDs) At(position int) imap.UID {
	c := sort.SearchInts(u.before, position+1) - 1
	chunk := u.chunks[c]
	position -= u.before[c]
	r := sort.SearchInts(chunk.before, position+1) - 1
	return chunk.ranges[r].Start + imap.UID(position-chunk.before[r])
}

// Position returns how many UIDs are smaller than uid, and whether uid itself
// is in the set.
func (u UIDs) Position(uid imap.UID) (int, bool) {
	c := sort.Search(len(u.chunks), func(i int) bool { return u.chunks[i].first() > uid }) - 1
	if c < 0 {
		return 0, false
	}
	chunk := u.chunks[c]
	r := sort.Search(len(chunk.ranges), func(i int) bool { return chunk.ranges[i].Start > uid }) - 1
	span := chunk.ranges[r]
	start := u.before[c] + chunk.before[r]
	if uid > span.Stop {
		return start + int(span.Stop-span.Start) + 1, false
	}
	return start + int(uid-span.Start), true
}

// Run is Position for a reader of many neighbours: it also returns the last UID
// of the gapless run that uid is in, whose positions follow one another.
func (u UIDs) Run(uid imap.UID) (position int, last imap.UID, found bool) {
	c := sort.Search(len(u.chunks), func(i int) bool { return u.chunks[i].first() > uid }) - 1
	if c < 0 {
		return 0, 0, false
	}
	chunk := u.chunks[c]
	r := sort.Search(len(chunk.ranges), func(i int) bool { return chunk.ranges[i].Start > uid }) - 1
	if span := chunk.ranges[r]; uid <= span.Stop {
		return u.before[c] + chunk.before[r] + int(uid-span.Start), span.Stop, true
	}
	return 0, 0, false
}

func (c *uidChunk) first() imap.UID { return c.ranges[0].Start }
func (c *uidChunk) last() imap.UID  { return c.ranges[len(c.ranges)-1].Stop }

// Contains reports whether uid is in the set.
func (u UIDs) Contains(uid imap.UID) bool {
	_, found := u.Position(uid)
	return found
}

// Set returns the UIDs as a normal set of ranges; its size is that of the
// mailbox's gaps, not of its messages.
func (u UIDs) Set() imap.UIDSet {
	var set imap.UIDSet
	for _, chunk := range u.chunks {
		set = appendTouching(set, chunk.ranges)
	}
	return set
}

// appendTouching appends ascending ranges, joining those that touch where the
// two lists meet.
func appendTouching(set, more imap.UIDSet) imap.UIDSet {
	if last := len(set) - 1; last >= 0 && len(more) > 0 && set[last].Stop+1 == more[0].Start {
		set[last].Stop = more[0].Stop
		more = more[1:]
	}
	return append(set, more...)
}

// All yields the UIDs, ascending.
func (u UIDs) All() iter.Seq[imap.UID] {
	return func(yield func(imap.UID) bool) {
		for _, chunk := range u.chunks {
			for uid := range chunk.ranges.All {
				if !yield(uid) {
					return
				}
			}
		}
	}
}

// Within returns those UIDs that a normal set names.
func (u UIDs) Within(set imap.UIDSet) imap.UIDSet {
	var found imap.UIDSet
	for _, r := range set {
		first := sort.Search(len(u.chunks), func(i int) bool { return u.chunks[i].last() >= r.Start })
		for _, chunk := range u.chunks[first:] {
			if chunk.first() > r.Stop {
				break
			}
			found = appendTouching(found, chunk.within(r))
		}
	}
	return found
}

// within returns the part of a chunk that lies in a range.
func (c *uidChunk) within(r imap.Range[imap.UID]) imap.UIDSet {
	from := sort.Search(len(c.ranges), func(i int) bool { return c.ranges[i].Stop >= r.Start })
	to := sort.Search(len(c.ranges), func(i int) bool { return c.ranges[i].Start > r.Stop })
	if from >= to {
		return nil
	}
	part := slices.Clone(c.ranges[from:to])
	part[0].Start = max(part[0].Start, r.Start)
	last := len(part) - 1
	part[last].Stop = min(part[last].Stop, r.Stop)
	return part
}

// Append returns the set with more UIDs, all of which are larger than any in
// it: new mail. It panics if they are not, for then a UID was given twice.
func (u UIDs) Append(more imap.UIDSet) UIDs {
	if len(more) == 0 {
		return u
	}
	if more[0].Start <= u.Last() {
		panic("mail: UIDs appended out of order")
	}
	if len(u.chunks) == 0 {
		return UIDsOf(more)
	}
	keep := len(u.chunks) - 1
	tail := appendTouching(slices.Clone(u.chunks[keep].ranges), more)
	chunks := slices.Clone(u.chunks[:keep])
	for part := range slices.Chunk(tail, chunkRanges) {
		chunks = append(chunks, newUIDChunk(slices.Clip(part)))
	}
	return uidsOfChunks(chunks)
}

// Remove returns the set without the UIDs of a normal set.
func (u UIDs) Remove(gone imap.UIDSet) UIDs {
	if len(gone) == 0 || u.count == 0 {
		return u
	}
	chunks := make([]*uidChunk, 0, len(u.chunks))
	for _, chunk := range u.chunks {
		g := sort.Search(len(gone), func(i int) bool { return gone[i].Stop >= chunk.first() })
		if g == len(gone) || gone[g].Start > chunk.last() {
			chunks = append(chunks, chunk)
			continue
		}
		for part := range slices.Chunk(chunk.ranges.Minus(gone[g:]), chunkRanges) {
			chunks = append(chunks, newUIDChunk(slices.Clip(part)))
		}
	}
	return uidsOfChunks(chunks)
}
