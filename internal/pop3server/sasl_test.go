package pop3server

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/auth/authtest"
	"github.com/restante/restante/internal/auth/bearer"
)

// newOpenRig is a server that offers every way in: "good-NAME" is a token of NAME,
// and u2 is open to everybody.
func newOpenRig(t *testing.T) (r *rig, mine tls.Certificate) {
	t.Helper()
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		name, ok := strings.CutPrefix(request.PostFormValue("token"), "good-")
		_ = json.NewEncoder(w).Encode(map[string]any{"active": ok, "email": name})
	}))
	t.Cleanup(issuer.Close)
	authority, mine := authtest.ClientCertificate(t, "u1@example.org", "")
	r = newRig(t, func(o *Options) {
		checker, err := bearer.New(bearer.Options{Issuer: issuer.URL, Introspection: issuer.URL})
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(o.TLS.Certificates[0].Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		o.TLS.ClientAuth, o.TLS.ClientCAs = tls.VerifyClientCertIfGiven, x509.NewCertPool()
		o.TLS.ClientCAs.AddCert(authority)
		o.Auth, err = auth.NewService(o.Auth.Directory(), auth.Options{
			OAuth: auth.OAuth{Checker: checker}, External: auth.NamesEmail, Anonymous: "u2",
			Certificate: func(*tls.ConnectionState) *x509.Certificate { return leaf },
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return r, mine
}

// secured dials and begins TLS, with certificates of the client's if there are
// any.
func (r *rig) secured(certificates ...tls.Certificate) *client {
	r.t.Helper()
	c := r.dial()
	c.say("STLS")
	c.want("+OK", "+OK")
	secure := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true, Certificates: certificates})
	r.must(secure.HandshakeContext(r.t.Context()))
	c.conn, c.lines = secure, bufio.NewReader(secure)
	return c
}

func inBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// The aim: the mechanisms that carry a token open a maildrop, and explain why not
// (RFC 7628 §3.2.3); the longest token is read (RFC 5034 §4).
func TestTokens(t *testing.T) {
	r, _ := newOpenRig(t)
	r.append("u1", "Subject: x\r\n\r\n")
	for mechanism, response := range map[string]func(token string) string{
		"OAUTHBEARER": func(token string) string { return inBase64("n,a=u1,\x01auth=Bearer " + token + "\x01\x01") },
		"XOAUTH2":     func(token string) string { return inBase64("user=u1\x01auth=Bearer " + token + "\x01\x01") },
	} {
		c := r.secured()
		for _, token := range []string{"bad", strings.Repeat("t", bearer.TokenMax)} {
			c.say("AUTH " + mechanism + " " + response(token))
			c.want("+ eyJ") // {"
			c.say("AQ==")
			c.want("-ERR [AUTH]")
		}
		c.say("AUTH "+mechanism, "*")
		c.want("+ ", "-ERR")
		c.say("AUTH "+mechanism, response("good-u1"))
		c.want("+ ", "+OK")
		c.say("STAT", "QUIT")
		c.want("+OK 1 ", "+OK")
	}
}

// The aim: SCRAM opens a maildrop, bound to the channel and not (RFC 5802 §6).
func TestScram(t *testing.T) {
	r, _ := newOpenRig(t)
	for _, plus := range []bool{false, true} {
		c, mechanism := r.secured(), "SCRAM-SHA-256"
		made, err := scram.SHA256.NewClient("u1", "secret word", "")
		r.must(err)
		conversation := made.NewConversation()
		if plus {
			state := c.conn.(*tls.Conn).ConnectionState()
			binding, err := scram.NewTLSExporterBinding(&state)
			r.must(err)
			conversation, mechanism = made.NewConversationWithChannelBinding(binding), mechanism+"-PLUS"
		}
		c.say("AUTH " + mechanism)
		line := c.line()
		for ; strings.HasPrefix(line, "+ "); line = c.line() {
			challenge, err := base64.StdEncoding.DecodeString(line[2:])
			r.must(err)
			response, err := conversation.Step(string(challenge))
			r.must(err)
			c.say(inBase64(response))
		}
		if !strings.HasPrefix(line, "+OK") || !conversation.Valid() {
			t.Errorf("%s: %q, proven %v", mechanism, line, conversation.Valid())
		}
		c.say("QUIT")
		c.want("+OK")
	}
}

// The aim: a client's certificate opens the maildrop that it names and no other,
// and EXTERNAL is offered to none without one (RFC 4422 §A.1).
func TestExternal(t *testing.T) {
	r, mine := newOpenRig(t)
	c := r.secured(mine)
	c.say("CAPA")
	if sasl := c.text(); !strings.Contains(sasl, "EXTERNAL") {
		t.Errorf("offered: %s", sasl)
	}
	c.say("STAT", "AUTH EXTERNAL "+inBase64("u2"), "AUTH EXTERNAL "+inBase64("u1\x00"), "AUTH EXTERNAL", "")
	c.want("-ERR", "-ERR [AUTH]", "-ERR", "+ ", "+OK")
	c.say("QUIT")
	c.want("+OK")
	c = r.secured(mine)
	c.say("AUTH EXTERNAL " + inBase64("U1@example.org"))
	c.want("+OK")
	// RFC 5034 §4: "=" is an empty response where it is the first, and no base64
	// elsewhere.
	c = r.secured(mine)
	c.say("AUTH EXTERNAL", "=", "AUTH EXTERNAL =")
	c.want("+ ", "-ERR", "+OK")
	c = r.secured()
	c.say("AUTH EXTERNAL =", "CAPA")
	c.want("-ERR")
	if sasl := c.text(); strings.Contains(sasl, "EXTERNAL") {
		t.Errorf("offered without a certificate: %s", sasl)
	}
}

// The aim: everybody may read what is open to everybody, and removes nothing
// (RFC 4505 §5).
func TestAnonymous(t *testing.T) {
	r, _ := newOpenRig(t)
	r.append("u2", "Subject: for all\r\n\r\n")
	c := r.dial()
	c.say("AUTH ANONYMOUS " + inBase64("a\nb"))
	c.want("+OK", "-ERR")
	c.say("AUTH ANONYMOUS "+inBase64("sirhc"), "RETR 1")
	c.want("+OK")
	if text := c.text(); !strings.Contains(text, "for all") {
		t.Errorf("read: %q", text)
	}
	c.say("DELE 1", "QUIT")
	c.want("-ERR", "+OK")
	if _, uids := r.inbox("u2"); uids.Count() != 1 {
		t.Error("nobody has removed a message")
	}
}

// The aim: RFC 2221 §6. The owner of an account that lives elsewhere is told that
// it does, who does not know the password is not, and an open one is served.
func TestReferredAccount(t *testing.T) {
	r, _ := newOpenRig(t)
	refer := func(open bool) {
		r.must(r.users.SetReferral(t.Context(), "u1", auth.Referral{URL: "imap://u1;AUTH=*@mail2.example.org/", Open: open}))
	}
	refer(false)
	c := r.secured()
	c.say("USER u1", "PASS wrong", "USER u1", "PASS secret word", "AUTH PLAIN "+inBase64("\x00u1\x00secret word"))
	c.want("+OK", "-ERR [AUTH]", "+OK", "-ERR [SYS/PERM] Account is on another server", "-ERR [SYS/PERM] Account is on another server")
	refer(true)
	c.say("AUTH PLAIN " + inBase64("\x00u1\x00secret word"))
	c.want("+OK")
}
