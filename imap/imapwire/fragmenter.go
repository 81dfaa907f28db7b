package imapwire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
)

// Verdict is what a Handler decides about a literal.
type Verdict uint8

// The verdicts on a literal. Refuse makes the command void: a synchronising
// literal is not sent then, any other is read and thrown away.
const (
	Refuse Verdict = iota
	Buffer         // read it into the fragments
	Stream         // stop before it; the caller calls Open or Abandon
)

// Announcement describes a literal that the peer wants to send.
type Announcement struct {
	Tag string
	// Command is the command's name in upper case, as Decoder.Command
	// returns it, or "".
	Command    string
	SizeOctets uint64
	NonSync    bool // {n+}: sent without waiting (RFC 7888 §4)
	Binary     bool // ~{n}: may hold NUL (RFC 9051 §9, literal8)
	// Leading says that the literal stands where the name of a mailbox is
	// due: it is the first argument of the command, or, of REPLACE, the
	// second.
	Leading bool
	// Annotation says that the literal stands within the ANNOTATION of a
	// message to be appended, and is not the message (RFC 5257 §4.7).
	Annotation bool
	// Content says, of a literal in a response, that it is the text of a
	// message or part in a FETCH response, which may be large and which
	// DecodeResponse lets be streamed. Tag and Command are "" there.
	Content bool
}

// Handler decides about literals and answers for the reading side.
type Handler interface {
	// Admit decides about a literal before the peer is told to send it. The
	// error goes with Refuse and becomes the fault of the command.
	Admit(Announcement) (Verdict, error)
	// Continue tells the peer to send a synchronising literal, and flushes
	// (RFC 9051 §7.6). It is not called for responses.
	Continue() error
}

// Fragmenter cuts a stream into commands, or into responses. It holds no
// reader: the caller hands one to each call, the same one as long as it has
// buffered octets, so that an idle connection needs none.
type Fragmenter struct {
	handler   Handler
	limits    Limits
	responses bool
	// BareLF accepts a line that ends in LF alone. The grammar does not
	// admit it (RFC 9051 §2.2); people at a terminal send it.
	BareLF bool

	frags     Fragments
	lineRest  int // octets of text still admitted for this command
	buffered  uint64
	discarded uint64
	pending   announced
	stream    io.LimitedReader

	// What the first announcement of a command found in its first line.
	named        bool
	tag, command string
}

// announced is a literal's announcement at the end of a line.
type announced struct {
	sizeOctets      uint64
	nonSync, binary bool
}

// NewFragmenter returns a fragmenter for commands: the server's.
func NewFragmenter(handler Handler, limits Limits) *Fragmenter {
	return &Fragmenter{handler: handler, limits: limits}
}

// NewResponseFragmenter returns a fragmenter for responses: the client's. Their
// literals come unasked, and text of a status response is never a literal.
func NewResponseFragmenter(handler Handler, limits Limits) *Fragmenter {
	return &Fragmenter{handler: handler, limits: limits, responses: true}
}

// SetLimits replaces the limits from the next command on, as a login does.
func (f *Fragmenter) SetLimits(limits Limits) { f.limits = limits }

// Read reads the next command. An error means that the connection is of no more
// use: io.EOF at its orderly end, a *LimitError when the peer went beyond what
// may be thrown away, and whatever the reader returns. A command that is merely
// wrong is returned with its Fault.
func (f *Fragmenter) Read(r *bufio.Reader) (*Fragments, error) {
	f.reset()
	return f.readOn(r)
}

// Open tells the peer to send the pending literal and returns it as a stream.
// What the caller leaves unread is skipped by Resume.
func (f *Fragmenter) Open(r *bufio.Reader) (io.Reader, error) {
	if !f.pending.nonSync && !f.responses {
		if err := f.handler.Continue(); err != nil {
			return nil, err
		}
	}
	f.stream = io.LimitedReader{R: r, N: int64(f.pending.sizeOctets)}
	return &streamReader{&f.stream}, nil
}

// Resume reads on after a streamed literal. The fragments returned hold what
// follows it, to the end of the command or to the next streamed literal.
func (f *Fragmenter) Resume(r *bufio.Reader) (*Fragments, error) {
	if f.stream.N > 0 {
		if err := f.discard(r, uint64(f.stream.N)); err != nil {
			return nil, err
		}
	}
	f.stream = io.LimitedReader{}
	f.frags.data, f.frags.pieces = f.frags.data[:0], f.frags.pieces[:0]
	frags, err := f.readOn(r)
	return frags, unexpected(err)
}

