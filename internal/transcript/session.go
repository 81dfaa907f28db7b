package transcript

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// session is one connection of a case.
type session struct {
	name    string
	net     net.Conn
	in      *bufio.Reader
	out     *bufio.Writer
	inbox   []*Response // read and not yet consumed
	ledger  *ledger
	wire    *wireLog
	timeout time.Duration
	tagged  int
	closed  bool
	caps    capabilitySet // as last told, nil when not

	restates  bool            // numbers are restated in UIDs under UIDONLY
	numbered  map[string]bool // tags of the commands that were
	censusTag string          // of the last question for all UIDs
	counted   []uint32        // the answers to it
}

// dial opens a connection without reading the greeting.
func dial(name string, server *Server, wire *wireLog) (*session, error) {
	s := &session{name: name, ledger: newLedger(server.strict), wire: wire, timeout: server.Timeout}
	dialer := &net.Dialer{Timeout: server.Timeout}
	var err error
	if server.TLS {
		s.net, err = tls.DialWithDialer(dialer, "tcp", server.Address, server.tlsConfig())
	} else {
		s.net, err = dialer.Dial("tcp", server.Address)
	}
	if err != nil {
		return nil, err
	}
	s.attach()
	return s, nil
}

func (s *session) attach() {
	s.in = bufio.NewReaderSize(s.net, 32<<10)
	s.out = bufio.NewWriterSize(s.net, 32<<10)
}

// startTLS begins TLS on the open connection (RFC 9051 §6.2.1).
func (s *session) startTLS(server *Server) error {
	if s.in.Buffered() > 0 {
		return errors.New("octets came between the OK of STARTTLS and the handshake")
	}
	conn := tls.Client(s.net, server.tlsConfig())
	if err := conn.SetDeadline(time.Now().Add(s.timeout)); err != nil {
		return err
	}
	if err := conn.Handshake(); err != nil {
		return err
	}
	s.net = conn
	s.attach()
	return nil
}

func (s *session) close() {
	if s.net != nil {
		s.net.Close()
	}
	s.closed = true
}

// write puts octets into the buffer.
func (s *session) write(text string) {
	s.wire.add(s.name, "C", text)
	s.out.WriteString(text)
}

func (s *session) flush() error {
	if err := s.net.SetWriteDeadline(time.Now().Add(s.timeout)); err != nil {
		return err
	}
	return s.out.Flush()
}

// read reads one response and judges its form. At the end of the
// connection it returns io.EOF.
func (s *session) read(deadline time.Time) (*Response, error) {
	if s.closed {
		return nil, io.EOF
	}
	if err := s.net.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	raw, err := readRaw(s.in)
	if err != nil {
		if isClosing(err) {
			s.closed = true
			return nil, io.EOF
		}
		return nil, err
	}
	s.wire.add(s.name, "S", raw.raw())
	r, err := parseResponse(raw, s.ledger.enabled["IMAP4REV2"] || s.ledger.enabled["UTF8=ACCEPT"])
	if err != nil {
		return nil, fmt.Errorf("the response %q is not well formed: %w", fold(r.Raw), err)
	}
	if !s.count(r) {
		s.inbox = append(s.inbox, r)
	}
	if err := s.ledger.observe(r); err != nil {
		return nil, fmt.Errorf("the response %q is wrong here: %w", fold(r.Raw), err)
	}
	s.reread(r)
	return r, nil
}

// isClosing reports the errors of a connection that the server has ended.
func isClosing(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && !op.Timeout() {
		return true
	}
	return errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF)
}

// newTag makes the next tag; tags differ between the connections of a case.
func (s *session) newTag() string {
	s.tagged++
	return fmt.Sprintf("%s%d", s.name, s.tagged)
}

// send writes a command of segments. It stops early, with refused true, when
// the server answers a literal with the command's result.
func (s *session) send(tag string, parts []segment) (refused bool, err error) {
	s.ledger.sent(tag, commandName(parts[0].text))
	s.ledger.notify.sent(tag, parts[0].text)
	s.write(tag + " ")
	return s.sendParts(tag, parts)
}

