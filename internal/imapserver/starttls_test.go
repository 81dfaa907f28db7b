package imapserver

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
)

// Aim: RFC 9051 §6.2.1. Of what an attacker puts behind STARTTLS in clear text
// nothing is carried out and nothing is answered, however much of it was read with
// the command: it is thrown away, or taken for a handshake, which then fails.
func TestNothingSurvivesStartTLS(t *testing.T) {
	server := startServer(t, nil)
	slip := "x2 NOOP\r\nx3 LOGIN u0001 secret\r\nx4 CREATE Slipped\r\nx5 LOGIN {5+}\r\nu0001 {6+}\r\nsecret\r\n"
	padding := strings.Repeat("x6 NOOP\r\n", 8<<10)
	for name, test := range map[string]struct {
		together, later string // with STARTTLS, and before its answer is read
		secure          bool   // TLS must begin
	}{
		"nothing":               {"", "", true},
		"one command":           {"x2 NOOP\r\n", "", true},
		"part of one":           {"x2 CREATE Sli", "", true},
		"a literal's beginning": {"x2 LOGIN {5+}\r\nu0", "", true},
		"several commands":      {slip, "", false},
		"more than is read":     {slip + padding, "", false},
		"behind it":             {"", slip, false},
		"in two pieces":         {"x2 CREATE Sli", "pped\r\n" + slip, false},
	} {
		conn, err := net.Dial("tcp", server.address)
		if err != nil {
			t.Fatal(err)
		}
		c := newTestClient(t, conn)
		c.line()
		go func() { _, _ = io.WriteString(conn, "x1 STARTTLS\r\n"+test.together+test.later) }()
		if test.later == "" {
			if line := c.line(); !strings.HasPrefix(line, "x1 OK ") {
				t.Errorf("%s: %s", name, line)
			}
		} else if line, err := c.tryLine(); err == nil && !strings.HasPrefix(line, "x1 OK ") {
			t.Errorf("%s: %s", name, line)
		}
		secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
		if err := secure.Handshake(); err != nil {
			if test.secure {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		c = &testClient{t: t, conn: secure, r: bufio.NewReader(secure)}
		if lines := c.do("NOOP"); len(lines) != 1 {
			t.Errorf("%s: answered under TLS: %q", name, lines)
		}
		c.status("SELECT INBOX", "BAD")
	}
	owner := server.login("u0001")
	hasNot(t, owner.ok(`LIST "" *`), "Slipped")
	if logins := strings.Count(server.log.String(), "logged in"); logins != 1 {
		t.Errorf("%d logins:\n%s", logins, server.log.String())
	}
}

// Aim: RFC 9051 §6.2.1. STARTTLS is refused where it cannot be, and says how: twice,
// after a login, where the connection began with TLS, and where there is none; each
// time the session goes on.
func TestStartTLSIsRefused(t *testing.T) {
	server := startServer(t, nil)
	handshake := func(conn net.Conn) *testClient {
		secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
		if err := secure.Handshake(); err != nil {
			t.Fatal(err)
		}
		return &testClient{t: t, conn: secure, r: bufio.NewReader(secure)}
	}
	c := server.dial()
	c.status("STARTTLS now", "BAD")
	c.ok("STARTTLS")
	c = handshake(c.conn)
	c.status("STARTTLS", "BAD")
	c.ok("LOGIN u0001 secret")
	c.status("STARTTLS", "BAD")
	c.ok("UNAUTHENTICATE")
	c.status("STARTTLS", "BAD")
	hasNot(t, c.ok("CAPABILITY"), "STARTTLS")

	c = server.login("u0001")
	c.status("STARTTLS", "BAD")
	c.ok("SELECT INBOX")
	c.status("STARTTLS", "BAD")
	c.ok("UNAUTHENTICATE")
	c.ok("STARTTLS") // nobody is logged in
	c = handshake(c.conn)
	c.status("SELECT INBOX", "BAD")
	c.ok("LOGIN u0001 secret")

	conn, err := net.Dial("tcp", server.secure)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	c = handshake(conn)
	hasNot(t, c.line(), "STARTTLS")
	c.status("STARTTLS", "BAD")

	bare := startServer(t, func(o *Options) { o.TLS = nil })
	c = bare.dial()
	hasNot(t, c.ok("CAPABILITY"), "STARTTLS") // RFC 8314 §4
	c.status("STARTTLS", "NO")
	c.ok("LOGIN u0001 secret")
}
