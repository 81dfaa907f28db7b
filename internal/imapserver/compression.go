package imapserver

import (
	"github.com/klauspost/compress/flate"

	"github.com/restante/restante/internal/deflate"
)

// compression is COMPRESS=DEFLATE on one connection (RFC 4978): between the
// session and TLS, or the network where there is none (§3). The writer is
// borrowed while there is something to say: each flush ends at an octet, so that
// another one may go on, which only does not know what was said before.
type compression struct {
	inflater deflate.Inflater
	writer   *flate.Writer // nil while nothing is written
	to       wireWriter
	pool     *pools
	read     []byte // what the network gives, nil while idle
}

// startCompression compresses everything from here on. Octets that the client has
// sent before it saw the result cannot be part of a stream: they are thrown away.
func (c *conn) startCompression() {
	c.discardInput()
	c.compressed = &compression{to: wireWriter{c}, pool: c.pool}
}

// stopCompression goes on in clear (RFC 8437 §4.1). The client has ended its stream
// behind the command that is under way: what came beyond is in clear already.
func (c *conn) stopCompression() error {
	z := c.compressed
	for !z.inflater.End() {
		n, err := c.readWire(c.parked[:])
		if err != nil {
			return err
		}
		z.inflater.Feed(c.parked[:n])
	}
	rest, owed := z.inflater.Detach()
	c.received -= uint64(len(rest)) // it is read again
	c.parkedRest, c.owed = append(rest, c.parkedRest...), owed
	z.release()
	c.compressed = nil
	return nil
}

// withoutOwed drops from what was read the end of a stream that has stopped, if it
// comes.
func (c *conn) withoutOwed(p []byte) int {
	n := 0
	for n < len(p) && n < len(c.owed) && p[n] == c.owed[n] {
		n++
	}
	if c.owed = c.owed[n:]; n < len(p) {
		c.owed = nil
	}
	return copy(p, p[n:])
}

// wireWriter writes to the network under the time limit that is set.
type wireWriter struct{ c *conn }

func (w wireWriter) Write(p []byte) (int, error) {
	w.c.sent += uint64(len(p))
	return w.c.wire.Write(p)
}

// write compresses p and sends all of it: what was flushed is delivered.
func (z *compression) write(p []byte) (int, error) {
	if z.writer == nil {
		z.writer = z.pool.deflater()
		z.writer.Reset(z.to)
	}
	if n, err := z.writer.Write(p); err != nil {
		return n, err
	}
	return len(p), z.writer.Flush()
}

// release gives back what an idle connection does not need.
func (z *compression) release() {
	if z.writer != nil {
		z.writer.Reset(nil)
		z.pool.giveDeflater(z.writer)
		z.writer = nil
	}
	z.read = nil
	z.inflater.Release()
}

// readFrom fills p with what the client said, reading the network until there is
// something.
func (z *compression) readFrom(c *conn, p []byte) (int, error) {
	for {
		if z.inflater.More() {
			return z.inflater.Take(p), nil
		}
		if err := z.inflater.Err(); err != nil {
			return 0, err
		}
		if z.read == nil {
			z.read = make([]byte, compressedInputSize)
		}
		n, err := c.readWire(z.read)
		z.inflater.Feed(z.read[:n])
		if err != nil && z.inflater.Pending() == 0 {
			return 0, err
		}
	}
}

// speaks reports whether a read returns at once: because the client has said
// something, or because its stream has ended. Octets that only begin something,
// or end a flush, are kept by the inflater and say nothing yet.
func (z *compression) speaks(c *conn) bool {
	if len(c.parkedRest) > 0 {
		c.received += uint64(len(c.parkedRest))
		z.inflater.Feed(c.parkedRest)
		c.parkedRest = nil
	}
	return z.inflater.More() || z.inflater.Err() != nil
}
