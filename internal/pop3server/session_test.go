package pop3server

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/restante/restante/internal/vfs"
)

// The aim: deletions are all or none: when the store fails at QUIT nothing is
// gone, and the client is told.
func TestQuitIsAllOrNone(t *testing.T) {
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO} {
		r := newRig(t, nil)
		for i := range 3 {
			r.append("u1", fmt.Sprintf("Subject: %d\r\n\r\n", i))
		}
		c := r.login("u1")
		c.say("DELE 1", "DELE 3")
		c.want("+OK", "+OK")
		r.faults.Fail(vfs.Writes, "", fault)
		c.say("QUIT")
		c.want("-ERR [SYS/TEMP]")
		c.wantEnd()
		r.faults.Heal()
		if _, uids := r.inbox("u1"); uids.Count() != 3 {
			t.Errorf("%v: %d messages are left", fault, uids.Count())
		}
	}
}

// The aim: reading goes on while nothing can be written.
func TestReadsWithAFullDisk(t *testing.T) {
	r := newRig(t, nil)
	r.append("u1", "Subject: x\r\n\r\nText\r\n")
	r.faults.Fail(vfs.Writes, "", syscall.ENOSPC)
	defer r.faults.Heal()
	c := r.login("u1")
	c.say("RETR 1")
	if got := c.text(); got != "Subject: x\r\n\r\nText\r\n" {
		t.Errorf("got %q", got)
	}
}

// The aim: a user cannot name another's messages, and two sessions of one
// account do not lock each other out.
func TestAccountsAreApart(t *testing.T) {
	r := newRig(t, nil)
	r.append("u1", "Subject: x\r\n\r\n")
	other, one, two := r.login("u2"), r.login("u1"), r.login("u1")
	other.say("STAT", "RETR 1")
	other.want("+OK 0 0", "-ERR")
	for _, c := range []*client{one, two} {
		c.say("DELE 1", "QUIT")
		c.want("+OK", "+OK")
		c.wantEnd()
	}
	if _, uids := r.inbox("u1"); len(uids) != 0 {
		t.Errorf("%v are left", uids)
	}
}

// The aim: sessions beyond the limit are told so (RFC 2449 §8.1.2), and places
// are given back.
func TestSessionLimit(t *testing.T) {
	r := newRig(t, nil)
	for range 2 {
		var open []*client
		for range 4 {
			open = append(open, r.login("u1"))
		}
		c := r.dial()
		c.say("USER u1", "PASS secret word")
		c.want("+OK", "+OK", "-ERR [IN-USE]")
		for _, c := range open {
			c.say("QUIT")
			c.want("+OK")
			c.wantEnd()
		}
	}
}

// The aim: whatever a client sends, the next command works, and memory stays
// bounded.
func TestMalformedLines(t *testing.T) {
	r := newRig(t, nil)
	c := r.login("u1")
	for _, line := range []string{
		"", " ", "\x00", "\xff\xfe", "STAT x", "NOOP NOOP", "RETR  1", "  STAT", "LIST\t1", "QUIT now", "STATUS",
		strings.Repeat("x", lineMax+1), strings.Repeat("RETR ", 100000), "PASS " + strings.Repeat("p", 5000),
	} {
		c.say(line, "NOOP")
		c.want("-ERR", "+OK")
	}
	c.say(strings.Repeat("x", skipMax+100000), "NOOP")
	if _, err := io.ReadAll(c.lines); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("an endless line: %v", err)
	}
	stubborn := r.dial()
	stubborn.want("+OK")
	for range errorsMax {
		stubborn.say("BOGUS")
		stubborn.want("-ERR")
	}
	stubborn.say("BOGUS")
	stubborn.want("-ERR Too many errors")
	stubborn.wantEnd()
}

// The aim: a client that says nothing is sent away without a word, before and
// after the login (RFC 1939 §3), and deletes nothing.
func TestTimeouts(t *testing.T) {
	r := newRig(t, func(options *Options) {
		options.Limits.LoginTimeout = 300 * time.Millisecond
		options.Limits.IdleTimeout = 50 * time.Millisecond
	})
	r.append("u1", "Subject: x\r\n\r\n")
	silent := r.dial()
	silent.want("+OK")
	silent.wantEnd()
	idle := r.login("u1")
	idle.say("DELE 1")
	idle.want("+OK")
	idle.wantEnd()
	if _, uids := r.inbox("u1"); uids.Count() != 1 {
		t.Error("the message is gone")
	}
}

// The aim: pop3s speaks TLS from the first octet.
func TestImplicitTLS(t *testing.T) {
	r := newRig(t, nil)
	address := r.listen(true)
	conn, err := net.Dial("tcp", address)
	r.must(err)
	c := &client{t: t, conn: conn}
	c.startTLS()
	defer c.conn.Close()
	c.say("USER u1", "PASS secret word", "STLS", "QUIT")
	c.want("+OK", "+OK", "+OK", "-ERR", "+OK")
	c.wantEnd()
}

// The aim: what is slipped in behind STLS in clear text is not carried out.
func TestNothingIsSlippedIn(t *testing.T) {
	r := newRig(t, nil)
	c := r.dial()
	c.say("STLS", "USER u1", "PASS secret word")
	c.want("+OK", "+OK")
	c.startTLS()
	c.say("STAT", "QUIT")
	c.want("-ERR", "+OK")
	c.wantEnd()
}

// The aim: a shutdown ends idle sessions at once and removes nothing.
func TestShutdown(t *testing.T) {
	r := newRig(t, nil)
	r.append("u1", "Subject: x\r\n\r\n")
	c := r.login("u1")
	c.say("DELE 1")
	c.want("+OK")
	r.must(r.server.Shutdown(context.Background()))
	c.wantEnd()
	if _, uids := r.inbox("u1"); uids.Count() != 1 {
		t.Error("the message is gone")
	}
}

// The aim: the sessions of an account end when it is disabled.
func TestEndAccount(t *testing.T) {
	r := newRig(t, nil)
	one, two := r.login("u1"), r.login("u2")
	r.server.EndAccount(r.accounts["u1"].ID())
	one.wantEnd()
	two.say("NOOP")
	two.want("+OK")
}

// The aim: more messages than one portion are listed whole, with the sizes
// that RETR sends.
func TestManyMessages(t *testing.T) {
	r := newRig(t, nil)
	const count = portionMax + 7
	r.appendMany("u1", count)
	c := r.login("u1")
	c.say("LIST")
	list := strings.Split(strings.TrimSuffix(c.text(), "\r\n"), "\r\n")
	if len(list) != count {
		t.Fatalf("LIST has %d lines", len(list))
	}
	for _, n := range []int{1, portionMax, portionMax + 1, count} {
		c.say(fmt.Sprintf("RETR %d", n))
		if want := fmt.Sprintf("%d %d", n, len(c.text())); list[n-1] != want {
			t.Errorf("LIST says %q, want %q", list[n-1], want)
		}
	}
	for n := 1; n <= count; n += 2 {
		c.say(fmt.Sprintf("DELE %d", n))
		c.want("+OK")
	}
	c.say("QUIT")
	c.want("+OK")
	c.wantEnd()
	if _, uids := r.inbox("u1"); uids.Count() != count/2 {
		t.Errorf("%d are left", uids.Count())
	}
}
