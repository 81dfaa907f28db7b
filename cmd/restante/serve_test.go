package main_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/restante/restante/internal/e2e"
)

// command is a run of the program that has not ended yet.
type command struct {
	*exec.Cmd
	out     *os.File   // a file, so that what was printed before a log line is there
	mutex   sync.Mutex // guards err while the program runs
	err     bytes.Buffer
	ready   chan string
	ended   chan struct{}
	failure error
}

// said is what the program has printed so far.
func (c *command) said(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(c.out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// begin starts the program in a directory; everything it says is kept.
func begin(t *testing.T, dir string, arguments ...string) *command {
	t.Helper()
	program, err := e2e.Binary()
	if err != nil {
		t.Fatal(err)
	}
	c := &command{Cmd: exec.Command(program, arguments...), ready: make(chan string, 1), ended: make(chan struct{})}
	c.Dir = dir
	if c.out, err = os.Create(filepath.Join(t.TempDir(), "out")); err != nil {
		t.Fatal(err)
	}
	c.Stdout = c.out
	pipe, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(c.ended)
		scanner := bufio.NewScanner(pipe)
		for scanner.Scan() {
			c.mutex.Lock()
			fmt.Fprintln(&c.err, scanner.Text())
			c.mutex.Unlock()
			if line, ok := strings.CutPrefix(scanner.Text(), "listening "); ok {
				c.ready <- line
			}
		}
		c.failure = c.Wait()
	}()
	t.Cleanup(func() { c.Process.Kill(); <-c.ended; c.out.Close() })
	return c
}

// awaitReady returns where the server listens.
func (c *command) awaitReady(t *testing.T) map[string]string {
	t.Helper()
	select {
	case line := <-c.ready:
		at := map[string]string{}
		for field := range strings.FieldsSeq(line) {
			protocol, address, _ := strings.Cut(field, "=")
			at[protocol] = address
		}
		return at
	case <-c.ended:
		t.Fatalf("the server ended: %v\n%s", c.failure, c.log())
	case <-time.After(time.Minute):
		t.Fatal("the server is never ready")
	}
	return nil
}

// log is what the program has said on standard error so far.
func (c *command) log() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.err.String()
}

// awaitLog waits until the program has said something.
func (c *command) awaitLog(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(c.log(), text); {
		if time.Now().After(deadline) {
			t.Fatalf("the log never says %q:\n%s", text, c.log())
		}
	}
}

// end stops the server as an administrator does.
func (c *command) end(t *testing.T) {
	t.Helper()
	c.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(time.Minute):
		t.Fatal("the server never ends")
	}
	if c.failure != nil {
		t.Errorf("the server ended with %v\n%s", c.failure, c.log())
	}
}

// fails runs the program, which must fail, and returns what it said.
func fails(t *testing.T, arguments ...string) string {
	t.Helper()
	return failing(t, arguments...).log()
}

// failing runs the program to an end that must be a failure.
func failing(t *testing.T, arguments ...string) *command {
	t.Helper()
	c := begin(t, t.TempDir(), arguments...)
	select {
	case <-c.ended:
	case <-time.After(time.Minute):
		t.Fatalf("%q does not end", arguments)
	}
	if c.failure == nil {
		t.Fatalf("%q succeeded:\n%s%s", arguments, c.said(t), c.log())
	}
	return c
}

// any are listeners on ports that the system picks.
var anyPorts = []string{"--listen", "imap=127.0.0.1:0", "--listen", "imaps=127.0.0.1:0", "--listen", "pop3=127.0.0.1:0",
	"--listen", "lmtp=127.0.0.1:0", "--listen", "smtp=127.0.0.1:0", "--listen", "http=127.0.0.1:0"}

// imapLogin returns the server's answer to a login, "OK" or "NO".
func imapLogin(t *testing.T, address, login, password string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "a LOGIN %q %q\r\n", login, password)
	in := bufio.NewScanner(conn)
	for in.Scan() {
		if rest, ok := strings.CutPrefix(in.Text(), "a "); ok {
			return strings.Fields(rest)[0]
		}
	}
	t.Fatalf("no answer to a login: %v", in.Err())
	return ""
}

