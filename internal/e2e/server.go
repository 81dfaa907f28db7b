package e2e

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/restante/restante/internal/source"
)

// Password is that of every account a Server begins with.
const Password = "correct horse"

// startMax is how long a server may take to say that it listens.
const startMax = 60 * time.Second

// Binary returns the path of the real program, built once for the process.
// Where it goes is gone when the last test that asked for it is over.
var Binary = sync.OnceValues(func() (string, error) {
	root, err := source.Root(".")
	if err != nil {
		return "", err
	}
	if err := source.Touch(); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "restante-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "restante")
	build := exec.Command("go", "build", "-o", path, "./cmd/restante")
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return path, nil
})

// Server is a running program on a store of its own.
type Server struct {
	Dir       string            // the store
	Addresses map[string]string // by protocol: imap, imaps, pop3, pop3s, lmtp, smtp, http
	PID       int

	command *exec.Cmd
	log     *logBuffer
	ended   chan struct{}
}

// Start makes a store with accounts u0001, u0002, … in the domain
// example.org and serves it until the test ends.
func Start(t testing.TB, accounts int, flags ...string) *Server {
	t.Helper()
	dir := t.TempDir()
	for n := range accounts {
		AddAccount(t, dir, fmt.Sprintf("u%04d", n+1))
	}
	return StartOn(t, dir, flags...)
}

// AddAccount adds an account to a store, as an administrator does.
func AddAccount(t testing.TB, dir, name string) {
	t.Helper()
	Run(t, Password, "account", "add", name, "--data", dir)
}

// Run runs a subcommand to its end, with text on its standard input, and
// returns what it printed.
func Run(t testing.TB, input string, arguments ...string) string {
	t.Helper()
	binary, err := Binary()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, arguments...)
	command.Stdin = strings.NewReader(input)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("restante %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

// StartOn serves an existing store, on ports that the system picks.
func StartOn(t testing.TB, dir string, flags ...string) *Server {
	t.Helper()
	binary, err := Binary()
	if err != nil {
		t.Fatal(err)
	}
	arguments := []string{"serve", "--data", dir, "--domain", "example.org"}
	for _, protocol := range []string{"imap", "imaps", "pop3", "pop3s", "lmtp", "smtp", "http"} {
		arguments = append(arguments, "--listen", protocol+"=127.0.0.1:0")
	}
	command := exec.Command(binary, append(arguments, flags...)...)
	errors, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	server := &Server{Dir: dir, PID: command.Process.Pid, command: command, log: &logBuffer{}, ended: make(chan struct{})}
	ready := make(chan map[string]string, 1)
	go server.follow(errors, ready)
	t.Cleanup(func() {
		server.Stop(t)
		if t.Failed() {
			t.Logf("the server's log:\n%s", server.log.tail())
		}
	})
	select {
	case server.Addresses = <-ready:
	case <-server.ended:
		t.Fatalf("the server ended before it was ready:\n%s", server.log.tail())
	case <-time.After(startMax):
		t.Fatalf("the server was not ready in %v:\n%s", startMax, server.log.tail())
	}
	return server
}

// follow reads the program's standard error to its end.
func (s *Server) follow(errors io.Reader, ready chan<- map[string]string) {
	defer close(s.ended)
	scanner := bufio.NewScanner(errors)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if rest, ok := strings.CutPrefix(scanner.Text(), "listening "); ok {
			addresses := map[string]string{}
			for field := range strings.FieldsSeq(rest) {
				protocol, address, _ := strings.Cut(field, "=")
				addresses[protocol] = address
			}
			select {
			case ready <- addresses:
			default:
			}
		}
		s.log.add(scanner.Text())
	}
	s.command.Wait()
}

// Stop ends the server as an administrator does and waits for it. It may be
// called again.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(startMax):
		s.command.Process.Kill()
		t.Errorf("the server did not end in %v", startMax)
	}
}

// Kill ends the server as a power cut would, and waits until it is gone.
func (s *Server) Kill() {
	s.command.Process.Kill()
	<-s.ended
}

// Certificate writes the server's certificate to a file, for clients that
// check it, and returns the file's path.
func (s *Server) Certificate(t testing.TB) string {
	t.Helper()
	conn, err := tls.Dial("tcp", s.Addresses["imaps"], &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var text bytes.Buffer
	for _, certificate := range conn.ConnectionState().PeerCertificates {
		pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
	}
	path := filepath.Join(t.TempDir(), "server.pem")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Port returns the port of a protocol.
func (s *Server) Port(protocol string) string {
	_, port, _ := strings.Cut(s.Addresses[protocol], ":")
	return port
}

// Tool returns the path of a program that a test needs, or skips the test; in
// CI a missing program fails it.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed; this test drives the server with it", name)
	return ""
}

// logBuffer keeps the last lines of a log.
type logBuffer struct {
	mutex sync.Mutex
	lines []string
}

const logLinesMax = 200

func (l *logBuffer) add(line string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.lines) == logLinesMax {
		l.lines = l.lines[1:]
	}
	l.lines = append(l.lines, line)
}

func (l *logBuffer) tail() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return strings.Join(l.lines, "\n")
}
