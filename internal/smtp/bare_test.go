package smtp

import "testing"

// Aim: recipients without a domain get one, and nothing else is touched: not
// addresses with a domain, and nothing that may be a message.
func TestBareRecipients(t *testing.T) {
	for _, test := range []struct{ read, want string }{
		{"RCPT TO:<Postmaster>\r\n", "RCPT TO:<Postmaster@d.example>\r\n"},
		{"rcpt to:<u+x> ORCPT=rfc822;u\r\n", "rcpt to:<u+x@d.example> ORCPT=rfc822;u\r\n"},
		{"MAIL FROM:<>\r\nRCPT TO:<a>\r\nRCPT TO:<b@c>\r\nRCPT TO:<d>\r\nDATA\r\n",
			"MAIL FROM:<>\r\nRCPT TO:<a@d.example>\r\nRCPT TO:<b@c>\r\nRCPT TO:<d@d.example>\r\nDATA\r\n"},
		{"RCPT TO:<a@b>\r\n", "RCPT TO:<a@b>\r\n"},
		{"RCPT TO:<>\r\n", "RCPT TO:<>\r\n"},
		{"RCPT TO:<a b>\r\n", "RCPT TO:<a b>\r\n"},
		{"RCPT TO:<a", "RCPT TO:<a"},
		{"BDAT 14\r\nRCPT TO:<a>\r\n", "BDAT 14\r\nRCPT TO:<a>\r\n"},
		{"DATA\r\nRCPT TO:<a>\r\n", "DATA\r\nRCPT TO:<a>\r\n"},
	} {
		for _, size := range []int{1000, len(test.read)} {
			b := bareRecipients{domain: func() string { return "d.example" }}
			b.replied([]byte("250 OK\r\n"))
			p := make([]byte, size)
			got := string(p[:b.complete(p, copy(p, test.read))])
			for len(b.held) > 0 {
				got += string(p[:b.take(p)])
			}
			if got != test.want {
				t.Errorf("%q became %q", test.read, got)
			}
		}
	}
	b := bareRecipients{domain: func() string { return "d.example" }}
	b.replied([]byte("354 Go ahead\r\n"))
	message := []byte("RCPT TO:<a>\r\n")
	if n := b.complete(message, len(message)); n != len(message) || len(b.held) > 0 {
		t.Error("a message was changed")
	}
	b.replied([]byte("250 OK\r\n"))
	b.complete(message, len(message))
	if len(b.held) == 0 {
		t.Error("a command after a message was left as it was")
	}
}
