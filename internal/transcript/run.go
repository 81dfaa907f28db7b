package transcript

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// caseRun is one case being played in one dialect on one account.
type caseRun struct {
	c        *Case
	dialect  Dialect
	server   *Server
	profile  *profile
	account  Account
	others   []Account // of the second user, the third
	from     Library
	prefix   string // of the names of this run's mailboxes
	vars     variables
	sessions map[string]*session
	wire     *wireLog
}

// failure is what a person reads about a case that did not pass.
type failure struct {
	line    int
	problem string
}

func (f *failure) Error() string { return fmt.Sprintf("line %d: %s", f.line, f.problem) }

// play runs the whole case; nil means that all demands were met.
func (r *caseRun) play() error {
	defer r.cleanUp()
	if err := r.prepare(); err != nil {
		return fmt.Errorf("before the case began: %w", err)
	}
	for i := 0; i < len(r.c.steps); i++ {
		s := &r.c.steps[i]
		if !s.when.holds(r.dialect) {
			continue
		}
		batch := []*step{s}
		for s.verb == "C+" {
			i++
			if i >= len(r.c.steps) || r.c.steps[i].conn != s.conn || !strings.HasPrefix(r.c.steps[i].verb, "C") {
				return &failure{s.line, "C+ must be followed by C+ or C: on the same connection"}
			}
			if r.c.steps[i].when.holds(r.dialect) {
				s = &r.c.steps[i]
				batch = append(batch, s)
			}
		}
		if err := r.step(batch); err != nil {
			if declined := (*declined)(nil); errors.As(err, &declined) {
				return err
			}
			return &failure{s.line, err.Error()}
		}
		if conn, ok := r.sessions[s.conn]; ok {
			if err := conn.census(); err != nil {
				return &failure{s.line, err.Error()}
			}
		}
	}
	return nil
}

// message finds a message of the case or the library; name.header and
// name.text are its two halves.
func (r *caseRun) message(name string) (string, error) {
	if whole, half, ok := strings.Cut(name, "."); ok {
		text, err := r.message(whole)
		at := strings.Index(text, "\r\n\r\n") + 4
		switch {
		case err != nil:
			return "", err
		case at < 4 || half != "header" && half != "text":
			return "", fmt.Errorf("there is no half %q", name)
		case half == "header":
			return text[:at], nil
		}
		return text[at:], nil
	}
	if text, ok := r.c.messages[name]; ok {
		return r.vars.expandMessage(text)
	}
	if text, ok := r.from.Messages[name]; ok {
		return text, nil
	}
	return "", fmt.Errorf("there is no message %q", name)
}

// step plays one step, or several commands that are sent together.
func (r *caseRun) step(batch []*step) error {
	last := batch[len(batch)-1]
	if last.verb == "check" || last.verb == "let" {
		return r.checkOrLet(last)
	}
	s, err := r.session(last)
	if err != nil {
		return err
	}
	switch last.verb {
	case "connect", "wait":
		return r.judge(s, last, nil)
	case "login":
		return r.enter(s)
	case "tls":
		return r.startTLS(s, last)
	case "compress":
		return s.compress()
	case "auth":
		return r.auth(s, last)
	case "close":
		s.close()
		return nil
	case "R":
		return r.raw(s, last)
	case "C>":
		return r.continuation(s, last)
	}
	return r.commands(s, batch)
}

// startTLS begins TLS. With "or connect" a server may take what it was sent before
// for the handshake, which then fails (RFC 9051 §6.2.1): the connection is opened
// anew.
func (r *caseRun) startTLS(s *session, st *step) error {
	if st.text != "" && st.text != "or connect" {
		return fmt.Errorf("write: tls, or tls or connect, not tls %s", st.text)
	}
	err := s.startTLS(r.server)
	if err == nil || st.text == "" {
		return err
	}
	s.close()
	if s, err = r.open(st.conn); err != nil {
		return err
	}
	return s.secure(r.server)
}

// session finds the connection of a step. It is made, logged in and enabled
// when the step is its first, unless the step is "connect".
func (r *caseRun) session(st *step) (*session, error) {
	s, ok := r.sessions[st.conn]
	if ok && st.verb != "connect" {
		return s, nil
	}
	if ok {
		s.close()
	}
	s, err := r.open(st.conn)
	if err != nil {
		return nil, err
	}
	if st.verb == "connect" {
		return s, nil
	}
	return s, r.enter(s)
}

// housekeeper is the name of the connections on which the runner prepares
// and cleans up beside the case.
const housekeeper = "Z"

