package imapserver

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// pipe serves a client that is not on this machine, as far as anyone knows.
func (s *testServer) pipe() *testClient {
	s.t.Helper()
	near, far := net.Pipe()
	session := s.admit(near)
	go session.serve(false)
	return newTestClient(s.t, far)
}

// The aim: passwords do not travel in clear text, except within the machine;
// STARTTLS allows them, and what came before it is forgotten.
func TestPasswordsNeedTLS(t *testing.T) {
	server := startServer(t, nil)
	c := server.pipe()
	has(t, c.line(), "LOGINDISABLED", "STARTTLS", "AUTH=SCRAM-SHA-256")
	has(t, c.status("LOGIN u0001 secret", "NO"), "[PRIVACYREQUIRED]")
	c.status("AUTHENTICATE PLAIN AHUwMDAxAHNlY3JldA==", "NO")
	c.tags++
	go func() { _, _ = c.conn.Write([]byte("s1 STARTTLS\r\ns2 CAPABILITY\r\n")) }()
	has(t, c.line(), "s1 OK")
	secure := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true})
	if err := secure.Handshake(); err != nil {
		t.Fatal(err)
	}
	c.conn, c.r = secure, bufio.NewReader(secure)
	text := c.ok("CAPABILITY") // and not the answer to s2
	hasNot(t, text, "LOGINDISABLED", "STARTTLS", "s2 ")
	has(t, text, "AUTH=PLAIN")
	c.ok("LOGIN u0001 secret")
	c.status("STARTTLS", "BAD")
}

// The aim: TLS from the first octet, with a login in it.
func TestImplicitTLS(t *testing.T) {
	server := startServer(t, nil)
	conn, err := tls.Dial("tcp", server.secure, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	c := newTestClient(t, conn)
	hasNot(t, c.line(), "STARTTLS", "LOGINDISABLED")
	has(t, c.ok("AUTHENTICATE PLAIN AHUwMDAxAHNlY3JldA=="), "[CAPABILITY IMAP4rev1")
	c.ok("SELECT INBOX")
}

// The aim: one session hears of a message as recent, the first; EXAMINE takes
// it from nobody (RFC 3501 §2.3.2).
func TestRecentOnce(t *testing.T) {
	server := startServer(t, nil)
	a, b, look := server.login("u0001"), server.login("u0001"), server.login("u0001")
	a.append("INBOX", "()", testMessage)
	has(t, a.ok("STATUS INBOX (RECENT)"), "RECENT 1")
	has(t, look.ok("EXAMINE INBOX"), "* 1 RECENT")
	has(t, a.ok("SELECT INBOX"), "* 1 RECENT")
	has(t, b.ok("SELECT INBOX"), "* 0 RECENT")
	has(t, a.ok("FETCH 1 FLAGS"), `\Recent`)
	hasNot(t, b.ok("FETCH 1 FLAGS"), `\Recent`)
	has(t, a.ok("SEARCH RECENT"), "* SEARCH 1")
	has(t, b.ok("SEARCH OLD"), "* SEARCH 1")
	b.append("INBOX", "()", testMessage)
	has(t, b.ok("NOOP")+a.ok("NOOP"), "OK")
	var recent int
	for _, c := range []*testClient{a, b} {
		recent += strings.Count(c.ok("FETCH 2 FLAGS"), `\Recent`)
	}
	if recent != 1 {
		t.Errorf("%d sessions have the message as recent", recent)
	}
}

// The aim: who has a mailbox selected that another deletes is told, and goes
// on where the dialect has a word for it (RFC 2180 §3.3).
func TestDeletedWhileSelected(t *testing.T) {
	server := startServer(t, nil)
	rev1, rev2, other := server.login("u0001"), server.login("u0001"), server.login("u0001")
	rev2.ok("ENABLE IMAP4rev2")
	other.ok("CREATE Short")
	other.append("Short", "()", testMessage)
	rev1.ok("SELECT Short")
	rev2.ok("SELECT Short")
	other.ok("RENAME Short Lived")
	has(t, rev2.ok("FETCH 1 BODY.PEEK[TEXT]"), "Good morning.")
	other.ok("SELECT Lived")
	has(t, other.ok("DELETE Lived"), "* OK [CLOSED]")
	other.status("FETCH 1 FLAGS", "BAD")
	has(t, rev2.ok("NOOP"), "* OK [CLOSED]")
	rev2.status("NOOP", "OK")
	rev2.status("FETCH 1 FLAGS", "BAD")
	rev1.send("n NOOP\r\n")
	has(t, rev1.line(), "* BYE")
}

// The aim: an account has as many sessions as it may have.
func TestSessionsPerAccount(t *testing.T) {
	server := startServer(t, nil)
	var most int
	for ; most < 2000; most++ {
		release, err := server.options.Auth.Sessions().Acquire(1, netip.Addr{})
		if err != nil {
			break
		}
		defer release()
	}
	c := server.dial()
	has(t, c.status("LOGIN u0001 secret", "NO"), "[LIMIT]")
	c.ok("LOGIN u0002 secret")
}

// The aim: a client that is silent too long, or does not take what it asked
// for, is let go.
func TestSilentClients(t *testing.T) {
	server := startServer(t, func(o *Options) {
		o.Limits.IdleTime, o.Limits.WriteTime = 200*time.Millisecond, 200*time.Millisecond
	})
	idle, silent := server.login("u0001"), server.login("u0001")
	idle.send("i IDLE\r\n")
	has(t, idle.line(), "+ ")
	has(t, idle.line(), "* BYE")
	has(t, silent.line(), "* BYE")

	near, far := net.Pipe() // a pipe holds nothing: the greeting waits
	defer far.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.admit(near).serve(false)
	}()
	select {
	case <-done:
	case <-time.After(testPatience):
		t.Error("a client that reads nothing keeps its session")
	}
}

