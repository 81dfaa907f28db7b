package smtp

import (
	"strings"
	"testing"

	"github.com/restante/restante/internal/delivery"
)

const note = "From: sender@example.com\r\nSubject: note\r\n\r\nText\r\n"

// The aim: a message for several users arrives whole, once for each, under
// one reply, as one stored body.
func TestSMTPDelivers(t *testing.T) {
	r := newRig(t, nil)
	r.must(r.users.SetAlias(t.Context(), "all@example.org", []string{"u1@example.org", "u2@example.org"}))
	c := r.hello()
	c.say("MAIL FROM:<sender@example.com> SIZE=100 BODY=8BITMIME", "RCPT TO:<u1@example.org>",
		"RCPT TO:<u1+detail@example.org>", "RCPT TO:<all@example.org>", "RCPT TO:<U2@EXAMPLE.ORG>", "DATA")
	c.want("250", "250", "250", "250", "250", "354")
	c.send("Subject: x\r\n\r\n..dot\r\nbare\nline\r\n.\r\n")
	c.want("250 2.0.0")
	c.say("QUIT")
	c.want("221")
	c.wantEnd()
	want := "Subject: x\r\n\r\n.dot\r\nbare\nline\r\n"
	for _, name := range []string{"u1", "u2"} {
		texts := r.messages(name)
		if len(texts) != 1 || withoutTrace(t, texts[0]) != want {
			t.Errorf("%s has %q", name, texts)
		}
	}
	if r.messages("u1")[0] != r.messages("u2")[0] {
		t.Error("the two have different bodies")
	}
	if len(r.messages("u3")) != 0 {
		t.Error("u3 has mail")
	}
}

// The aim: the extensions that are owed are offered, and nothing that is not.
func TestSMTPExtensions(t *testing.T) {
	r := newRig(t, func(options *Options, limits *delivery.Limits) {
		options.TLS = testTLS(t)
		limits.MessageMax = 12345
	})
	c := r.dial()
	c.want("220 mx.example.org")
	c.say("EHLO x")
	got := strings.Split(c.reply(), "\r\n")
	have := map[string]bool{}
	for _, line := range got[1:] {
		have[line[4:]] = true
	}
	for _, want := range []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 12345", "CHUNKING", "BINARYMIME", "ENHANCEDSTATUSCODES", "STARTTLS"} {
		if !have[want] {
			t.Errorf("%s is missing in %q", want, got)
		}
		delete(have, want)
	}
	for extra := range have {
		if !strings.HasPrefix(extra, "LIMITS ") {
			t.Errorf("%s is offered", extra)
		}
	}
	c.say("LHLO x", "EXPN u1", "HELO x")
	c.want("500", "502", "250")
}

// The aim: no trick with addresses makes the server take mail for others
// (RFC 5321 §3.6, §5.1).
func TestNeverARelay(t *testing.T) {
	r := newRig(t, nil)
	r.must(r.users.SetCatchAll(t.Context(), "example.org", "u3@example.org"))
	denied := []string{
		"<victim@example.net>",
		"victim@example.net",
		"<@example.org:victim@example.net>",
		"<@example.org,@x.example:victim@example.net>",
		"<\"u1@example.org\"@example.net>",
		"<u1@example.org@example.net>",
		"<u1%example.org@example.net>",
		"<u1@example.net.>",
		"<u1@[192.0.2.1]>",
		"<u1@[127.0.0.1]>",
		"<u1@localhost>",
		"<u1@example.org.example.net>",
		"<u1@notexample.org>",
		"<u1@org>",
		"<u1@example.org\x00.example.net>",
		"<u1@example.org example.net>",
		"<example.net!victim>",
		"<>",
		"<u1@>",
		"<@example.org>",
	}
	for _, path := range denied {
		c := r.hello()
		c.say("MAIL FROM:<u1@example.org>", "RCPT TO:"+path)
		c.want("250")
		if got := c.reply(); got[0] != '5' {
			t.Errorf("%s: %s", path, got)
		}
		c.say("DATA")
		if got := c.reply(); got[0] != '5' {
			t.Errorf("%s: DATA answers %s", path, got)
		}
		c.conn.Close()
	}
	// What ends in a domain of ours is ours, whatever stands before it: the
	// catch-all gets it, and nobody else.
	for i, path := range []string{
		"<victim%example.net@example.org>", "<\"victim@example.net\"@example.org>",
		"<victim@example.net@example.org>", "<example.net!victim@example.org>", "<@x.example:nobody@example.org>",
	} {
		c := r.hello()
		c.say("MAIL FROM:<>", "RCPT TO:"+path)
		c.want("250")
		got := c.reply()
		if got[0] == '5' {
			continue // not taken at all is good, too
		}
		c.say("DATA")
		c.want("354")
		c.send(note + ".\r\n")
		c.want("250")
		if texts := r.messages("u3"); len(texts) == 0 || !strings.HasPrefix(texts[len(texts)-1], "Return-Path: <>\r\n") {
			t.Errorf("%d %s: the catch-all has %d messages", i, path, len(texts))
		}
		c.conn.Close()
	}
}

