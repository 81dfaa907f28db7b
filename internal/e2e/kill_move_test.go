package e2e

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// moves is what was asked of u0003's messages, and acknowledged: a message is
// appended to INBOX, and then moved to Archive, or expunged.
type moves struct {
	mutex sync.Mutex
	fate  map[string]fate
}

// fate is how far a message has come.
type fate uint8

const (
	asked    fate = iota // the APPEND was not acknowledged: there once, or not
	kept                 // it was: there once, in INBOX
	leaving              // a MOVE was asked for: in INBOX, or in Archive
	moved                // and acknowledged: in Archive
	expiring             // an EXPUNGE was asked for: in INBOX, or nowhere
	expunged             // and acknowledged: nowhere
)

func (m *moves) set(id string, f fate) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.fate[id] = f
}

// allowed says how often a message may be in INBOX and in Archive.
func (f fate) allowed(inbox, archive int) bool {
	switch f {
	case asked:
		return inbox+archive <= 1
	case kept:
		return inbox == 1 && archive == 0
	case leaving:
		return inbox+archive == 1
	case moved:
		return inbox == 0 && archive == 1
	case expiring:
		return inbox <= 1 && archive == 0
	}
	return inbox+archive == 0
}

// move appends, moves and expunges until the server is gone.
func (w load) move(m *moves) {
	k := w.login("u0003")
	defer k.close()
	k.say("b SELECT INBOX\r\n")
	w.tagged(k, "b")
	for n := 0; k.err == nil; n++ {
		id := w.id(9, n)
		message := killMessage(id)
		m.set(id, asked)
		k.say(fmt.Sprintf("b APPEND INBOX {%d+}\r\n%s\r\n", len(message), message))
		text, _ := w.tagged(k, "b")
		var validity, uid uint32
		if _, code, ok := strings.Cut(text, "[APPENDUID "); ok {
			fmt.Sscanf(code, "%d %d]", &validity, &uid)
		}
		if uid == 0 {
			return
		}
		m.set(id, kept)
		before, after, command := leaving, moved, fmt.Sprintf("UID MOVE %d Archive", uid)
		switch n % 3 {
		case 1:
			k.say(fmt.Sprintf("c UID STORE %d +FLAGS (\\Deleted)\r\n", uid))
			if text, _ := w.tagged(k, "c"); text == "" {
				return
			}
			before, after, command = expiring, expunged, fmt.Sprintf("UID EXPUNGE %d", uid)
		case 2:
			continue
		}
		m.set(id, before)
		k.say("d " + command + "\r\n")
		if text, _ := w.tagged(k, "d"); text == "" {
			return
		}
		m.set(id, after)
	}
}

// check looks where every message is.
func (m *moves) check(t *testing.T, server *Server) {
	t.Helper()
	c := dialAs(t, server, "u0003")
	defer c.conn.Close()
	found := map[string]map[string]int{}
	for _, mailbox := range []string{"INBOX", "Archive"} {
		found[mailbox] = map[string]int{}
		c.must("SELECT " + mailbox)
		for _, r := range c.must("UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])") {
			if _, field := uidAndBody(r); field != nil {
				id := strings.TrimSpace(strings.TrimPrefix(string(field), "Subject: "))
				found[mailbox][id]++
				if _, ok := m.fate[id]; !ok {
					t.Errorf("message %s in %s was never sent", id, mailbox)
				}
			}
		}
	}
	for id, f := range m.fate {
		if inbox, archive := found["INBOX"][id], found["Archive"][id]; !f.allowed(inbox, archive) {
			t.Errorf("message %s, in state %d, is in INBOX %d times and in Archive %d times", id, f, inbox, archive)
		}
	}
}