// Aim: without any configuration there is a server that says what to type, and
// what it says works; the password is said once.
func TestFirstStart(t *testing.T) {
	dir := t.TempDir()
	server := begin(t, dir, append([]string{"serve"}, anyPorts...)...)
	at := server.awaitReady(t)
	said := server.said(t)
	found := regexp.MustCompile(`User name +(\S+)\n +Password +(\S+)`).FindStringSubmatch(said)
	if found == nil {
		t.Fatalf("the welcome has no account:\n%s", said)
	}
	if got := imapLogin(t, at["imap"], found[1], found[2]); got != "OK" {
		t.Errorf("login with what it said: %s", got)
	}
	for _, protocol := range []string{"imap", "imaps", "pop3"} {
		if _, port, _ := net.SplitHostPort(at[protocol]); !strings.Contains(said, "port "+port+",") {
			t.Errorf("the welcome does not name port %s of %s:\n%s", port, protocol, said)
		}
	}
	script := regexp.MustCompile(`(?s)  printf .*--upload-file -\n`).FindString(said)
	if _, err := exec.LookPath("curl"); err == nil {
		if out, err := exec.Command("sh", "-c", script).CombinedOutput(); err != nil {
			t.Errorf("delivering as it said: %v\n%s\n%s", err, script, out)
		}
	}
	server.end(t)
	if _, err := os.Stat(filepath.Join(dir, "restante-data", "journal")); err != nil {
		t.Error(err)
	}
	again := begin(t, dir, append([]string{"serve"}, anyPorts...)...)
	again.awaitReady(t)
	again.end(t)
	if said := again.said(t); strings.Contains(said, found[2]) || strings.Contains(said, "this once") {
		t.Errorf("the second start tells a password:\n%s", said)
	}
	err := filepath.WalkDir(filepath.Join(dir, "restante-data"), func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := entry.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may look into %s: %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Aim: two servers never open one store, and a port that is taken is told with
// what to do.
func TestOneServerForOneStore(t *testing.T) {
	dir := t.TempDir()
	server := begin(t, dir, append([]string{"serve", "--data", dir}, anyPorts...)...)
	at := server.awaitReady(t)
	if said := fails(t, append([]string{"serve", "--data", dir}, anyPorts...)...); !strings.Contains(said, dir) || !strings.Contains(said, "open") {
		t.Errorf("a second server said: %s", said)
	}
	said := fails(t, "serve", "--data", t.TempDir(), "--listen", "imap="+at["imap"])
	if !strings.Contains(said, "imap="+"127.0.0.1:0") || !strings.Contains(said, "Another program") {
		t.Errorf("a port that is taken: %s", said)
	}
	server.end(t)
}

// Aim: mistakes on the command line and in the file are named.
func TestMistakes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "restante.toml")
	if err := os.WriteFile(file, []byte("[imap]\nidle_timeot = \"30m\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"serve", "--config", file}, file + ":2:1: unknown key \"imap.idle_timeot\""},
		{[]string{"serve", "--config", file + "x"}, "no such file"},
		{[]string{"serve", "--listen", "gopher=:70"}, "imap, imaps"},
		{[]string{"serve", "--listen", ":143"}, "PROTOCOL=ADDRESS"},
		{[]string{"config", file}, "unknown key"},
		{[]string{"account", "add"}, "at least 1 arg"},
		{[]string{"account", "add", "u1", "--password", "x"}, "unknown flag"},
		{[]string{"account", "delete", "nobody", "--data", t.TempDir()}, "there is no store"},
	} {
		if said := fails(t, test.arguments...); !strings.Contains(said, test.want) {
			t.Errorf("%q said: %s", test.arguments, said)
		}
	}
}

