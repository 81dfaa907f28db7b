package smtp

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
	"github.com/restante/restante/internal/vfs"
)

// rig is a server over a store in memory, with the users u1 to u3 of
// example.org.
type rig struct {
	t        testing.TB
	faults   *vfs.Faults
	store    *store.Store
	users    *auth.Directory
	accounts map[string]mail.AccountID
	server   *Server
	address  string
}

func newRig(t testing.TB, change func(*Options, *delivery.Limits)) *rig {
	t.Helper()
	return newRigOn(t, vfs.NewMem(), "store", change)
}

func newRigOn(t testing.TB, fs vfs.FS, dir string, change func(*Options, *delivery.Limits)) *rig {
	t.Helper()
	r := &rig{t: t, faults: vfs.NewFaults(fs), accounts: map[string]mail.AccountID{}}
	ctx := t.Context()
	var err error
	r.store, err = store.Open(store.Options{FS: r.faults, Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	r.must(err)
	r.users, err = auth.OpenDirectory(ctx, r.store, auth.DirectoryOptions{
		Limits: auth.Limits{ArgonMemory: 64, ArgonPasses: 1, ScramIterations: 4096},
	})
	r.must(err)
	r.must(r.users.AddDomain(ctx, "example.org"))
	for _, name := range []string{"u1", "u2", "u3"} {
		info, err := r.users.AddAccount(ctx, name+"@example.org", "secret")
		r.must(err)
		r.accounts[name] = info.ID
	}
	service, err := auth.NewService(r.users, auth.Options{})
	r.must(err)
	options, limits := Options{Hostname: "mx.example.org"}, delivery.Limits{}
	if change != nil {
		change(&options, &limits)
	}
	options.Agent = delivery.New(delivery.Options{
		Store: r.store, Directory: delivery.UsersOf(service), Hostname: "mx.example.org", Limits: limits,
	})
	r.server = New(options)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	r.address = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- r.server.Serve(l) }()
	t.Cleanup(func() {
		ended, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := r.server.Shutdown(ended); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		r.users.Close()
		r.must(r.store.Close())
	})
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// asLMTP makes a rig speak LMTP.
func asLMTP(options *Options, _ *delivery.Limits) { options.LMTP = true }

// messages returns the messages in a user's INBOX, without their trace fields
// unless whole.
func (r *rig) messages(name string) []string {
	r.t.Helper()
	account, err := r.store.Account(context.Background(), r.accounts[name])
	r.must(err)
	var refs []mail.BodyRef
	r.must(account.Read(context.Background(), func(state mail.State) error {
		box, err := state.MailboxNamed(mail.Inbox)
		if err != nil {
			return err
		}
		for m, err := range state.Messages(box.ID, imap.UIDSet{{Start: 1, Stop: 1 << 31}}) {
			if err != nil {
				return err
			}
			if m.Flags != (mail.Flags{}) {
				r.t.Errorf("message %d of %s has flags", m.UID, name)
			}
			refs = append(refs, m.Body)
		}
		return nil
	}))
	bodies := account.Bodies()
	defer bodies.Close()
	var texts []string
	for _, ref := range refs {
		body, err := bodies.Open(ref)
		r.must(err)
		octets, err := io.ReadAll(io.NewSectionReader(body, 0, body.Size()))
		r.must(err)
		texts = append(texts, string(octets))
	}
	return texts
}

// withoutTrace cuts what delivery puts in front of a message.
func withoutTrace(t testing.TB, text string) string {
	t.Helper()
	rest, ok := strings.CutPrefix(text, "Return-Path: <")
	if !ok {
		t.Fatalf("message begins %.40q", text)
	}
	_, rest, _ = strings.Cut(rest, "\r\n")
	if !strings.HasPrefix(rest, "Received: from ") {
		t.Fatalf("behind Return-Path comes %.40q", rest)
	}
	for {
		_, after, ok := strings.Cut(rest, "\r\n")
		if !ok {
			t.Fatalf("trace has no end: %.200q", text)
		}
		if rest = after; !strings.HasPrefix(rest, "\t") {
			return rest
		}
	}
}

// client is one side of a dialog.
type client struct {
	t     testing.TB
	conn  net.Conn
	lines *bufio.Reader
}

func (r *rig) dial() *client {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.address)
	r.must(err)
	r.must(conn.SetDeadline(time.Now().Add(120 * time.Second)))
	r.t.Cleanup(func() { conn.Close() })
	return &client{r.t, conn, bufio.NewReader(conn)}
}

// hello dials and greets, in the protocol of the rig.
func (r *rig) hello() *client {
	r.t.Helper()
	c := r.dial()
	c.want("220")
	if r.server.base == "LMTP" {
		c.say("LHLO client.example.com")
	} else {
		c.say("EHLO client.example.com")
	}
	c.want("250")
	return c
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) say(lines ...string) {
	c.t.Helper()
	c.send(strings.Join(lines, "\r\n") + "\r\n")
}

// reply reads one reply, all its lines.
func (c *client) reply() string {
	c.t.Helper()
	var text strings.Builder
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			c.t.Fatalf("after %q: %v", text.String(), err)
		}
		text.WriteString(line)
		if len(line) < 4 || line[3] != '-' {
			return strings.TrimSuffix(text.String(), "\r\n")
		}
	}
}

// want reads replies, each of which must begin so.
func (c *client) want(starts ...string) {
	c.t.Helper()
	for _, start := range starts {
		if got := c.reply(); !strings.HasPrefix(got, start) {
			c.t.Fatalf("got %q, want %q", got, start)
		}
	}
}

// wantEnd checks that the server has closed the connection.
func (c *client) wantEnd() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.lines); err != nil || len(rest) > 0 {
		c.t.Fatalf("instead of the end: %q, %v", rest, err)
	}
}

// deliver sends a message whole and returns the last replies, one for each
// recipient.
func (c *client) deliver(message string, recipients ...string) []string {
	c.t.Helper()
	c.say("MAIL FROM:<sender@example.com>")
	c.want("250")
	for _, to := range recipients {
		c.say("RCPT TO:<" + to + ">")
		c.want("250")
	}
	c.say("DATA")
	c.want("354")
	c.send(message + ".\r\n")
	replies := make([]string, len(recipients))
	for i := range replies {
		replies[i] = c.reply()
	}
	return replies
}

// startTLS goes on under TLS.
func (c *client) startTLS() {
	c.t.Helper()
	c.say("STARTTLS")
	c.want("220")
	secure := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true})
	if err := secure.HandshakeContext(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	c.conn, c.lines = secure, bufio.NewReader(secure)
}

// testTLS makes a configuration with a fresh certificate.
func testTLS(t testing.TB) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"mx.example.org"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}
