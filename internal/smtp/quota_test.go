package smtp

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/mail"
)

// limit lets a user have no more than so many messages.
func (r *rig) limit(name string, messages uint64) {
	r.t.Helper()
	r.change(name, mail.ResourceMessage, mail.LimitOf(messages))
}

func (r *rig) change(name string, resource mail.Resource, limit mail.Limit) {
	r.t.Helper()
	account, err := r.store.Account(context.Background(), r.accounts[name])
	r.must(err)
	_, err = account.Commit(context.Background(), mail.ChangeQuota(func(own mail.OwnQuota) mail.OwnQuota {
		own.Set, own.Limits[resource] = own.Set.With(resource), limit
		return own
	}))
	r.must(err)
}

// The aim: a full account is refused before the message is sent, for the
// present; others of the same message get it (RFC 5321 §4.2.3, RFC 3463 §3.3).
func TestFullAccountIsDeferred(t *testing.T) {
	for _, change := range []func(*Options, *delivery.Limits){asLMTP, nil} {
		r := newRig(t, change)
		r.limit("u1", 0)
		c := r.hello()
		c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>", "DATA")
		c.want("250", "452 4.2.2", "250", "354")
		c.send(note + ".\r\n")
		c.want("250 2.0.0")
		if len(r.messages("u1")) != 0 || len(r.messages("u2")) != 1 {
			t.Error("the wrong users have the message")
		}
	}
}

// The aim: where the configuration rejects, so does the reply.
func TestFullAccountIsRejected(t *testing.T) {
	r := newRig(t, func(options *Options, limits *delivery.Limits) { options.LMTP, limits.RejectFull = true, true })
	c := r.hello()
	c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>")
	c.want("250", "250", "250")
	r.limit("u1", 0)
	c.say("RCPT TO:<u1@example.org>", "DATA")
	c.want("552 5.2.2", "354")
	c.send(note + ".\r\n")
	c.want("552 5.2.2 <u1@example.org>", "250 2.0.0 <u2@example.org>")
}

// The aim: the announced size counts before the message is sent, and what is
// stored, with its trace fields, in the end.
func TestStorageOfDelivery(t *testing.T) {
	r := newRig(t, asLMTP)
	r.change("u1", mail.ResourceStorage, mail.LimitOf(10))
	c := r.hello()
	c.say("MAIL FROM:<> SIZE=20000", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>", "RSET")
	c.want("250", "452 4.2.2", "250", "250")
	c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>", "DATA")
	c.want("250", "250", "250", "354")
	c.send("Subject: large\r\n\r\n" + strings.Repeat("A line.\r\n", 2000) + ".\r\n")
	c.want("452 4.2.2 <u1@example.org>", "250 2.0.0 <u2@example.org>")
	if len(r.messages("u1")) != 0 || len(r.messages("u2")) != 1 {
		t.Error("the wrong users have the message")
	}
}

// The aim: an account that becomes full while a message is on its way fails
// alone over LMTP, and over SMTP, with its single reply, for all.
func TestFullMeanwhile(t *testing.T) {
	for _, lmtp := range []bool{true, false} {
		r := newRig(t, func(options *Options, _ *delivery.Limits) { options.LMTP = lmtp })
		c := r.hello()
		c.say("MAIL FROM:<>", "RCPT TO:<u1@example.org>", "RCPT TO:<u2@example.org>", "RCPT TO:<u3@example.org>", "DATA")
		c.want("250", "250", "250", "250", "354")
		r.limit("u2", 0)
		c.send(note + ".\r\n")
		if lmtp {
			c.want("250 2.0.0 <u1@example.org>", "452 4.2.2 <u2@example.org>", "250 2.0.0 <u3@example.org>")
		} else {
			c.want("452 4.2.2")
		}
		if got := fmt.Sprint(len(r.messages("u1")), len(r.messages("u2")), len(r.messages("u3"))); lmtp != (got == "1 0 1") || !lmtp && got != "0 0 0" {
			t.Errorf("LMTP %v: messages %s", lmtp, got)
		}
	}
}
