package main_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xdg-go/scram"

	"github.com/restante/restante/internal/auth/authtest"
	"github.com/restante/restante/internal/e2e"
)

// talk is one connection to a server of lines.
type talk struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func newTalk(t *testing.T, conn net.Conn, err error) *talk {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return &talk{t, conn, bufio.NewReader(conn)}
}

// under begins TLS.
func (c *talk) under(config *tls.Config) *talk {
	c.t.Helper()
	secure := tls.Client(c.conn, config)
	if err := secure.Handshake(); err != nil {
		c.t.Fatal(err)
	}
	return &talk{c.t, secure, bufio.NewReader(secure)}
}

func (c *talk) say(line string) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.conn, "%s\r\n", line); err != nil {
		c.t.Fatal(err)
	}
}

func (c *talk) line() string {
	c.t.Helper()
	line, err := c.in.ReadString('\n')
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return strings.TrimSuffix(line, "\r\n")
}

// imap gives an IMAP command and returns the tagged line.
func (c *talk) imap(command string) string {
	c.t.Helper()
	c.say("a " + command)
	return c.answer()
}

func (c *talk) answer() string {
	c.t.Helper()
	for {
		if rest, ok := strings.CutPrefix(c.line(), "a "); ok {
			return rest
		}
	}
}

func (c *talk) wants(got, start string) {
	c.t.Helper()
	if !strings.HasPrefix(got, start) {
		c.t.Errorf("got %q, want %q", got, start)
	}
}

// clientCertificate makes an authority, whose certificate it writes to a file, and
// a client's certificate.
func clientCertificate(t *testing.T, address, name string) (file string, mine tls.Certificate) {
	t.Helper()
	authority, mine := authtest.ClientCertificate(t, address, name)
	file = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, mine
}

// configured starts a server with a configuration, and accounts u0001 and u0002.
func configured(t *testing.T, text string) *e2e.Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "restante.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return e2e.Start(t, 2, "--config", file)
}

// trusting is a client's TLS, which notes whether it was asked for a certificate.
func trusting(asked *bool, certificates ...tls.Certificate) *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		*asked = true
		if len(certificates) > 0 {
			return &certificates[0], nil
		}
		return &tls.Certificate{}, nil
	}}
}

// secured connects and begins TLS, with certificates of the client's if there are
// any. It returns what the server then offers, and whether it asked for one.
func secured(t *testing.T, server *e2e.Server, protocol string, certificates ...tls.Certificate) (c *talk, offered string, asked bool) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Addresses[protocol])
	c = newTalk(t, conn, err)
	switch protocol {
	case "imap":
		c.line()
		c.wants(c.imap("AUTHENTICATE EXTERNAL ="), "NO")
		c.wants(c.imap("STARTTLS"), "OK")
		c = c.under(trusting(&asked, certificates...))
		c.say("b CAPABILITY")
		offered = c.line()
		c.line()
		return c, offered, asked
	case "smtp":
		c.line()
		c.say("EHLO x")
		for strings.HasPrefix(c.line(), "250-") {
		}
		c.say("STARTTLS")
		c.wants(c.line(), "220")
		c = c.under(trusting(&asked, certificates...))
		c.say("NOOP")
		offered = c.line()
		return c, offered, asked
	}
	c = c.under(trusting(&asked, certificates...))
	offered = c.line()
	return c, offered, asked
}

