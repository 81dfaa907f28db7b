package imapserver

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/internal/mail"
)

// The aim: whatever is wrong with a command, it gets BAD (or NO) with a
// reason, and the next command works.
func TestMalformedCommandsLeaveTheSessionHealthy(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	c.append("INBOX", "()", testMessage)
	c.ok("SELECT INBOX")
	for _, command := range []string{
		"FETCH", "FETCH 0 FLAGS", "FETCH 1", "FETCH 1 (FLAGS", "FETCH 9 FLAGS", "FETCH 1 BODY[", "FETCH 1 BODY[MIME]",
		"FETCH 1 NOSUCHITEM", "FETCH 4294967296 FLAGS", "FETCH 1:2:3 FLAGS", "UID FETCH 1 (FLAGS) (VANISHED)",
		"STORE 1 FLAGS", "STORE 1 *FLAGS (x)", "STORE 1 FLAGS (\\)", "SEARCH", "SEARCH NOSUCHKEY", "SEARCH OR ALL",
		"SEARCH HEADER", "SEARCH SINCE 40-Foo-2000", "SEARCH " + strings.Repeat("NOT ", 5000) + "ALL", "SEARCH " + strings.Repeat("(", 20000),
		"NOSUCHCOMMAND", "UID", "UID NOOP", "LOGIN a b", "STARTTLS", "AUTHENTICATE PLAIN", "SELECT", "SELECT INBOX (NOSUCH)",
		"SELECT \"unfinished", "LIST \"\"", "LIST (RECURSIVEMATCH) \"\" *", "STATUS INBOX", "STATUS INBOX ()", "APPEND INBOX",
		"APPEND INBOX notaliteral", "ENABLE", "NOOP and more", " NOOP", "CREATE \"\x01\"", "ID (\"a\")", "IDLE now", "FETCH 1 (FLAGS) (CHANGEDSINCE 0)",
		"SELECT INBOX (QRESYNC (1 2))", "FETCH 1 BINARY[1.MIME]", "COPY 1", "MOVE 1", "FETCH 1 BODY[TEXT]<1.0>", "FETCH 1 BODY[]<>",
	} {
		lines := c.do(command)
		last := lines[len(lines)-1]
		if !strings.Contains(last, " BAD ") && !strings.Contains(last, " NO ") {
			t.Errorf("%.60s: %s", command, last)
		}
		c.ok("NOOP")
	}
	has(t, c.ok("FETCH 1 FLAGS"), "* 1 FETCH")
}

