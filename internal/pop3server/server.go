package pop3server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// Options is what a server is made of. Store, Auth and Logger are required.
type Options struct {
	Store  mail.Store
	Auth   *auth.Service
	Logger *slog.Logger
	// TLS is what STLS and implicit TLS speak; nil offers neither.
	TLS *tls.Config
	// ServerName is the host's name, in the greeting.
	ServerName string
	// ClearTextLogins allows passwords without TLS from anywhere, and not
	// only from the machine itself.
	ClearTextLogins bool
	Limits          Limits
	// Now is the clock; nil is the machine's.
	Now func() time.Time
	// WireLog, if set, gives a log of what the client and what the server
	// sends on one connection. It must cut credentials itself.
	WireLog func(id string, remote net.Addr) (client, server io.WriteCloser)
	Hooks   Hooks
}

// Hooks tell metrics what happens. Each may be nil, and is called from many
// goroutines.
type Hooks struct {
	SessionOpened func(secure bool)
	SessionClosed func()
	LoggedIn      func(mechanism string, ok bool)
	Command       func(name, status string, elapsed time.Duration)
}

func (h Hooks) withDefaults() Hooks {
	if h.SessionOpened == nil {
		h.SessionOpened = func(bool) {}
	}
	if h.SessionClosed == nil {
		h.SessionClosed = func() {}
	}
	if h.LoggedIn == nil {
		h.LoggedIn = func(string, bool) {}
	}
	if h.Command == nil {
		h.Command = func(string, string, time.Duration) {}
	}
	return h
}

// Server serves any number of listeners until it is shut down.
type Server struct {
	options  Options
	commands map[string]*command
	sizes    *sizes
	buffers  sync.Pool
	context  context.Context // ends when Shutdown loses its patience
	cancel   context.CancelFunc
	ids      atomic.Uint64

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
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.TLS != nil {
		options.TLS = options.TLS.Clone()
		options.TLS.MinVersion = max(options.TLS.MinVersion, tls.VersionTLS12)
	}
	s := &Server{
		options: options, commands: commandTable(), sizes: newSizes(),
		listeners: map[net.Listener]bool{}, sessions: map[*session]bool{},
	}
	s.buffers.New = func() any { return new([bufferSize]byte) }
	s.context, s.cancel = context.WithCancel(context.Background())
	return s
}

// Serve accepts connections until the listener fails or Shutdown is called,
// which gives nil. With implicitTLS, clients speak TLS from the first octet
// (RFC 8314 §3). It closes the listener.
func (s *Server) Serve(listener net.Listener, implicitTLS bool) error {
	defer listener.Close()
	if implicitTLS && s.options.TLS == nil {
		return errors.New("pop3server: implicit TLS without a certificate")
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

// start counts a connection in and serves it, or refuses it.
func (s *Server) start(client net.Conn, implicitTLS bool) {
	id := strconv.FormatUint(s.ids.Add(1), 36)
	session := newSession(s, id, client)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closing {
		_ = client.Close()
		return
	}
	s.sessions[session] = true
	s.running.Add(1)
	go func() {
		session.serve(implicitTLS)
		s.mutex.Lock()
		defer s.mutex.Unlock()
		delete(s.sessions, session)
		s.running.Done()
	}()
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
// it was disabled, or its password changed.
func (s *Server) EndAccount(id mail.AccountID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for session := range s.sessions {
		if session.owner.Load() == uint64(id)+1 {
			session.conn.shutDown()
		}
	}
}

// Shutdown stops accepting, lets commands that are running finish, and
// returns when all sessions are over. If ctx ends before, it cuts what is left
// and returns ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mutex.Lock()
	s.closing = true
	for listener := range s.listeners {
		_ = listener.Close()
	}
	for session := range s.sessions {
		session.conn.shutDown()
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
		_ = session.conn.raw.Close()
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
