package imapserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/language"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/query"
)

// session is one client's connection and where it stands. All of it belongs to
// the goroutine that runs serve, except conn's waking and owner.
type session struct {
	server *Server
	id     string
	conn   *conn
	remote netip.Addr
	log    *slog.Logger
	// connectionLog is log without what a login adds to it.
	connectionLog *slog.Logger
	fragmenter    *imapwire.Fragmenter
	enc           *imapwire.Encoder
	decoder       imapwire.Decoder
	limits        imapwire.Limits
	context       context.Context

	state    states
	dialect  Dialect
	deadline time.Time // by which the client must have logged in
	owner    atomic.Uint64
	identity auth.Identity
	account  mail.Account
	release  []func() // what is counted, to be counted down at the end
	mailbox  *selection
	saved    savedSearch
	// metadata is what the session hears of metadata that others change, before its
	// first NOTIFY; nil without ENABLE.
	metadata *hearing
	// notify is what the client wants to hear of, nil before its first NOTIFY;
	// own are the session's commits since the last sync, while it hears of others'.
	notify *notification
	own    []ownCommit
	// collation is how strings are compared (RFC 5255 §4.2).
	collation query.Collation
	// spoken is the language of texts for people; nil is "i-default".
	spoken *language.Language
	// modSeqTold is the largest modification sequence that the command told.
	modSeqTold imap.ModSeq
	after      func() error // to be done behind the tagged line
	// leaveAccount counts the session of the account down; nil without one.
	leaveAccount func()
	again        bool // somebody was logged in before, and left (RFC 8437)

	hasOutput bool   // the encoder has a buffer of the pool
	tag       string // of the command that is carried out
	unasked   bool   // the literal that waits comes without being asked for
	streaming bool   // an APPEND is being read
	appendMax int64  // the largest message it may bring
	copied    int64  // octets that its URLs have named
	resets    keyResets
	commands  int
	badInRow  int
	ended     string // why, for the log
}

func newSession(server *Server, id string, client net.Conn) *session {
	s := &session{server: server, id: id, context: server.context, state: notAuthenticated}
	remote := client.RemoteAddr()
	s.remote = remoteAddress(remote)
	s.log = server.options.Logger.With("session", id, "remote", remote.String())
	s.connectionLog = s.log
	var log wireLog
	if open := server.options.WireLog; open != nil {
		log.client, log.server = open(id, remote)
	}
	s.conn = newConn(client, server.pools, log, server.options.Limits.WriteTime)
	s.enc = imapwire.NewEncoder(s.conn)
	s.conn.flush = func() { _ = s.enc.Flush() } // the error stays with the encoder
	s.limits = server.wireLimits(false)
	s.fragmenter = imapwire.NewFragmenter(s, s.limits)
	s.fragmenter.BareLF = bareLF
	return s
}

// wireLimits returns the limits of reading, before and after a login.
func (s *Server) wireLimits(loggedIn bool) imapwire.Limits {
	own := s.options.Limits
	limits := imapwire.Limits{
		LineOctetsMax: own.LineMax, LiteralsMax: own.LiteralsMax, BufferedOctetsMax: uint64(own.ArgumentsMax),
		DiscardOctetsMax: 2 * uint64(own.LiteralMax), DepthMax: own.DepthMax, RangesMax: own.RangesMax, ItemsMax: own.ItemsMax,
	}
	if !loggedIn {
		limits.BufferedOctetsMax = 4 * uint64(s.options.Limits.LiteralEarlyMax)
		limits.DiscardOctetsMax = uint64(s.options.Limits.LineMax) + limits.BufferedOctetsMax
	}
	return limits
}

// errEnded ends a session whose client was told so already.
var errEnded = errors.New("session ended")

