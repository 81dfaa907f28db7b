package smtp

import (
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"
)

// listener hands connections of this package to go-smtp, and turns away those
// beyond the limits.
type listener struct {
	net.Listener
	server *Server
}

// Accept returns the next session's connection.
func (l *listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.server.admit(accepted); c != nil {
			return c, nil
		}
	}
}

// refusal is told to who comes while there are too many (RFC 5321 §3.1,
// RFC 3463 §3.8).
const refusal = "421 4.7.0 Too many connections, try again later\r\n"

// admit counts a connection in, or refuses it and returns nil.
func (s *Server) admit(accepted net.Conn) *conn {
	address := addressOf(accepted.RemoteAddr())
	s.mutex.Lock()
	full := len(s.sessions) >= s.limits.SessionsMax ||
		address != "" && s.from[address] >= s.limits.SessionsPerAddressMax
	if full || s.draining {
		s.mutex.Unlock()
		s.log.Warn("session refused: too many", "remote", address)
		_ = accepted.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = accepted.Write([]byte(refusal))
		_ = accepted.Close()
		return nil
	}
	id := s.serial.Add(1)
	name := strconv.FormatUint(id, 36)
	c := &conn{Conn: accepted, limits: s.limits, log: s.log.With(slog.String("session", name), slog.String("remote", address))}
	if s.wire != nil {
		c.wire.client, c.wire.server = s.wire(name, accepted.RemoteAddr())
	}
	c.release = func() { s.release(c, address) }
	s.sessions[c] = address
	s.from[address]++
	s.mutex.Unlock()
	s.hooks.SessionOpened()
	c.log.Debug("session begins")
	return c
}

func (s *Server) release(c *conn, address string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.sessions, c)
	if s.from[address]--; s.from[address] <= 0 {
		delete(s.from, address)
	}
	s.hooks.SessionClosed()
	c.log.Debug("session ends")
}

// addressOf returns an IP address without its port, "" for local sockets,
// which are not counted by address.
func addressOf(remote net.Addr) string {
	if tcp, ok := remote.(*net.TCPAddr); ok {
		return tcp.IP.String()
	}
	return ""
}

// Printf is how go-smtp complains.
func (l errorLog) Printf(format string, values ...any) {
	l.log.Warn("session failed", "error", fmt.Sprintf(format, values...))
}

// Println is how go-smtp complains, too.
func (l errorLog) Println(values ...any) {
	l.log.Warn("session failed", "error", strings.TrimSpace(fmt.Sprintln(values...)))
}
