package smtp

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/internal/delivery"
)

// The aim: STARTTLS works with TLS 1.2 and 1.3 and not below, what was said in
// clear text does not count behind it, and the trace tells of it.
func TestStartTLS(t *testing.T) {
	r := newRig(t, func(options *Options, _ *delivery.Limits) { options.TLS = testTLS(t) })
	for version := uint16(tls.VersionTLS10); version <= tls.VersionTLS13; version++ {
		c := r.hello()
		c.say("MAIL FROM:<a@b.example>")
		c.want("250")
		c.say("STARTTLS")
		c.want("220")
		secure := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version})
		err := secure.HandshakeContext(t.Context())
		if (err == nil) != (version >= tls.VersionTLS12) {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err != nil {
			continue
		}
		c.conn, c.lines = secure, bufio.NewReader(secure)
		c.say("RCPT TO:<u1@example.org>")
		c.want("502")
		c.say("EHLO x")
		if got := c.reply(); strings.Contains(got, "STARTTLS") {
			t.Errorf("STARTTLS is offered again: %q", got)
		}
		c.deliver(note, "u1@example.org")
	}
	texts := r.messages("u1")
	if len(texts) != 2 || !strings.Contains(texts[1], "with ESMTPS id") || !strings.Contains(texts[1], "(TLS 1.3:TLS_") {
		t.Errorf("messages are %q", texts)
	}
}

// The aim: a command that was slipped in behind STARTTLS in clear text is not
// carried out (CVE-2011-0411).
func TestNothingIsSlippedIn(t *testing.T) {
	r := newRig(t, func(options *Options, _ *delivery.Limits) { options.TLS = testTLS(t) })
	c := r.hello()
	c.say("STARTTLS", "EHLO evil", "MAIL FROM:<evil@example.com>")
	c.want("220")
	secure := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true})
	if err := secure.HandshakeContext(t.Context()); err != nil {
		return // refusing to go on is good, too
	}
	c.conn, c.lines = secure, bufio.NewReader(secure)
	c.say("NOOP")
	c.want("250 2.0.0 I have")
	c.say("RCPT TO:<u1@example.org>")
	c.want("502")
}

// The aim: sessions beyond the limits are turned away, and their places are
// given back.
func TestSessionLimits(t *testing.T) {
	r := newRig(t, func(options *Options, _ *delivery.Limits) { options.Limits.SessionsPerAddressMax = 2 })
	for range 3 {
		one, two := r.hello(), r.hello()
		three := r.dial()
		three.want("421 4.7.0")
		three.wantEnd()
		for _, c := range []*client{one, two} {
			c.say("QUIT")
			c.want("221")
			c.wantEnd()
		}
	}
}

// The aim: a line without an end does not fill the memory, and a client that
// says nothing is sent away.
func TestEndlessLineAndSilence(t *testing.T) {
	r := newRig(t, func(options *Options, _ *delivery.Limits) { options.Limits.IdleTimeout = 50 * time.Millisecond })
	for _, c := range []*client{r.dial(), r.hello()} {
		_, _ = io.Copy(c.conn, io.LimitReader(endless{}, 64<<20))
		if rest, _ := io.ReadAll(c.lines); len(rest) > 0 && !strings.Contains("220 500 421", string(rest[:3])) {
			t.Errorf("after an endless line: %q", rest)
		}
	}
	silent := r.dial()
	silent.want("220", "421 4.4.2")
	silent.wantEnd()
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// The aim: a shutdown ends idle sessions at once, and lets a message under way
// be finished and acknowledged.
func TestShutdownDrains(t *testing.T) {
	r := newRig(t, asLMTP)
	idle, busy := r.hello(), r.hello()
	busy.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "DATA")
	busy.want("250", "250", "354")
	done := make(chan error, 1)
	go func() { done <- r.server.Shutdown(context.Background()) }()
	idle.want("421 4.3.2")
	idle.wantEnd()
	select {
	case err := <-done:
		t.Fatalf("shutdown did not wait: %v", err)
	default:
	}
	busy.send(note + ".\r\n")
	busy.want("250 2.0.0 <u1@example.org>", "421 4.3.2")
	busy.wantEnd()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := len(r.messages("u1")); n != 1 {
		t.Errorf("u1 has %d messages", n)
	}
}

// The aim: a shutdown that has lost its patience cuts what is left, and
// nothing of an unfinished message stays.
func TestShutdownCuts(t *testing.T) {
	r := newRig(t, asLMTP)
	c := r.hello()
	c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "DATA")
	c.want("250", "250", "354")
	c.send("Subject: half")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.server.Shutdown(ctx); err != context.Canceled {
		t.Errorf("shutdown: %v", err)
	}
	_, _ = io.ReadAll(c.lines)
	if n := len(r.messages("u1")); n != 0 {
		t.Errorf("u1 has %d messages", n)
	}
}

// The aim: a connection that is lost within a message leaves nothing, and the
// server goes on.
func TestLostConnection(t *testing.T) {
	r := newRig(t, asLMTP)
	for i, cut := range []string{"", "Subject: x\r\n\r\n", "Subject: x\r\n\r\n.", "Subject: x\r\n\r\n.\r"} {
		c := r.hello()
		c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "DATA")
		c.want("250", "250", "354")
		c.send(cut)
		if i%2 == 0 {
			r.must(c.conn.(*net.TCPConn).SetLinger(0))
		}
		c.conn.Close()
	}
	c := r.hello()
	c.deliver(note, "u1@example.org")
	if n := len(r.messages("u1")); n != 1 {
		t.Errorf("u1 has %d messages", n)
	}
}

// The aim: whatever is said, the next command works.
func TestMalformedCommands(t *testing.T) {
	r := newRig(t, asLMTP)
	for _, line := range []string{
		"", "X", "MAIL", "MAIL FROM", "MAIL FROM:", "MAIL FROM:<a", "MAIL FROM:<a@b> SIZE=x", "MAIL FROM:<a@b> X=Y",
		"MAIL FROM:<a\r@b>", "MAIL FROM:<@a:b>", "RCPT", "BDAT", "BDAT x", "BDAT -1", "BDAT 1 2 3", "AUTH PLAIN", "STARTTLS",
		"\xff\xfe", "VRFY u1", "LHLO", strings.Repeat("A", 60000), "MAIL FROM:<" + strings.Repeat("a", 2000) + "@b.example>",
	} {
		c := r.hello()
		c.say(line)
		if got := c.reply(); got[0] != '5' && !strings.HasPrefix(got, "252") && !strings.HasPrefix(got, "454") {
			t.Errorf("%.40q: %s", line, got)
		}
		c.say("NOOP")
		c.want("250")
		if got := c.deliver(fmt.Sprintf("Subject: %d\r\n\r\n", len(line)), "u1@example.org")[0]; !strings.HasPrefix(got, "250") {
			t.Errorf("%.40q: then %s", line, got)
		}
		c.conn.Close()
	}
}