// open makes a connection, reads its greeting and begins TLS if passwords
// need it, unless the case is about just that.
func (r *caseRun) open(name string) (*session, error) {
	s, err := dial(name, r.server, r.wire)
	if err != nil {
		return nil, err
	}
	if name != housekeeper {
		r.sessions[name] = s
		s.restates = !r.c.Plain
	}
	if _, err := s.greeting(); err != nil {
		return s, err
	}
	aboutTLS := slices.Contains(r.c.Needs, "STARTTLS") || slices.Contains(r.c.Needs, "LOGINDISABLED")
	if aboutTLS && r.c.Start == "connected" && name != housekeeper {
		return s, nil
	}
	return s, s.secure(r.server)
}

// enter logs in and enables the dialect.
func (r *caseRun) enter(s *session) error {
	if err := s.login(r.accountOf(s.name)); err != nil {
		return err
	}
	if r.server.Compress {
		if err := s.compress(); err != nil {
			return err
		}
	}
	return r.enable(s)
}

func (r *caseRun) enable(s *session) error {
	if len(r.dialect.Enable) > 0 {
		if _, err := s.line("ENABLE %s", strings.Join(r.dialect.Enable, " ")); err != nil {
			return err
		}
	}
	s.inbox = nil
	return nil
}

// commands sends one command or several at once, and judges what comes.
func (r *caseRun) commands(s *session, batch []*step) error {
	s.inbox = nil
	var tags []string
	for i, st := range batch {
		text, err := r.vars.expandAll(st.text)
		if err != nil {
			return err
		}
		tag := s.newTag()
		parts, err := segments(s.restate(tag, text), r.message)
		if err != nil {
			return err
		}
		tags = append(tags, tag)
		r.vars["tag"] = tag
		r.vars[fmt.Sprintf("tag%d", i+1)] = tag
		if _, err := s.send(tag, parts); err != nil {
			return r.explain(s, err)
		}
	}
	if err := s.flush(); err != nil && !isClosing(err) {
		return err
	}
	return r.judge(s, batch[len(batch)-1], tags)
}

// continuation sends a line without a tag for the command in progress.
func (r *caseRun) continuation(s *session, st *step) error {
	text, err := r.vars.expandAll(st.text)
	if err != nil {
		return err
	}
	s.write(text + "\r\n")
	if err := s.flush(); err != nil && !isClosing(err) {
		return err
	}
	var tags []string
	for _, p := range s.ledger.pending {
		tags = append(tags, p.tag)
	}
	return r.judge(s, st, tags)
}

// raw sends octets as they are; tags are the writer's affair.
func (r *caseRun) raw(s *session, st *step) error {
	text, err := r.vars.expandAll(st.text)
	if err != nil {
		return err
	}
	if text, err = unescape(text); err != nil {
		return err
	}
	s.inbox = nil
	s.ledger.sent("raw", "raw")
	s.write(text)
	if err := s.flush(); err != nil && !isClosing(err) {
		return err
	}
	defer s.ledger.done(&Response{Tag: "raw", Name: "OK"})
	return r.judge(s, st, nil)
}

// checkOrLet compares or binds: "check $a < $b", "let name value".
func (r *caseRun) checkOrLet(st *step) error {
	text, err := r.vars.expandAll(st.text)
	if err != nil {
		return err
	}
	words := strings.Fields(text)
	if st.verb == "let" {
		name, value, ok := strings.Cut(text, " ")
		if !ok {
			return errors.New("write: let name value")
		}
		r.vars[name] = value
		return nil
	}
	if len(words) != 3 {
		return fmt.Errorf("write: check $a < $b, not %q", text)
	}
	ops := map[string]string{"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "!=": "ne"}
	ok := words[0] == words[2]
	if op, known := ops[words[1]]; known {
		if ok, err = ordered(op, words[0], words[2]); err != nil {
			return err
		}
	} else if words[1] != "=" {
		return fmt.Errorf("%q is no comparison", words[1])
	}
	if !ok {
		return fmt.Errorf("check %s: in fact %s and %s", st.text, words[0], words[2])
	}
	return nil
}

// explain makes an end of the connection a sentence.
func (r *caseRun) explain(s *session, err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the server closed connection %s", s.name)
	case isTimeout(err):
		return fmt.Errorf("nothing came on connection %s within %s", s.name, r.server.Timeout)
	}
	return err
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// deadline is the time by which one step must be answered.
func (r *caseRun) deadline() time.Time { return time.Now().Add(r.server.Timeout) }
