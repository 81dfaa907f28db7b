package imapserver

import (
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The aim: a search that takes long tells how far it is, rising and never at its
// goal, in untagged responses with the tag of the command (RFC 9585 §4); one that
// does not take long tells nothing.
func TestLongSearchesTellTheirProgress(t *testing.T) {
	var slow atomic.Bool
	var past atomic.Int64
	server := startServer(t, func(o *Options) {
		o.Now = func() time.Time { // a clock that leaps when it is looked at
			if slow.Load() {
				past.Add(int64(7 * time.Second))
			}
			return time.Unix(1_700_000_000, past.Load())
		}
	})
	c := server.login("u0001")
	c.ok("APPEND INBOX" + strings.Repeat(" {10+}\r\nx: y\r\n\r\nab", 500))
	c.ok("SELECT INBOX")
	if answer := c.ok("SEARCH TEXT ab"); strings.Contains(answer, "INPROGRESS") {
		t.Fatalf("%.300q", answer)
	}
	slow.Store(true)
	answer := c.ok("SEARCH TEXT nothing")
	slow.Store(false)
	last := -1
	line := regexp.MustCompile(`(?m)^\* OK \[INPROGRESS \("a[0-9]+" ([0-9]+) 500\)\] `)
	for _, found := range line.FindAllStringSubmatch(answer, -1) {
		done, _ := strconv.Atoi(found[1])
		if done <= last || done >= 500 {
			t.Errorf("%d behind %d", done, last)
		}
		last = done
	}
	if last < 0 || strings.Contains(answer[strings.LastIndex(answer, "\n"):], "INPROGRESS") {
		t.Errorf("%.500q", answer)
	}
}

// The aim: a search whose client has gone ends when its progress can no longer be
// told, and not at the end of the mailbox.
func TestSearchEndsWithItsConnection(t *testing.T) {
	const messages = 3000
	var slow atomic.Bool
	var looks atomic.Int64
	begun, gone, closed := make(chan bool), make(chan bool), make(chan bool, 8)
	server := startServer(t, func(o *Options) {
		o.Now = func() time.Time {
			if !slow.Load() {
				return time.Unix(1_700_000_000, 0)
			}
			if looks.Add(1) == 3 { // the search has begun
				close(begun)
				<-gone
			}
			return time.Unix(1_700_000_000+looks.Load()*13, 0)
		}
		o.Hooks.SessionClosed = func() { closed <- true }
	})
	c := server.login("u0001")
	for range messages / 500 {
		c.ok("APPEND INBOX" + strings.Repeat(" {10+}\r\nx: y\r\n\r\nab", 500))
	}
	c.ok("SELECT INBOX")
	slow.Store(true)
	c.send("x SEARCH TEXT nothing\r\n")
	<-begun
	_ = c.conn.(*net.TCPConn).SetLinger(0)
	c.conn.Close()
	close(gone)
	<-closed
	slow.Store(false)
	if all := int64(messages / progressStep); looks.Load() > all/2 {
		t.Errorf("the clock was looked at %d times, of %d in a whole search", looks.Load(), all)
	}
}
