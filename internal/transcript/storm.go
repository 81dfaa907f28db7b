package transcript

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Storm is several sessions that change one mailbox at once, each at random
// from one seed. Every response goes through the ledger; in the end each
// session's belief, made of nothing but what it was told, must be what a new
// session finds (RFC 9051 §5.2, RFC 2180, RFC 2683 §3.1.1).
type Storm struct {
	Server   Server // its first account is used
	Seed     uint64
	Sessions int
	Commands int // of each session
	// Resynchronise lets sessions under QRESYNC leave the mailbox and come
	// back with what they had cached.
	Resynchronise bool
}

// stormMessage is appended again and again.
const stormMessage = "From: storm@example.com\r\nSubject: weather\r\n\r\nrain\r\n"

// stormFlags are what the sessions set and clear.
var stormFlags = []string{`\Seen`, `\Flagged`, `\Answered`, `\Draft`, `\Deleted`, "Wet", "$Cold"}

// Run plays the storm. An error names the session and what was wrong.
func (s *Storm) Run() error {
	if s.Server.Timeout == 0 {
		s.Server.Timeout = serverTimeout
	}
	profile, err := probe(&s.Server)
	if err != nil {
		return err
	}
	box := fmt.Sprintf("%sstorm%x", profile.prefix, s.Seed&0xffffff)
	calm, err := s.enter("calm", box, Dialects[0], true)
	if err != nil {
		return err
	}
	defer calm.close()
	errs := make([]error, s.Sessions)
	sessions := make([]*stormSession, s.Sessions)
	var all sync.WaitGroup
	for i := range s.Sessions {
		all.Go(func() {
			dialect := offered(profile, Dialects[i%len(Dialects)])
			sessions[i], errs[i] = s.play(fmt.Sprintf("s%d", i), box, dialect, uint64(i))
		})
	}
	all.Wait()
	for i, err := range errs {
		if sessions[i] != nil {
			defer sessions[i].close()
		}
		if err != nil {
			return fmt.Errorf("seed %d, session %d: %w", s.Seed, i, err)
		}
	}
	return s.compare(sessions, calm, box)
}

// offered is the dialect if the server has it, otherwise the bare one.
func offered(p *profile, d Dialect) Dialect {
	if len(p.missing(job{&Case{}, d})) > 0 {
		return Dialects[0]
	}
	return d
}

// stormSession is one session and what it believes.
type stormSession struct {
	*session
	storm   *Storm
	dialect Dialect
	random  *rand.Rand
	box     string
	resyncs bool
	flags   map[uint32]string // by UID, as last told; absent when not known

	uidvalidity string
	modseq      uint64 // as a client must keep it, see note
}

// connect logs in and enables the dialect.
func (s *Storm) connect(name string, d Dialect) (*session, error) {
	conn, err := dial(name, &s.Server, &wireLog{account: s.Server.Accounts[0]})
	if err != nil {
		return nil, err
	}
	if _, err := conn.greeting(); err != nil {
		return conn, err
	}
	if err := conn.secure(&s.Server); err != nil {
		return conn, err
	}
	if err := conn.login(s.Server.Accounts[0]); err != nil {
		return conn, err
	}
	if len(d.Enable) > 0 {
		_, err = conn.line("ENABLE %s", strings.Join(d.Enable, " "))
	}
	return conn, err
}

// enter connects and selects the mailbox, which it may have to make.
func (s *Storm) enter(name, box string, d Dialect, create bool) (*stormSession, error) {
	conn, err := s.connect(name, d)
	if err != nil {
		return nil, err
	}
	conn.restates = true
	ss := &stormSession{session: conn, storm: s, dialect: d, box: box, flags: map[uint32]string{}}
	if create {
		for _, name := range []string{box, box + "-b"} {
			if _, err := conn.line("CREATE %s", quote(name)); err != nil {
				return ss, err
			}
		}
	}
	return ss, ss.do("SELECT " + quote(box))
}

// play is the life of one session up to its last NOOP.
func (s *Storm) play(name, box string, d Dialect, stream uint64) (*stormSession, error) {
	ss, err := s.enter(name, box, d, false)
	if err != nil {
		return ss, err
	}
	ss.resyncs = s.Resynchronise && d.has("condstore")
	ss.random = rand.New(rand.NewPCG(s.Seed, stream))
	for range s.Commands {
		if err := ss.step(); err != nil {
			return ss, fmt.Errorf("%w\n%s", err, ss.wire.tail(wireTail))
		}
	}
	return ss, nil
}

