package smtp

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/restante/restante/internal/delivery"
)

// The aim: recipients without a domain get one, a size that go-smtp cannot
// read becomes one that it can, and nothing else is touched: not what is
// complete, and nothing that belongs to a chunk, however it is cut.
func TestGate(t *testing.T) {
	cases := []struct{ read, want string }{
		{"RCPT TO:<Postmaster>\r\n", "RCPT TO:<Postmaster@d.example>\r\n"},
		{"rcpt to:<u+x> ORCPT=rfc822;u\r\n", "rcpt to:<u+x@d.example> ORCPT=rfc822;u\r\n"},
		{"MAIL FROM:<>\r\nRCPT TO:<a>\r\nRCPT TO:<b@c>\r\nRCPT TO:<d>\r\nDATA\r\n",
			"MAIL FROM:<>\r\nRCPT TO:<a@d.example>\r\nRCPT TO:<b@c>\r\nRCPT TO:<d@d.example>\r\nDATA\r\n"},
		{"RCPT TO:<a@b>\r\n", "RCPT TO:<a@b>\r\n"},
		{"RCPT TO:<>\r\n", "RCPT TO:<>\r\n"},
		{"RCPT TO:<a b>\r\n", "RCPT TO:<a b>\r\n"},
		{"RCPT TO:<a\r\n", "RCPT TO:<a\r\n"},
		{"BDAT 13\r\nRCPT TO:<a>\r\nRCPT TO:<b>\r\n", "BDAT 13\r\nRCPT TO:<a>\r\nRCPT TO:<b@d.example>\r\n"},
		{"BDAT 5\r\nRCPT BDAT 11 last\r\n TO:<a>\r\nNOOP\r\n", "BDAT 5\r\nRCPT BDAT 11 last\r\n TO:<a>\r\nNOOP\r\n"},
		{"bdat 0 LAST\r\nRCPT TO:<a>\r\n", "bdat 0 LAST\r\nRCPT TO:<a@d.example>\r\n"},
		{"BDAT x\r\nRCPT TO:<a>\r\n", "BDAT x\r\nRCPT TO:<a@d.example>\r\n"},
		{"MAIL FROM:<a@b> SIZE=4294967295\r\n", "MAIL FROM:<a@b> SIZE=4294967295\r\n"},
		{"MAIL FROM:<a@b> BODY=7BIT size=12345678901234567890 SMTPUTF8\r\n", "MAIL FROM:<a@b> BODY=7BIT size=4294967295 SMTPUTF8\r\n"},
		{"MAIL FROM:<a@b> SIZE=x\r\n", "MAIL FROM:<a@b> SIZE=x\r\n"},
		{"NOOP SIZE=99999999999\r\n", "NOOP SIZE=99999999999\r\n"},
	}
	for _, c := range cases {
		for _, cut := range []func(io.Reader) io.Reader{
			func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader,
		} {
			g := &gate{source: bufio.NewReader(cut(strings.NewReader(c.read))), domain: func() string { return "d.example" }, lineMax: 1000}
			got, err := io.ReadAll(g)
			if string(got) != c.want || err != nil {
				t.Errorf("%q became %q, %v; want %q", c.read, got, err, c.want)
			}
		}
	}
	plain := &gate{source: bufio.NewReader(strings.NewReader("RCPT TO:<a>\r\n")), lineMax: 1000}
	if got, _ := io.ReadAll(plain); string(got) != "RCPT TO:<a>\r\n" {
		t.Errorf("without a domain: %q", got)
	}
}

// The aim: mail for a recipient without a domain is delivered, in clear text
// and under TLS.
func TestPostmaster(t *testing.T) {
	r := newRig(t, func(options *Options, _ *delivery.Limits) {
		options.TLS = testTLS(t)
		options.Domain = func() string { return "example.org" }
	})
	for range 2 {
		c := r.hello()
		c.deliver(note, "Postmaster")
		c.startTLS()
		c.say("EHLO x")
		c.want("250")
		c.deliver(note, "postMASTER")
		c.deliver(note, "u2")
	}
	if n := len(r.messages("u1")); n != 4 {
		t.Errorf("the first account has %d messages for the postmaster", n)
	}
	if n := len(r.messages("u2")); n != 2 {
		t.Errorf("u2 has %d messages", n)
	}
}

// The aim: chunks that come pipelined, whose content looks like commands, are
// neither carried out nor changed, whether they are accepted or not.
func TestNoSmugglingInChunks(t *testing.T) {
	r := newRig(t, func(options *Options, limits *delivery.Limits) {
		options.Domain = func() string { return "example.org" }
		limits.MessageMax = 1 << 20
	})
	hidden := "RSET\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<u2>\r\nDATA\r\nsmuggled\r\n.\r\n"
	text := "Subject: outer\r\n\r\n" + strings.Repeat("RCPT TO:<u2>\r\n", 1000) + strings.Repeat(hidden, 500)
	c := r.hello()
	go func() {
		_, _ = io.WriteString(c.conn, "MAIL FROM:<>\r\nRCPT TO:<nobody>\r\n"+fmt.Sprintf("BDAT %d LAST\r\n%s", len(text), text))
		_, _ = io.WriteString(c.conn, "RSET\r\nMAIL FROM:<>\r\nRCPT TO:<u1>\r\n")
		for rest := text; rest != ""; {
			n := min(len(rest), 3001)
			_, _ = io.WriteString(c.conn, fmt.Sprintf("BDAT %d\r\n%s", n, rest[:n]))
			rest = rest[n:]
		}
		_, _ = io.WriteString(c.conn, "BDAT 0 LAST\r\nMAIL FROM:<>\r\nRCPT TO:<u1>\r\n")
		_, _ = io.WriteString(c.conn, fmt.Sprintf("BDAT %d\r\n%sNOOP\r\n", 30*len(text), strings.Repeat(text, 30)))
	}()
	c.want("250", "550", "502", "250", "250", "250")
	for range (len(text)+3000)/3001 + 1 {
		c.want("250")
	}
	c.want("250", "250", "552 5.3.4", "250 2.0.0 I have")
	if texts := r.messages("u1"); len(texts) != 1 || withoutTrace(t, texts[0]) != text {
		t.Errorf("u1 has %d messages, or one that was changed", len(texts))
	}
	if n := len(r.messages("u2")); n != 0 {
		t.Errorf("%d messages were smuggled", n)
	}
}
