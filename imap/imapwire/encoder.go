package imapwire

import (
	"errors"
	"io"
	"strconv"

	"github.com/restante/restante/imap"
)

// Encoder writes the grammar's elements to a buffer and flushes it to a writer
// when it is full or when Flush is called. Methods return nothing: the first
// error of the writer sticks, and Err and Flush return it. An Encoder is used by
// one goroutine at a time.
type Encoder struct {
	w    io.Writer
	buf  []byte
	size int
	mode Mode
	// translate turns texts for people into the client's language; nil: not.
	translate func(string) string
	err       error

	// A client's literals: see SetCommandLiterals.
	commands   bool
	nonSyncMax int64
	wait       func() error
}

// ErrShortLiteral reports that the source of a literal gave fewer octets than it
// had announced. The connection is out of step then and cannot be used.
var ErrShortLiteral = errors.New("literal is shorter than announced")

// EncoderBufferOctets is a good size for an encoder's buffer: a TLS record and
// some messages fit.
const EncoderBufferOctets = 32 << 10

// NewEncoder returns an encoder that flushes to w. It has no buffer of its own
// until Attach gives it one or the first element is written.
func NewEncoder(w io.Writer) *Encoder { return &Encoder{w: w, size: EncoderBufferOctets} }

// SetWriter replaces the writer, as STARTTLS does. The buffer must have been
// flushed.
func (e *Encoder) SetWriter(w io.Writer) { e.w = w }

// SetMode sets the mode in which strings and names are written from now on.
func (e *Encoder) SetMode(mode Mode) { e.mode = mode }

// SetCommandLiterals makes the encoder a client's: it writes literals of at most
// nonSyncOctetsMax octets as {n+}, which the server must have offered
// (RFC 7888 §4: 4096 for LITERAL-, any size for LITERAL+), and before it writes
// the content of a larger one it flushes and calls wait, which returns when the
// server has asked for it. An error of wait sticks.
func (e *Encoder) SetCommandLiterals(nonSyncOctetsMax int64, wait func() error) {
	e.commands, e.nonSyncMax, e.wait = true, nonSyncOctetsMax, wait
}

// Attach gives the encoder a buffer to use; its content is lost and its capacity
// counts. The encoder must hold nothing.
func (e *Encoder) Attach(buffer []byte) {
	e.buf, e.size = buffer[:0], max(cap(buffer), 512)
}

// Detach takes the buffer away, for an idle session to give back. It returns nil
// if there is none or if something is still to be flushed.
func (e *Encoder) Detach() []byte {
	if len(e.buf) > 0 {
		return nil
	}
	buffer := e.buf
	e.buf = nil
	return buffer
}

// Flush writes what is buffered and returns the first error.
func (e *Encoder) Flush() error {
	if len(e.buf) > 0 && e.err == nil {
		_, e.err = e.w.Write(e.buf)
	}
	if cap(e.buf) > 2*e.size {
		e.buf = nil // one long element has made it grow
	}
	e.buf = e.buf[:0]
	return e.err
}

// Err returns the first error of the writer or of a literal's source.
func (e *Encoder) Err() error { return e.err }

// Buffered returns how many octets wait to be flushed.
func (e *Encoder) Buffered() int { return len(e.buf) }

// room flushes if the buffer is full, and makes it if there is none. Elements
// are small beside it, so that it seldom grows.
func (e *Encoder) room() {
	if len(e.buf) < e.size-256 {
		if e.buf == nil {
			e.buf = make([]byte, 0, e.size)
		}
		return
	}
	_ = e.Flush()
}

// Raw writes text as it is: words of the grammar and what is known to be safe.
func (e *Encoder) Raw(text string) *Encoder {
	e.room()
	e.buf = append(e.buf, text...)
	return e
}

// SP writes a space.
func (e *Encoder) SP() *Encoder { return e.octet(' ') }

// CRLF ends the response or command.
func (e *Encoder) CRLF() {
	e.buf = append(e.buf, '\r', '\n')
	e.room()
}

// octet writes one octet. It does not look for room: what precedes it did.
func (e *Encoder) octet(c byte) *Encoder {
	e.buf = append(e.buf, c)
	return e
}

// Number writes a number.
func (e *Encoder) Number(n uint64) *Encoder {
	e.room()
	e.buf = strconv.AppendUint(e.buf, n, 10)
	return e
}

// UIDSet writes a set of UIDs, which must not be empty.
func (e *Encoder) UIDSet(set imap.UIDSet) *Encoder { return writeSet(e, set) }

// SeqSet writes a set of sequence numbers, which must not be empty.
func (e *Encoder) SeqSet(set imap.SeqSet) *Encoder { return writeSet(e, set) }

// writeSet writes a long set piecemeal, so that the buffer does not grow.
func writeSet[N imap.Number](e *Encoder, set imap.Set[N]) *Encoder {
	for start := 0; start < len(set); start += 8 {
		if start > 0 {
			e.octet(',')
		}
		e.room()
		e.buf = set[start:min(start+8, len(set))].AppendText(e.buf)
	}
	return e
}

// Flag writes a flag or keyword.
func (e *Encoder) Flag(flag imap.Flag) *Encoder { return e.Raw(string(flag)) }

// FlagList writes flags in parentheses.
func (e *Encoder) FlagList(flags []imap.Flag) *Encoder {
	e.octet('(')
	for i, flag := range flags {
		if i > 0 {
			e.octet(' ')
		}
		e.Raw(string(flag))
	}
	return e.octet(')')
}

// DateTime writes a date-time in quotes.
func (e *Encoder) DateTime(at imap.DateTime) *Encoder {
	e.room()
	e.buf = append(e.buf, '"')
	e.buf = at.AppendText(e.buf)
	return e.octet('"')
}
