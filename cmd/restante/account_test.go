package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/restante/restante/internal/e2e"
)

// Aim: every change of accounts and domains has the same effect through the
// socket of a running server and on the store of a stopped one.
func TestAdministrationBothWays(t *testing.T) {
	script := func(t *testing.T, data string, login func(login, password string) string) string {
		run := func(input string, arguments ...string) string {
			return e2e.Run(t, input, append(arguments, "--data", data)...)
		}
		run("one\n", "account", "add", "u0001", "--domain", "example.org")
		run("two", "account", "add", "u0002", "u0003@example.org")
		run("", "domain", "add", "other.example")
		run("", "domain", "catchall", "other.example", "u0002")
		run("", "account", "alias", "sales", "u0001", "u0002")
		run("new", "account", "passwd", "u0001@example.org")
		run("", "account", "disable", "u0002")
		run("", "account", "disable", "u0003")
		run("", "account", "enable", "u0003")
		run("x", "account", "add", "gone")
		run("", "account", "delete", "gone")
		for _, test := range []struct{ login, password, want string }{
			{"u0001", "new", "OK"}, {"u0001@example.org", "new", "OK"}, {"u0001", "one", "NO"},
			{"u0002", "two", "NO"}, {"u0003", "two", "OK"}, {"gone", "x", "NO"},
		} {
			if got := login(test.login, test.password); got != test.want {
				t.Errorf("login %s %s: %s, want %s", test.login, test.password, got, test.want)
			}
		}
		created := regexp.MustCompile(`"created": "[^"]*"`)
		return created.ReplaceAllString(run("", "account", "list", "--json"), `"created": ""`) +
			run("", "account", "alias", "--json") + run("", "domain", "list", "--json")
	}
	running := e2e.StartOn(t, t.TempDir())
	first := script(t, running.Dir, func(login, password string) string {
		return imapLogin(t, running.Addresses["imap"], login, password)
	})
	stopped := t.TempDir()
	e2e.Run(t, "x", "account", "add", "me", "--data", stopped) // as a server does on its first start
	second := script(t, stopped, func(login, password string) string {
		server := e2e.StartOn(t, stopped)
		defer server.Stop(t)
		return imapLogin(t, server.Addresses["imap"], login, password)
	})
	if first != second {
		t.Errorf("through the socket:\n%s\non the store:\n%s", first, second)
	}
	var accounts []struct{ Address string }
	if err := json.NewDecoder(strings.NewReader(first)).Decode(&accounts); err != nil || len(accounts) != 4 {
		t.Errorf("%d accounts, %v", len(accounts), err)
	}
}

// Aim: a domain that is named later is that of accounts without one, for
// logins and for mail.
func TestDomainNamedLater(t *testing.T) {
	dir := t.TempDir()
	e2e.Run(t, e2e.Password, "account", "add", "u0001", "--data", dir)
	server := e2e.StartOn(t, dir)
	for _, login := range []string{"u0001", "u0001@example.org", "U0001@EXAMPLE.ORG"} {
		if got := imapLogin(t, server.Addresses["imap"], login, e2e.Password); got != "OK" {
			t.Errorf("login as %s: %s", login, got)
		}
	}
	server.Deliver(t, "u0001+tag@example.org", []byte("Subject: x\r\n\r\ntext\r\n"))
	server.Deliver(t, "u0001", []byte("Subject: bare\r\n\r\ntext\r\n"))
	server.Deliver(t, "Postmaster", []byte("Subject: bare\r\n\r\ntext\r\n"))
	server.Deliver(t, "postmaster@example.org", []byte("Subject: y\r\n\r\ntext\r\n"))
}

// Aim: a wrong password costs the same whether or not the account exists: one
// hash, as the server itself counts them; a right one costs one, once.
func TestLoginsCost(t *testing.T) {
	server := e2e.Start(t, 1)
	hashes := func() (n int) {
		for line := range strings.Lines(get(t, server, "/metrics")) {
			if rest, ok := strings.CutPrefix(line, "restante_password_hashes_total "); ok {
				fmt.Sscan(rest, &n)
			}
		}
		return n
	}
	for _, test := range []struct {
		login, password, answer string
		cost                    int
	}{
		{"u0001", "wrong", "NO", 1}, {"nobody", "wrong", "NO", 1},
		{"u0001", e2e.Password, "OK", 1}, {"u0001", e2e.Password, "OK", 0}, {"u0001@example.org", e2e.Password, "OK", 0},
	} {
		before := hashes()
		if got := imapLogin(t, server.Addresses["imap"], test.login, test.password); got != test.answer {
			t.Errorf("%s %s: %s", test.login, test.password, got)
		}
		if got := hashes() - before; got != test.cost {
			t.Errorf("%s %s cost %d hashes, want %d", test.login, test.password, got, test.cost)
		}
	}
}

// Aim: raw logs hold the session, and no password.
func TestDebugWire(t *testing.T) {
	wire := t.TempDir()
	server := e2e.Start(t, 1, "--debug-wire", wire)
	imapLogin(t, server.Addresses["imap"], "u0001", e2e.Password)
	server.Deliver(t, "u0001@example.org", []byte("Subject: x\r\n\r\nconfidential\r\n"))
	server.Stop(t)
	files, err := filepath.Glob(filepath.Join(wire, "*.log"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	all := ""
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
	}
	if strings.Contains(all, e2e.Password) || strings.Contains(all, "confidential") {
		t.Errorf("a raw log tells too much:\n%s", all)
	}
	if !strings.Contains(all, "C: a LOGIN [cut]") || !strings.Contains(all, "RCPT TO:<u0001@example.org>") {
		t.Errorf("a raw log tells too little:\n%s", all)
	}
}

// Aim: a session does not outlive what it was allowed by: a new password, or
// an account that is disabled, ends it at once.
func TestChangesEndSessions(t *testing.T) {
	server := e2e.Start(t, 1)
	for _, change := range [][]string{{"account", "passwd", "u0001"}, {"account", "disable", "u0001"}} {
		conn, err := net.Dial("tcp", server.Addresses["imap"])
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		in := bufio.NewScanner(conn)
		fmt.Fprintf(conn, "a LOGIN u0001 %q\r\nb SELECT INBOX\r\nc IDLE\r\n", e2e.Password)
		for in.Scan() && !strings.HasPrefix(in.Text(), "+") {
		}
		e2e.Run(t, e2e.Password, append(change, "--data", server.Dir)...)
		ended := false
		for in.Scan() {
			ended = ended || strings.HasPrefix(in.Text(), "* BYE Account was changed")
		}
		if !ended {
			t.Errorf("%v left the session without the right word", change)
		}
	}
}

// Aim: a store that begins with an address begins with its domain, and later
// a domain that nobody named is a mistake.
func TestFirstAddressNamesTheDomain(t *testing.T) {
	dir := t.TempDir()
	if said := e2e.Run(t, "x", "account", "add", "ann@example.net", "--data", dir); !strings.Contains(said, "ann@example.net") {
		t.Errorf("add said: %s", said)
	}
	if said := e2e.Run(t, "", "domain", "list", "--data", dir); !strings.Contains(said, "example.net (default)") {
		t.Errorf("domains: %s", said)
	}
	program, err := e2e.Binary()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "account", "add", "bob@exmaple.net", "--data", dir)
	command.Stdin = strings.NewReader("x")
	if said, err := command.CombinedOutput(); err == nil || !strings.Contains(string(said), "exmaple.net does not exist") {
		t.Errorf("a domain with a slip: %s, %v", said, err)
	}
}
