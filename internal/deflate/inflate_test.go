package deflate

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	better "github.com/klauspost/compress/flate"
)

// samples are texts that make encoders use every kind of block.
func samples() map[string][]byte {
	random := rand.New(rand.NewPCG(4978, 1))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	words := strings.Fields("a FETCH UID FLAGS (\\Seen) BODY.PEEK[HEADER.FIELDS (FROM)] * OK completed 4711 0815")
	var text strings.Builder
	for range 40_000 {
		text.WriteString(words[random.IntN(len(words))])
		text.WriteByte(" \n"[random.IntN(2)])
	}
	return map[string][]byte{
		"empty": nil, "one": []byte("a"), "line": []byte("a NOOP\r\n"), "noise": noise,
		"text": []byte(text.String()), "zeros": make([]byte, 300_000),
	}
}

// drain takes all that there is.
func drain(f *Inflater, to []byte) []byte {
	var buffer [1000]byte
	for f.More() {
		to = append(to, buffer[:f.Take(buffer[:])]...)
	}
	return to
}

// The aim: what every encoder at every level writes is read again, cut anywhere.
func TestInflateIsTheInverseOfDeflate(t *testing.T) {
	for name, want := range samples() {
		for level := -2; level <= 9; level++ {
			var coded bytes.Buffer
			w, err := flate.NewWriter(&coded, level)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = w.Write(want)
			_ = w.Close()
			random := rand.New(rand.NewPCG(uint64(level+2), 2))
			var f Inflater
			var got []byte
			for rest := coded.Bytes(); len(rest) > 0; {
				n := min(len(rest), 1+random.IntN(200))
				f.Feed(rest[:n])
				got, rest = drain(&f, got), rest[n:]
				f.Release()
			}
			if !bytes.Equal(got, want) || f.Err() != io.EOF {
				t.Errorf("%s at level %d: %d octets of %d, %v", name, level, len(got), len(want), f.Err())
			}
		}
	}
}

// The aim: after each flush all of what was said can be read, though the octets
// come one by one (RFC 4978 §3).
func TestEveryFlushIsReadAtOnce(t *testing.T) {
	var coded bytes.Buffer
	w, err := better.NewWriter(&coded, 5)
	if err != nil {
		t.Fatal(err)
	}
	var f Inflater
	var all []byte
	for i := range 300 {
		line := []byte("a" + strings.Repeat("x", i) + " NOOP\r\n")
		all = append(all, line...)
		_, _ = w.Write(line)
		_ = w.Flush()
		var got []byte
		for _, octet := range coded.Bytes() {
			f.Feed([]byte{octet})
			got = drain(&f, got)
		}
		coded.Reset()
		if !bytes.Equal(got, line) {
			t.Fatalf("line %d: got %q", i, got)
		}
		f.Release()
	}
}

// partial is "hello" and " hello again\r\n" as zlib writes them with
// Z_PARTIAL_FLUSH behind each.
var partial = [][]byte{
	{0xca, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x08},
	{0x20, 0x85, 0x0c, 0x30, 0x99, 0x98, 0x9e, 0x98, 0x99, 0xc7, 0xcb, 0x05, 0x10},
}

// The aim: a partial flush, at which Go's own reader waits, holds nothing back.
func TestPartialFlushIsReadAtOnce(t *testing.T) {
	var f Inflater
	f.Feed(partial[0])
	if got := string(drain(&f, nil)); got != "hello" {
		t.Fatalf("got %q", got)
	}
	f.Feed(partial[1])
	if got := string(drain(&f, nil)); got != " hello again\r\n" || f.Err() != nil {
		t.Fatalf("got %q", got)
	}
}