// The aim: each refusal has the code that it is owed.
func TestRefusals(t *testing.T) {
	r := newRig(t, func(options *Options, limits *delivery.Limits) {
		options.Limits.RecipientsMax = 2
		limits.MessageMax = 1000
	})
	r.must(r.users.SetDisabled(t.Context(), "u3@example.org", true))
	c := r.hello()
	c.say("RCPT TO:<u1@example.org>", "DATA")
	c.want("50", "50")
	c.say("MAIL FROM:<a@b.example> SIZE=1001")
	c.want("552 5.3.4")
	c.say("MAIL FROM:<a@b.example> SIZE=1000", "MAIL FROM:<c@d.example>")
	c.want("250", "503 5.5.1")
	c.say("RCPT TO:<nobody@example.org>", "RCPT TO:<a@example.net>", "RCPT TO:<u3@example.org>", "RCPT TO:<é@example.org>")
	c.want("550 5.1.1", "550 5.7.1", "550 5.2.1", "553 5.6.7")
	c.say("RCPT TO:<u1@example.org>", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>")
	c.want("250", "250", "452 4.5.3")
	c.say("RSET", "MAIL FROM:<ü@b.example>", "MAIL FROM:<ü@b.example> SMTPUTF8", "RCPT TO:<é@example.org>", "RSET")
	c.want("250", "553 5.6.7", "250", "550 5.1.1", "250")
	if got := c.deliver("Subject: exact\r\n\r\n"+strings.Repeat("x", 1000-20)+"\r\n", "u1@example.org")[0]; !strings.HasPrefix(got, "250") {
		t.Errorf("a message of just the limit: %s", got)
	}
	if got := c.deliver("Subject: large\r\n\r\n"+strings.Repeat("x", 1000-19)+"\r\n", "u1@example.org")[0]; !strings.HasPrefix(got, "552 5.3.4") {
		t.Errorf("a message of one octet more: %s", got)
	}
	if got := c.deliver(strings.Repeat("Received: x\r\n", 30)+"\r\n"+note, "u1@example.org")[0]; !strings.HasPrefix(got, "250") {
		t.Errorf("a message that went far: %s", got)
	}
	if n := len(r.messages("u1")); n != 2 {
		t.Errorf("u1 has %d messages", n)
	}
}

// The aim: a message that runs in a circle is stopped (RFC 5321 §6.3).
func TestLoopIsStopped(t *testing.T) {
	r := newRig(t, nil)
	c := r.hello()
	if got := c.deliver(strings.Repeat("Received: x\r\n", 101)+"\r\n"+note, "u1@example.org")[0]; !strings.HasPrefix(got, "554 5.4.6") {
		t.Errorf("got %s", got)
	}
	c.deliver(note, "u1@example.org")
	if n := len(r.messages("u1")); n != 1 {
		t.Errorf("u1 has %d messages", n)
	}
}

// The aim: two hosts cannot be made to disagree where a message ends, so that
// no second message is smuggled in the first.
func TestNoSmuggling(t *testing.T) {
	r := newRig(t, nil)
	hidden := "MAIL FROM:<evil@example.com>\r\nRCPT TO:<u2@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n"
	ends := []string{"\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\n", "\r\n.\r", "\r\n\x00.\r\n", "\n\r\n.\n", "\r\r.\r\r"}
	c := r.hello()
	for _, end := range ends {
		message := "Subject: outer\r\n\r\ntext" + end + hidden
		if got := c.deliver(message, "u1@example.org")[0]; !strings.HasPrefix(got, "250") {
			t.Fatalf("%q: %s", end, got)
		}
		c.say("NOOP")
		c.want("250 2.0.0 I have")
	}
	if n := len(r.messages("u1")); n != len(ends) {
		t.Errorf("u1 has %d messages, want %d", n, len(ends))
	}
	if n := len(r.messages("u2")); n != 0 {
		t.Errorf("%d messages were smuggled", n)
	}
}
