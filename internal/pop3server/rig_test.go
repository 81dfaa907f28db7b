package pop3server

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
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
	"github.com/restante/restante/internal/vfs"
)

// rig is a server over a store in memory, with the users u1 and u2 of
// example.org, whose password is "secret word".
type rig struct {
	t        testing.TB
	faults   *vfs.Faults
	store    *store.Store
	users    *auth.Directory
	accounts map[string]mail.Account
	server   *Server
	address  string
}

func newRig(t testing.TB, change func(*Options)) *rig {
	t.Helper()
	r := &rig{t: t, faults: vfs.NewFaults(vfs.NewMem()), accounts: map[string]mail.Account{}}
	ctx := t.Context()
	var err error
	r.store, err = store.Open(store.Options{FS: r.faults, Dir: "store", Logger: slog.New(slog.DiscardHandler)})
	r.must(err)
	r.users, err = auth.OpenDirectory(ctx, r.store, auth.DirectoryOptions{
		Limits: auth.Limits{ArgonMemory: 64, ArgonPasses: 1, ScramIterations: 4096, DelayFirst: time.Microsecond, SessionsPerAccount: 4},
	})
	r.must(err)
	r.must(r.users.AddDomain(ctx, "example.org"))
	r.must(r.users.SetDefaultDomain(ctx, "example.org"))
	for _, name := range []string{"u1", "u2"} {
		info, err := r.users.AddAccount(ctx, name+"@example.org", "secret word")
		r.must(err)
		r.accounts[name], err = r.store.Account(ctx, info.ID)
		r.must(err)
	}
	service, err := auth.NewService(r.users, auth.Options{})
	r.must(err)
	options := Options{Store: r.store, Auth: service, TLS: testTLS(t)}
	if change != nil {
		change(&options)
	}
	r.server = New(options)
	r.address = r.listen(false)
	return r
}

// listen serves one more listener.
func (r *rig) listen(implicitTLS bool) string {
	r.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	served := make(chan error, 1)
	go func() { served <- r.server.Serve(l, implicitTLS) }()
	r.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := r.server.Shutdown(ctx); err != nil {
			r.t.Errorf("shutdown: %v", err)
		}
		if err := <-served; err != nil {
			r.t.Errorf("serve: %v", err)
		}
		if implicitTLS {
			return
		}
		r.users.Close()
		r.must(r.store.Close())
	})
	return l.Addr().String()
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// inbox returns the INBOX of a user and the UIDs in it.
func (r *rig) inbox(name string) (box *mail.Mailbox, uids imap.UIDSet) {
	r.t.Helper()
	r.must(r.accounts[name].Read(context.Background(), func(state mail.State) (err error) {
		if box, err = state.MailboxNamed(mail.Inbox); err != nil {
			return err
		}
		all, err := state.UIDs(box.ID)
		uids = all.Set()
		return err
	}))
	return box, uids
}

// append puts a message into a user's INBOX.
func (r *rig) append(name, text string) {
	r.t.Helper()
	staging := r.store.Stage()
	_, err := io.WriteString(staging, text)
	r.must(err)
	body, err := staging.Finish()
	r.must(err)
	defer body.Release()
	box, _ := r.inbox(name)
	var uids imap.UIDSet
	_, err = r.accounts[name].Commit(context.Background(), mail.Append(box.ID, []mail.NewMessage{{Body: body}}, time.Now(), &uids))
	r.must(err)
}

// expunge removes messages as another session would.
func (r *rig) expunge(name string, uids imap.UIDSet) {
	r.t.Helper()
	box, _ := r.inbox(name)
	var gone imap.UIDSet
	_, err := r.accounts[name].Commit(context.Background(), mail.Remove(box.ID, uids, &gone))
	r.must(err)
}

// exchangeMax is how long an answer may take before a test gives up.
const exchangeMax = 60 * time.Second

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
	r.t.Cleanup(func() { conn.Close() })
	return &client{r.t, conn, bufio.NewReader(conn)}
}

// login dials and logs in.
func (r *rig) login(name string) *client {
	r.t.Helper()
	c := r.dial()
	c.say("USER "+name, "PASS secret word")
	c.want("+OK", "+OK", "+OK")
	return c
}

func (c *client) say(lines ...string) {
	c.t.Helper()
	// Each exchange has its own time: a whole dialog may be long.
	if err := c.conn.SetDeadline(time.Now().Add(exchangeMax)); err != nil {
		c.t.Fatal(err)
	}
	if _, err := io.WriteString(c.conn, strings.Join(lines, "\r\n")+"\r\n"); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) line() string {
	c.t.Helper()
	line, err := c.lines.ReadString('\n')
	if err != nil {
		c.t.Fatalf("after %q: %v", line, err)
	}
	plain, ok := strings.CutSuffix(line, "\r\n")
	if !ok {
		c.t.Fatalf("line %q does not end in CR LF", line)
	}
	return plain
}

func (c *client) want(starts ...string) {
	c.t.Helper()
	for _, start := range starts {
		if got := c.line(); !strings.HasPrefix(got, start) {
			c.t.Fatalf("got %q, want %q", got, start)
		}
	}
}

// text reads a reply of many lines as a client does: up to the single dot,
// with doubled dots undone.
func (c *client) text() string {
	c.t.Helper()
	c.want("+OK")
	var out strings.Builder
	for {
		line := c.line()
		if line == "." {
			return out.String()
		}
		out.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
	}
}

func (c *client) wantEnd() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.lines); err != nil || len(rest) > 0 {
		c.t.Fatalf("instead of the end: %q, %v", rest, err)
	}
}

// startTLS goes on under TLS.
func (c *client) startTLS() {
	c.t.Helper()
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

// appendMany puts short messages into a user's INBOX, in one commit.
func (r *rig) appendMany(name string, count int) {
	r.t.Helper()
	messages := make([]mail.NewMessage, count)
	for i := range messages {
		staging := r.store.Stage()
		_, err := io.WriteString(staging, "Subject: "+strings.Repeat("x", i%50)+"\n\ntext\r\n")
		r.must(err)
		messages[i].Body, err = staging.Finish()
		r.must(err)
		defer messages[i].Body.Release()
	}
	box, _ := r.inbox(name)
	var uids imap.UIDSet
	_, err := r.accounts[name].Commit(context.Background(), mail.Append(box.ID, messages, time.Now(), &uids))
	r.must(err)
}
