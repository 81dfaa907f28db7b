package main_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// Aim: mail goes out of a running server and into a stopped store, and a
// second import brings nothing twice.
func TestExportAndImport(t *testing.T) {
	server := e2e.Start(t, 1)
	for n := range 5 {
		server.Deliver(t, "u0001@example.org", fmt.Appendf(nil, "Subject: %d\r\n\r\ntext %d\r\n", n, n))
	}
	out := filepath.Join(t.TempDir(), "out")
	if said := e2e.Run(t, "", "export", "maildir", out, "--account", "u0001", "--data", server.Dir); !strings.Contains(said, "exported 5 messages") {
		t.Errorf("export said: %s", said)
	}
	other := t.TempDir()
	e2e.AddAccount(t, other, "u0001")
	for _, want := range []string{"imported 5 messages", "imported 0 messages"} {
		if said := e2e.Run(t, "", "import", "maildir", out, "--account", "u0001", "--data", other); !strings.Contains(said, want) {
			t.Errorf("import said: %s, want %s", said, want)
		}
	}
	again := e2e.StartOn(t, other)
	if text := fetchFirst(t, again.Addresses["imap"]); !strings.Contains(text, "text 0") {
		t.Errorf("the first message: %s", text)
	}
	if said := fails(t, "import", "maildir", out, "--account", "nobody", "--data", other); !strings.Contains(said, "does not exist") {
		t.Errorf("import for nobody said: %s", said)
	}
}
