package smtp

import "bytes"

// completed returns a command line with the default domain behind a recipient
// that has none: "RCPT TO:<Postmaster>" (RFC 5321 §4.1.1.3), and the names that
// programs on the same host use. go-smtp takes none without one.
func completed(line []byte, domain func() string) []byte {
	bracket := bareRecipient(line)
	if bracket == 0 || domain == nil {
		return line
	}
	name := domain()
	out := make([]byte, 0, len(line)+1+len(name))
	out = append(out, line[:bracket]...)
	out = append(append(out, '@'), name...)
	return append(out, line[bracket:]...)
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
