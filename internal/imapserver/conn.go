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
	accountChanged
	timeIsOver
)

// conn is one client's connection: the bytes, their time limits, and how a
// waiting session is woken. Only the session's goroutine reads and writes;
// notice and end may be called from any.
type conn struct {
	raw        net.Conn
	wire       net.Conn     // raw, or TLS upon it
	compressed *compression // upon wire; nil in clear
	writeTime  time.Duration
	input      *bufio.Reader // nil while nothing is buffered
	pool       *pools
	log        wireLog
	// flush writes what the session has to say. It is called before a read
	// that may wait, so that no client waits for an answer in a buffer.
	flush          func()
	received, sent uint64

	owed       []byte // of a compressed stream that has stopped
	parked     [parkedInputSize]byte
	parkedRest []byte // of parked, what was read and not yet taken

	mutex   sync.Mutex
	waiting bool // a read may be interrupted
	wanted  bool // by notices, too
	noticed bool
	ending  wake // why the session ends; inputWaits if it goes on
}

func newConn(wire net.Conn, pool *pools, log wireLog, writeTime time.Duration) *conn {
	return &conn{raw: wire, wire: wire, writeTime: writeTime, pool: pool, log: log}
}

// Read reads what the client says, without compression.
func (c *conn) Read(p []byte) (n int, err error) {
	if c.compressed != nil {
		n, err = c.compressed.readFrom(c, p)
	} else {
		n, err = c.readWire(p)
	}
	c.log.received(p[:n])
	return n, err
}

// readWire hands out what was read while parked, and then reads on.
func (c *conn) readWire(p []byte) (n int, err error) {
	if n = copy(p, c.parkedRest); n > 0 {
		c.parkedRest = c.parkedRest[n:]
	} else {
		c.flush()
		n, err = c.wire.Read(p)
	}
	for len(c.owed) > 0 && n > 0 {
		if n = c.withoutOwed(p[:n]); n == 0 && err == nil {
			n, err = c.wire.Read(p)
		}
	}
	c.received += uint64(n)
	return n, err
}

// Write writes all of p. A client that takes nothing for too long loses its
// connection.
func (c *conn) Write(p []byte) (int, error) {
	if err := c.wire.SetWriteDeadline(time.Now().Add(c.writeTime)); err != nil {
		return 0, err
	}
	c.log.sent(p)
	if c.compressed != nil {
		return c.compressed.write(p)
	}
	return wireWriter{c}.Write(p)
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
	if c.input != nil && c.input.Buffered() > 0 {
		return true
	}
	if c.compressed != nil {
		return c.compressed.speaks(c)
	}
	if len(c.owed) > 0 {
		c.parkedRest = c.parkedRest[:c.withoutOwed(c.parkedRest)]
	}
	return len(c.parkedRest) > 0
}

// release gives the input buffer back, if nothing is in it.
func (c *conn) release() {
	if c.input != nil && c.input.Buffered() == 0 {
		c.input.Reset(nil)
		c.pool.giveInput(c.input)
		c.input = nil
	}
	if c.compressed != nil {
		c.compressed.release()
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
	for end := time.Now().Add(limit); ; {
		notices = notices && time.Now().Before(end) // however many there are
		if why, now := c.arm(end, notices); now {
			return why, nil
		}
		n, err := c.wire.Read(c.parked[:])
		why, interrupted := c.disarm(notices)
		c.parkedRest = c.parked[:n]
		switch {
		case n > 0 && c.hasInput():
			return inputWaits, nil
		case n > 0 && !interrupted: // only part of something compressed
		case (n > 0 || err == nil || isTimeout(err)) && interrupted:
			return why, nil
		case isTimeout(err):
			return timeIsOver, nil
		case err != nil:
			return inputWaits, err
		}
	}
}

func isTimeout(err error) bool {
	timeout := net.Error(nil)
	return errors.As(err, &timeout) && timeout.Timeout()
}

// arm prepares a wait, or says that it is over already.
func (c *conn) arm(end time.Time, notices bool) (wake, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if why, now := c.reason(notices); now {
		return why, true
	}
	c.waiting, c.wanted = true, notices
	_ = c.wire.SetReadDeadline(end) // the read tells what is wrong
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
	case c.ending != inputWaits:
		return c.ending, true
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

// end ends the session when its command is finished.
func (c *conn) end(why wake) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.ending = why
	if c.waiting {
		_ = c.wire.SetReadDeadline(past)
	}
}

// ends returns why the session ends, inputWaits if it goes on.
func (c *conn) ends() wake {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.ending
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
