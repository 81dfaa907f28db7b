package smtp

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/delivery"
)

// The aim: every recipient has a reply of its own, in order, also one that is
// named twice (RFC 2033 §4.2).
func TestLMTPRepliesPerRecipient(t *testing.T) {
	r := newRig(t, asLMTP)
	c := r.hello()
	c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "RCPT TO:<nobody@example.org>", "RCPT TO:<u2@example.org>",
		"RCPT TO:<u1@example.org>", "DATA")
	c.want("250", "250", "550 5.1.1", "250", "250", "354")
	c.send(note + ".\r\n")
	c.want("250 2.0.0 <u1@example.org>", "250 2.0.0 <u2@example.org>", "250 2.0.0 <u1@example.org>")
	if len(r.messages("u1")) != 1 || len(r.messages("u2")) != 1 {
		t.Error("not everybody has the message once")
	}
	c.say("HELO x", "EHLO x", "DATA")
	c.want("500", "500", "502")
}

// The aim: an account that is erased behind the server's back fails alone.
func TestLMTPFailsAlone(t *testing.T) {
	r := newRig(t, asLMTP)
	c := r.hello()
	c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>")
	c.want("250", "250", "250")
	r.must(r.users.DeleteAccount(t.Context(), "u1@example.org"))
	c.say("DATA")
	c.want("354")
	c.send(note + ".\r\n")
	c.want("550 5.1.1 <u1@example.org>", "250 2.0.0 <u2@example.org>")
	if len(r.messages("u2")) != 1 {
		t.Error("u2 has no message")
	}
}

// The aim: over SMTP, with its single reply, the same gives nobody the
// message.
func TestSMTPFailsTogether(t *testing.T) {
	r := newRig(t, nil)
	c := r.hello()
	c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>")
	c.want("250", "250", "250")
	r.must(r.users.DeleteAccount(t.Context(), "u1@example.org"))
	c.say("DATA")
	c.want("354")
	c.send(note + ".\r\n")
	c.want("550 5.1.1")
	if len(r.messages("u2")) != 0 {
		t.Error("u2 has a message that was refused")
	}
}

// The aim: messages come by chunks with any octets, and what follows a
// refused chunk is understood (RFC 3030).
func TestChunking(t *testing.T) {
	r := newRig(t, func(options *Options, limits *delivery.Limits) {
		options.LMTP = true
		limits.MessageMax = 4 << 20
	})
	c := r.hello()
	binary := "Subject: b\r\n\r\n\x00\r\n.\r\n\n.\nno end \xff" + strings.Repeat("\r", 5000)
	c.say("MAIL FROM:<a@b.example> BODY=BINARYMIME", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>", "DATA")
	c.want("250", "250", "250", "502")
	c.send("BDAT 10\r\n" + binary[:10])
	c.want("250")
	c.send(fmt.Sprintf("BDAT %d\r\n%sBDAT 0 LAST\r\nNOOP\r\n", len(binary)-10, binary[10:]))
	c.want("250", "250 2.0.0 <u1@example.org>", "250 2.0.0 <u2@example.org>", "250")
	// What holds NUL is kept in base64 (RFC 9051 §4.3.1).
	_, body, _ := strings.Cut(binary, "\r\n\r\n")
	for _, name := range []string{"u1", "u2"} {
		texts := r.messages(name)
		if len(texts) != 1 {
			t.Fatalf("%s has %d messages", name, len(texts))
		}
		header, encoded, _ := strings.Cut(withoutTrace(t, texts[0]), "\r\n\r\n")
		decoded, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(encoded, "\r\n", ""))
		if header != "Subject: b\r\nContent-Transfer-Encoding: base64\r\nMIME-Version: 1.0" || err != nil || string(decoded) != body {
			t.Errorf("%s has not what was sent, but %q %q", name, header, encoded)
		}
	}
	signed := "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\x00\r\n--b--\r\n"
	c.send(fmt.Sprintf("MAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<u2@example.org>\r\nBDAT %d LAST\r\n%s", len(signed), signed))
	c.want("250", "250", "250")
	if texts := r.messages("u2"); len(texts) != 2 || withoutTrace(t, texts[1]) != signed {
		t.Error("what is signed is not as it was sent")
	}
	c.send("MAIL FROM:<>\r\nRCPT TO:<nobody@example.org>\r\nBDAT 5 LAST\r\nQUIT\nNOOP\r\n")
	c.want("250", "550", "502", "250 2.0.0 I have")
	c.send("RSET\r\nMAIL FROM:<>\r\nRCPT TO:<u1@example.org>\r\nBDAT 100\r\n" + strings.Repeat("x", 100) + "RSET\r\nNOOP\r\n")
	c.want("250", "250", "250", "250", "250", "250")
	c.send(fmt.Sprintf("MAIL FROM:<>\r\nRCPT TO:<u1@example.org>\r\nBDAT %d\r\n%s", 5<<20, strings.Repeat("QUIT\r\n\r\n", 5<<17)))
	c.want("250", "250", "552 5.3.4")
	if n := len(r.messages("u1")); n != 1 {
		t.Errorf("u1 has %d messages", n)
	}
}

