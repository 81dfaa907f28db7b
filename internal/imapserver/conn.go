package imapserver

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// wake says why a wait ended.
type wake uint8

const (
	inputWaits wake = iota // octets are there to be read
	noticeWaits
	shutdownWaits
	timeIsOver
)

// conn is one client's connection: the bytes, their time limits, and how a
// waiting session is woken. Only the session's goroutine reads and writes;
// notice and shutDown may be called from any.
type conn struct {
	raw       net.Conn
	wire      net.Conn // raw, or TLS upon it
	writeTime time.Duration
	input     *bufio.Reader // nil while nothing is buffered
	pool      *pools
	log       wireLog
	// flush writes what the session has to say. It is called before a read
	// that may wait, so that no client waits for an answer in a buffer.
	flush          func()
	received, sent uint64

	parked     [parkedInputSize]byte
	parkedRest []byte // of parked, what was read and not yet taken

	mutex    sync.Mutex
	waiting  bool // a read may be interrupted
	wanted   bool // by notices, too
	noticed  bool
	shutdown bool
}

func newConn(wire net.Conn, pool *pools, log wireLog, writeTime time.Duration) *conn {
	return &conn{raw: wire, wire: wire, writeTime: writeTime, pool: pool, log: log}
}

// Read hands out what was read while parked, and then reads on.
func (c *conn) Read(p []byte) (int, error) {
	n := copy(p, c.parkedRest)
	if n > 0 {
		c.parkedRest = c.parkedRest[n:]
	} else {
		c.flush()
		var err error
		if n, err = c.wire.Read(p); err != nil {
			return n, err
		}
	}
	c.received += uint64(n)
	c.log.received(p[:n])
	return n, nil
}

// Write writes all of p. A client that takes nothing for too long loses its
// connection.
func (c *conn) Write(p []byte) (int, error) {
	if err := c.wire.SetWriteDeadline(time.Now().Add(c.writeTime)); err != nil {
		return 0, err
	}
	c.sent += uint64(len(p))
	c.log.sent(p)
	return c.wire.Write(p)
}

// reader returns the buffered input.
func (c *conn) reader() *bufio.Reader {
	if c.input == nil {
		c.input = c.pool.input()
		c.input.Reset(c)
	}
	return c.input
}

// hasInput reports whether octets are at hand, so that reading a command
// begins at once: the client has sent more than one.
func (c *conn) hasInput() bool {
	return len(c.parkedRest) > 0 || c.input != nil && c.input.Buffered() > 0
}

// release gives the input buffer back, if nothing is in it.
func (c *conn) release() {
	if c.input != nil && c.input.Buffered() == 0 {
		c.input.Reset(nil)
		c.pool.giveInput(c.input)
		c.input = nil
	}
}

// discardInput throws away what was received and not read: what a client sent
// behind STARTTLS in clear text could come from anyone (RFC 9051 §6.2.1).
func (c *conn) discardInput() {
	c.parkedRest = nil
	if c.input != nil {
		c.input.Reset(nil)
		c.release()
	}
}

// wait returns when there is input, when the session shall shut down, when the
// time is over, and, if notices are wanted, when one came. It holds no buffer.
// The error is that of a broken connection.
func (c *conn) wait(limit time.Duration, notices bool) (wake, error) {
	if c.hasInput() {
		return inputWaits, nil
	}
	c.release()
	if why, now := c.arm(limit, notices); now {
		return why, nil
	}
	n, err := c.wire.Read(c.parked[:])
	why, interrupted := c.disarm(notices)
	switch {
	case n > 0:
		c.parkedRest = c.parked[:n]
		return inputWaits, nil
	case err == nil || interrupted && isTimeout(err):
		return why, nil
	case isTimeout(err):
		return timeIsOver, nil
	}
	return inputWaits, err
}

func isTimeout(err error) bool {
	timeout := net.Error(nil)
	return errors.As(err, &timeout) && timeout.Timeout()
}

// arm prepares a wait, or says that it is over already.
func (c *conn) arm(limit time.Duration, notices bool) (wake, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if why, now := c.reason(notices); now {
		return why, true
	}
	c.waiting, c.wanted = true, notices
	_ = c.wire.SetReadDeadline(time.Now().Add(limit)) // the read tells what is wrong
	return 0, false
}

func (c *conn) disarm(notices bool) (wake, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.waiting = false
	return c.reason(notices)
}

// reason says why a wait ends without input. The mutex is held.
func (c *conn) reason(notices bool) (wake, bool) {
	switch {
	case c.shutdown:
		return shutdownWaits, true
	case notices && c.noticed:
		c.noticed = false
		return noticeWaits, true
	}
	return noticeWaits, false
}

// notice wakes a session that waits for changes. It returns at once.
func (c *conn) notice() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.noticed = true
	if c.waiting && c.wanted {
		_ = c.wire.SetReadDeadline(past)
	}
}

// shutDown ends the session when its command is finished.
func (c *conn) shutDown() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.shutdown = true
	if c.waiting {
		_ = c.wire.SetReadDeadline(past)
	}
}

func (c *conn) isShutDown() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.shutdown
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// limitReading bounds the reads that follow, up to the next wait.
func (c *conn) limitReading(limit time.Duration) error {
	return c.wire.SetReadDeadline(time.Now().Add(limit))
}

// startTLS speaks TLS from now on, and returns when the handshake is done.
func (c *conn) startTLS(config *tls.Config, limit time.Duration) error {
	c.discardInput()
	if err := c.wire.SetDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	secure := tls.Server(c.wire, config)
	if err := secure.Handshake(); err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.wire = secure
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
