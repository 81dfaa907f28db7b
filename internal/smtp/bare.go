package smtp

import (
	"bytes"
)

// bareRecipients completes recipients without a domain, "RCPT TO:<Postmaster>"
// (RFC 5321 §4.1.1.3) and the names that programs on the same host use, with
// the default domain: go-smtp takes none without one. It works below TLS, and
// so in clear text only, which is where such clients are.
//
// Octets are commands only from the beginning of what is read after a reply
// other than 354, up to the first line that another kind of data may follow.
type bareRecipients struct {
	domain   func() string // nil: they stay as they are
	commands bool          // the next octets begin a command
	held     []byte        // what was read, completed, and not yet handed on
}

// replied takes note of a reply: after 354 a message follows.
func (b *bareRecipients) replied(line []byte) { b.commands = !bytes.HasPrefix(line, []byte("354")) }

// take moves held octets to p.
func (b *bareRecipients) take(p []byte) int {
	n := copy(p, b.held)
	b.held = b.held[n:]
	return n
}

// complete looks at octets that were read into p, and returns how many of p
// now count; what does not fit is held.
func (b *bareRecipients) complete(p []byte, n int) int {
	if !b.commands || b.domain == nil {
		return n
	}
	b.commands = false
	completed := appendDomains(p[:n], b.domain)
	if completed == nil {
		return n
	}
	b.held = completed
	return b.take(p)
}

// appendDomains returns the octets with a domain behind each bare recipient,
// or nil if there is none.
func appendDomains(octets []byte, domain func() string) []byte {
	var completed []byte
	done := 0
	for at := 0; ; {
		end := bytes.IndexByte(octets[at:], '\n')
		if end < 0 {
			break
		}
		line := octets[at : at+end]
		if beforeData(line) {
			break
		}
		if bracket := bareRecipient(line); bracket > 0 {
			completed = append(completed, octets[done:at+bracket]...)
			completed = append(append(completed, '@'), domain()...)
			done = at + bracket
		}
		at += end + 1
	}
	if completed == nil {
		return nil
	}
	return append(completed, octets[done:]...)
}

// beforeData reports whether what follows a line need not be a command.
func beforeData(line []byte) bool {
	for _, verb := range []string{"BDAT", "DATA", "AUTH", "STARTTLS"} {
		if len(line) >= len(verb) && bytes.EqualFold(line[:len(verb)], []byte(verb)) {
			return true
		}
	}
	return false
}

// bareRecipient returns where the closing bracket of a recipient without a
// domain stands in a command line, else 0.
func bareRecipient(line []byte) int {
	const verb = "RCPT TO:<"
	if len(line) < len(verb) || !bytes.EqualFold(line[:len(verb)], []byte(verb)) {
		return 0
	}
	for i := len(verb); i < len(line); i++ {
		switch c := line[i]; {
		case c == '>' && i > len(verb):
			return i
		case !isAtomOrDot(c):
			return 0
		}
	}
	return 0
}

// isAtomOrDot tells the octets of a Dot-string (RFC 5321 §4.1.2; those of
// UTF-8 by RFC 6531 §3.3).
func isAtomOrDot(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c >= 0x80 ||
		bytes.IndexByte([]byte("!#$%&'*+-/=?^_`{|}~."), c) >= 0
}
