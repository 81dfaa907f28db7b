package message

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

// Aim: reading a header piece by piece gives the octets that filtering it in
// memory gives, whatever the header.
func TestFilterHeaderFromEqualsFilterHeader(t *testing.T) {
	pieces := []string{"Subject: a", "To:b", "X : y", " folded", "\tfolded", ":", "rubbish", "\r\n", "\n", "\r", "", " ", "\x00", "é: x",
		strings.Repeat("z", 300), "Subject: " + strings.Repeat("long ", 3000)}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 3000 {
		var header []byte
		for range random.IntN(12) {
			header = append(header, pieces[random.IntN(len(pieces))]...)
			if random.IntN(3) > 0 {
				header = append(header, "\r\n"...)
			}
		}
		for _, not := range []bool{false, true} {
			names := []string{"subject", "X"}
			want := FilterHeader(nil, header, names, not)
			for _, in := range []io.Reader{bytes.NewReader(header), iotest.OneByteReader(bytes.NewReader(header))} {
				got, err := io.ReadAll(FilterHeaderFrom(in, names, not))
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("seed %d, header %.300q, not %v:\ngot  %.300q, %v\nwant %.300q", seed, header, not, got, err, want)
				}
			}
		}
	}
}

// Aim: a failure to read is told, not taken for the end.
func TestFilterHeaderFromTellsFailures(t *testing.T) {
	header := io.MultiReader(strings.NewReader("Subject: a\r\nTo: b\r\n"), iotest.ErrReader(io.ErrClosedPipe))
	if got, err := io.ReadAll(FilterHeaderFrom(header, []string{"subject"}, false)); err != io.ErrClosedPipe {
		t.Errorf("%q, %v", got, err)
	}
}
