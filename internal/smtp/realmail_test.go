package smtp

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
)

// realMail returns messages that nobody here wrote, as they would arrive:
// without an mbox line, with CR LF.
func realMail(t testing.TB) [][]byte {
	t.Helper()
	path := os.Getenv("RESTANTE_MAIL")
	if path == "" {
		path = "../../../shared/mail/real-mail.tar.gz"
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no real mail: set RESTANTE_MAIL to the path of real-mail.tar.gz")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var messages [][]byte
	for archive := tar.NewReader(unpacked); ; {
		entry, err := archive.Next()
		if err == io.EOF {
			return messages
		}
		if err != nil {
			t.Fatal(err)
		}
		if entry.Typeflag != tar.TypeReg || !strings.HasSuffix(entry.Name, ".txt") {
			continue
		}
		octets, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(octets, []byte("From ")) {
			_, octets, _ = bytes.Cut(octets, []byte("\n"))
		}
		octets = bytes.ReplaceAll(octets, []byte("\n"), []byte("\r\n"))
		if !bytes.HasSuffix(octets, []byte("\r\n")) {
			octets = append(octets, "\r\n"...) // DATA can send nothing else
		}
		messages = append(messages, octets)
	}
}

// The aim: every real message arrives by LMTP and is kept octet for octet.
func TestRealMail(t *testing.T) {
	messages := realMail(t)
	r := newRig(t, asLMTP)
	const connections = 4
	var wait sync.WaitGroup
	for first := range connections {
		c := r.hello()
		wait.Go(func() {
			for i := first; i < len(messages); i += connections {
				wire := bytes.ReplaceAll(messages[i], []byte("\r\n."), []byte("\r\n.."))
				if bytes.HasPrefix(wire, []byte(".")) {
					wire = append([]byte("."), wire...)
				}
				if got := c.deliver(string(wire), "u1@example.org"); !strings.HasPrefix(got[0], "250") {
					t.Errorf("message %d: %s", i, got[0])
				}
			}
		})
	}
	wait.Wait()
	missing := map[string]int{}
	for _, message := range messages {
		missing[string(message)]++
	}
	kept := r.messages("u1")
	if len(kept) != len(messages) {
		t.Errorf("%d messages were kept of %d", len(kept), len(messages))
	}
	for _, text := range kept {
		missing[withoutTrace(t, text)]--
	}
	for text, count := range missing {
		if count != 0 {
			t.Errorf("of one message %d are missing: %.200q", count, text)
		}
	}
}
