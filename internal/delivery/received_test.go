package delivery

import (
	"strings"
	"testing"
)

// The aim: Received fields are counted in the header only, in any case and
// however the header is cut into portions.
func TestReceivedFieldsAreCounted(t *testing.T) {
	cases := []struct {
		name, text string
		want       int
	}{
		{"none", "Subject: Received: x\r\n\r\nReceived: y\r\n", 0},
		{"two", "Received: a\r\n\tb\r\nRECEIVED: c\r\n\r\nReceived: d\r\n", 2},
		{"bare line feeds", "received: a\nSubject: b\nreceived: c\n\nreceived: d\n", 2},
		{"nearly", "Received-SPF: a\r\nXReceived: b\r\n Received: c\r\nReceived\r\nReceived: d\r\n\r\n", 1},
		{"empty header", "\r\nReceived: a\r\n", 0},
		{"no end", "Received: a\r\nReceived:", 2},
	}
	for _, c := range cases {
		for size := 1; size <= len(c.text); size++ {
			var counter receivedCounter
			for at := 0; at < len(c.text); at += size {
				counter.write([]byte(c.text[at:min(len(c.text), at+size)]))
			}
			if counter.count != c.want {
				t.Errorf("%s, in portions of %d: counted %d, want %d", c.name, size, counter.count, c.want)
			}
		}
	}
}

// The aim: a header without an end is not searched for ever.
func TestReceivedCountingEnds(t *testing.T) {
	var counter receivedCounter
	counter.write([]byte(strings.Repeat("Subject: x\r\n", receivedOctetsMax/12+2)))
	counter.write([]byte("Received: y\r\n"))
	if counter.count != 0 || !counter.done {
		t.Fatalf("counted %d, done %v", counter.count, counter.done)
	}
}
