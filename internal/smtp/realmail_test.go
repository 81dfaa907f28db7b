package smtp

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/restante/restante/internal/realmail"
)

// The aim: every real message arrives by LMTP and is kept octet for octet.
func TestRealMail(t *testing.T) {
	messages := realmail.Deliverable(t)
	r := newRig(t, asLMTP)
	const connections = 4
	var wait sync.WaitGroup
	for first := range connections {
		c := r.hello()
		wait.Go(func() {
			for i := first; i < len(messages); i += connections {
				wire := bytes.ReplaceAll(messages[i], []byte("\r\n."), []byte("\r\n.."))
				if bytes.HasPrefix(wire, []byte(".")) {
					wire = append([]byte("."), wire...)
				}
				if got := c.deliver(string(wire), "u1@example.org"); !strings.HasPrefix(got[0], "250") {
					t.Errorf("message %d: %s", i, got[0])
				}
			}
		})
	}
	wait.Wait()
	missing := map[string]int{}
	for _, message := range messages {
		missing[string(message)]++
	}
	kept := r.messages("u1")
	if len(kept) != len(messages) {
		t.Errorf("%d messages were kept of %d", len(kept), len(messages))
	}
	for _, text := range kept {
		missing[withoutTrace(t, text)]--
	}
	for text, count := range missing {
		if count != 0 {
			t.Errorf("of one message %d are missing: %.200q", count, text)
		}
	}
}
