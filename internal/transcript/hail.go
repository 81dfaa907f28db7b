package transcript

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// Hail throws the commands of the cases at a server with their octets
// changed at random from one seed. Whatever they have become, each must be
// answered, every answer must be well formed, and the next command must work
// (RFC 9051 §7.1.3).
type Hail struct {
	Server   Server // its first account is used
	Seed     uint64
	Commands int
}

// hailSplinters are put into commands: what parsers stumble over.
var hailSplinters = []string{
	" ", "  ", "(", ")", `"`, `\`, "[", "]", "<", ">", "*", "%", "NIL", "$", ":", ",", "0", "-1", "4294967295", "4294967296",
	"1:*", "*:*", "BODY[", "HEADER.FIELDS", "\x00", "\x7f", "\xff", "é", "&", "&AOk-", "~", "+", "RETURN (", "UID ", "NOT ", "OR ", "()", `""`, "\t",
}

// Run throws the commands; an error names the one that hit.
func (h *Hail) Run(library Library) error {
	if h.Server.Timeout == 0 {
		h.Server.Timeout = serverTimeout
	}
	lines := commandLines(library)
	random := rand.New(rand.NewPCG(h.Seed, 0))
	var ss *stormSession
	for n := range h.Commands {
		if ss == nil {
			var err error
			if ss, err = h.enter(Dialects[random.IntN(len(Dialects))]); err != nil {
				return fmt.Errorf("seed %d, command %d: %w", h.Seed, n, err)
			}
		}
		line := mutate(random, lines[random.IntN(len(lines))])
		err := ss.throw(line)
		if err == nil && n%8 == 0 {
			err = ss.throw("SELECT INBOX") // some command may have left it
		}
		switch {
		case errors.Is(err, io.EOF):
			// LOGOUT, or enough mistakes: a server may end a session, but
			// must greet the next.
			ss.close()
			ss = nil
		case err != nil:
			return fmt.Errorf("seed %d, command %d, %q: %w\n%s", h.Seed, n, line, err, ss.wire.tail(wireTail))
		}
	}
	if ss != nil {
		ss.close()
	}
	return nil
}

// enter begins a session with a mailbox that has something in it.
func (h *Hail) enter(d Dialect) (*stormSession, error) {
	profile, err := probe(&h.Server)
	if err != nil {
		return nil, err
	}
	d = offered(profile, d)
	conn, err := dial("H", &h.Server, &wireLog{account: h.Server.Accounts[0]})
	if err != nil {
		return nil, err
	}
	ss := &stormSession{session: conn, dialect: d, box: "INBOX", flags: map[uint32]string{}}
	if _, err := conn.greeting(); err != nil {
		return nil, err
	}
	if err := conn.secure(&h.Server); err != nil {
		return nil, err
	}
	if err := conn.login(h.Server.Accounts[0]); err != nil {
		return nil, err
	}
	if len(d.Enable) > 0 {
		if _, err := conn.line("ENABLE %s", strings.Join(d.Enable, " ")); err != nil {
			return nil, err
		}
	}
	if err := ss.do("APPEND INBOX ", &sentLiteral{data: stormMessage, sync: true}); err != nil {
		return nil, err
	}
	return ss, ss.do("SELECT INBOX")
}

// commandLines are the commands of all cases, without literals.
func commandLines(library Library) []string {
	var out []string
	for _, c := range library.Cases {
		for _, st := range c.steps {
			if st.verb != "C" && st.verb != "C+" || strings.ContainsAny(st.text, "@{") {
				continue
			}
			text, err := everyVariable(st.text)
			if err == nil && len(text) < 500 {
				out = append(out, text)
			}
		}
	}
	return out
}

// mutate changes a line in up to three places; it makes neither a second line
// nor a literal.
func mutate(random *rand.Rand, line string) string {
	for range random.IntN(4) {
		at := random.IntN(len(line) + 1)
		switch random.IntN(4) {
		case 0:
			line = line[:at] + hailSplinters[random.IntN(len(hailSplinters))] + line[at:]
		case 1:
			end := min(len(line), at+1+random.IntN(4))
			line = line[:at] + line[end:]
		case 2:
			end := min(len(line), at+1+random.IntN(12))
			line = line[:end] + line[at:]
		default:
			end := min(len(line), at+1)
			line = line[:at] + string([]byte{byte(random.IntN(256))}) + line[end:]
		}
	}
	return strings.NewReplacer("\r", "", "\n", "", "{", "", "}", "").Replace(line)
}

// throw sends a line and reads to its answer: its result, or an untagged BAD
// where not even the tag could be read.
func (ss *stormSession) throw(line string) error {
	ss.inbox = nil
	tag := ss.newTag()
	if _, err := ss.send(tag, []segment{{text: line}}); err != nil {
		return err
	}
	if err := ss.flush(); err != nil {
		return io.EOF
	}
	for {
		r, err := ss.read(ss.deadline())
		if err != nil {
			return err
		}
		switch {
		case r.Tag == tag:
			ss.inbox = nil
			return nil
		case r.Tag == "*" && r.Name == "BAD":
			ss.ledger.done(&Response{Tag: tag, Name: "BAD"})
			return nil
		case r.Tag == "+":
			answer := "*\r\n"
			if commandName(line) == "IDLE" {
				answer = "DONE\r\n"
			}
			ss.write(answer)
			if err := ss.flush(); err != nil {
				return io.EOF
			}
		}
	}
}
