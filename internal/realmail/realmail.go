// Package realmail hands tests a corpus of messages that nobody here wrote,
// when it is at hand: an archive that the environment variable RESTANTE_MAIL
// names, or that lies in a folder beside the project.
package realmail

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/restante/restante/internal/source"
)

// shortShare is the share of the corpus that a short run takes: every nth
// message, which still is hundreds of all kinds.
const shortShare = 10

// Messages returns the corpus in a fixed order, as files hold it: with bare LF
// and here and there a leading mbox line. It skips the test where there is no
// corpus. A short run gets a tenth.
func Messages(t testing.TB) [][]byte {
	t.Helper()
	path := os.Getenv("RESTANTE_MAIL")
	if path == "" {
		root, err := source.Root(".")
		if err != nil {
			t.Fatal(err)
		}
		path = filepath.Join(root, "..", "shared", "mail", "real-mail.tar.gz")
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there is no real mail here: set RESTANTE_MAIL to the path of its archive")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	messages, err := read(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(messages) < 1000 {
		t.Fatalf("%s holds only %d messages", path, len(messages))
	}
	if testing.Short() {
		return thin(messages)
	}
	return messages
}

// Deliverable returns the corpus as a transport carries it: without mbox
// lines, and with CRLF at the end of each line and of the message.
func Deliverable(t testing.TB) [][]byte {
	t.Helper()
	messages := Messages(t)
	for i, text := range messages {
		if bytes.HasPrefix(text, []byte("From ")) {
			_, text, _ = bytes.Cut(text, []byte("\n"))
		}
		text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
		if !bytes.HasSuffix(text, []byte("\r\n")) {
			text = append(text, "\r\n"...)
		}
		messages[i] = text
	}
	return messages
}

func read(from io.Reader) ([][]byte, error) {
	unzipped, err := gzip.NewReader(from)
	if err != nil {
		return nil, err
	}
	var messages [][]byte
	for archive := tar.NewReader(unzipped); ; {
		entry, err := archive.Next()
		if err == io.EOF {
			return messages, nil
		}
		if err != nil {
			return nil, err
		}
		if entry.Typeflag != tar.TypeReg || !strings.HasSuffix(entry.Name, ".txt") {
			continue
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		messages = append(messages, text)
	}
}

func thin(messages [][]byte) [][]byte {
	var thinned [][]byte
	for i := 0; i < len(messages); i += shortShare {
		thinned = append(thinned, messages[i])
	}
	return thinned
}
