package pop3server

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// conn is one client's connection: its lines, its time limits, and how a
// waiting session is ended. Only the session's goroutine reads and writes;
// shutDown may be called from any.
type conn struct {
	raw            net.Conn
	wire           net.Conn // raw, or TLS upon it
	limits         Limits
	input          *bufio.Reader
	output         *bufio.Writer
	client, server io.WriteCloser // the wire log; nil takes nothing

	mutex    sync.Mutex
	shutdown bool
}

var (
	errLineTooLong = errors.New("command line is too long")
	errShutdown    = errors.New("server is shutting down")
)

func newConn(raw net.Conn, limits Limits) *conn {
	c := &conn{raw: raw, wire: raw, limits: limits}
	c.input = bufio.NewReader(reader{c})
	c.output = bufio.NewWriter(writer{c})
	return c
}

// reader and writer are the two directions of the wire under the buffers.
type reader struct{ *conn }

// Read sends what waits to be sent, so that replies to pipelined commands
// leave together and no client waits for one that is in a buffer.
func (r reader) Read(p []byte) (int, error) {
	if err := r.output.Flush(); err != nil {
		return 0, err
	}
	n, err := r.wire.Read(p)
	if r.client != nil {
		_, _ = r.client.Write(p[:n]) // a log that fails must not hurt the session
	}
	return n, err
}

type writer struct{ *conn }

// Write sends; a client that takes nothing for too long loses its connection.
func (w writer) Write(p []byte) (int, error) {
	if err := w.wire.SetWriteDeadline(time.Now().Add(w.limits.WriteTimeout)); err != nil {
		return 0, err
	}
	if w.server != nil {
		_, _ = w.server.Write(p)
	}
	return w.wire.Write(p)
}

// readLine returns the next line without its end. errLineTooLong after a line
// that was skipped; the next one can be read then.
func (c *conn) readLine(deadline time.Time) (string, error) {
	if err := c.arm(deadline); err != nil {
		return "", err
	}
	var line []byte
	skipped := 0
	for {
		part, err := c.input.ReadSlice('\n')
		if skipped > 0 || len(line)+len(part) > c.limits.LineMax {
			skipped += len(line) + len(part)
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && skipped <= skipMax:
		case err != nil && c.isShutDown():
			return "", errShutdown
		case err != nil:
			return "", err
		case skipped > 0:
			return "", errLineTooLong
		default:
			return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), nil
		}
	}
}

// arm sets until when a line must have come.
func (c *conn) arm(deadline time.Time) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.shutdown {
		return errShutdown
	}
	return c.wire.SetReadDeadline(deadline)
}

// shutDown ends the session when its command is finished.
func (c *conn) shutDown() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.shutdown = true
	_ = c.wire.SetReadDeadline(time.Unix(1, 0))
}

func (c *conn) isShutDown() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.shutdown
}

// beginTLS speaks TLS from now on. What the client sent behind STLS in clear
// text could come from anyone, and is thrown away (RFC 2595 §4).
func (c *conn) beginTLS(config *tls.Config, deadline time.Time) error {
	if err := c.output.Flush(); err != nil {
		return err
	}
	if err := c.arm(deadline); err != nil {
		return err
	}
	if err := c.wire.SetWriteDeadline(deadline); err != nil {
		return err
	}
	secure := tls.Server(c.wire, config)
	if err := secure.Handshake(); err != nil {
		return err
	}
	c.mutex.Lock()
	c.wire = secure
	c.mutex.Unlock()
	c.input.Reset(reader{c})
	return nil
}

// tlsState returns the state of TLS, nil in clear text.
func (c *conn) tlsState() *tls.ConnectionState {
	if secure, ok := c.wire.(*tls.Conn); ok {
		state := secure.ConnectionState()
		return &state
	}
	return nil
}

// close sends what is left and closes.
func (c *conn) close() {
	_ = c.output.Flush()
	_ = c.wire.Close()
	for _, log := range []io.WriteCloser{c.client, c.server} {
		if log != nil {
			_ = log.Close()
		}
	}
}