// Aim: tls.client_ca and tls.client_names. A client's certificate opens the account
// that it names, by IMAP and POP3, under both kinds of TLS; nobody else is offered
// EXTERNAL, and nobody is asked where it opens nothing (RFC 8314 §4.2).
func TestClientCertificatesAsConfigured(t *testing.T) {
	authority, mine := clientCertificate(t, "u0001@example.org", "u0002")
	server := configured(t, fmt.Sprintf("[tls]\nclient_ca = %q\n", authority))
	for _, protocol := range []string{"imap", "imaps"} {
		c, offered, asked := secured(t, server, protocol, mine)
		if !asked || !strings.Contains(offered, "AUTH=EXTERNAL") {
			t.Errorf("%s: asked %v, offered %s", protocol, asked, offered)
		}
		c.wants(c.imap("LIST \"\" INBOX"), "BAD") // RFC 9051 §6.2.1: TLS logs nobody in
		c.wants(c.imap("AUTHENTICATE EXTERNAL "+base64.StdEncoding.EncodeToString([]byte("u0002"))), "NO [AUTHORIZATIONFAILED]")
		c.wants(c.imap("AUTHENTICATE EXTERNAL "+base64.StdEncoding.EncodeToString([]byte("u0001\x00"))), "BAD")
		c.say("a AUTHENTICATE EXTERNAL")
		c.wants(c.line(), "+ ")
		c.say(base64.StdEncoding.EncodeToString([]byte("U0001")))
		c.wants(c.answer(), "OK")
		c, _, _ = secured(t, server, protocol, mine)
		c.wants(c.imap("AUTHENTICATE EXTERNAL ="), "OK")
		c.say("a GETQUOTAROOT INBOX")
		c.wants(c.line(), "* QUOTAROOT INBOX u0001@example.org")
		c, offered, asked = secured(t, server, protocol)
		if !asked || strings.Contains(offered, "AUTH=EXTERNAL") {
			t.Errorf("%s without a certificate: asked %v, offered %s", protocol, asked, offered)
		}
		c.wants(c.imap("AUTHENTICATE EXTERNAL ="), "NO")
		c.wants(c.imap("LOGIN u0001 \""+e2e.Password+"\""), "OK")
	}
	c, _, _ := secured(t, server, "pop3s", mine)
	c.say("AUTH EXTERNAL =")
	c.wants(c.line(), "+OK")
	if _, _, asked := secured(t, server, "smtp", mine); asked {
		t.Error("a mail server is asked for a certificate that opens nothing")
	}
	_, strange := clientCertificate(t, "u0001@example.org", "u0001")
	conn, err := tls.Dial("tcp", server.Addresses["imaps"], &tls.Config{InsecureSkipVerify: true, Certificates: []tls.Certificate{strange}})
	if err == nil {
		conn.SetDeadline(time.Now().Add(time.Minute))
		if _, err = conn.Read(make([]byte, 1)); err == nil {
			t.Error("a certificate of another authority is let in")
		}
	}

	server = configured(t, fmt.Sprintf("[tls]\nclient_ca = %q\nclient_names = \"cn\"\n", authority))
	c, _, _ = secured(t, server, "imaps", mine)
	c.wants(c.imap("AUTHENTICATE EXTERNAL ="), "OK")
	c.say("a GETQUOTAROOT INBOX")
	c.wants(c.line(), "* QUOTAROOT INBOX u0002@example.org")

	server = configured(t, "")
	if _, offered, asked := secured(t, server, "imaps", mine); asked || strings.Contains(offered, "AUTH=EXTERNAL") {
		t.Errorf("without the key: asked %v, offered %s", asked, offered)
	}
}

// Aim: mistakes in these keys are told before the server serves.
func TestMistakesInGettingIn(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	authority, _ := clientCertificate(t, "u0001@example.org", "")
	for text, want := range map[string]string{
		fmt.Sprintf("[tls]\nclient_ca = %q\n", empty+"x"):                            "tls.client_ca",
		fmt.Sprintf("[tls]\nclient_ca = %q\n", empty):                                "holds no certificate",
		fmt.Sprintf("[tls]\nclient_ca = %q\nclient_names = \"serial\"\n", authority): "tls.client_names",
		"[imap]\nrefer_to = \"mail2.example.org\"\n":                                 "imap.refer_to",
		"[imap]\nrefer_to = \"imap://mail2.example.org/INBOX\"\n":                    "names more than a server",
	} {
		file := filepath.Join(t.TempDir(), "restante.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		arguments := append([]string{"serve", "--config", file, "--data", t.TempDir()}, anyPorts...)
		if said := fails(t, arguments...); !strings.Contains(said, want) {
			t.Errorf("%q is answered with %q", text, said)
		}
	}
}

// Aim: imap.refer_to. Every IMAP client is sent to the other server and nothing
// else (RFC 2221 §4.2), under TLS, too; POP3, which cannot say so, is served.
func TestReferToAsConfigured(t *testing.T) {
	server := configured(t, "[imap]\nrefer_to = \"imap://mail2.example.org\"\n")
	for _, protocol := range []string{"imap", "imaps"} {
		conn, err := net.Dial("tcp", server.Addresses[protocol])
		c := newTalk(t, conn, err)
		if protocol == "imaps" {
			c = c.under(&tls.Config{InsecureSkipVerify: true})
		}
		c.wants(c.line(), "* BYE [REFERRAL imap://;AUTH=*@mail2.example.org/] ")
		if more, err := c.in.ReadString('\n'); err == nil {
			t.Errorf("%s goes on: %s", protocol, more)
		}
	}
	conn, err := net.Dial("tcp", server.Addresses["pop3"])
	c := newTalk(t, conn, err)
	c.line()
	c.say("USER u0001")
	c.wants(c.line(), "+OK")
	c.say("PASS " + e2e.Password)
	c.wants(c.line(), "+OK")
}

// referring is a server whose referrals an administrator changes.
type referring struct {
	*e2e.Server
	t *testing.T
}

func (r referring) run(arguments ...string) string {
	r.t.Helper()
	return e2e.Run(r.t, "", append(arguments, "--data", r.Dir)...)
}

// refuses runs a command that must fail, and say why.
func (r referring) refuses(why string, arguments ...string) {
	r.t.Helper()
	if said := fails(r.t, append(arguments, "--data", r.Dir)...); !strings.Contains(said, why) {
		r.t.Errorf("%q is answered with %q, not %q", arguments, said, why)
	}
}

func (r referring) login() *talk {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.Addresses["imap"])
	c := newTalk(r.t, conn, err)
	c.line()
	return c
}