// The aim: where the sender has ended the stream by a flush, what follows is told
// from it, however much of it was fed together (RFC 8437 §4.1).
func TestDetachGivesBackWhatFollows(t *testing.T) {
	var coded bytes.Buffer
	w, _ := flate.NewWriter(&coded, 6)
	for _, line := range []string{"a NOOP\r\n", "b UNAUTHENTICATE\r\n"} {
		_, _ = w.Write([]byte(line))
		_ = w.Flush()
	}
	coded.WriteString("c NOOP\r\n")
	for cut := 1; cut < coded.Len(); cut++ {
		var f Inflater
		var got []byte
		buffer, said := make([]byte, 100), coded.Bytes()
		for at := cut; !bytes.HasSuffix(got, []byte("TE\r\n")); at = len(coded.Bytes()) {
			f.Feed(said[:at-(coded.Len()-len(said))])
			said = coded.Bytes()[at:]
			for !bytes.HasSuffix(got, []byte("TE\r\n")) && f.More() {
				got = append(got, buffer[:f.Take(buffer)]...)
			}
		}
		if !f.End() {
			f.Feed(said)
			if said = nil; !f.End() {
				t.Fatalf("cut at %d: the block does not end", cut)
			}
		}
		rest, owed := f.Detach()
		said = bytes.TrimPrefix(append(rest, said...), owed)
		if string(said) != "c NOOP\r\n" || len(got) != 26 {
			t.Fatalf("cut at %d: %q, then %q with %x owed", cut, got, said, owed)
		}
	}
}

// The aim: the same where the flush was partial, and ends within an octet.
func TestDetachAfterPartialFlush(t *testing.T) {
	for i := range partial {
		var f Inflater
		var buffer [100]byte
		for _, piece := range partial[:i] {
			f.Feed(piece)
			drain(&f, nil)
		}
		f.Feed(append(bytes.Clone(partial[i]), "c NOOP\r\n"...))
		for f.Pending() > 0 {
			f.Take(buffer[:])
		}
		rest, owed := []byte(nil), []byte(nil)
		if f.End() {
			rest, owed = f.Detach()
		}
		if string(rest) != "c NOOP\r\n" || owed != nil {
			t.Errorf("piece %d: %q is left, %x owed", i, rest, owed)
		}
	}
}

// The aim: however far a stream expands, memory is bounded and nothing is decoded
// that nobody takes.
func TestBombsWaitToBeTaken(t *testing.T) {
	var coded bytes.Buffer
	w, _ := flate.NewWriter(&coded, 9)
	zeros := make([]byte, 1<<20)
	for range 50 {
		_, _ = w.Write(zeros)
	}
	_ = w.Close()
	var f Inflater
	f.Feed(coded.Bytes())
	total := 0
	var buffer [4096]byte
	for f.More() {
		total += f.Take(buffer[:])
		if f.Pending() > pendingMax+258 || cap(f.out) > 2*slideSize {
			t.Fatalf("%d octets are held, %d pending", cap(f.out), f.Pending())
		}
	}
	if total != 50<<20 || f.Err() != io.EOF {
		t.Fatalf("%d octets, %v", total, f.Err())
	}
}

// Whatever comes is read as compress/flate reads it, and the cuts make no
// difference.
func FuzzInflate(f *testing.F) {
	for _, want := range samples() {
		var coded bytes.Buffer
		w, _ := flate.NewWriter(&coded, 6)
		_, _ = w.Write(want[:min(len(want), 2000)])
		_ = w.Close()
		f.Add(coded.Bytes(), uint8(3))
	}
	f.Add(partial[0], uint8(1))
	f.Fuzz(func(t *testing.T, coded []byte, cut uint8) {
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(coded)), 1<<20))
		var inflater Inflater
		var got []byte
		for rest := coded; len(rest) > 0 && inflater.Err() == nil && len(got) < 1<<20; {
			n := min(len(rest), int(cut)+1)
			inflater.Feed(rest[:n])
			got, rest = drain(&inflater, got), rest[n:]
			inflater.Release()
		}
		if wantErr == nil && len(want) < 1<<20 && (!bytes.Equal(got, want) || inflater.Err() != io.EOF) {
			t.Fatalf("%x: got %d octets and %v, want %d", coded, len(got), inflater.Err(), len(want))
		}
		if errors.Is(wantErr, io.ErrUnexpectedEOF) && !bytes.HasPrefix(got, want) {
			t.Fatalf("%x: got %q, want at least %q", coded, got, want)
		}
	})
}
