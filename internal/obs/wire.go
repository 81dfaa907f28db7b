package obs

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Wire writes raw logs of sessions, one file each, into a directory.
type Wire struct {
	dir string
	now func() time.Time
}

// NewWire makes the directory if it is not there.
func NewWire(dir string, now func() time.Time) (*Wire, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Wire{dir, now}, nil
}

// Session begins the log of one session. What the client and what the server
// sends is written to the two writers, in the order in which it happens;
// both are closed in the end. If the file cannot be made, what is written
// goes nowhere: a log must not hurt a session.
func (w *Wire) Session(protocol, id string, remote net.Addr) (client, server io.WriteCloser) {
	name := fmt.Sprintf("%s-%s-%s.log", w.now().UTC().Format("20060102T150405.000"), protocol, id)
	file, err := os.OpenFile(filepath.Join(w.dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nopWriter{}, nopWriter{}
	}
	fmt.Fprintf(file, "# %s session %s from %s\n", protocol, id, remote)
	t := newTranscript(protocol, file, w.now)
	return &side{t, &t.client}, &side{t, &t.server}
}

// nopWriter takes what has no file.
type nopWriter struct{}

func (nopWriter) Write(p []byte) (int, error) { return len(p), nil }
func (nopWriter) Close() error                { return nil }

// transcript is one session's log. Both directions share a mutex and what is
// known of the exchange, because a credential is known by what came before.
type transcript struct {
	mutex  sync.Mutex
	to     io.WriteCloser
	now    func() time.Time
	cutter cutter
	client stream
	server stream
	open   int
}

func newTranscript(protocol string, to io.WriteCloser, now func() time.Time) *transcript {
	t := &transcript{to: to, now: now, open: 2, cutter: cutterFor(protocol)}
	t.client.prefix, t.client.line = "C: ", t.cutter.clientLine
	t.server.prefix, t.server.line = "S: ", t.serverLine
	return t
}

// serverLine also lets the client's literal begin that the line answers.
func (t *transcript) serverLine(line string) verdict {
	v := t.cutter.serverLine(line)
	if v.clientFold > 0 {
		t.client.begin(v.clientFold, v.secret)
	}
	return v
}

func cutterFor(protocol string) cutter {
	switch strings.TrimSuffix(protocol, "s") {
	case "pop3":
		return &pop3Cutter{}
	case "smtp", "lmtp":
		return &smtpCutter{}
	}
	return &imapCutter{}
}

// side is one direction of a transcript.
type side struct {
	transcript *transcript
	stream     *stream
}

// Write takes octets as they come, in portions of any size.
func (s *side) Write(p []byte) (int, error) {
	s.transcript.mutex.Lock()
	defer s.transcript.mutex.Unlock()
	s.stream.take(p, s.transcript.print)
	return len(p), nil
}

// Close ends the direction; the second to end closes the file.
func (s *side) Close() error {
	t := s.transcript
	t.mutex.Lock()
	defer t.mutex.Unlock()
	s.stream.end(t.print)
	if t.open--; t.open > 0 {
		return nil
	}
	return t.to.Close()
}

func (t *transcript) print(prefix, line string) {
	fmt.Fprintf(t.to, "%s %s%s\n", t.now().UTC().Format("15:04:05.000000"), prefix, line)
}