// recipient says whether mail for an account is taken.
func (r referring) recipient() string {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.Addresses["lmtp"])
	c := newTalk(r.t, conn, err)
	c.line()
	c.say("LHLO x")
	for strings.HasPrefix(c.line(), "250-") {
	}
	c.say("MAIL FROM:<>")
	c.line()
	c.say("RCPT TO:<u0001@example.org>")
	return c.line()
}

// Aim: an administrator says where an account lives, sees it, and takes it back;
// its open session ends, and mail for it is refused.
func TestAccountReferByCommand(t *testing.T) {
	server := referring{configured(t, "[server]\nhostname = \"mail1.example.org\"\n"), t}
	const command, there = "LOGIN u0001 \"" + e2e.Password + "\"", "imap://u0001%40example.org;AUTH=*@mail2.example.org/"
	open := server.login()
	open.wants(open.imap(command), "OK")
	server.run("account", "refer", "u0001", "imap://mail2.example.org/")
	if line, err := open.in.ReadString('\n'); err == nil && !strings.HasPrefix(line, "* BYE") {
		t.Errorf("the open session goes on: %s", line)
	}
	c := server.login()
	c.wants(c.imap(command), "NO [REFERRAL "+there+"]")
	c.wants(server.recipient(), "550 5.1.6")
	if list := server.run("account", "list"); !strings.Contains(list, "active, lives at "+there) {
		t.Errorf("accounts:\n%s", list)
	}
	server.run("account", "refer", "u0001", "imap://mail2.example.org/", "--open")
	c.wants(c.imap(command), "OK [REFERRAL "+there+"]")
	c.wants(server.recipient(), "550 5.1.6")
	server.run("account", "refer", "u0001", "--remove")
	c = server.login()
	c.wants(c.imap(command), "OK [CAPABILITY")
	c.wants(server.recipient(), "250")
	server.refuses("must not lead back", "account", "refer", "u0001", "imap://MAIL1.example.org/")
	server.refuses("removed as NAME --remove", "account", "refer", "u0001")
}

// Aim: an administrator says where mailboxes are, lists them, and takes it back,
// with a running server and without.
func TestMailboxReferByCommand(t *testing.T) {
	server := referring{configured(t, "[server]\nhostname = \"mail1.example.org\"\n"), t}
	server.run("mailbox", "refer", "u0001", "Shared/One", "imap://mail2.example.org/One", "imap://mail3.example.org/One")
	server.run("mailbox", "refer", "u0001", "Away", "imap://bob;AUTH=*@mail2.example.org/Away")
	const listed = "Away: imap://bob;AUTH=*@mail2.example.org/Away\n" +
		"Shared/One: imap://u0001%40example.org;AUTH=*@mail2.example.org/One imap://u0001%40example.org;AUTH=*@mail3.example.org/One\n"
	if list := server.run("mailbox", "refer", "u0001"); list != listed {
		t.Errorf("mailboxes:\n%s", list)
	}
	if list := server.run("mailbox", "refer", "u0001", "--json"); !strings.Contains(list, `"name": "Shared/One"`) {
		t.Errorf("in JSON:\n%s", list)
	}
	if list := server.run("mailbox", "refer", "u0002"); list != "" {
		t.Errorf("another's mailboxes:\n%s", list)
	}
	server.run("mailbox", "refer", "u0001", "Away", "--remove")
	server.refuses("no mailbox of another server", "mailbox", "refer", "u0001", "Away", "--remove")
	server.refuses("is this machine", "mailbox", "refer", "u0001", "Loop", "imap://mail1.example.org/Loop")
	server.refuses("names no mailbox", "mailbox", "refer", "u0001", "Loop", "imap://mail2.example.org/")
	server.refuses("removed as NAME MAILBOX", "mailbox", "refer", "u0001", "Away")
	server.Stop(t)
	if list := server.run("mailbox", "refer", "u0001"); !strings.HasPrefix(list, "Shared/One: ") {
		t.Errorf("without a server:\n%s", list)
	}
	server.run("mailbox", "refer", "u0001", "Shared/One", "--remove")
	if list := server.run("mailbox", "refer", "u0001"); list != "" {
		t.Errorf("they are all gone:\n%s", list)
	}
}

