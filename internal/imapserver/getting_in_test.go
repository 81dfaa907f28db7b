package imapserver

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/auth/authtest"
	"github.com/restante/restante/internal/auth/bearer"
	"github.com/restante/restante/internal/mail"
)

// Aim: RFC 4505 §5. Who has not said who he is changes nothing, by no command and
// under no name, though the lists let anyone do everything; and sees neither what
// is private to the account he reads nor quotas (RFC 9208 §8).
func TestAnonymousChangesNothing(t *testing.T) {
	server := startServer(t, nil)
	for _, user := range []string{"public", "u0001"} {
		owner := server.login(user)
		owner.ok("CREATE Box/Inner")
		owner.append("INBOX", "()", "a: b\r\n\r\ntext")
		owner.append("Box", "()", "a: b\r\n\r\ntext")
		owner.ok(`SETMETADATA INBOX (/private/comment "mine alone")`)
		owner.ok(`SETMETADATA "" (/private/comment "mine alone")`)
		for _, box := range []string{"INBOX", "Box", "Box/Inner"} {
			owner.ok("SETACL " + box + " anyone lrswipkxtea")
		}
	}
	guest := server.dial()
	guest.ok("AUTHENTICATE ANONYMOUS =")
	guest.ok("EXAMINE INBOX")
	for _, prefix := range []string{"", "Other Users/u0001/"} {
		box := func(name string) string { return `"` + prefix + name + `"` }
		message := " {12+}\r\na: b\r\n\r\ntext"
		for _, command := range []string{
			"CREATE " + box("Box/New"), "CREATE " + box("New"), "DELETE " + box("Box/Inner"), "RENAME " + box("Box/Inner") + " " + box("Box/Other"),
			"RENAME " + box("INBOX") + " " + box("Box/Other"), "SUBSCRIBE " + box("Box"), "UNSUBSCRIBE " + box("Box"),
			"APPEND " + box("Box") + message, "APPEND " + box("Box") + ` CATENATE (URL "/INBOX/;UID=1")`, "COPY 1 " + box("Box"), "UID COPY 1 " + box("Box"),
			"MOVE 1 " + box("Box"), "UID MOVE 1 " + box("Box"), "SETACL " + box("Box") + " u0002 lr", "SETACL " + box("Box") + " anyone lr",
			"DELETEACL " + box("Box") + " anyone", "SETMETADATA " + box("Box") + ` (/shared/comment "x")`, "SETMETADATA " + box("Box") + ` (/private/comment "x")`,
			"SETMETADATA \"\" (/private/comment \"x\")", "RESETKEY", "RESETKEY " + box("Box") + " INTERNAL", "GETQUOTAROOT " + box("INBOX"),
			"GETQUOTA public@localhost", "SETQUOTA public@localhost (STORAGE 1)",
		} {
			guest.status(command, "NO")
		}
		guest.status(`GENURLAUTH "imap://public@h/`+strings.ReplaceAll(prefix, " ", "%20")+`Box/;UID=1;URLAUTH=authuser" INTERNAL`, "BAD")
		guest.ok("SELECT " + box("Box"))
		for _, command := range []string{
			`STORE 1 +FLAGS (\Deleted)`, `UID STORE 1 FLAGS (\Seen)`, "EXPUNGE", "UID EXPUNGE 1", "REPLACE 1 " + box("Box") + message,
			`STORE 1 ANNOTATION (/comment (value.shared "x"))`,
		} {
			guest.status(command, "NO")
		}
		guest.ok("FETCH 1 BODY[]")
		guest.ok("CLOSE")
		guest.ok("EXAMINE INBOX")
		hasNot(t, guest.ok("GETMETADATA "+box("INBOX")+" /private/comment"), "mine alone")
	}
	hasNot(t, guest.ok(`GETMETADATA "" /private/comment`), "mine alone")
	for _, user := range []string{"public", "u0001"} {
		owner := server.login(user)
		has(t, owner.ok("STATUS Box (MESSAGES UNSEEN DELETED)"), "MESSAGES 1", "UNSEEN 1", "DELETED 0")
		has(t, owner.ok("GETACL Box"), "anyone")
		list := owner.ok(`LIST "" *`)
		has(t, list, "Box/Inner")
		hasNot(t, list, "New", "Other\r\n", "Box/Other")
	}
}

// Aim: RFC 9051 §6.3.6. What is below a name moves with it, on other servers, too;
// nothing is hidden behind a referral, and DELETE leaves what is below (§6.3.5).
func TestRenameMovesReferrals(t *testing.T) {
	server := startServer(t, nil)
	account, err := server.store.Account(t.Context(), server.accountID("u0001"))
	if err != nil {
		t.Fatal(err)
	}
	c := server.login("u0001")
	for _, name := range []string{"Old", "Old/Here", "Busy", "Busy/Far", "Hidden"} {
		c.ok("CREATE " + name)
	}
	for _, name := range []string{"Old/Far", "Hidden/Here"} {
		if _, err := account.Commit(t.Context(), mail.SetReferral(name, []string{"imap://u;AUTH=*@mail2.example.org/There"})); err != nil {
			t.Fatal(err)
		}
	}
	c.ok("DELETE Hidden")
	c.status("RENAME Old Hidden", "NO") // Hidden/Here is elsewhere
	has(t, c.ok(`RLIST "" Old/*`), "Old/Here", "Old/Far")
	c.ok("RENAME Old New/Place")
	list := c.ok(`RLIST "" *`)
	has(t, list, "New/Place/Here", "New/Place/Far")
	hasNot(t, list, "Old")
	c.status("SELECT New/Place/Far", "NO [REFERRAL imap://u;AUTH=*@mail2.example.org/There]")
	c.status("SELECT Old/Far", "NO [NONEXISTENT]")
	c.ok("DELETE New/Place")
	has(t, c.ok(`RLIST "" *`), "New/Place/Far")
}

