package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// Aim: a store is verified and printed while it is served and while it is not,
// and an index that is gone is made anew.
func TestCheckRebuildDump(t *testing.T) {
	server := e2e.Start(t, 1)
	server.Deliver(t, "u0001@example.org", []byte("Subject: x\r\n\r\nconfidential\r\n"))
	look := func() {
		t.Helper()
		if said := e2e.Run(t, "", "check", "--data", server.Dir); !strings.Contains(said, "1 message,") || !strings.Contains(said, "sound") {
			t.Errorf("check said: %s", said)
		}
		said := e2e.Run(t, "", "dump", "--data", server.Dir, "--account", "u0001")
		if !strings.Contains(said, "MessageAdded") || strings.Contains(said, "confidential") {
			t.Errorf("dump said: %s", said)
		}
	}
	look()
	if said := fails(t, "rebuild", "--data", server.Dir); !strings.Contains(said, "open") {
		t.Errorf("rebuild under a server said: %s", said)
	}
	server.Stop(t)
	look()
	e2e.Run(t, "", "rebuild", "--data", server.Dir)
	look()
	if err := os.RemoveAll(filepath.Join(server.Dir, "index")); err != nil {
		t.Fatal(err)
	}
	again := e2e.StartOn(t, server.Dir)
	if text := fetchFirst(t, again.Addresses["imap"]); !strings.Contains(text, "confidential") {
		t.Errorf("after the index was removed: %s", text)
	}
	missing := filepath.Join(t.TempDir(), "missing")
	if said := fails(t, "check", "--data", missing); !strings.Contains(said, "no store") {
		t.Errorf("check of nothing said: %s", said)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a check made a store")
	}
}

// Aim: damage is found and told.
func TestCheckFindsDamage(t *testing.T) {
	server := e2e.Start(t, 1)
	server.Deliver(t, "u0001@example.org", []byte("Subject: x\r\n\r\n"+strings.Repeat("confidential\r\n", 100)))
	server.Stop(t)
	segments, err := filepath.Glob(filepath.Join(server.Dir, "journal", "*"))
	if err != nil {
		t.Fatal(err)
	}
	damaged := false
	for _, path := range segments {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if at := strings.Index(string(text), "confidential"); at >= 0 {
			text[at] ^= 1
			damaged = true
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !damaged {
		t.Fatal("no segment holds the message")
	}
	// No rebuild mends a journal, so none is advised.
	said := failing(t, "check", "--data", server.Dir).said(t)
	if !strings.Contains(said, "backup") || strings.Contains(said, "restante rebuild") {
		t.Errorf("check of a damaged journal said: %s", said)
	}
}