// Abandon ends a command whose pending literal is not wanted: it reads and
// throws away whatever the peer sends of that command without being asked.
func (f *Fragmenter) Abandon(r *bufio.Reader) error {
	if !f.frags.Pending() {
		return nil
	}
	f.frags.fault = errAbandoned
	f.stream = io.LimitedReader{}
	f.frags.pieces = f.frags.pieces[:len(f.frags.pieces)-1]
	if !f.pending.nonSync && !f.responses {
		return nil
	}
	if err := f.discard(r, f.pending.sizeOctets); err != nil {
		return err
	}
	_, err := f.readOn(r)
	return unexpected(err)
}

var errAbandoned = errors.New("abandoned")

// ReadLine reads one line that is not a command and has no literals, such as
// DONE or a SASL response, and returns it without its end. It is valid until
// the next call. A line beyond the limit gives a *LimitError after its end was
// found; a NUL or a stray CR or LF in it gives a *SyntaxError. Either leaves the
// connection in step.
func (f *Fragmenter) ReadLine(r *bufio.Reader) ([]byte, error) {
	f.reset()
	if err := f.line(r); err != nil {
		return nil, err
	}
	return f.frags.data, f.frags.fault
}

// Release lets go of the memory that the last command needed.
func (f *Fragmenter) Release() { f.frags = Fragments{} }

// keptOctetsMax is how much memory of one command is kept for the next: enough
// for nearly all, little beside what else a session has.
const keptOctetsMax = 16 << 10

func (f *Fragmenter) reset() {
	if cap(f.frags.data) > keptOctetsMax {
		f.frags.data = nil
	}
	f.frags.data, f.frags.pieces, f.frags.fault = f.frags.data[:0], f.frags.pieces[:0], nil
	f.lineRest, f.buffered, f.discarded = f.limits.LineOctetsMax, 0, 0
	f.stream = io.LimitedReader{}
	f.named, f.tag, f.command = false, "", ""
}

// readOn reads lines and literals until the command ends, or stops at a literal
// that is to be streamed.
func (f *Fragmenter) readOn(r *bufio.Reader) (*Fragments, error) {
	for {
		start := len(f.frags.data)
		if err := f.line(r); err != nil {
			return nil, err
		}
		literal, isLiteral := f.cutAnnouncement(start)
		f.frags.pieces = append(f.frags.pieces, piece{kind: pieceText, start: start, end: len(f.frags.data)})
		if !isLiteral {
			return &f.frags, nil
		}
		done, err := f.literal(r, literal)
		if done || err != nil {
			return &f.frags, err
		}
	}
}

