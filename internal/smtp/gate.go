package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/textproto"
	"reflect"
	"strconv"

	gosmtp "github.com/emersion/go-smtp"
)

// gate stands between a session's octets, above TLS, and go-smtp. It hands on
// one command line at a time, so that it always knows what is a command and
// what belongs to a message, bounds the length of lines, and completes what
// go-smtp would refuse. Messages that follow DATA are read from source
// directly; the octets of a chunk pass as they are.
type gate struct {
	source  *bufio.Reader
	domain  func() string
	lineMax int
	line    []byte // what is left to hand on of a command line
	chunk   int64  // what is left of the octets that follow BDAT
}

// newGate puts a gate into a session. It returns nil if go-smtp no longer
// keeps its reader where it did (v0.25); the library then reads by itself.
func newGate(session *gosmtp.Conn, domain func() string, lineMax int) *gate {
	text := textOf(session)
	if text == nil {
		return nil
	}
	early, _ := text.R.Peek(text.R.Buffered())
	octets := io.MultiReader(bytes.NewReader(bytes.Clone(early)), session.Conn())
	if len(early) == 0 {
		octets = session.Conn()
	}
	g := &gate{source: bufio.NewReaderSize(octets, gateBuffer), domain: domain, lineMax: lineMax}
	text.R = bufio.NewReaderSize(g, lineBuffer)
	return g
}

// textOf returns where go-smtp reads a session's lines from.
func textOf(session *gosmtp.Conn) *textproto.Conn {
	field := reflect.ValueOf(session).Elem().FieldByName("text")
	if !field.IsValid() || field.Type() != reflect.TypeFor[*textproto.Conn]() || field.IsNil() {
		return nil
	}
	return (*textproto.Conn)(field.UnsafePointer())
}

// Read hands on the rest of a chunk, or of a line.
func (g *gate) Read(p []byte) (int, error) {
	if g.chunk > 0 {
		n, err := g.source.Read(p[:min(int64(len(p)), g.chunk)])
		g.chunk -= int64(n)
		return n, err
	}
	if len(g.line) == 0 {
		if err := g.nextLine(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.line)
	g.line = g.line[n:]
	return n, nil
}

// nextLine reads a command line.
func (g *gate) nextLine() error {
	var line []byte
	for {
		piece, err := g.source.ReadSlice('\n')
		line = append(line, piece...)
		if len(line) > g.lineMax {
			return gosmtp.ErrTooLongLine
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return err
		}
		break
	}
	g.line = clippedSize(completed(line, g.domain))
	g.chunk = chunkSize(line)
	return nil
}

// chunkSize returns how many octets of a chunk follow a command line: those
// that go-smtp takes behind it, whether or not it accepts them (RFC 3030 §2).
func chunkSize(line []byte) int64 {
	fields := bytes.Fields(line)
	if len(fields) < 2 || len(fields) > 3 || !bytes.EqualFold(fields[0], []byte("BDAT")) {
		return 0
	}
	if len(fields) == 3 && !bytes.EqualFold(fields[2], []byte("LAST")) {
		return 0
	}
	size, err := strconv.ParseUint(string(fields[1]), 10, 32)
	if err != nil {
		return 0
	}
	return int64(size)
}

// clippedSize makes a SIZE beyond 32 bits, which go-smtp cannot read, the
// largest that it can: too large either way (RFC 1870 §4 allows 20 digits).
func clippedSize(line []byte) []byte {
	const verb, parameter = "MAIL", " SIZE="
	if len(line) < len(verb) || !bytes.EqualFold(line[:len(verb)], []byte(verb)) {
		return line
	}
	at := bytes.Index(bytes.ToUpper(line), []byte(parameter))
	if at < 0 {
		return line
	}
	at += len(parameter)
	end := at
	for end < len(line) && '0' <= line[end] && line[end] <= '9' {
		end++
	}
	if _, err := strconv.ParseUint(string(line[at:end]), 10, 32); !errors.Is(err, strconv.ErrRange) || end-at > 20 {
		return line
	}
	clipped := strconv.AppendUint(bytes.Clone(line[:at]), 1<<32-1, 10)
	return append(clipped, line[end:]...)
}
