package smtp

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// conn is the connection that go-smtp is given, below TLS if there is any. It
// keeps replies back until the next read would wait, so that the replies to
// pipelined commands leave in one packet (RFC 2920 §3.2); it sets deadlines;
// and it ends quietly when the server shuts down.
type conn struct {
	net.Conn
	limits  Limits
	log     *slog.Logger
	wire    wireLog
	release func() // gives back the session's place; called once

	mutex   sync.Mutex // guards pending, which two goroutines write to
	pending []byte
	failed  error

	tls         atomic.Bool  // a TLS record was seen
	transaction atomic.Int64 // Unix nanoseconds of its deadline; 0: idle
	draining    atomic.Bool
	closeOnce   sync.Once
}

// Read flushes what waits to be written and reads.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.flush(); err != nil {
		return 0, err
	}
	if c.mustEnd() {
		return 0, c.end()
	}
	if err := c.Conn.SetReadDeadline(c.deadline()); err != nil {
		return 0, err
	}
	// The deadline just set may have replaced the one that wakes a session
	// which is to end.
	if c.mustEnd() {
		return 0, c.end()
	}
	n, err := c.Conn.Read(p)
	if err != nil && isTimeout(err) && c.mustEnd() {
		return 0, c.end()
	}
	if n > 0 {
		// The first octet of a TLS record begins no command (RFC 8446 §5.1).
		if p[0] == tlsHandshake {
			c.tls.Store(true)
		}
		c.wire.received(p[:n], c.tls.Load())
	}
	return n, err
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

// tlsHandshake is the content type of handshake records (RFC 8446 §5.1).
const tlsHandshake = 22

// deadline returns until when the next octets must come.
func (c *conn) deadline() time.Time {
	deadline := time.Now().Add(c.limits.IdleTimeout)
	if end := c.transaction.Load(); end != 0 && end < deadline.UnixNano() {
		return time.Unix(0, end)
	}
	return deadline
}

// mustEnd reports whether the server shuts down and no message is under way.
func (c *conn) mustEnd() bool { return c.draining.Load() && c.transaction.Load() == 0 }

// end says good-bye (RFC 5321 §3.8). Under TLS the octets would break the
// record layer, and the end alone must do.
func (c *conn) end() error {
	if !c.tls.Load() {
		_, _ = c.Write([]byte("421 4.3.2 Service is shutting down\r\n"))
	}
	return io.EOF
}

// drain makes the session end as soon as no message is under way.
func (c *conn) drain() {
	c.draining.Store(true)
	if c.transaction.Load() == 0 {
		_ = c.Conn.SetReadDeadline(time.Unix(1, 0))
	}
}

// begin marks the beginning of a transaction, finish its end.
func (c *conn) begin() {
	c.transaction.Store(time.Now().Add(c.limits.TransactionTimeout).UnixNano())
}

func (c *conn) finish() { c.transaction.Store(0) }

// Write keeps replies until the next Read, or until there are many.
func (c *conn) Write(p []byte) (int, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.failed != nil {
		return 0, c.failed
	}
	c.pending = append(c.pending, p...)
	if len(c.pending) < replyBuffer {
		return len(p), nil
	}
	return len(p), c.flushLocked()
}

func (c *conn) flush() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.flushLocked()
}

func (c *conn) flushLocked() error {
	if c.failed != nil || len(c.pending) == 0 {
		return c.failed
	}
	c.failed = c.Conn.SetWriteDeadline(time.Now().Add(c.limits.WriteTimeout))
	if c.failed == nil {
		c.wire.sent(c.pending, c.tls.Load())
		_, c.failed = c.Conn.Write(c.pending)
	}
	c.pending = c.pending[:0]
	return c.failed
}

// SetDeadline, SetReadDeadline and SetWriteDeadline do nothing: this
// connection sets its own, at every read and write.
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// Close writes what is left, such as the reply to QUIT, and closes.
func (c *conn) Close() error {
	err := net.ErrClosed
	c.closeOnce.Do(func() {
		flushed := c.flush()
		err = errors.Join(flushed, c.Conn.Close())
		c.wire.close()
		c.release()
	})
	return err
}
