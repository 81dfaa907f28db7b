package main_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/restante/restante/internal/e2e"
)

// Aim: the benchmark works with nothing but the program, and says a figure.
func TestBenchByItself(t *testing.T) {
	said := e2e.Run(t, "", "bench", "--rounds", "1", "--duration", "100ms", "--connections", "1", "--row", "LMTP 4 KB", "--idle", "0")
	if !strings.Contains(said, "LMTP 4 KB") || !strings.Contains(said, "restante") {
		t.Errorf("bench said: %s", said)
	}
	if said := fails(t, "bench", "imap=192.0.2.1:143"); !strings.Contains(said, "password") && !strings.Contains(said, "this machine") {
		t.Errorf("a benchmark of somebody else's server: %s", said)
	}
}

// Aim: the cases can be pointed at a server by its address.
func TestConformByAddress(t *testing.T) {
	server := e2e.Start(t, 2)
	said := e2e.Run(t, e2e.Password, "conform", server.Addresses["imap"], "--accounts", "2", "--parallel", "2", "--cases", "^noop|^capability|logout")
	if !strings.Contains(said, "RFC 9051") {
		t.Errorf("conform said: %s", said)
	}
}

// Aim: a relay on the same host can hand mail over through a local socket.
func TestLMTPOverLocalSocket(t *testing.T) {
	dir := t.TempDir()
	e2e.AddAccount(t, dir, "u0001")
	path := filepath.Join(dir, "lmtp.socket")
	server := begin(t, dir, "serve", "--data", dir, "--domain", "example.org", "--listen", "lmtp=unix:"+path)
	server.awaitReady(t)
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewScanner(conn)
	fmt.Fprintf(conn, "LHLO relay\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<u0001@example.org>\r\nDATA\r\n")
	said := ""
	for in.Scan() && !strings.HasPrefix(in.Text(), "354") {
		if said += in.Text() + "\n"; in.Text()[0] >= '4' {
			t.Fatalf("the dialog:\n%s", said)
		}
	}
	fmt.Fprintf(conn, "Subject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n")
	for in.Scan() {
		said += in.Text() + "\n"
	}
	if !strings.Contains(said, "250 2.0.0") || strings.Contains(said, "\n5") || strings.Contains(said, "\n4") {
		t.Errorf("the dialog:\n%s", said)
	}
	server.end(t)
}

// Aim: a client that never finishes keeps no server from ending: the time for
// draining is bounded, and a second signal does not wait for it.
func TestShutdownIsBounded(t *testing.T) {
	for _, test := range []struct {
		drain   string
		signals int
	}{{"200ms", 1}, {"10m", 2}} {
		dir := t.TempDir()
		file := filepath.Join(dir, "restante.toml")
		text := fmt.Sprintf("data = %q\n[server]\nimap = [\"127.0.0.1:0\"]\nimaps = []\nlmtp = [\"127.0.0.1:0\"]\nsmtp = []\nhttp = []\ndrain_timeout = %q\n",
			filepath.Join(dir, "data"), test.drain)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		e2e.AddAccount(t, filepath.Join(dir, "data"), "u0001")
		server := begin(t, dir, "serve", "--config", file)
		conn, err := net.Dial("tcp", server.awaitReady(t)["lmtp"])
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "LHLO x\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<u0001>\r\nDATA\r\n")
		for in := bufio.NewScanner(conn); in.Scan() && !strings.HasPrefix(in.Text(), "354"); {
		}
		server.Process.Signal(syscall.SIGTERM)
		for n := 1; n < test.signals; n++ {
			server.awaitLog(t, "shutting down")
			server.Process.Signal(syscall.SIGTERM)
		}
		select {
		case <-server.ended:
		case <-time.After(30 * time.Second):
			t.Errorf("with %s to drain and %d signals the server does not end", test.drain, test.signals)
		}
	}
}