// Aim: SIGHUP brings a new certificate and a new domain, without a restart.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "restante.toml")
	write := func(certificate, more string) {
		t.Helper()
		text := fmt.Sprintf("data = %q\n[server]\nimaps = [\"127.0.0.1:0\"]\nimap = []\nlmtp = []\nsmtp = [\"127.0.0.1:0\"]\nhttp = []\n[tls]\n"+
			"[[tls.certificate]]\nfile = %q\nkey = %q\n[mail]\n%s", filepath.Join(dir, "data"),
			filepath.Join(certificate, "tls", "certificate.pem"), filepath.Join(certificate, "tls", "key.pem"), more)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	one, two := certificateDir(t), certificateDir(t)
	write(one, "domain = \"one.example\"\n")
	server := begin(t, dir, "serve", "--config", file)
	at := server.awaitReady(t)
	before := serialOf(t, at["imaps"])
	write(two, "domain = \"one.example\"\ndomains = [\"two.example\"]\n")
	server.Process.Signal(syscall.SIGHUP)
	deadline := time.Now().Add(30 * time.Second)
	for serialOf(t, at["imaps"]) == before {
		if time.Now().After(deadline) {
			t.Fatalf("the certificate stays:\n%s", server.log())
		}
	}
	domains := e2e.Run(t, "", "domain", "list", "--data", filepath.Join(dir, "data"))
	if !strings.Contains(domains, "two.example") {
		t.Errorf("domains after a reload: %s", domains)
	}
	server.end(t)
}

// certificateDir is a directory in which a server made a certificate.
func certificateDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	server := begin(t, dir, "serve", "--data", dir, "--listen", "imap=127.0.0.1:0")
	server.awaitReady(t)
	server.end(t)
	return dir
}

func serialOf(t *testing.T, address string) string {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
}

// Aim: a shutdown lets a delivery that is under way finish, and the message is
// there afterwards.
func TestShutdownDrains(t *testing.T) {
	server := e2e.Start(t, 1)
	conn, err := net.Dial("tcp", server.Addresses["lmtp"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	talk := func(line, want string) {
		t.Helper()
		if line != "" {
			fmt.Fprintf(conn, "%s\r\n", line)
		}
		for {
			reply, err := in.ReadString('\n')
			if err != nil || !strings.HasPrefix(reply, want) {
				t.Fatalf("%s: %q, %v", line, reply, err)
			}
			if len(reply) > 3 && reply[3] == ' ' {
				return
			}
		}
	}
	talk("", "220")
	talk("LHLO test", "250")
	talk("MAIL FROM:<a@example.net>", "250")
	talk("RCPT TO:<u0001@example.org>", "250")
	talk("DATA", "354")
	io.WriteString(conn, "Subject: half\r\n\r\n")
	stopped := make(chan struct{})
	go func() { defer close(stopped); server.Stop(t) }()
	awaitRefusal(t, server.Addresses["lmtp"])
	talk("the other half\r\n.", "250")
	<-stopped
	again := e2e.StartOn(t, server.Dir)
	if got := imapLogin(t, again.Addresses["imap"], "u0001", e2e.Password); got != "OK" {
		t.Error(got)
	}
	if text := fetchFirst(t, again.Addresses["imap"]); !strings.Contains(text, "the other half") {
		t.Errorf("after the restart: %q", text)
	}
}

// awaitRefusal waits until nobody is let in any more.
func awaitRefusal(t *testing.T, address string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		line, _ := bufio.NewReader(conn).ReadString('\n')
		conn.Close()
		if !strings.HasPrefix(line, "220") {
			return
		}
	}
	t.Fatal("the server lets everybody in while it is shutting down")
}

func fetchFirst(t *testing.T, address string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "a LOGIN u0001 %q\r\nb SELECT INBOX\r\nc FETCH 1 BODY[]\r\nd LOGOUT\r\n", e2e.Password)
	text, _ := io.ReadAll(conn)
	return string(text)
}

// Aim: health and figures are there.
func TestHTTP(t *testing.T) {
	server := e2e.Start(t, 1)
	imapLogin(t, server.Addresses["imap"], "u0001", e2e.Password)
	if body := get(t, server, "/healthz"); body != "ok\n" {
		t.Errorf("health: %s", body)
	}
	server.Deliver(t, "u0001@example.org", []byte("Subject: x\r\n\r\ntext\r\n"))
	if body := get(t, server, "/metrics"); !strings.Contains(body, "restante_store_commits_total ") || strings.Contains(body, "restante_store_commits_total 0") {
		t.Errorf("no commit is counted: %s", body)
	}
	if body := get(t, server, "/metrics"); !strings.Contains(body, `restante_logins_total{mechanism="password",protocol="imap",result="ok"} 1`) {
		t.Errorf("figures: %s", body)
	}
}

func get(t *testing.T, server *e2e.Server, path string) string {
	t.Helper()
	response, err := http.Get("http://" + server.Addresses["http"] + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
