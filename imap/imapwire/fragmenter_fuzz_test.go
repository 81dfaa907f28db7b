package imapwire

import (
	"bytes"
	"slices"
	"testing"
	"testing/iotest"
)

// A stream of any octets is cut in the same way however it arrives, holds no
// more memory than the limits admit, and panics nowhere.
func FuzzFragments(f *testing.F) {
	for _, line := range examples(f, "commands.txt")[:40] {
		f.Add(line)
	}
	f.Add([]byte("a X {5+}\r\n12345 ~{1}\r\n\x00\r\nb \x00{9+}\r\n123456789\r\n\nc\r\n"))
	f.Add([]byte("a X {31+}\r\n0123456789012345678901234567890 {1}\r\nb NOOP\r\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		whole := NewFragmenter(&boundedHandler{max: 30}, smallLimits())
		atOnce, err := readCommands(whole, bytes.NewReader(stream))
		single := NewFragmenter(&boundedHandler{max: 30}, smallLimits())
		byOctet, errByOctet := readCommands(single, iotest.OneByteReader(bytes.NewReader(stream)))
		if !slices.Equal(atOnce, byOctet) || faultName(err) != faultName(errByOctet) {
			t.Fatalf("at once %v, %v; by octet %v, %v", atOnce, err, byOctet, errByOctet)
		}
		if limit := 16 << 10; cap(whole.frags.data) > limit {
			t.Fatalf("%d octets are held", cap(whole.frags.data))
		}
	})
}
