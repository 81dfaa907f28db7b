package imapserver

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restante/restante/internal/convert"
	"github.com/restante/restante/internal/mail"
)

// Server serves any number of listeners until it is shut down.
type Server struct {
	options  Options
	commands map[string]*command
	pools    *pools
	// converter is one for all sessions, so that they share its turns.
	converter *convert.Converter
	context   context.Context // ends when Shutdown loses its patience
	cancel    context.CancelFunc
	ids       atomic.Uint64

	mutex     sync.Mutex
	closing   bool
	listeners map[net.Listener]bool
	sessions  map[*session]bool
	running   sync.WaitGroup
}

// New returns a server that serves nothing yet.
func New(options Options) *Server {
	options.Limits = options.Limits.withDefaults()
	options.Hooks = options.Hooks.withDefaults()
	options.URLAccess = normalAccess(options.URLAccess)
	options.AppendLimits = normalLimits(options.AppendLimits)
	if options.Now == nil {
		options.Now = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Server{
		options: options, commands: commandTable(), pools: newPools(), converter: convert.New(), context: ctx, cancel: cancel,
		listeners: map[net.Listener]bool{}, sessions: map[*session]bool{},
	}
}

// Serve accepts connections until the listener fails or Shutdown is called,
// which gives nil. With implicitTLS, clients speak TLS from the first octet
// (RFC 8314 §3). It closes the listener.
func (s *Server) Serve(listener net.Listener, implicitTLS bool) error {
	defer listener.Close()
	if implicitTLS && s.options.TLS == nil {
		return errors.New("imapserver: implicit TLS without a certificate")
	}
	if !s.track(listener) {
		return nil
	}
	defer s.untrack(listener)
	pause := time.Duration(0)
	for {
		client, err := listener.Accept()
		switch {
		case err == nil:
			pause = 0
			s.start(client, implicitTLS)
		case s.isClosing():
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		default: // such as too many open files
			pause = min(max(2*pause, 5*time.Millisecond), time.Second)
			s.options.Logger.Error("cannot accept", "error", err, "pause", pause)
			select {
			case <-time.After(pause):
			case <-s.context.Done():
			}
		}
	}
}

// ServeConn serves one connection that was accepted elsewhere, and returns
// when it is over.
func (s *Server) ServeConn(client net.Conn, implicitTLS bool) {
	if session := s.admit(client); session != nil {
		session.serve(implicitTLS)
	}
}

func (s *Server) start(client net.Conn, implicitTLS bool) {
	if session := s.admit(client); session != nil {
		go session.serve(implicitTLS)
	}
}

// admit counts a new connection and makes its session, or refuses it.
func (s *Server) admit(client net.Conn) *session {
	id := strconv.FormatUint(s.ids.Add(1), 36)
	session := newSession(s, id, client)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closing {
		client.Close()
		return nil
	}
	s.sessions[session] = true
	s.running.Add(1)
	return session
}

// leave forgets a session that is over.
func (s *Server) leave(session *session) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.sessions, session)
	s.running.Done()
}

func (s *Server) track(listener net.Listener) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !s.closing {
		s.listeners[listener] = true
	}
	return !s.closing
}

func (s *Server) untrack(listener net.Listener) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.listeners, listener)
}

func (s *Server) isClosing() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.closing
}

// EndAccount ends the sessions of an account when their commands are finished:
// it was disabled or deleted, or its password changed.
func (s *Server) EndAccount(id mail.AccountID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for session := range s.sessions {
		if session.owner.Load() == uint64(id)+1 {
			session.conn.end(accountChanged)
		}
	}
}

// Shutdown stops accepting, lets commands that are running finish, tells every
// client BYE, and returns when all sessions are over. If ctx ends before, it
// cuts what is left and returns ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mutex.Lock()
	s.closing = true
	for listener := range s.listeners {
		listener.Close()
	}
	for session := range s.sessions {
		session.conn.end(shutdownWaits)
	}
	s.mutex.Unlock()
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	defer s.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	s.cancel()
	s.mutex.Lock()
	for session := range s.sessions {
		session.conn.raw.Close()
	}
	s.mutex.Unlock()
	<-done
	return ctx.Err()
}

// remoteAddress returns the address of a client, the zero value if the
// connection has none, as a pipe.
func remoteAddress(remote net.Addr) netip.Addr {
	tcp, ok := remote.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap()
}
