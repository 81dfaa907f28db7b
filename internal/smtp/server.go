package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"github.com/restante/restante/internal/delivery"
)

// Options is what a Server is made of.
type Options struct {
	Agent    *delivery.Agent
	Hostname string      // in the greeting
	TLS      *tls.Config // nil: STARTTLS is not offered
	Logger   *slog.Logger
	Limits   Limits
	// Domain, if set, returns the domain of recipients without one.
	Domain func() string
	// LMTP gives every recipient a reply of its own after a message
	// (RFC 2033); package lmtp sets it.
	LMTP bool
	// WireLog, if set, gives a log of what the client and what the server
	// sends on one connection, until TLS begins.
	WireLog func(id string, remote net.Addr) (client, server io.WriteCloser)
	Hooks   Hooks
}

// Hooks tell metrics what happens. Each may be nil, and is called from many
// goroutines.
type Hooks struct {
	SessionOpened func()
	SessionClosed func()
	// Message tells of every message that arrived whole: its octets, how many
	// recipients got it and how many did not, and how long it took.
	Message func(octets int64, delivered, failed int, took time.Duration)
}

func (h Hooks) withDefaults() Hooks {
	if h.SessionOpened == nil {
		h.SessionOpened = func() {}
	}
	if h.SessionClosed == nil {
		h.SessionClosed = func() {}
	}
	if h.Message == nil {
		h.Message = func(int64, int, int, time.Duration) {}
	}
	return h
}

// Server takes mail on any number of listeners.
type Server struct {
	agent    *delivery.Agent
	limits   Limits
	log      *slog.Logger
	base     string
	domain   func() string
	wire     func(id string, remote net.Addr) (client, server io.WriteCloser)
	hooks    Hooks
	protocol *gosmtp.Server
	buffers  sync.Pool
	context  context.Context // ends with the server
	cancel   context.CancelFunc
	serial   atomic.Uint64

	mutex    sync.Mutex
	sessions map[*conn]string // by the address they come from
	from     map[string]int
	draining bool
}

// New makes a server.
func New(options Options) *Server {
	s := &Server{
		agent: options.Agent, limits: options.Limits.withDefaults(), log: options.Logger, base: "ESMTP",
		domain: options.Domain, wire: options.WireLog, hooks: options.Hooks.withDefaults(),
		sessions: map[*conn]string{}, from: map[string]int{},
	}
	if options.LMTP {
		s.base = "LMTP"
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.buffers.New = func() any { return new([copyBuffer]byte) }
	s.context, s.cancel = context.WithCancel(context.Background())
	s.protocol = s.newProtocol(options)
	return s
}

// newProtocol sets up go-smtp. Its own time-outs stay off: the connection it
// is given has them. Its limit of lines holds until the gate stands.
func (s *Server) newProtocol(options Options) *gosmtp.Server {
	library := gosmtp.NewServer(s)
	library.LMTP = options.LMTP
	library.Domain = options.Hostname
	if library.Domain == "" {
		library.Domain = "localhost"
	}
	library.MaxRecipients = s.limits.RecipientsMax
	library.MaxMessageBytes = s.agent.MessageMax()
	library.MaxLineLength = s.limits.LineMax
	library.EnableSMTPUTF8 = true
	library.EnableBINARYMIME = true
	library.ErrorLog = errorLog{s.log}
	if options.TLS != nil {
		library.TLSConfig = options.TLS.Clone()
		library.TLSConfig.MinVersion = max(library.TLSConfig.MinVersion, tls.VersionTLS12)
	}
	return library
}

// Serve takes sessions from a listener until Shutdown, and then returns nil.
func (s *Server) Serve(l net.Listener) error {
	return s.protocol.Serve(&listener{Listener: l, server: s})
}

// Shutdown stops taking sessions, ends those that are idle, and lets the
// others finish their message. What is left when ctx ends is cut off.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mutex.Lock()
	s.draining = true
	for c := range s.sessions {
		c.drain()
	}
	s.mutex.Unlock()
	err := s.protocol.Shutdown(ctx)
	s.cancel()
	if ctx.Err() != nil {
		s.mutex.Lock()
		left := make([]*conn, 0, len(s.sessions))
		for c := range s.sessions {
			left = append(left, c)
		}
		s.mutex.Unlock()
		for _, c := range left {
			_ = c.Close()
		}
	}
	if errors.Is(err, gosmtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// errorLog takes the library's own complaints: they are about connections.
type errorLog struct{ log *slog.Logger }