// serve runs the session to its end. A panic ends this session and no other.
func (s *session) serve(implicitTLS bool) {
	hooks := s.server.options.Hooks
	hooks.SessionOpened(implicitTLS)
	defer s.end()
	defer func() {
		if fault := recover(); fault != nil {
			hooks.Panicked()
			s.log.Error("panic", "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			s.ended = "panic"
			s.farewell(imap.CodeServerBug, "Internal error")
		}
	}()
	if err := s.begin(implicitTLS); err != nil {
		s.leave(err)
		return
	}
	for {
		if err := s.step(); err != nil {
			s.leave(err)
			return
		}
	}
}

// begin counts the connection, secures it and greets.
func (s *session) begin(implicitTLS bool) error {
	options := &s.server.options
	s.deadline = options.Now().Add(options.Limits.AuthenticationTime)
	release, err := options.Auth.Sessions().Connect(s.remote)
	if err == nil {
		s.release = append(s.release, release)
	}
	if implicitTLS {
		if err := s.conn.startTLS(options.TLS, options.Limits.AuthenticationTime); err != nil {
			return err
		}
	}
	if err != nil {
		return bye(imap.CodeLimit, "Too many connections from your address")
	}
	s.log.Debug("connected", "tls", implicitTLS)
	if options.ReferTo != "" {
		return bye(imap.CodeReferral{URLs: []string{options.ReferTo}}, "Not accepting connections, try another server")
	}
	s.attachOutput()
	s.enc.Untagged(imap.StatusOK, imap.CodeCapability{Capabilities: s.capabilities()}, s.greeting())
	return nil
}

func (s *session) greeting() string {
	if name := s.server.options.ServerName; name != "" {
		return name + " Restante ready"
	}
	return "Restante ready"
}

// leave says goodbye as the error demands.
func (s *session) leave(err error) {
	if errors.Is(err, errEnded) {
		return
	}
	var limit *imapwire.LimitError
	var told *reply
	switch {
	case errors.As(err, &told):
		s.ended = told.text
		s.farewell(told.code, told.text)
	case errors.As(err, &limit):
		s.ended = limit.Error()
		s.farewell(imap.CodeTooBig, limit.Error())
	case errors.Is(err, io.EOF):
		s.ended = "client closed the connection"
	default:
		s.ended = err.Error()
	}
}

// farewell tells the client BYE, if it still listens.
func (s *session) farewell(code imap.Code, text string) {
	s.enc.Untagged(imap.StatusBye, code, text)
	_ = s.enc.Flush()
}

// end gives back everything the session holds.
func (s *session) end() {
	s.closeSelection()
	s.stopNotifying(nil)
	_ = s.conn.raw.SetDeadline(time.Now().Add(time.Second)) // TLS says goodbye
	_ = s.conn.wire.Close()
	_ = s.conn.raw.Close()
	s.conn.log.close()
	if s.leaveAccount != nil {
		s.leaveAccount()
	}
	for _, release := range s.release {
		release()
	}
	hooks := s.server.options.Hooks
	hooks.Octets(s.conn.received, s.conn.sent)
	hooks.SessionClosed()
	if s.account != nil || s.ended != "client closed the connection" {
		s.log.Info("session ended", "reason", s.ended, "commands", s.commands,
			"received", s.conn.received, "sent", s.conn.sent)
	}
	s.server.leave(s)
}

// step waits for one command and carries it out. An error ends the session.
func (s *session) step() error {
	if err := s.await(); err != nil {
		return err
	}
	frags, err := s.fragmenter.Read(s.conn.reader())
	if err != nil {
		return s.readError(err)
	}
	s.attachOutput()
	return s.execute(frags)
}

// await returns when the client has sent something. Meanwhile the session
// holds no buffer, and tells what NOTIFY has asked for.
func (s *session) await() error {
	if why := s.conn.ends(); s.conn.hasInput() && why != inputWaits {
		return s.wakeError(why)
	}
	for end := time.Now().Add(s.patience()); !s.conn.hasInput(); {
		if err := s.sleep(time.Until(end)); err != nil {
			return err
		}
	}
	return s.conn.limitReading(s.patience())
}

// sleep waits for input, or for something to tell.
func (s *session) sleep(patience time.Duration) error {
	if s.listens() {
		s.attachOutput()
		if err := s.tellBetween(); err != nil {
			return err
		}
	}
	if err := s.enc.Flush(); err != nil {
		return err
	}
	s.releaseBuffers()
	why, err := s.conn.wait(patience, s.listens())
	if err != nil {
		return err
	}
	return s.wakeError(why)
}

// patience is how long the client may be silent.
func (s *session) patience() time.Duration {
	if s.state == notAuthenticated {
		return max(s.deadline.Sub(s.server.options.Now()), 0)
	}
	return s.server.options.Limits.IdleTime
}

// wakeError says goodbye for what ended a wait, nil if that was input.
func (s *session) wakeError(why wake) error {
	switch why {
	case shutdownWaits:
		return bye(imap.CodeUnavailable, "Server shuts down")
	case accountChanged:
		return bye(nil, "Account was changed, log in again")
	case timeIsOver:
		if s.state == notAuthenticated {
			return bye(nil, "Too slow to log in")
		}
		return bye(nil, "Autologout; idle for too long") // RFC 9051 §7.1.5
	}
	return nil
}

// readError turns a time-out within a command into a goodbye.
func (s *session) readError(err error) error {
	if isTimeout(err) {
		return s.wakeError(timeIsOver)
	}
	return err
}

// attachOutput gives the encoder a buffer, if it has none.
func (s *session) attachOutput() {
	if !s.hasOutput {
		s.enc.Attach(s.server.pools.output())
		s.hasOutput = true
	}
}

// releaseBuffers gives back what an idle session does not need.
func (s *session) releaseBuffers() {
	if buffer := s.enc.Detach(); buffer != nil {
		s.server.pools.giveOutput(buffer)
		s.hasOutput = false
	}
	s.fragmenter.Release()
	s.decoder = imapwire.Decoder{} // and with it the text of the last command
	s.conn.release()
}

// authEnv is what the directory needs to know of the connection.
func (s *session) authEnv() auth.Env {
	return auth.Env{Context: s.context, Remote: s.remote, TLS: s.conn.tlsState(), Protocol: "imap", Again: s.again}
}

func (s *session) plainTextAllowed() bool {
	return s.server.options.ClearTextLogins || s.server.options.Auth.AllowsPlaintext(s.authEnv())
}

func (s *session) now() time.Time { return s.server.options.Now() }
