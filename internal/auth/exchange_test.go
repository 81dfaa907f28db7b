package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"
)

// tlsPair is a connection's two ends after the handshake.
func tlsPair(t *testing.T, version uint16) (client, server tls.ConnectionState, leaf *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if leaf, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	c := tls.Client(near, &tls.Config{InsecureSkipVerify: true, MaxVersion: version})
	s := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MaxVersion: version})
	t.Cleanup(func() { near.Close(); far.Close() })
	done := make(chan error, 1)
	go func() { done <- s.Handshake() }()
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return c.ConnectionState(), s.ConnectionState(), leaf
}

// runScram lets a client of the library talk to an exchange.
func runScram(t *testing.T, e Exchange, conversation *scram.ClientConversation) error {
	t.Helper()
	challenge, response := "", ""
	for {
		var err error
		if response, err = conversation.Step(challenge); err != nil {
			t.Fatalf("client: %v", err)
		}
		reply, done, err := e.Next([]byte(response))
		if err != nil {
			return err
		}
		if done {
			if !conversation.Valid() {
				t.Fatal("the server did not prove itself")
			}
			return nil
		}
		challenge = string(reply)
	}
}

func scramClient(t *testing.T, login, password string) *scram.Client {
	t.Helper()
	client, err := scram.SHA256.NewClient(login, password, "")
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Aim: SCRAM opens with the right password, with and without binding, in each
// version of TLS, and not with anything else.
func TestScram(t *testing.T) {
	f := newFixture(t)
	info := f.add(t, "u0001", "pässword")
	f.add(t, "off", "p")
	if err := f.directory.SetDisabled(t.Context(), "off", true); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		login, password string
		want            error
	}{
		{"u0001", "pässword", nil}, {"u0001@localhost", "pa\u0308ssword", nil},
		{"u0001", "password", ErrCredentials}, {"nobody", "pässword", ErrCredentials},
		{"off", "p", ErrDisabled}, {"off", "q", ErrCredentials},
	} {
		e, err := f.Start("scram-sha-256", Env{Remote: home})
		if err != nil {
			t.Fatal(err)
		}
		if err := runScram(t, e, scramClient(t, test.login, test.password).NewConversation()); err != test.want {
			t.Errorf("%s %s: %v, want %v", test.login, test.password, err, test.want)
		}
		if test.want == nil && e.Identity().Account != info.ID || test.want != nil && e.Identity() != (Identity{}) {
			t.Errorf("%s %s: identity %+v", test.login, test.password, e.Identity())
		}
	}
}

// Aim: a user who does not exist gets the salt of a user who does: the same
// each time, and the same number of iterations.
func TestScramTellsNothing(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "p")
	salt := func(login string) string {
		e, _ := f.Start("SCRAM-SHA-256", Env{Remote: home})
		challenge, _, err := e.Next([]byte("n,,n=" + login + ",r=x"))
		if err != nil {
			t.Fatal(err)
		}
		return string(challenge[slices.Index(challenge, ','):])
	}
	if a, b := salt("nobody"), salt("Nobody"); a != b {
		t.Errorf("%s then %s", a, b)
	}
	if a, b := salt("nobody"), salt("u0001"); len(a) != len(b) {
		t.Errorf("%s for nobody, %s for a user", a, b)
	}
}

// Aim: PLAIN and LOGIN as clients speak them, and only where passwords may
// travel.
func TestPlainAndLogin(t *testing.T) {
	f := newFixture(t)
	info := f.add(t, "u0001", "p")
	state := &tls.ConnectionState{}
	for _, test := range []struct {
		mechanism string
		responses []string
		want      error
	}{
		{"PLAIN", []string{"\x00u0001\x00p"}, nil},
		{"plain", []string{"u0001@localhost\x00u0001\x00p"}, nil},
		{"PLAIN", []string{"other\x00u0001\x00p"}, ErrAuthorization},
		{"PLAIN", []string{"\x00u0001\x00q"}, ErrCredentials},
		{"PLAIN", []string{"u0001 p"}, ErrProtocol},
		{"PLAIN", []string{"other\x00u0001\x00q"}, ErrCredentials}, // a wrong password says no more
		{"PLAIN", []string{""}, ErrProtocol},
		{"PLAIN", []string{"\x00\x00"}, ErrCredentials},
		{"PLAIN", []string{"\x00\x00p"}, ErrCredentials},
		{"PLAIN", []string{"\x00u0001\x00p\x00"}, ErrProtocol},
		{"PLAIN", []string{"\x00u0001\xff\x00p"}, ErrCredentials},
		{"PLAIN", []string{"\xff\x00u0001\x00p"}, ErrAuthorization},
		// RFC 4616 §2: up to 255 octets each are read.
		{"PLAIN", []string{strings.Repeat("z", 255) + "\x00u0001\x00p"}, ErrAuthorization},
		{"PLAIN", []string{"\x00" + strings.Repeat("a", 255) + "\x00" + strings.Repeat("p", 255)}, ErrCredentials},
		{"LOGIN", []string{"u0001", "p"}, nil},
		{"LOGIN", []string{"u0001", "q"}, ErrCredentials},
	} {
		for _, initial := range []bool{true, false} {
			e, err := f.Start(test.mechanism, Env{Remote: home, TLS: state})
			if err != nil {
				t.Fatal(err)
			}
			done := false
			if !initial {
				if _, done, err = e.Next(nil); done || err != nil {
					t.Fatalf("%s did not ask: %v", test.mechanism, err)
				}
			}
			want := test.want
			if initial && test.mechanism == "LOGIN" {
				want = ErrProtocol // the server speaks first
			}
			for _, response := range test.responses {
				if _, done, err = e.Next([]byte(response)); done {
					break
				}
			}
			if err != want || !done || err == nil && e.Identity().Account != info.ID {
				t.Errorf("%s %q: %v %v", test.mechanism, test.responses, done, err)
			}
			f.clock.pass(2 * f.directory.limits.DelayForget)
		}
	}
	if _, err := f.Start("PLAIN", Env{Remote: home}); err != ErrMechanism {
		t.Errorf("PLAIN in clear text: %v", err)
	}
	clear, near := f.Mechanisms(Env{Remote: home}), f.Mechanisms(Env{Remote: net4(127, 0, 0, 1)})
	if slices.Contains(clear, "PLAIN") || !slices.Contains(near, "PLAIN") || !slices.Contains(near, "LOGIN") {
		t.Errorf("offered: %v in clear text, %v within the machine", clear, near)
	}
	f.tlsAlways = true
	if near := f.Mechanisms(Env{Remote: net4(127, 0, 0, 1)}); slices.Contains(near, "PLAIN") {
		t.Errorf("offered within the machine, which is not trusted: %v", near)
	}
	f.clearText = true
	if _, err := f.Start("PLAIN", Env{Remote: home}); err != nil {
		t.Errorf("PLAIN in clear text where that is allowed: %v", err)
	}
}

func net4(a, b, c, d byte) netip.Addr { return netip.AddrFrom4([4]byte{a, b, c, d}) }