// line appends one line, without its end, to the data.
func (f *Fragmenter) line(r *bufio.Reader) error {
	start := len(f.frags.data)
	for {
		chunk, err := r.ReadSlice('\n')
		if keepErr := f.keep(start, chunk); keepErr != nil {
			return keepErr
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(f.frags.data) > 0:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
		data := f.frags.data
		if n := len(data); n-2 >= start && data[n-2] == '\r' {
			f.frags.data = data[:n-2]
			break
		}
		if f.BareLF {
			f.frags.data = data[:len(data)-1]
			break
		}
	}
	return f.checkLine(start)
}

// keep appends a chunk of a line. Of a line beyond the limit it keeps the head,
// for the tag, and the tail, for a literal's announcement.
func (f *Fragmenter) keep(start int, chunk []byte) error {
	f.frags.data = append(f.frags.data, chunk...)
	f.lineRest -= len(chunk)
	if f.lineRest >= 0 {
		return nil
	}
	f.setFault(&LimitError{What: "octets in a command line", Max: uint64(f.limits.LineOctetsMax)})
	if f.discarded += uint64(len(chunk)); f.discarded > f.limits.DiscardOctetsMax {
		return &LimitError{What: "octets after a refused command", Max: f.limits.DiscardOctetsMax}
	}
	const head, tail = 2048, 64
	if line := f.frags.data[start:]; len(line) > head+tail {
		copy(line[head:], line[len(line)-tail:])
		f.frags.data = f.frags.data[:start+head+tail]
	}
	return nil
}

// checkLine finds octets that no line may hold (RFC 9051 §9, rule 3).
func (f *Fragmenter) checkLine(start int) error {
	line := f.frags.data[start:]
	if at := bytes.IndexByte(line, 0); at >= 0 {
		f.setFault(&SyntaxError{"NUL in a line", start + at})
	}
	if at := bytes.IndexByte(line, '\n'); at >= 0 {
		f.setFault(&SyntaxError{"LF without CR in a line", start + at})
	}
	if at := bytes.IndexByte(line, '\r'); at >= 0 {
		f.setFault(&SyntaxError{"CR without LF in a line", start + at})
	}
	return nil
}

func (f *Fragmenter) setFault(err error) {
	if f.frags.fault == nil {
		f.frags.fault = err
	}
}

// literal deals with an announced literal. It reports whether the fragments are
// complete: because the command is over, or because a stream begins.
func (f *Fragmenter) literal(r *bufio.Reader, literal announced) (done bool, err error) {
	verdict := f.admit(literal)
	switch {
	case verdict == Stream:
		f.pending = literal
		at := len(f.frags.data)
		f.frags.pieces = append(f.frags.pieces, piece{
			kind: pieceStream, binary: literal.binary, start: at, end: at, sizeOctets: literal.sizeOctets,
		})
		return true, nil
	case verdict == Buffer:
		if !literal.nonSync && !f.responses {
			if err := f.handler.Continue(); err != nil {
				return false, err
			}
		}
		return false, f.buffer(r, literal)
	case literal.nonSync || f.responses:
		return false, f.discard(r, literal.sizeOctets)
	}
	return true, nil
}

// admit asks the limits and then the handler, unless the command is void.
func (f *Fragmenter) admit(literal announced) Verdict {
	if f.frags.fault != nil {
		return Refuse
	}
	if len(f.frags.pieces)/2 >= f.limits.LiteralsMax {
		f.setFault(&LimitError{What: "literals in a command", Max: uint64(f.limits.LiteralsMax)})
		return Refuse
	}
	verdict, err := f.handler.Admit(f.announcement(literal))
	if verdict == Buffer && literal.sizeOctets > f.limits.BufferedOctetsMax-f.buffered {
		verdict, err = Refuse, &LimitError{What: "octets in the literals of a command", Max: f.limits.BufferedOctetsMax}
	}
	if verdict == Refuse {
		if err == nil {
			err = &SyntaxError{"literal is not allowed here", len(f.frags.data)}
		}
		f.setFault(err)
	}
	return verdict
}

func (f *Fragmenter) announcement(literal announced) Announcement {
	leading := false
	if !f.named && !f.responses {
		var d Decoder
		d.Reset(&f.frags, Mode{}, f.limits)
		f.tag, f.command, f.named = d.Tag(), d.Command(), true
		leading = d.err == nil && len(f.frags.pieces) == 1 && isBeforeMailbox(f.command, d.text[d.pos:])
	}
	return Announcement{
		Tag: f.tag, Command: f.command, Leading: leading,
		Annotation: !f.responses && f.isInAnnotation(),
		Content:    f.responses && isContent(f.frags.data),
		SizeOctets: literal.sizeOctets, NonSync: literal.nonSync, Binary: literal.binary,
	}
}

// buffer reads a literal into the data. Memory grows with what arrives, not
// with what was announced.
func (f *Fragmenter) buffer(r *bufio.Reader, literal announced) error {
	start := len(f.frags.data)
	f.buffered += literal.sizeOctets
	for rest := literal.sizeOctets; rest > 0; {
		n := min(rest, max(4096, uint64(len(f.frags.data))))
		at := len(f.frags.data)
		f.frags.data = slices.Grow(f.frags.data, int(n))[:at+int(n)]
		if _, err := io.ReadFull(r, f.frags.data[at:]); err != nil {
			return unexpected(err)
		}
		rest -= n
	}
	f.frags.pieces = append(f.frags.pieces, piece{
		kind: pieceLiteral, binary: literal.binary,
		start: start, end: len(f.frags.data), sizeOctets: literal.sizeOctets,
	})
	return nil
}

// discard throws n octets away, within the limit for one command.
func (f *Fragmenter) discard(r *bufio.Reader, n uint64) error {
	if n > f.limits.DiscardOctetsMax-min(f.discarded, f.limits.DiscardOctetsMax) {
		return &LimitError{What: "octets after a refused command", Max: f.limits.DiscardOctetsMax}
	}
	f.discarded += n
	_, err := io.CopyN(io.Discard, r, int64(n))
	return unexpected(err)
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
