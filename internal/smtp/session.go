package smtp

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"github.com/restante/restante/internal/delivery"
)

// session is one client's dialog between two greetings; go-smtp calls its
// methods one after the other.
type session struct {
	server *Server
	conn   *conn
	gate   *gate
	log    *slog.Logger
	origin delivery.Origin

	begun      bool // MAIL was accepted
	from       string
	size       int64 // as announced, 0 if it was not
	recipients []delivery.Recipient
}

var (
	_ gosmtp.LMTPSession = (*session)(nil)
	_ gosmtp.Backend     = (*Server)(nil)
)

// NewSession is called by go-smtp at EHLO, HELO or LHLO.
func (s *Server) NewSession(c *gosmtp.Conn) (gosmtp.Session, error) {
	under := s.connOf(c.Conn())
	if under == nil || under.draining.Load() {
		return nil, errDraining
	}
	origin := delivery.Origin{Hello: c.Hostname(), Remote: c.Conn().RemoteAddr(), Base: s.base}
	if state, ok := c.TLSConnectionState(); ok {
		origin.TLS = tls.VersionName(state.Version) + ":" + tls.CipherSuiteName(state.CipherSuite)
	}
	return &session{server: s, conn: under, gate: newGate(c, s.domain, s.limits.LineMax), log: under.log, origin: origin}, nil
}

// connOf finds the connection of this package below TLS.
func (s *Server) connOf(c any) *conn {
	if layer, ok := c.(*tls.Conn); ok {
		c = layer.NetConn()
	}
	under, _ := c.(*conn)
	return under
}

// Mail begins a message (RFC 5321 §4.1.1.2).
func (s *session) Mail(from string, options *gosmtp.MailOptions) error {
	if s.begun {
		return errNested
	}
	if s.conn.draining.Load() {
		return errDraining
	}
	if options.Size > s.server.agent.MessageMax() {
		return replyTo(delivery.ErrTooLarge)
	}
	switch err := delivery.CheckSender(from, options.UTF8); err {
	case nil:
	case delivery.ErrBadAddress:
		return errSender
	default:
		return replyTo(err)
	}
	s.begun, s.from, s.size, s.origin.UTF8 = true, from, options.Size, options.UTF8
	s.conn.begin()
	return nil
}

// Rcpt adds a recipient (RFC 5321 §4.1.1.3).
func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	recipient, err := s.server.agent.Resolve(s.server.context, to, s.origin.UTF8)
	if err == nil {
		err = s.server.agent.CheckRoom(s.server.context, recipient, s.size)
	}
	if err != nil {
		if !expected(err) {
			s.log.Error("recipient could not be resolved", "error", err)
		}
		return replyTo(err)
	}
	s.recipients = append(s.recipients, recipient)
	return nil
}

// Data takes the message with one reply for all recipients.
func (s *session) Data(r io.Reader) error {
	results, err := s.receive(r, true)
	if err != nil {
		return err
	}
	for _, result := range results {
		if result != nil {
			return replyTo(result)
		}
	}
	return nil
}

// LMTPData takes the message with one reply for each recipient
// (RFC 2033 §4.2).
func (s *session) LMTPData(r io.Reader, status gosmtp.StatusCollector) error {
	results, err := s.receive(r, false)
	if err != nil {
		return err
	}
	for i, result := range results {
		status.SetStatus(s.recipients[i].Address, replyTo(result))
	}
	return nil
}

// receive stages the message while it arrives and commits it. The results
// stand for the recipients in their order; an error for all of them.
func (s *session) receive(r io.Reader, allOrNone bool) ([]error, error) {
	start := time.Now()
	if _, isChunks := r.(*io.PipeReader); !isChunks && s.gate != nil {
		r = &dotReader{from: s.gate.source}
	}
	message := s.server.agent.Begin(delivery.Envelope{
		From: s.from, Recipients: s.recipients, AllOrNone: allOrNone, Origin: s.origin,
	})
	if err := s.copy(message, r); err != nil {
		message.Discard()
		s.log.Warn("message did not arrive whole", "error", err, "octets", message.Size())
		return nil, errAborted
	}
	// What has arrived is not lost to a shutdown or a lost connection: the
	// reply decides who is answerable for it (RFC 1047).
	results := message.Commit(context.WithoutCancel(s.server.context))
	s.report(message.Size(), results, time.Since(start))
	return results, nil
}

// copy hands the message on. A message that is refused is read to its end
// nevertheless, because the reply can only follow it; err is that of reading.
func (s *session) copy(message *delivery.Message, r io.Reader) error {
	buffer := s.server.buffers.Get().(*[copyBuffer]byte)
	defer s.server.buffers.Put(buffer)
	refused, read := false, int64(0)
	for {
		n, err := r.Read(buffer[:])
		if n > 0 {
			read += int64(n)
			if !refused {
				_, failed := message.Write(buffer[:n])
				refused = failed != nil
			}
		}
		if err == io.EOF {
			return nil
		}
		if err == nil && read > s.server.agent.MessageMax()+drainMax {
			err = delivery.ErrTooLarge
			_ = s.conn.Close()
		}
		if err != nil {
			return err
		}
	}
}

// report writes the one log line of a message.
func (s *session) report(size int64, results []error, took time.Duration) {
	failed, level := 0, slog.LevelInfo
	var first error
	for _, err := range results {
		if err == nil {
			continue
		}
		if failed++; first == nil {
			first = err
		}
		if !expected(err) {
			level = slog.LevelError
		}
	}
	s.server.hooks.Message(size, len(results)-failed, failed, took)
	if !s.log.Enabled(s.server.context, level) {
		return
	}
	attributes := []slog.Attr{
		slog.Int64("octets", size), slog.Int("recipients", len(results)), slog.Duration("took", took),
	}
	if failed > 0 {
		attributes = append(attributes, slog.Int("failed", failed), slog.Any("error", first))
	}
	s.log.LogAttrs(s.server.context, level, "message", attributes...)
}

// Reset forgets the message under way.
func (s *session) Reset() {
	s.begun, s.from, s.recipients, s.origin.UTF8 = false, "", nil, false
	s.conn.finish()
}

// Logout ends the dialog: at QUIT, at the end of the connection, and before
// TLS begins.
func (s *session) Logout() error {
	s.Reset()
	return nil
}
