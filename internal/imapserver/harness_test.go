package imapserver

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/store"
	"github.com/restante/restante/internal/vfs"
)

// testServer is a whole server in memory, with the accounts u0001 to u0008,
// whose password is "secret".
type testServer struct {
	*Server
	t       testing.TB
	store   *store.Store
	address string // clear text
	secure  string // implicit TLS
	log     *lockedBuffer
	disk    *vfs.Mem
	faults  *vfs.Faults
}

const testAccounts = 8

// takeAnyHeader lets clients append whatever has been sent in the world.
func takeAnyHeader(o *Options) { o.EightBitHeaders = true }

func startServer(t testing.TB, change func(*Options)) *testServer {
	t.Helper()
	log := new(lockedBuffer)
	logger := slog.New(slog.NewTextHandler(log, nil))
	disk := vfs.NewMem()
	faults := vfs.NewFaults(disk)
	where := store.Options{FS: faults, Dir: "/store", Logger: logger}
	if _, measured := t.(*testing.B); measured {
		where.FS, where.Dir = vfs.OS(), t.TempDir()
	}
	opened, err := store.Open(where)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	directory, err := auth.OpenDirectory(ctx, opened, auth.DirectoryOptions{
		Limits: auth.Limits{ArgonMemory: 64, ArgonPasses: 1, ScramIterations: 4096}, ScramSHA1: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range testAccounts {
		if _, err := directory.AddAccount(ctx, fmt.Sprintf("u%04d", i+1), "secret"); err != nil {
			t.Fatal(err)
		}
	}
	setElsewhere(t, opened, directory)
	secure := testTLS(t)
	service, err := auth.NewService(directory, auth.Options{
		Anonymous: "public", OAuth: auth.OAuth{Checker: testTokens(t)},
		Certificate: func(*tls.ConnectionState) *x509.Certificate { return secure.Certificates[0].Leaf },
	})
	if err != nil {
		t.Fatal(err)
	}
	options := Options{Store: opened, Auth: service, Logger: logger, TLS: secure, ServerName: "mail.example.org"}
	if change != nil {
		change(&options)
	}
	server := &testServer{Server: New(options), t: t, store: opened, log: log, disk: disk, faults: faults}
	server.address = server.listen(false)
	server.secure = server.listen(true)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		directory.Close()
		if err := opened.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return server
}

func (s *testServer) listen(implicitTLS bool) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = s.Serve(listener, implicitTLS) }()
	return listener.Addr().String()
}

// testTLS makes a certificate for one run.
func testTLS(t testing.TB) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}}}
}

// testClient says lines and looks at the answers.
type testClient struct {
	t    testing.TB
	conn net.Conn
	r    *bufio.Reader
	tags int
}

const testPatience = 20 * time.Second

// dial connects in clear text and reads the greeting.
func (s *testServer) dial() *testClient {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	c := newTestClient(s.t, conn)
	if greeting := c.line(); !strings.HasPrefix(greeting, "* OK ") {
		s.t.Fatalf("greeting: %s", greeting)
	}
	return c
}

func newTestClient(t testing.TB, conn net.Conn) *testClient {
	t.Cleanup(func() { conn.Close() })
	return &testClient{t: t, conn: conn, r: bufio.NewReader(conn)}
}

// login connects and logs in.
func (s *testServer) login(user string) *testClient {
	s.t.Helper()
	c := s.dial()
	c.ok("LOGIN " + user + " secret")
	return c
}

// send writes octets as they are.
func (c *testClient) send(text string) {
	c.t.Helper()
	if _, err := c.conn.Write([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// line reads one line without its end.
func (c *testClient) line() string {
	c.t.Helper()
	line, err := c.tryLine()
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return line
}

func (c *testClient) tryLine() (string, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(testPatience))
	line, err := c.r.ReadString('\n')
	return strings.TrimSuffix(line, "\r\n"), err
}

// do sends a command and returns the lines up to its tagged one, which is the
// last.
func (c *testClient) do(command string) []string {
	c.t.Helper()
	c.tags++
	tag := fmt.Sprintf("a%d", c.tags)
	c.send(tag + " " + command + "\r\n")
	return c.until(tag)
}

// until reads lines up to the tagged one.
func (c *testClient) until(tag string) []string {
	c.t.Helper()
	var lines []string
	for {
		line := c.line()
		lines = append(lines, line)
		if strings.HasPrefix(line, tag+" ") {
			return lines
		}
	}
}

// ok is do for what must succeed; it returns everything as one text.
func (c *testClient) ok(command string) string {
	c.t.Helper()
	return c.status(command, "OK")
}

// status is do for what must end with a status, or a status and a code.
func (c *testClient) status(command, status string) string {
	c.t.Helper()
	lines := c.do(command)
	_, rest, _ := strings.Cut(lines[len(lines)-1], " ")
	if !strings.HasPrefix(rest, status) {
		c.t.Fatalf("%s: want %s, got\n%s", command, status, strings.Join(lines, "\n"))
	}
	return strings.Join(lines, "\n")
}

// append adds a message to a mailbox.
func (c *testClient) append(mailbox, flags, message string) {
	c.t.Helper()
	c.ok(fmt.Sprintf("APPEND %s %s {%d+}\r\n%s", mailbox, flags, len(message), message))
}

// has fails unless a text holds every part.
func has(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Fatalf("%q is missing in\n%s", part, text)
		}
	}
}

// hasNot fails if a text holds one of the parts.
func hasNot(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Fatalf("%q must not be in\n%s", part, text)
		}
	}
}