// Aim: RFC 2221 §4.1. A server that refers everybody says so and nothing else.
func TestGreetingRefers(t *testing.T) {
	server := startServer(t, func(o *Options) { o.ReferTo = "imap://mail2.example.org/" })
	conn, err := net.Dial("tcp", server.address)
	if err != nil {
		t.Fatal(err)
	}
	c := newTestClient(t, conn)
	if line := c.line(); !strings.HasPrefix(line, "* BYE [REFERRAL imap://mail2.example.org/] ") {
		t.Errorf("greeting: %s", line)
	}
	if line, err := c.tryLine(); err == nil {
		t.Errorf("then: %s", line)
	}
}

// testIssuer publishes a key, and returns what signs tokens with it.
func testIssuer(t *testing.T) (url string, sign func(key crypto.Signer, login string) string, own crypto.Signer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	issuer := httptest.NewServer(mux)
	t.Cleanup(issuer.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": issuer.URL, "jwks_uri": issuer.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
	})
	return issuer.URL, func(key crypto.Signer, login string) string {
		t.Helper()
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		token, err := jwt.Signed(signer).Claims(map[string]any{
			"iss": issuer.URL, "aud": "mail", "email": login, "scope": "imap", "exp": time.Now().Add(time.Hour).Unix(),
		}).Serialize()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}, key
}

// Aim: RFC 7628 §3. A token that the issuer signed opens a session, one that
// somebody else signed is explained, and after that the next attempt works.
func TestTokensOpenSessions(t *testing.T) {
	url, sign, own := testIssuer(t)
	server := startServer(t, func(o *Options) {
		checker, err := bearer.New(bearer.Options{Issuer: url, Audience: "mail", Scope: "imap"})
		if err != nil {
			t.Fatal(err)
		}
		if o.Auth, err = auth.NewService(o.Auth.Directory(), auth.Options{OAuth: auth.OAuth{Checker: checker}}); err != nil {
			t.Fatal(err)
		}
	})
	strange, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for mechanism, response := range map[string]func(token string) string{
		"OAUTHBEARER": func(token string) string { return "n,a=u0001@localhost,\x01auth=Bearer " + token + "\x01\x01" },
		"XOAUTH2":     func(token string) string { return "user=u0001@localhost\x01auth=Bearer " + token + "\x01\x01" },
	} {
		c := server.dial()
		has(t, c.ok("CAPABILITY"), "AUTH="+mechanism)
		c.send("x1 AUTHENTICATE " + mechanism + " " + base64.StdEncoding.EncodeToString([]byte(response(sign(strange, "u0001@localhost")))) + "\r\n")
		why, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.line(), "+ "))
		if err != nil || !strings.Contains(string(why), `"status"`) {
			t.Errorf("%s: a strange token: %q, %v", mechanism, why, err)
		}
		c.send("AQ==\r\n")
		has(t, strings.Join(c.until("x1"), "\n"), "x1 NO [AUTHENTICATIONFAILED]")
		c.ok("AUTHENTICATE " + mechanism + " " + base64.StdEncoding.EncodeToString([]byte(response(sign(own, "u0001@localhost")))))
		c.ok("SELECT INBOX")
		c.status("AUTHENTICATE "+mechanism, "BAD")
	}
	hasNot(t, server.log.String(), sign(own, "u0001@localhost")[:20]) // the header, the same in each
}

// Aim: RFC 4422 Appendix A. A client's certificate opens the account that it names
// in a real handshake; a client without one is not offered EXTERNAL.
func TestCertificatesOpenSessions(t *testing.T) {
	authority, mine := authtest.ClientCertificate(t, "u0002@localhost", "")
	var err error
	server := startServer(t, func(o *Options) {
		o.TLS.ClientCAs, o.TLS.ClientAuth = x509.NewCertPool(), tls.VerifyClientCertIfGiven
		o.TLS.ClientCAs.AddCert(authority)
		if o.Auth, err = auth.NewService(o.Auth.Directory(), auth.Options{External: auth.NamesEmail}); err != nil {
			t.Fatal(err)
		}
	})
	handshake := func(certificates ...tls.Certificate) *testClient {
		conn, err := tls.Dial("tcp", server.secure, &tls.Config{InsecureSkipVerify: true, Certificates: certificates})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return &testClient{t: t, conn: conn, r: bufio.NewReader(conn)}
	}
	c := handshake(mine)
	has(t, c.line(), "AUTH=EXTERNAL")
	c.status("AUTHENTICATE EXTERNAL dTAwMDE=", "NO") // u0001
	c.ok("AUTHENTICATE EXTERNAL =")
	has(t, c.ok(`GETQUOTAROOT INBOX`), "u0002@localhost")
	c = handshake()
	hasNot(t, c.line(), "AUTH=EXTERNAL")
	c.status("AUTHENTICATE EXTERNAL =", "NO")
	if _, err := handshake(testTLS(t).Certificates[0]).tryLine(); err == nil {
		t.Error("a certificate of nobody's was let in")
	}
}
