package e2e

import (
	"bytes"
	"net"
	"net/textproto"
	"testing"
)

// Deliver hands messages to accounts over LMTP, with CRLF line ends, and
// fails the test if one is refused.
func (s *Server) Deliver(t testing.TB, recipient string, messages ...[]byte) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addresses["lmtp"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	text := textproto.NewConn(conn)
	expect := func(code int) {
		t.Helper()
		if _, _, err := text.ReadResponse(code); err != nil {
			t.Fatal(err)
		}
	}
	expect(220)
	text.PrintfLine("LHLO client.example.net")
	expect(250)
	for _, message := range messages {
		text.PrintfLine("MAIL FROM:<sender@example.net>")
		expect(250)
		text.PrintfLine("RCPT TO:<%s>", recipient)
		expect(250)
		text.PrintfLine("DATA")
		expect(354)
		text.W.Write(stuff(message))
		text.W.Flush()
		expect(250)
	}
	text.PrintfLine("QUIT")
	expect(221)
}

// stuff doubles leading dots and ends the message (RFC 5321 §4.5.2). A
// message that does not end in CRLF is given one, as the protocol must.
func stuff(message []byte) []byte {
	stuffed := bytes.ReplaceAll(message, []byte("\r\n."), []byte("\r\n.."))
	if bytes.HasPrefix(stuffed, []byte(".")) {
		stuffed = append([]byte("."), stuffed...)
	}
	if !bytes.HasSuffix(stuffed, []byte("\r\n")) {
		stuffed = append(stuffed, "\r\n"...)
	}
	return append(stuffed, ".\r\n"...)
}
