package journal

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// fuzzIdentity is the identity of the segments that the fuzzer makes up.
const fuzzIdentity = 77

// sampleSegment is a segment with a few units, as the writer makes it.
func sampleSegment(t testing.TB) []byte {
	seed := identitySeed(fuzzIdentity)
	b := segmentHead{identity: fuzzIdentity, number: 1}.encode()
	for _, u := range []Unit{
		{Entries: []Entry{{Account: 1, Records: []byte("one")}}},
		{Entries: []Entry{{Account: 2}, {Account: 1, After: 1, Records: []byte("two")}},
			Bodies: []NewBody{{Size: 5, Content: strings.NewReader("hello")}, {}}},
		{Bodies: []NewBody{{Size: 100, Content: bytes.NewReader(make([]byte, 100))}}},
	} {
		p, err := encode(&u, seed)
		if err != nil {
			t.Fatal(err)
		}
		p.place(1, int64(len(b)), int64(len(b)), segmentSeed(fuzzIdentity, 1))
		b = append(b, *p.buf...)
	}
	return b
}

// resum repairs the sums of a unit head and its meta, so that the fuzzer gets
// past them.
func resum(b []byte, at int) {
	if len(b) < at+unitHeadSize {
		return
	}
	le.PutUint32(b[at:], unitMagic)
	head := b[at : at+unitHeadSize]
	if n := int(le.Uint32(head[32:])); n <= len(b)-at-unitHeadSize {
		le.PutUint32(head[36:], sum(identitySeed(fuzzIdentity), b[at+unitHeadSize:at+unitHeadSize+n]))
	}
	le.PutUint32(head[4:], sum(segmentSeed(fuzzIdentity, 1), head[8:]))
}

// FuzzScan: whatever stands in a segment, a walk over it ends, stays within it,
// and never claims memory that the segment does not have.
func FuzzScan(f *testing.F) {
	sample := sampleSegment(f)
	f.Add(sample, uint16(0), false)
	f.Add(sample, uint16(segmentHeadSize), true)
	f.Add(sample[:len(sample)-3], uint16(0), true)
	f.Add(bytes.Repeat([]byte("RUNT"), 50), uint16(100), true)
	f.Fuzz(func(t *testing.T, b []byte, repair uint16, moved bool) {
		b = bytes.Clone(b)
		resum(b, int(repair))
		j := &Embedded{identity: fuzzIdentity, seed: identitySeed(fuzzIdentity)}
		s := segment{segmentHead: segmentHead{number: 1, rewritten: moved}, size: int64(len(b))}
		sc := j.scan(bytes.NewReader(b), &s)
		last := sc.at
		for {
			u, err := sc.next()
			if err == io.EOF {
				return
			}
			if _, ok := err.(*Damage); err != nil && !ok {
				t.Fatal(err)
			}
			if sc.at <= last || sc.at > s.size {
				t.Fatalf("from %d to %d of %d", last, sc.at, s.size)
			}
			last = sc.at
			if err == nil {
				checkBodies(t, j, b, u)
			}
		}
	})
}

func checkBodies(t *testing.T, j *Embedded, b []byte, u *unit) {
	for i, at := range u.places {
		if at < u.at || at+u.rows[i].room() > u.at+u.size() {
			t.Fatalf("body %d lies outside its unit", i)
		}
		// Any answer will do, as long as it is one.
		if err := j.checkBody(bytes.NewReader(b), at, &u.rows[i], nil); err == nil && u.rows[i].encoding == encodingZstd {
			stored := b[at+bodyHeadSize : at+bodyHeadSize+u.rows[i].stored]
			_, _ = u.rows[i].decodeChunks(stored, nil, true, func([]byte) {})
		}
	}
}

// FuzzSegmentHead: a head is read as it was written, and nothing else is one.
func FuzzSegmentHead(f *testing.F) {
	f.Add(segmentHead{identity: 1, number: 2, before: 3}.encode())
	f.Add(segmentHead{identity: 1, number: 2, rewritten: true, end: 99}.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		h, _, err := decodeSegmentHead(b)
		if err != nil {
			return
		}
		again, _, err := decodeSegmentHead(h.encode())
		if err != nil || again != h {
			t.Fatalf("%+v was read as %+v, %v", h, again, err)
		}
	})
}

// A unit that is encoded comes back as it was.
func TestUnitRoundTrip(t *testing.T) {
	b := sampleSegment(t)
	j := &Embedded{identity: fuzzIdentity, seed: identitySeed(fuzzIdentity)}
	sc := j.scan(bytes.NewReader(b), &segment{segmentHead: segmentHead{number: 1}, size: int64(len(b))})
	var got []string
	for {
		u, err := sc.next()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, f := range u.frames {
			got = append(got, string(f.Records))
		}
		for i, at := range u.places {
			if err := j.checkBody(bytes.NewReader(b), at, &u.rows[i], nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if strings.Join(got, ",") != "one,,two" || sc.at != int64(len(b)) {
		t.Fatalf("%q, ended at %d of %d", got, sc.at, len(b))
	}
}
