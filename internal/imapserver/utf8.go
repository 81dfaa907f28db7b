package imapserver

import (
	"bytes"
	"io"
	"strings"

	"github.com/restante/restante/imap"
)

// errUTF8Required refuses what might need UTF-8 to a client that has not said
// that it takes it (RFC 9755 §7).
var errUTF8Required = no(imap.CodeCannot, "ENABLE UTF8=ACCEPT before using this server")

// demandsUTF8 reports whether a command must wait for ENABLE UTF8=ACCEPT, on a
// server that demands UTF-8.
func (s *session) demandsUTF8(row *command) bool {
	return s.state != notAuthenticated && row.class&ascii == 0 && !s.dialect.acceptsUTF8()
}

// offersUTF8Accept and offersUTF8Only say which of the two is advertised: never
// both (RFC 9755 §7).
func (s *session) offersUTF8Accept() bool { return !s.server.options.UTF8Only }

func (s *session) offersUTF8Only() bool { return s.server.options.UTF8Only }

// checkCharset refuses a charset that contradicts UTF-8 in all strings: any for
// SEARCH, which needs none, and another than UTF-8 for SORT and THREAD, which
// must name one (RFC 9755 §3).
func (s *session) checkCharset(charset string, mandatory bool) error {
	if charset == "" || !s.dialect.refusesCharset() || mandatory && strings.EqualFold(charset, "UTF-8") {
		return nil
	}
	return bad("This charset has no meaning once UTF8=ACCEPT is enabled")
}

// err8BitHeader refuses a message with 8-bit header fields from a client that
// has not enabled UTF-8 (RFC 9755 §4).
var err8BitHeader = no(imap.CodeCannot, "Enable UTF8=ACCEPT to append a message with 8-bit header fields")

// headerGate passes a message on, unless its header has 8-bit octets.
type headerGate struct {
	to   io.Writer
	scan headerScan
}

func (g *headerGate) Write(octets []byte) (int, error) {
	if g.scan.see(octets); g.scan.found {
		return 0, err8BitHeader
	}
	return g.to.Write(octets)
}

// appendable is where a message that is appended goes: through a gate, if the
// client may not append UTF-8 in headers.
func (s *session) appendable(to io.Writer) io.Writer {
	if s.dialect.takes8BitHeaders() || s.server.options.EightBitHeaders {
		return to
	}
	return &headerGate{to: to}
}

// headerScan looks for 8-bit octets in the header of a message that passes by.
type headerScan struct {
	over   bool // the header was read
	found  bool
	inLine bool // something stands in the line so far, other than CR
}

// see takes the next octets.
func (h *headerScan) see(octets []byte) {
	for len(octets) > 0 && !h.over && !h.found {
		line, rest, ended := bytes.Cut(octets, []byte{'\n'})
		for _, c := range line {
			h.found = h.found || c >= 0x80
			h.inLine = h.inLine || c != '\r'
		}
		if ended {
			h.over, h.inLine = !h.inLine, false
		}
		octets = rest
	}
}
