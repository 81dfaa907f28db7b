package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
)

// load is what is done to a server while it is killed. Its connections break;
// that ends them, and is no failure.
type load struct {
	server *Server
	ledger *ledger
	round  int
}

// startLoad delivers, appends and sets flags until the server is gone.
func startLoad(server *Server, l *ledger, round int) *sync.WaitGroup {
	w := load{server, l, round}
	var running sync.WaitGroup
	for n := range 3 {
		running.Go(func() { w.deliver(n, "u0001@example.org") })
	}
	running.Go(func() { w.deliver(3, "u0001@example.org", "u0002@example.org") })
	for n := range 2 {
		running.Go(func() { w.appendMessages(4 + n) })
	}
	running.Go(w.flag)
	running.Go(func() { w.move(&l.moves) })
	return &running
}

func (w load) id(worker, n int) string { return fmt.Sprintf("%d-%d-%d", w.round, worker, n) }

// talker is one connection; the first error ends everything it does.
type talker struct {
	conn net.Conn
	in   *bufio.Reader
	err  error
}

func (w load) dial(protocol string) *talker {
	conn, err := net.Dial("tcp", w.server.Addresses[protocol])
	if err != nil {
		return &talker{err: err}
	}
	return &talker{conn: conn, in: bufio.NewReader(conn)}
}

func (k *talker) close() {
	if k.conn != nil {
		k.conn.Close()
	}
}

func (k *talker) say(text string) {
	if k.err == nil {
		_, k.err = io.WriteString(k.conn, text)
	}
}

func (k *talker) line() string {
	if k.err != nil {
		return ""
	}
	line, err := k.in.ReadString('\n')
	k.err = err
	return line
}

// expect reads an SMTP reply and reports whether it has the code.
func (w load) expect(k *talker, code string) bool {
	for {
		line := k.line()
		if k.err != nil {
			return false
		}
		if !strings.HasPrefix(line, code) {
			w.refuse(line)
			return false
		}
		if len(line) > 3 && line[3] == ' ' {
			return true
		}
	}
}

func (w load) refuse(line string) {
	w.ledger.mutex.Lock()
	defer w.ledger.mutex.Unlock()
	w.ledger.refused = append(w.ledger.refused, strings.TrimSpace(line))
}

// deliver hands messages over by LMTP; each recipient has a reply.
func (w load) deliver(worker int, recipients ...string) {
	k := w.dial("lmtp")
	defer k.close()
	if !w.expect(k, "220") {
		return
	}
	k.say("LHLO client.example.net\r\n")
	for n := 0; w.expect(k, "250"); n++ {
		id := w.id(worker, n)
		k.say("MAIL FROM:<sender@example.net>\r\n")
		ok := w.expect(k, "250")
		for _, recipient := range recipients {
			k.say("RCPT TO:<" + recipient + ">\r\n")
			ok = ok && w.expect(k, "250")
		}
		k.say("DATA\r\n")
		if !ok || !w.expect(k, "354") {
			return
		}
		w.ledger.send(id)
		k.say(string(stuff(killMessage(id))))
		for range recipients {
			if !w.expect(k, "250") {
				return
			}
			w.ledger.keep(id, 0, false)
		}
		if len(recipients) > 1 {
			w.ledger.keep(id, 0, true)
		}
		k.say("NOOP\r\n")
	}
}

// login opens an IMAP session.
func (w load) login(user string) *talker {
	k := w.dial("imap")
	k.line()
	k.say(fmt.Sprintf("a LOGIN %s %q\r\n", user, Password))
	w.tagged(k, "a")
	return k
}

// tagged reads up to the tagged response and returns it, if it is OK.
func (w load) tagged(k *talker, tag string) (text string, untagged []string) {
	for {
		line := k.line()
		if k.err != nil {
			return "", nil
		}
		rest, ok := strings.CutPrefix(line, tag+" ")
		if !ok {
			untagged = append(untagged, line)
			continue
		}
		if !strings.HasPrefix(rest, "OK") {
			w.refuse(line)
			return "", nil
		}
		return rest, untagged
	}
}

// appendMessages appends to INBOX and notes the UIDs that are told.
func (w load) appendMessages(worker int) {
	k := w.login("u0001")
	defer k.close()
	for n := 0; k.err == nil; n++ {
		id := w.id(worker, n)
		message := killMessage(id)
		w.ledger.send(id)
		k.say(fmt.Sprintf("b APPEND INBOX {%d+}\r\n%s\r\n", len(message), message))
		text, _ := w.tagged(k, "b")
		if text == "" {
			return
		}
		var validity, uid uint32
		if _, code, ok := strings.Cut(text, "[APPENDUID "); ok {
			fmt.Sscanf(code, "%d %d]", &validity, &uid)
		}
		w.ledger.keep(id, uid, false)
	}
}

// flag flags the messages that appear, one after the other.
func (w load) flag() {
	k := w.login("u0001")
	defer k.close()
	k.say("b SELECT INBOX\r\n")
	w.tagged(k, "b")
	for k.err == nil {
		k.say("c UID SEARCH UNFLAGGED\r\n")
		text, untagged := w.tagged(k, "c")
		if text == "" {
			return
		}
		var uids []string
		for _, line := range untagged {
			if rest, ok := strings.CutPrefix(line, "* SEARCH "); ok {
				uids = strings.Fields(rest)
			}
		}
		for _, uid := range uids[:min(len(uids), 10)] {
			k.say("d UID STORE " + uid + " +FLAGS (\\Flagged)\r\n")
			if text, _ := w.tagged(k, "d"); text == "" {
				return
			}
			var n uint32
			fmt.Sscan(uid, &n)
			w.ledger.mutex.Lock()
			w.ledger.flagged[n] = true
			w.ledger.mutex.Unlock()
		}
	}
}
