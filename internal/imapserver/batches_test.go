package imapserver

import (
	"strings"
	"testing"
)

// The aim: batches adjoin, have as many messages as were asked for, and begin at
// the newest (RFC 10022 §3.1).
func TestBatchesDivideTheMailbox(t *testing.T) {
	server := startServer(t, nil)
	c := server.login("u0001")
	for range 12 {
		c.ok("APPEND INBOX" + strings.Repeat(" {1+}\r\nx", 100))
	}
	c.ok("SELECT INBOX")
	c.ok("STORE 100,200 +FLAGS.SILENT (\\Deleted)")
	c.ok("EXPUNGE")
	for command, want := range map[string]string{
		"UIDBATCHES 500":         "1200:701,700:200,199:1",
		"UIDBATCHES 1197":        "1200:2,1:1",
		"UIDBATCHES 1198":        "1200:1",
		"UIDBATCHES 4294967295":  "1200:1",
		"UIDBATCHES 500 2:3":     "700:200,199:1",
		"UIDBATCHES 500 3:200":   "199:1",
		"UIDBATCHES 500 4:9":     "",
		"UIDBATCHES 500 200:200": "",
		"uidbatches 100000 1:1":  "1200:1",
	} {
		answer := strings.Join(c.do(command), "\n") + "\n"
		if !strings.Contains(answer, strings.TrimSpace(") "+want)+"\n") || !strings.HasPrefix(answer, `* UIDBATCHES (TAG "`) {
			t.Errorf("%s: got %q, want %q", command, answer, want)
		}
	}
	if answer := strings.Join(c.do("UIDBATCHES 500"), "\n"); !strings.Contains(answer, "NO [LIMIT]") {
		t.Errorf("asked twice: %q", answer)
	}
	c.ok("APPEND INBOX" + strings.Repeat(" {1+}\r\nx", 251))
	if answer := strings.Join(c.do("UIDBATCHES 500"), "\n"); !strings.Contains(answer, ") 1451:952,951:452,451:1") {
		t.Errorf("asked again: %q", answer)
	}
}
