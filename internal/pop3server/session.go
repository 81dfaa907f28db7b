package pop3server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/restante/restante/internal/auth"
)

// session is one client's session, from the greeting to the end.
type session struct {
	server *Server
	conn   *conn
	log    *slog.Logger
	owner  atomic.Uint64 // the account's identifier and one, 0 before login
	begun  time.Time

	state    state
	name     string // of USER, until PASS
	failures int    // of logins
	errors   int    // of commands, in a row
	box      *maildrop
	release  func() // gives back the account's place
	sent     int64  // octets of messages
	taken    int    // how many messages
	removed  int    // by QUIT
}

func newSession(server *Server, id string, client net.Conn) *session {
	log := server.options.Logger.With("session", id, "remote", remoteAddress(client.RemoteAddr()).String())
	s := &session{server: server, conn: newConn(client, server.options.Limits), log: log, state: authorization}
	if server.options.WireLog != nil {
		s.conn.client, s.conn.server = server.options.WireLog(id, client.RemoteAddr())
	}
	return s
}

// serve is the whole session.
func (s *session) serve(implicitTLS bool) {
	s.begun = time.Now()
	defer s.end()
	releaseAddress, err := s.server.options.Auth.Sessions().Connect(s.remote())
	if err != nil {
		s.log.Warn("session refused: too many")
		_, _ = s.conn.output.WriteString("-ERR [IN-USE] Too many connections, try again later\r\n")
		return
	}
	defer releaseAddress()
	s.server.options.Hooks.SessionOpened(implicitTLS)
	defer s.server.options.Hooks.SessionClosed()
	if implicitTLS {
		if err := s.conn.beginTLS(s.server.options.TLS, s.deadline()); err != nil {
			s.log.Info("session ended", "error", err)
			return
		}
	}
	s.reply("Restante POP3 is ready")
	err = s.loop()
	attributes := []any{"took", time.Since(s.begun)}
	if s.box != nil {
		attributes = append(attributes, "account", s.box.login, "retrieved", s.taken, "octets", s.sent, "removed", s.removed)
	}
	if err != nil && !errors.Is(err, errEnd) && !errors.Is(err, io.EOF) {
		attributes = append(attributes, "error", err)
	}
	s.log.Info("session ended", attributes...)
}

func (s *session) end() {
	if fault := recover(); fault != nil {
		s.log.Error("session failed", "fault", fault, "stack", string(debug.Stack()))
	}
	if s.box != nil {
		s.box.close()
	}
	if s.release != nil {
		s.release()
	}
	s.conn.close()
}

// loop reads commands until the session is over. An end without QUIT removes
// nothing (RFC 1939 §6).
func (s *session) loop() error {
	for {
		line, err := s.conn.readLine(s.deadline())
		if errors.Is(err, errLineTooLong) {
			err = s.fail("", refuse("Line is too long"))
		} else if err == nil {
			err = s.execute(line)
		}
		if err != nil {
			return err
		}
	}
}

// deadline returns until when the next line must come: before the login from
// the beginning on, then from command to command.
func (s *session) deadline() time.Time {
	if s.state == authorization {
		return s.begun.Add(s.server.options.Limits.LoginTimeout)
	}
	return time.Now().Add(s.server.options.Limits.IdleTimeout)
}

// execute runs one command. The error ends the session.
func (s *session) execute(line string) error {
	start := time.Now()
	word, rest, hasRest := strings.Cut(line, " ")
	name := strings.ToUpper(word)
	command := s.server.commands[name]
	if command == nil {
		return s.fail("unknown", refuse("Unknown command"))
	}
	arguments, err := command.arguments(rest, hasRest)
	if err == nil && command.in&s.state == 0 {
		err = refuse("Not possible in this state")
	}
	if err == nil {
		err = command.run(s, arguments)
	}
	status := "OK"
	if err != nil && !errors.Is(err, errEnd) {
		status = "ERR"
		err = s.fail(name, err)
	} else {
		s.errors = 0
	}
	s.server.options.Hooks.Command(name, status, time.Since(start))
	return err
}

// arguments splits what follows a name. RFC 1939 §3: arguments are separated
// by a single space.
func (c *command) arguments(rest string, hasRest bool) ([]string, error) {
	var arguments []string
	switch {
	case c.rest && hasRest:
		arguments = []string{rest}
	case !c.rest:
		arguments = strings.Fields(rest)
	}
	if len(arguments) < c.least {
		return nil, refuse("Argument is missing")
	}
	if len(arguments) > c.most {
		return nil, refuse("Too many arguments")
	}
	return arguments, nil
}

// fail tells a client why not. What it returns ends the session.
func (s *session) fail(command string, err error) error {
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, errShutdown) {
		return err
	}
	reply, level := refusalOf(err)
	s.log.Log(s.server.context, level, "command failed", "command", command, "error", err)
	s.errors++
	if s.errors > s.server.options.Limits.ErrorsMax {
		s.write("-ERR Too many errors\r\n")
		return errEnd
	}
	if reply.code != "" {
		s.write("-ERR [" + reply.code + "] " + reply.text + "\r\n")
	} else {
		s.write("-ERR " + reply.text + "\r\n")
	}
	if s.failures >= s.server.options.Limits.LoginsMax {
		return errEnd
	}
	return nil
}

// write queues text for the client; a failure shows at the next read.
func (s *session) write(text string) { _, _ = s.conn.output.WriteString(text) }

// reply writes a positive reply of one line.
func (s *session) reply(text string) { s.write("+OK " + text + "\r\n") }

// replyf is reply with values in the text.
func (s *session) replyf(format string, values ...any) {
	_, _ = fmt.Fprintf(s.conn.output, "+OK "+format+"\r\n", values...)
}

// endList ends a reply of many lines (RFC 1939 §3).
func (s *session) endList() { s.write(".\r\n") }

func (s *session) remote() netip.Addr { return remoteAddress(s.conn.raw.RemoteAddr()) }

func (s *session) env() auth.Env {
	return auth.Env{
		Context: s.server.context, Remote: s.remote(), TLS: s.conn.tlsState(), Protocol: "pop3",
	}
}
