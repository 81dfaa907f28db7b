package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// killRounds is how often the server is killed.
const killRounds = 50

// Aim: SIGKILL at any moment loses nothing that was acknowledged: every such
// message is there once, whole, under the UID that was told, with the flags
// that were told; and nothing else is there.
func TestKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	rounds, seed := killRounds, uint64(time.Now().UnixNano())
	if testing.Short() {
		rounds = 5
	}
	if text := os.Getenv("RESTANTE_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("seed %d (RESTANTE_SEED replays the times of the kills)", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	AddAccount(t, dir, "u0001")
	AddAccount(t, dir, "u0002")
	AddAccount(t, dir, "u0003")
	l := &ledger{sent: map[string]bool{}, known: map[string]uint32{}, kept: map[string]bool{}, told: map[string]uint32{}, flagged: map[uint32]bool{}, moves: moves{fate: map[string]fate{}}}
	for round := range rounds {
		server := StartOn(t, dir)
		l.checkNew(t, server)
		load := startLoad(server, l, round)
		timer := time.NewTimer(time.Duration(20+random.IntN(180)) * time.Millisecond)
		<-timer.C
		server.Kill()
		load.Wait()
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	server := StartOn(t, dir)
	l.checkNew(t, server)
	l.checkAll(t, server)
	l.moves.check(t, server)
	server.Stop(t)
	t.Logf("%d messages, %d acknowledged, %d flags, %d to be moved or expunged", len(l.known), len(l.kept), len(l.flagged), len(l.moves.fate))
	if len(l.kept) < rounds {
		t.Errorf("only %d messages were acknowledged: the load is no load", len(l.kept))
	}
}

// ledger is what was sent to the server and what it acknowledged.
type ledger struct {
	mutex    sync.Mutex
	sent     map[string]bool   // by identifier
	kept     map[string]bool   // acknowledged
	told     map[string]uint32 // by APPENDUID
	flagged  map[uint32]bool   // by UID in INBOX
	known    map[string]uint32 // found after a restart
	both     []string          // acknowledged for both accounts
	validity string
	next     uint32
	refused  []string
	moves    moves
}

// killMessage makes a message from its identifier alone.
func killMessage(id string) []byte {
	var seed [32]byte
	copy(seed[:], id)
	random := rand.New(rand.NewChaCha8(seed))
	text := fmt.Appendf(nil, "X-Id: %s\r\nSubject: %s\r\n\r\n", id, id)
	for range random.IntN(120) {
		text = fmt.Appendf(text, "%d %x\r\n", random.Uint64(), random.Uint64())
	}
	return text
}

func (l *ledger) send(id string) { l.mutex.Lock(); l.sent[id] = true; l.mutex.Unlock() }

func (l *ledger) keep(id string, uid uint32, both bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.kept[id] = true
	if uid != 0 {
		l.told[id] = uid
	}
	if both {
		l.both = append(l.both, id)
	}
}

// checkNew looks at the messages that came since the last look.
func (l *ledger) checkNew(t *testing.T, server *Server) {
	t.Helper()
	c := dialClient(t, server)
	defer c.conn.Close()
	exists := l.selectInbox(t, c)
	if l.next == 0 {
		l.next = 1
	}
	for _, r := range c.must(fmt.Sprintf("UID FETCH %d:* (UID BODY.PEEK[])", l.next)) {
		uid, body := uidAndBody(r)
		if uid >= l.next { // "*" is the last message, however old
			l.find(t, uid, body)
		}
	}
	for _, uid := range l.known {
		l.next = max(l.next, uid+1)
	}
	for id := range l.kept {
		if l.known[id] == 0 {
			t.Errorf("message %s was acknowledged and is lost", id)
		}
	}
	for id, uid := range l.told {
		if l.known[id] != uid {
			t.Errorf("message %s was told to have UID %d and has %d", id, uid, l.known[id])
		}
	}
	if exists != len(l.known) {
		t.Errorf("%d messages exist, %d are known", exists, len(l.known))
	}
	l.checkFlags(t, c)
}

// selectInbox returns how many messages there are.
func (l *ledger) selectInbox(t *testing.T, c *client) (exists int) {
	t.Helper()
	for _, r := range c.must("SELECT INBOX") {
		if count, ok := strings.CutSuffix(r.text, " EXISTS"); ok {
			fmt.Sscanf(count, "* %d", &exists)
		}
		if _, rest, ok := strings.Cut(r.text, "[UIDVALIDITY "); ok {
			value, _, _ := strings.Cut(rest, "]")
			if l.validity != "" && value != l.validity {
				t.Errorf("UIDVALIDITY changed from %s to %s", l.validity, value)
			}
			l.validity = value
		}
	}
	return exists
}

func uidAndBody(r response) (uid uint32, body []byte) {
	if _, rest, ok := strings.Cut(r.text, "(UID "); ok && len(r.literals) == 1 {
		fmt.Sscan(rest, &uid)
		return uid, r.literals[0]
	}
	return 0, nil
}

// find compares one stored message with what was sent.
func (l *ledger) find(t *testing.T, uid uint32, body []byte) {
	t.Helper()
	at := bytes.Index(body, []byte("X-Id: "))
	if at < 0 {
		t.Errorf("UID %d is not a message that was sent", uid)
		return
	}
	line, _, _ := bytes.Cut(body[at+len("X-Id: "):], []byte("\r\n"))
	id := string(line)
	switch {
	case !l.sent[id]:
		t.Errorf("UID %d is message %s, which was never sent", uid, id)
	case l.known[id] != 0 && l.known[id] != uid:
		t.Errorf("message %s is there twice, as UID %d and %d", id, l.known[id], uid)
	case !bytes.Equal(body[at:], killMessage(id)):
		t.Errorf("message %s (UID %d) is damaged", id, uid)
	}
	l.known[id] = uid
}

func (l *ledger) checkFlags(t *testing.T, c *client) {
	t.Helper()
	found := map[string]bool{}
	for _, r := range c.must("UID SEARCH FLAGGED") {
		if rest, ok := strings.CutPrefix(r.text, "* SEARCH"); ok {
			for uid := range strings.FieldsSeq(rest) {
				found[uid] = true
			}
		}
	}
	for uid := range l.flagged {
		if !found[strconv.Itoa(int(uid))] {
			t.Errorf("the flag of UID %d was acknowledged and is lost", uid)
		}
	}
}

// checkAll reads everything once more, and the second account.
func (l *ledger) checkAll(t *testing.T, server *Server) {
	t.Helper()
	c := dialClient(t, server)
	defer c.conn.Close()
	l.selectInbox(t, c)
	for _, r := range c.must("UID FETCH 1:* (UID BODY.PEEK[])") {
		if uid, body := uidAndBody(r); body != nil {
			l.find(t, uid, body)
		}
	}
	other := dialAs(t, server, "u0002")
	defer other.conn.Close()
	other.must("SELECT INBOX")
	times := map[string]int{}
	for _, r := range other.must("UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])") {
		if _, field := uidAndBody(r); field != nil {
			times[strings.TrimSpace(strings.TrimPrefix(string(field), "Subject: "))]++
		}
	}
	for _, id := range l.both {
		if times[id] != 1 {
			t.Errorf("message %s is there %d times for the second recipient", id, times[id])
		}
	}
	for _, refusal := range l.refused {
		t.Errorf("refused under load: %s", refusal)
	}
}