// The aim: notices that keep coming do not keep a client that is silent in IDLE.
func TestSilentInIdleWhileMailComes(t *testing.T) {
	server := startServer(t, func(o *Options) { o.Limits.IdleTime = 600 * time.Millisecond })
	idle, other := server.login("u0001"), server.login("u0001")
	idle.ok("SELECT INBOX")
	idle.send("i IDLE\r\n")
	has(t, idle.line(), "+ ")
	start := time.Now()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for line := idle.line(); !strings.HasPrefix(line, "* BYE"); line = idle.line() {
		}
	}()
	for {
		select {
		case <-done:
			return
		case <-time.After(50 * time.Millisecond):
		}
		other.append("INBOX", "()", testMessage)
		if time.Since(start) > testPatience/2 {
			t.Fatal("a silent client is kept in IDLE by the mail of others")
		}
	}
}

// The aim: keywords are announced before a message has them, to everyone, and
// so is that no more can be made (RFC 9051 §7.1).
func TestKeywordsAreAnnounced(t *testing.T) {
	server := startServer(t, nil)
	a, b := server.login("u0001"), server.login("u0001")
	a.append("INBOX", "()", testMessage)
	a.ok("SELECT INBOX")
	b.ok("SELECT INBOX")
	text := a.ok("STORE 1 +FLAGS.SILENT (first)")
	has(t, text, "* FLAGS (", "first", `\*)]`)
	lines := strings.Split(b.ok("NOOP"), "\n")
	if len(lines) < 3 || !strings.HasPrefix(lines[0], "* FLAGS (") || !strings.Contains(lines[0], "first") || !strings.Contains(lines[2], "FETCH") {
		t.Errorf("the keyword was not announced first:\n%s", strings.Join(lines, "\n"))
	}
	for i := 0; ; i++ {
		var flags []string
		for j := range 100 {
			flags = append(flags, fmt.Sprintf("k%d-%d", i, j))
		}
		lines := a.do("STORE 1 +FLAGS.SILENT (" + strings.Join(flags, " ") + ")")
		if last := lines[len(lines)-1]; strings.Contains(last, " NO ") {
			has(t, last, "[LIMIT]")
			break
		}
	}
	for i := 0; ; i++ {
		lines := a.do(fmt.Sprintf("STORE 1 +FLAGS.SILENT (one-more-%d)", i))
		if strings.Contains(lines[len(lines)-1], "[LIMIT]") {
			break
		}
		text = strings.Join(lines, "\n")
	}
	has(t, text, "[PERMANENTFLAGS (")
	hasNot(t, text, `\*)]`)
}