// step sends one command at random.
func (ss *stormSession) step() error {
	count := len(ss.ledger.uids)
	if count == 0 || count < 12 && ss.random.IntN(3) == 0 {
		return ss.do("APPEND "+quote(ss.box)+" ("+ss.someFlags()+") ", &sentLiteral{data: stormMessage, sync: true})
	}
	seq := strconv.Itoa(1 + ss.random.IntN(count))
	switch ss.random.IntN(18) {
	case 0:
		return ss.do("NOOP")
	case 1:
		return ss.do("FETCH 1:* (UID FLAGS)")
	case 2:
		return ss.do("FETCH " + seq + " (UID BODY.PEEK[])")
	case 3, 4:
		return ss.do("STORE " + seq + " +FLAGS (" + ss.someFlags() + ")")
	case 5:
		return ss.do("STORE " + seq + ":* -FLAGS (" + ss.someFlags() + ")")
	case 6:
		return ss.do("UID STORE 1:* +FLAGS (" + ss.someFlags() + ")")
	case 7:
		return ss.do("EXPUNGE")
	case 8:
		return ss.do("COPY " + seq + " " + quote(ss.box))
	case 9:
		return ss.do("SEARCH UNSEEN")
	case 10:
		return ss.do("UID FETCH 1:* (FLAGS)")
	case 11:
		return ss.idle()
	case 13:
		return ss.do("MOVE " + seq + " " + quote(ss.box+"-b"))
	case 14:
		return ss.do("UID EXPUNGE 1:" + strconv.Itoa(ss.random.IntN(count)*3+1))
	case 15, 16:
		return ss.together("STORE "+seq+" +FLAGS ("+ss.someFlags()+")", "FETCH "+seq+" FLAGS", "EXPUNGE", "UID FETCH 1:* (FLAGS)", "SEARCH ALL")
	case 17:
		if ss.caps[annotate] {
			return ss.do(fmt.Sprintf("STORE %s:* ANNOTATION (/comment (value.shared \"%d\"))", seq, ss.random.IntN(3)))
		}
	case 12:
		if ss.resyncs {
			return ss.resynchronise()
		}
	}
	return ss.reselect()
}

// annotate is the capability of annotating messages, which changes their
// modification sequences as flags do (RFC 5257 §4.5).
const annotate = "ANNOTATE-EXPERIMENT-1"

func (ss *stormSession) reselect() error {
	if err := ss.do("CLOSE"); err != nil {
		return err
	}
	ss.flags = map[uint32]string{}
	if ss.caps[annotate] && ss.random.IntN(2) == 0 {
		return ss.do("SELECT " + quote(ss.box) + " (ANNOTATE)")
	}
	return ss.do("SELECT " + quote(ss.box))
}

func (ss *stormSession) someFlags() string {
	var out []string
	for _, flag := range stormFlags {
		if ss.random.IntN(4) == 0 {
			out = append(out, flag)
		}
	}
	if len(out) == 0 {
		return `\Seen`
	}
	return strings.Join(out, " ")
}

// do sends a command and takes what comes; NO is allowed, because messages
// may have gone (RFC 2180 §4), BAD is not.
func (ss *stormSession) do(text string, literal ...*sentLiteral) error {
	ss.inbox = nil
	if err := ss.census(); err != nil {
		return err
	}
	tag := ss.newTag()
	parts := []segment{{text: ss.spoken(tag, text)}}
	if len(literal) > 0 {
		parts[0].literal = literal[0]
		parts = append(parts, segment{})
	}
	r, err := ss.commandAs(tag, parts)
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	if r.Name == "BAD" {
		return fmt.Errorf("%s: %s", text, r.Raw)
	}
	return ss.learn()
}

// spoken is a command as the session's dialect has it. Where others add messages
// so quickly that their UIDs cannot be learnt, nothing is done to them.
func (ss *stormSession) spoken(tag, text string) string {
	name := commandName(text)
	restated := ss.restate(tag, text)
	if restated == text && ss.translates() && (slices.Contains(setCommands, name) || slices.Contains(searchCommands, name)) {
		return "NOOP"
	}
	return restated
}

// together sends a random run of the commands at once (RFC 9051 §5.5). What a
// FETCH without UID says among removals is not believed, see learn.
func (ss *stormSession) together(lines ...string) error {
	ss.inbox = nil
	var tags []string
	if err := ss.census(); err != nil {
		return err
	}
	for _, line := range lines[:1+ss.random.IntN(len(lines))] {
		tag := ss.newTag()
		tags = append(tags, tag)
		if _, err := ss.send(tag, []segment{{text: ss.spoken(tag, line)}}); err != nil {
			return err
		}
	}
	if err := ss.flush(); err != nil {
		return err
	}
	for i, tag := range tags {
		r, err := ss.result(tag)
		if err != nil {
			return fmt.Errorf("%s: %w", lines[i], err)
		}
		if r.Name == "BAD" {
			return fmt.Errorf("%s: %s", lines[i], r.Raw)
		}
	}
	return ss.learn()
}

// idle waits for nothing: it says DONE as soon as the server lets it.
func (ss *stormSession) idle() error {
	ss.inbox = nil
	tag := ss.newTag()
	if _, err := ss.send(tag, []segment{{text: "IDLE"}}); err != nil {
		return err
	}
	if err := ss.flush(); err != nil {
		return err
	}
	if r, err := ss.untilPlus(tag); err != nil || r.Tag != "+" {
		return fmt.Errorf("IDLE: %w", orEOF(err))
	}
	ss.write("DONE\r\n")
	if err := ss.flush(); err != nil {
		return err
	}
	if _, err := ss.result(tag); err != nil {
		return err
	}
	return ss.learn()
}

func orEOF(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}