// bound logs in with SCRAM, bound to the certificate that a client was shown.
func (c *talk) bound(user, password string) string {
	c.t.Helper()
	state := c.conn.(*tls.Conn).ConnectionState()
	binding, err := scram.NewTLSServerEndpointBinding(&state)
	if err != nil {
		c.t.Fatal(err)
	}
	client, err := scram.SHA256.NewClient(user, password, "")
	if err != nil {
		c.t.Fatal(err)
	}
	conversation := client.NewConversationWithChannelBinding(binding)
	c.say("a AUTHENTICATE SCRAM-SHA-256-PLUS")
	for {
		line := c.line()
		if rest, ok := strings.CutPrefix(line, "a "); ok {
			return rest
		}
		encoded, ok := strings.CutPrefix(line, "+ ")
		if !ok {
			continue
		}
		challenge, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			c.t.Fatal(err)
		}
		response, err := conversation.Step(string(challenge))
		if err != nil {
			c.t.Fatal(err)
		}
		c.say(base64.StdEncoding.EncodeToString([]byte(response)))
	}
}

// Aim: RFC 5929 §4. A client binds to the certificate that it was shown: of the
// files before a SIGHUP and of those after it, by a whole handshake and by one
// that resumes a session, which is not of a certificate that is no longer shown.
// A connection from before is told NO, and never let in with what it was not shown.
func TestBindingAfterReload(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) { bindingAfterReload(t, version) })
	}
}

func bindingAfterReload(t *testing.T, version uint16) {
	files, other := certificateDir(t), certificateDir(t)
	file := filepath.Join(files, "restante.toml")
	certificate, key := filepath.Join(files, "tls", "certificate.pem"), filepath.Join(files, "tls", "key.pem")
	text := fmt.Sprintf("[tls]\n[[tls.certificate]]\nfile = %q\nkey = %q\n", certificate, key)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := e2e.Start(t, 1, "--config", file)
	cache := tls.NewLRUClientSessionCache(4)
	connect := func() (*talk, tls.ConnectionState) {
		conn, err := tls.Dial("tcp", server.Addresses["imaps"], &tls.Config{
			InsecureSkipVerify: true, ServerName: "mail.example.org", MaxVersion: version, ClientSessionCache: cache,
		})
		c := newTalk(t, conn, err)
		c.line()
		return c, conn.ConnectionState()
	}
	serial := func(state tls.ConnectionState) string { return state.PeerCertificates[0].SerialNumber.String() }
	early, first := connect()
	waiting, _ := connect()
	early.wants(early.bound("u0001", e2e.Password), "OK")
	again, state := connect()
	if !state.DidResume || serial(state) != serial(first) {
		t.Errorf("sessions are not resumed: %v", state.DidResume)
	}
	again.wants(again.bound("u0001", e2e.Password), "OK")

	for from, to := range map[string]string{
		filepath.Join(other, "tls", "certificate.pem"): certificate, filepath.Join(other, "tls", "key.pem"): key,
	} {
		octets, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, octets, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	process, err := os.FindProcess(server.PID)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	late, state := connect()
	for deadline := time.Now().Add(30 * time.Second); serial(state) == serial(first); late, state = connect() {
		if time.Now().After(deadline) {
			t.Fatal("the certificate stays")
		}
		late.conn.Close()
	}
	if state.DidResume {
		t.Error("a session of the old certificate is resumed")
	}
	late.wants(late.bound("u0001", e2e.Password), "OK")
	last, state := connect()
	if !state.DidResume {
		t.Error("sessions of the new certificate are not resumed")
	}
	last.wants(last.bound("u0001", e2e.Password), "OK")
	waiting.wants(waiting.bound("u0001", e2e.Password), "NO")
	waiting.wants(waiting.imap("LOGIN u0001 \""+e2e.Password+"\""), "OK")
}
