package imapserver

import (
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
