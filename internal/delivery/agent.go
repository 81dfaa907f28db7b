package delivery

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
)

// Options is what an Agent is made of. Clock and Random may be nil, for the
// system's.
type Options struct {
	Store     mail.Store
	Directory Directory
	Hostname  string // the "by" clause of Received
	Clock     func() time.Time
	Random    io.Reader
	Limits    Limits
	// AttachmentKeywords marks what arrives by whether it has attachments
	// (RFC 9979 §4). Otherwise new mail carries no keyword.
	AttachmentKeywords bool
}

// Agent delivers mail. Its methods may be called at the same time.
type Agent struct {
	store     mail.Store
	directory Directory
	hostname  string
	clock     func() time.Time
	random    io.Reader
	limits    Limits
	marks     bool // with the keywords about attachments
}

// New makes an agent.
func New(options Options) *Agent {
	agent := &Agent{
		store: options.Store, directory: options.Directory, hostname: options.Hostname,
		clock: options.Clock, random: options.Random, limits: options.Limits.withDefaults(),
		marks: options.AttachmentKeywords,
	}
	if agent.clock == nil {
		agent.clock = time.Now
	}
	if agent.random == nil {
		agent.random = rand.Reader
	}
	if agent.hostname == "" {
		agent.hostname = "localhost"
	}
	return agent
}

// MessageMax returns the size in octets of the largest message accepted.
func (a *Agent) MessageMax() int64 { return a.limits.MessageMax }

// Begin starts to take a message whose recipients are resolved.
func (a *Agent) Begin(envelope Envelope) *Message {
	m := &Message{agent: a, envelope: envelope, now: a.clock(), staging: a.store.Stage()}
	var id [8]byte
	if _, m.err = io.ReadFull(a.random, id[:]); m.err == nil {
		_, m.err = m.staging.Write(a.trace(envelope, m.now, id))
	}
	return m
}

// Message is a message on its way in. It belongs to one goroutine. Either
// Commit or Discard ends it.
type Message struct {
	agent    *Agent
	envelope Envelope
	now      time.Time
	staging  mail.Staging
	size     int64
	received receivedCounter
	err      error // the first failure; what follows is not kept
}

// Write takes the next octets of the message. After a failure it returns the
// same error for ever, and Commit reports it to every recipient.
func (m *Message) Write(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	m.size += int64(len(p))
	if m.size > m.agent.limits.MessageMax {
		m.err = ErrTooLarge
		return 0, m.err
	}
	if !m.received.done {
		m.received.write(p)
		if m.received.count > m.agent.limits.ReceivedMax {
			m.err = ErrLoop
			return 0, m.err
		}
	}
	var n int
	n, m.err = m.staging.Write(p)
	return n, m.err
}

// Size returns how many octets have been written.
func (m *Message) Size() int64 { return m.size }

// Discard ends a message that did not arrive whole.
func (m *Message) Discard() { m.staging.Discard() }

// Commit ends the message and puts it into every recipient's INBOX. It
// returns one result for each recipient, in the order of the envelope: where
// it is nil the message is durable; where it is not, nothing was kept, unless
// the error is that of ctx.
func (m *Message) Commit(ctx context.Context) []error {
	results := make([]error, len(m.envelope.Recipients))
	if m.err != nil {
		m.staging.Discard()
		fill(results, m.err)
		return results
	}
	body, err := m.staging.Finish()
	if err != nil {
		fill(results, err)
		return results
	}
	// What cannot be encoded is kept as it came: a signature covers it, or the
	// sender is to blame, and mail is not refused for that.
	body, err = mail.Textual(m.agent.store, body)
	defer body.Release()
	if err != nil && !errors.Is(err, message.ErrNotTextual) {
		fill(results, err)
		return results
	}
	b := newBatch(m.envelope.Recipients, m.agent.newMessage(body, m.now), m.now)
	b.commit(ctx, m.agent.store, m.envelope.AllOrNone)
	b.report(results)
	for i := range results {
		results[i] = m.agent.full(results[i])
	}
	return results
}

// newMessage is what a body becomes in each INBOX.
func (a *Agent) newMessage(body *mail.Body, now time.Time) mail.NewMessage {
	message := mail.NewMessage{Body: body, InternalDate: mail.InstantOf(now)}
	switch {
	case !a.marks:
	case body.Structure.HasAttachment():
		message.Flags = []imap.Flag{imap.FlagHasAttachment}
	default:
		message.Flags = []imap.Flag{imap.FlagHasNoAttachment}
	}
	return message
}

func fill(results []error, err error) {
	for i := range results {
		results[i] = err
	}
}
