package message

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden descriptions anew")

const messagesDir = "../../testdata/messages"

// goldenMessages returns the messages of testdata by file name.
func goldenMessages(t testing.TB) map[string][]byte {
	paths, err := filepath.Glob(filepath.Join(messagesDir, "*.eml"))
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d messages in %s (%v)", len(paths), messagesDir, err)
	}
	messages := make(map[string][]byte, len(paths))
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		messages[path] = b
	}
	return messages
}

// Each message of testdata has the description that was read by eye against
// the RFCs.
func TestGoldenStructures(t *testing.T) {
	for path, b := range goldenMessages(t) {
		checkStructure(t, path, b)
		got := describeFully(b)
		golden := strings.TrimSuffix(path, ".eml") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil || got != string(want) {
			t.Errorf("%s (%v): got\n%s\nwant\n%s", path, err, got, want)
		}
	}
}

// describeFully adds to Describe what is decoded.
func describeFully(b []byte) string {
	s := ParseBytes(b)
	var text strings.Builder
	text.WriteString(Describe(s))
	if subject := s.Envelope.Subject.Text; DecodeWords(subject) != subject {
		fmt.Fprintf(&text, "decoded subject %q\n", DecodeWords(subject))
	}
	s.Walk(func(path []uint32, p *Part) bool {
		if p.IsMultipart() || len(path) == 0 {
			return true
		}
		size, err := p.DecodedSize(bytes.NewReader(b))
		fmt.Fprintf(&text, "decoded %s size %d", describePath(path), size)
		if err != nil {
			fmt.Fprintf(&text, " (%v)", err)
		}
		if name := p.Filename(); name != "" {
			fmt.Fprintf(&text, " file %q", name)
		}
		text.WriteByte('\n')
		return true
	})
	fmt.Fprintf(&text, "preview %q\n", s.Preview(bytes.NewReader(b)))
	return text.String()
}
