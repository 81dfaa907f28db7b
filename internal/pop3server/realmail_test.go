package pop3server

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/lmtp"
	"github.com/restante/restante/internal/realmail"
)

// serveLMTP serves LMTP beside POP3 and returns a session that has greeted.
func (r *rig) serveLMTP() *client {
	r.t.Helper()
	service, err := auth.NewService(r.users, auth.Options{})
	r.must(err)
	server := lmtp.New(lmtp.Options{Agent: delivery.New(delivery.Options{
		Store: r.store, Directory: delivery.UsersOf(service), Hostname: "mx.example.org",
	})})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	go func() { _ = server.Serve(l) }()
	r.t.Cleanup(func() { _ = server.Shutdown(context.Background()) })
	pop3 := r.address
	r.address = l.Addr().String()
	c := r.dial()
	r.address = pop3
	c.say("LHLO client.example.com")
	c.want("220", "250-")
	for strings.HasPrefix(c.line(), "250-") {
	}
	return c
}

// The aim: every real message arrives by LMTP and is read by POP3 as it was
// sent, behind the trace fields, with the size that LIST tells.
func TestRealMail(t *testing.T) {
	messages := realmail.Deliverable(t)
	r := newRig(t, nil)
	c := r.serveLMTP()
	for i, message := range messages {
		wire := bytes.ReplaceAll(message, []byte("\r\n."), []byte("\r\n.."))
		c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", fmt.Sprintf("BDAT %d LAST\r\n%sNOOP", len(message), message))
		c.want("250", "250", "250", "250")
		if i%10 == 0 {
			c.say("MAIL FROM:<>", "RCPT TO:<u2@example.org>", "DATA")
			c.want("250", "250", "354")
			c.say(string(wire) + ".")
			c.want("250")
		}
	}
	c.say("QUIT")
	reader := r.login("u1")
	reader.say("LIST")
	list := strings.Split(reader.text(), "\r\n")
	for i, message := range messages {
		reader.say(fmt.Sprintf("RETR %d", i+1))
		text := reader.text()
		if want := fmt.Sprintf("%d %d", i+1, len(text)); list[i] != want {
			t.Errorf("LIST says %q, want %q", list[i], want)
		}
		trace, _, _ := strings.Cut(text, ";\r\n\t")
		_, body, _ := strings.Cut(text[len(trace)+4:], "\r\n")
		if !strings.HasPrefix(trace, "Return-Path: <>\r\nReceived: ") || body != string(message) {
			t.Errorf("message %d was changed: %.300q", i, text)
		}
	}
}