func (s *session) sendParts(tag string, parts []segment) (refused bool, err error) {
	for _, part := range parts {
		s.write(part.text)
		if part.literal == nil {
			continue
		}
		s.write(part.literal.head())
		if part.literal.sync {
			if err := s.flush(); err != nil {
				return false, err
			}
			if refused, err := s.awaitContinuation(tag); refused || err != nil {
				return refused, err
			}
		}
		s.write(part.literal.data)
	}
	s.write("\r\n")
	return false, nil
}

// awaitContinuation reads until "+" or the result of the command.
func (s *session) awaitContinuation(tag string) (refused bool, err error) {
	deadline := time.Now().Add(s.timeout)
	for {
		r, err := s.read(deadline)
		if err != nil {
			return false, fmt.Errorf("waiting for \"+\": %w", err)
		}
		if r.Tag == "+" {
			s.inbox = s.inbox[:len(s.inbox)-1]
			return false, nil
		}
		if r.Tag == tag {
			return true, nil
		}
	}
}

// command sends a line and reads to its result: the runner's own preparation.
func (s *session) command(parts ...segment) (*Response, error) {
	return s.commandAs(s.newTag(), parts)
}

// commandAs is command with a tag that was made before.
func (s *session) commandAs(tag string, parts []segment) (*Response, error) {
	if _, err := s.send(tag, parts); err != nil {
		return nil, err
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	return s.result(tag)
}

// line is command for text without literals; it refuses all but OK.
func (s *session) line(format string, args ...any) (*Response, error) {
	text := fmt.Sprintf(format, args...)
	r, err := s.command(segment{text: text})
	if err == nil && r.Name != "OK" {
		err = fmt.Errorf("%s: %s", commandName(text), r.Raw)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// result reads to the tagged response and notes capabilities on the way.
func (s *session) result(tag string) (*Response, error) {
	for _, r := range s.inbox {
		if r.Tag == tag {
			return r, nil
		}
	}
	deadline := time.Now().Add(s.timeout)
	for {
		r, err := s.read(deadline)
		if err != nil {
			return nil, err
		}
		s.noteCapabilities(r)
		if r.Tag == tag {
			return r, nil
		}
	}
}

func (s *session) noteCapabilities(r *Response) {
	values := r.Args
	if r.Name != "CAPABILITY" {
		if r.codeName() != "CAPABILITY" {
			return
		}
		values = r.Code[1:]
	}
	var names []string
	for _, v := range values {
		names = append(names, v.Text)
	}
	s.caps = newCapabilitySet(names)
}

// wireLog keeps what was said, for the report of a failure; the account's
// password is cut out of what it shows.
type wireLog struct {
	lines   []string
	account Account
	over    bool // the case has been judged; what the runner clears away explains nothing
}

func (w *wireLog) add(conn, side, text string) {
	if w.over {
		return
	}
	if side == "C" && len(w.lines) > 0 && strings.HasPrefix(w.lines[len(w.lines)-1], conn+" C: ") && !strings.HasSuffix(w.lines[len(w.lines)-1], "\r\n") {
		w.lines[len(w.lines)-1] += text
		return
	}
	w.lines = append(w.lines, conn+" "+side+": "+text)
}

// tail shows the last lines.
func (w *wireLog) tail(n int) string {
	lines := w.lines[max(0, len(w.lines)-n):]
	var b strings.Builder
	for _, line := range lines {
		line = w.cut(strings.TrimSuffix(line, "\r\n"))
		b.WriteString("      " + strings.ReplaceAll(fold(line), "\r\n", "\\r\\n") + "\n")
	}
	return b.String()
}

// deadline is the time by which the next response must come.
func (s *session) deadline() time.Time { return time.Now().Add(s.timeout) }

// cut takes the password out of a line, in clear text and in what PLAIN and
// LOGIN make of it.
func (w *wireLog) cut(line string) string {
	if w.account.Password == "" {
		return line
	}
	encode := base64.StdEncoding.EncodeToString
	user, password := w.account.User, w.account.Password
	for _, secret := range []string{
		quote(password), password, encode([]byte(password)),
		encode([]byte("\x00" + user + "\x00" + password)), encode([]byte(user + "\x00" + user + "\x00" + password)),
	} {
		line = strings.ReplaceAll(line, secret, "(cut)")
	}
	return line
}
