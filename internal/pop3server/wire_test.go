package pop3server

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// wireForm is the plain statement of what lineWriter does.
func wireForm(text string) string {
	var lines []string
	for _, line := range strings.SplitAfter(text, "\n") {
		switch {
		case line == "":
			continue
		case strings.HasSuffix(line, "\r\n"):
		case strings.HasSuffix(line, "\n"):
			line = line[:len(line)-1] + "\r\n"
		default:
			line += "\r\n"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

func stuffed(text string) string {
	if strings.HasPrefix(text, ".") {
		text = "." + text
	}
	return strings.ReplaceAll(text, "\r\n.", "\r\n..") + ".\r\n"
}

// The aim: any octets are sent as the plain statement says, however they are
// cut, and the size told beforehand is what is sent.
func TestWireForm(t *testing.T) {
	const seed = 11
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range 5000 {
		text := make([]byte, random.IntN(30))
		for i := range text {
			text[i] = "\r\n\n.a"[random.IntN(5)]
		}
		want := wireForm(string(text))
		var out bytes.Buffer
		var counter lineCounter
		buffered := bufio.NewWriter(&out)
		writer := lineWriter{to: buffered, lines: -1}
		for rest := text; len(rest) > 0; {
			n := 1 + random.IntN(len(rest))
			if err := writer.write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			if err := counter.count(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := writer.close(); err != nil {
			t.Fatal(err)
		}
		_ = buffered.Flush()
		// A doubled dot may stand behind a bare CR LF within the text only
		// where a line begins, which is where wireForm has one.
		if got := out.String(); got != stuffed(want) {
			t.Fatalf("seed %d, round %d: %q is sent as %q, want %q", seed, round, text, got, stuffed(want))
		}
		if counter.size() != int64(len(want)) || writer.octets != int64(len(want)) {
			t.Fatalf("seed %d, round %d: %q has size %d and %d octets, want %d", seed, round, text, counter.size(), writer.octets, len(want))
		}
	}
}