// The aim: commands that come together are answered in order, and a long
// message line, or one of any kind, is kept.
func TestPipelinedMessages(t *testing.T) {
	r := newRig(t, asLMTP)
	c := r.hello()
	long := "Subject: long\r\n\r\n" + strings.Repeat("x", 3<<20) + "\r\n" + strings.Repeat(".", 4096) + "\r\n"
	stuffed := strings.ReplaceAll(long, "\r\n.", "\r\n..")
	const rounds = 3
	go func() {
		for range rounds {
			_, _ = c.conn.Write([]byte("MAIL FROM:<>\r\nRCPT TO:<u1@example.org>\r\nDATA\r\n" + stuffed + ".\r\n"))
		}
	}()
	for range rounds {
		c.want("250", "250", "354", "250")
	}
	texts := r.messages("u1")
	if len(texts) != rounds {
		t.Fatalf("u1 has %d messages", len(texts))
	}
	for _, text := range texts {
		if withoutTrace(t, text) != long {
			t.Error("a message was changed")
		}
	}
}

// The aim: mail for an account that lives on another server is refused for good,
// before it is sent (RFC 3463 §3.2, X.1.6), whether or not the account is open, and
// alone; an alias with somebody who lives here takes it.
func TestMovedAccount(t *testing.T) {
	for name, change := range map[string]func(*Options, *delivery.Limits){"SMTP": nil, "LMTP": asLMTP} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, change)
			refer := func(login string, open bool) {
				r.must(r.users.SetReferral(t.Context(), login, auth.Referral{URL: "imap://x;AUTH=*@mail2.example.org/", Open: open}))
			}
			refer("u2@example.org", false)
			refer("u3@example.org", true)
			r.must(r.users.SetAlias(t.Context(), "both@example.org", []string{"u1@example.org", "u2@example.org"}))
			r.must(r.users.SetAlias(t.Context(), "gone@example.org", []string{"u2@example.org", "u3@example.org"}))
			c := r.hello()
			c.say("MAIL FROM:<a@b.example>", "RCPT TO:<u2@example.org>", "RCPT TO:<u3@example.org>", "RCPT TO:<u2+tag@example.org>",
				"RCPT TO:<gone@example.org>", "RCPT TO:<both@example.org>", "DATA")
			c.want("250", "550 5.1.6", "550 5.1.6", "550 5.1.6", "550 5.1.6", "250", "354")
			c.send(note + ".\r\n")
			c.want("250 2.0.0")
			if len(r.messages("u1")) != 1 || len(r.messages("u2")) != 0 {
				t.Error("the message is not where it should be")
			}
			r.must(r.users.SetReferral(t.Context(), "u2@example.org", auth.Referral{}))
			c.say("MAIL FROM:<a@b.example>", "RCPT TO:<u2@example.org>", "RSET")
			c.want("250", "250", "250")
		})
	}
}