// The aim: literals that are refused do not put the connection out of step.
func TestRefusedLiterals(t *testing.T) {
	server := startServer(t, func(o *Options) { o.Limits.LiteralMax = 5000 })
	c := server.login("u0001")
	c.send("b1 APPEND INBOX {5001}\r\n")
	has(t, c.line(), "b1 NO [TOOBIG]")
	c.send("b2 APPEND INBOX {5001+}\r\n" + strings.Repeat("x", 5001) + "\r\n")
	has(t, c.line(), "b2 NO [TOOBIG]")
	c.send("b3 APPEND nosuch {10}\r\n")
	has(t, c.line(), "b3 NO [TRYCREATE]")
	c.send("b4 APPEND nosuch {10+}\r\n0123456789\r\n")
	has(t, c.line(), "b4 NO [TRYCREATE]")
	c.send("b5 NOSUCH {10}\r\n")
	has(t, c.line(), "b5 BAD")
	c.send("b6 NOSUCH {4+}\r\nabcd {3+}\r\nxyz\r\n")
	has(t, c.line(), "b6 BAD")
	c.send("b7 APPEND INBOX {6+}\r\nab\x00cde\r\n")
	has(t, c.line(), "b7 BAD")
	c.send("b8 APPEND INBOX ~{6+}\r\nab\x00cde\r\n")
	has(t, c.line(), "b8 OK [APPENDUID")
	c.send("b9 APPEND INBOX {6+}\r\nabcdef more\r\n")
	has(t, c.line(), "b9 BAD")
	c.send("b10 APPEND INBOX {0+}\r\n\r\n")
	has(t, c.line(), "b10 NO")
	c.send("b11 APPEND INBOX {6+}\r\nabcdef (\\Seen) {5001+}\r\n" + strings.Repeat("x", 5001) + "\r\n")
	has(t, c.line(), "b11 NO [TOOBIG]")
	c.send("b12 SEARCH SUBJECT {99999999999999999999}\r\n")
	has(t, c.line(), "b12 BAD")
	has(t, c.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 1")
}

// The aim: before a login little is believed: literals are small, commands
// few, and time is short.
func TestStrangersGetLittle(t *testing.T) {
	server := startServer(t, func(o *Options) { o.Limits.AuthenticationTime = 300 * time.Millisecond })
	c := server.dial()
	c.send("b1 LOGIN {5000}\r\n")
	has(t, c.line(), "b1 NO [TOOBIG]")
	c.send("b2 SELECT {3}\r\n")
	has(t, c.line(), "b2 BAD Log in first")
	has(t, c.status("LOGIN u0001 wrong", "NO"), "[AUTHENTICATIONFAILED]")
	has(t, c.line(), "* BYE")
	if _, err := c.tryLine(); err == nil {
		t.Fatal("the connection is still open")
	}
}

// The aim: a line without end does not fill memory, and is answered.
func TestEndlessLine(t *testing.T) {
	c := startServer(t, nil).login("u0001")
	c.send("b1 NOOP " + strings.Repeat("x", 300<<10) + "\r\n")
	has(t, c.line(), "b1 BAD [LIMIT]")
	c.send("\r\n")
	has(t, c.line(), "* BAD Empty command line")
	c.send("(no tag\r\n")
	has(t, c.line(), "* BAD")
	c.ok("NOOP")
}

// The aim: who speaks something else is shown the door.
func TestAnotherProtocol(t *testing.T) {
	c := startServer(t, func(o *Options) { o.Limits.ErrorsMax = 5 }).dial()
	for range 4 {
		c.send("GET / HTTP/1.1\r\n")
		has(t, c.line(), "GET BAD")
	}
	c.send("GET / HTTP/1.1\r\n")
	has(t, c.line(), "GET BAD")
	has(t, c.line(), "* BYE")
}

// panickingStore fails in the worst way when an account is opened.
type panickingStore struct {
	mail.Store
	armed bool
}

func (s *panickingStore) Stage() mail.Staging {
	if s.armed {
		panic("staging is broken")
	}
	return s.Store.Stage()
}

// The aim: a fault in one session ends that session, with its stack in the
// log, and no other.
func TestPanicEndsOneSession(t *testing.T) {
	var broken *panickingStore
	server := startServer(t, func(o *Options) {
		broken = &panickingStore{Store: o.Store, armed: true}
		o.Store = broken
	})
	a, b := server.login("u0001"), server.login("u0001")
	a.send("x APPEND INBOX {3+}\r\nabc\r\n")
	has(t, a.line(), "* BYE [SERVERBUG]")
	if _, err := a.tryLine(); err == nil {
		t.Fatal("the connection is still open")
	}
	b.ok("NOOP")
	b.ok("SELECT INBOX")
	has(t, server.log.String(), "staging is broken", "cmd_append.go")
}

// The aim: shutting down tells every client, and lets it go.
func TestShutdownSaysGoodbye(t *testing.T) {
	server := startServer(t, nil)
	idle, busy, stranger := server.login("u0001"), server.login("u0002"), server.dial()
	idle.send("i IDLE\r\n")
	has(t, idle.line(), "+ ")
	busy.ok("SELECT INBOX")
	done := make(chan error)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), testPatience)
		defer cancel()
		done <- server.Shutdown(ctx)
	}()
	for _, c := range []*testClient{idle, busy, stranger} {
		has(t, c.line(), "* BYE")
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// The aim: octets without sense never make the server panic or hang.
func TestNoise(t *testing.T) {
	server := startServer(t, func(o *Options) { o.Limits.ErrorsMax = 1 << 30 })
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	words := []string{
		"a1", " ", "  ", "\r\n", "\n", "FETCH", "UID", "SEARCH", "STORE", "1:*", "$", "(", ")", "BODY[", "]", "<0.1>", "{3}\r\n", "{3+}\r\n", "~{2+}\r\n",
		"abc", "\"", "\\", "NIL", "FLAGS", "+FLAGS", "APPEND", "INBOX", "SELECT", "IDLE", "DONE", "ENABLE", "IMAP4rev2", "QRESYNC", "LIST", "RETURN", "STATUS",
		"OR", "NOT", "HEADER", "AUTHENTICATE", "PLAIN", "=", "*", "%", "\x00", "\xff", "é", "UTF8", "MULTI", "4294967295", "99999999999999999999", "EXPUNGE", "COPY", "MOVE", "NOOP", "LOGIN",
	}
	for range 60 {
		c := server.login("u0001")
		c.ok("SELECT INBOX")
		var text strings.Builder
		for range 200 {
			fmt.Fprintf(&text, "%s", words[random.IntN(len(words))])
			if random.IntN(2) == 0 {
				text.WriteByte(' ')
			}
		}
		c.send(text.String())
		_ = c.conn.(*net.TCPConn).CloseWrite()
		for {
			if _, err := c.tryLine(); err != nil {
				if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
					t.Fatalf("seed %d: the server hangs on %q", seed, text.String())
				}
				break
			}
		}
	}
	hasNot(t, server.log.String(), "panic")
	server.login("u0001").ok("SELECT INBOX")
}
