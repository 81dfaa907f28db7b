package auth

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"strings"
	"testing"
)

// showing is a connection whose client showed a certificate.
func showing(certificate *x509.Certificate, verified bool) Env {
	state := &tls.ConnectionState{Version: tls.VersionTLS13, PeerCertificates: []*x509.Certificate{certificate}}
	if verified {
		state.VerifiedChains = [][]*x509.Certificate{{certificate}}
	}
	return Env{Remote: home, TLS: state}
}

// Aim: RFC 4422 Appendix A. A certificate opens the accounts that it names and no
// other, and only if it was verified.
func TestExternal(t *testing.T) {
	f := newFixture(t)
	for _, name := range []string{"ann", "bob", "eve", "off"} {
		f.add(t, name, "p")
	}
	if err := f.directory.SetDisabled(t.Context(), "off", true); err != nil {
		t.Fatal(err)
	}
	both := &x509.Certificate{EmailAddresses: []string{"ann@elsewhere.example", "Ann@localhost", "bob@localhost"}, Subject: pkix.Name{CommonName: "eve"}}
	off := &x509.Certificate{EmailAddresses: []string{"off@localhost"}}
	for _, test := range []struct {
		names         CertificateNames
		certificate   *x509.Certificate
		authorization string
		login         string
		want          error
	}{
		{NamesEmail, both, "", "ann@localhost", nil},
		{NamesEmail, both, "ANN", "ann@localhost", nil},
		{NamesEmail, both, "bob@localhost", "bob@localhost", nil},
		{NamesEmail, both, "eve", "", ErrAuthorization},
		{NamesEmail, both, "nobody", "", ErrAuthorization},
		{NamesEmail, off, "", "", ErrDisabled},
		{NamesEmail, both, "ann\x00", "", ErrProtocol},
		{NamesEmail, both, "\xff", "", ErrProtocol},
		{NamesEmail, both, strings.Repeat("a", addressMax+1), "", ErrProtocol},
		{NamesEmail, &x509.Certificate{}, "", "", ErrCredentials},
		{NamesEmail, &x509.Certificate{}, "ann", "", ErrCredentials},
		{NamesCommonName, both, "", "eve@localhost", nil},
		{NamesCommonName, both, "ann", "", ErrAuthorization},
		{NamesCommonName, &x509.Certificate{}, "", "", ErrCredentials},
	} {
		f.external = test.names
		e, err := f.Start("EXTERNAL", showing(test.certificate, true))
		if err != nil {
			t.Fatal(err)
		}
		if challenge, done, err := e.Next(nil); done || err != nil || len(challenge) != 0 {
			t.Errorf("%q: %q %v %v", test.authorization, challenge, done, err)
		}
		_, done, err := e.Next([]byte(test.authorization))
		if !done || err != test.want || e.Identity().Login != test.login {
			t.Errorf("%s %q: %v, %+v", test.names, test.authorization, err, e.Identity())
		}
		f.clock.pass(2 * f.directory.limits.DelayForget)
	}
	f.external = NamesEmail
	for _, env := range []Env{showing(both, false), {Remote: home}, {Remote: home, TLS: &tls.ConnectionState{}}} {
		if _, err := f.Start("EXTERNAL", env); err != ErrMechanism {
			t.Errorf("offered without a certificate that verified: %v", err)
		}
	}
	f.external = NamesNone
	if _, err := f.Start("EXTERNAL", showing(both, true)); err != ErrMechanism {
		t.Errorf("offered where it is not configured: %v", err)
	}
	if _, err := ParseCertificateNames("dn"); err == nil {
		t.Error("anything names an account")
	}
}

// Aim: RFC 4505. Nobody gets in where there is no account for nobody; what nobody
// says is looked at, and not believed.
func TestAnonymous(t *testing.T) {
	f := newFixture(t)
	info := f.add(t, "public", "p")
	if _, err := f.Start("ANONYMOUS", Env{Remote: home}); err != ErrMechanism {
		t.Errorf("offered by itself: %v", err)
	}
	f.anonymous = "public"
	long := strings.Repeat("ä", 255)
	for _, test := range []struct {
		trace, shown string
		want         error
	}{
		{"sirhc", "sirhc", nil}, {"", "", nil}, {"ann@example.org", "ann@example.org", nil},
		{long, strings.Repeat("ä", 40) + "…", nil},
		{long + "ä", "", ErrProtocol}, {"\xff", "", ErrProtocol}, {"a\nb", "", ErrProtocol}, {"a\u200eb", "", ErrProtocol},
	} {
		e, err := f.Start("ANONYMOUS", Env{Remote: home})
		if err != nil {
			t.Fatal(err)
		}
		_, done, err := e.Next([]byte(test.trace))
		want := Identity{}
		if test.want == nil {
			want = Identity{Account: info.ID, Login: "public@localhost", Anonymous: true, Trace: test.shown}
		}
		if !done || err != test.want || e.Identity() != want {
			t.Errorf("%.20q: %v, %+v", test.trace, err, e.Identity())
		}
	}
	f.anonymous = "nobody"
	e, _ := f.Start("ANONYMOUS", Env{Remote: home})
	if _, _, err := e.Next([]byte("x")); err != ErrCredentials {
		t.Errorf("an account that does not exist: %v", err)
	}
}

// waysIn are the ways of ann into her account. Those without a password take any.
func (f fixture) waysIn(t *testing.T) map[string]func(password string) (Identity, error) {
	t.Helper()
	ways := map[string]func(password string) (Identity, error){
		"password": func(password string) (Identity, error) {
			return f.Password(t.Context(), Attempt{"ann", password, home, "imap"})
		},
	}
	for mechanism, response := range map[string]string{
		"PLAIN": "\x00ann\x00", "OAUTHBEARER": "n,,\x01auth=Bearer good-ann\x01\x01", "EXTERNAL": "ann", "ANONYMOUS": "",
	} {
		ways[mechanism] = func(password string) (Identity, error) {
			env := showing(&x509.Certificate{Subject: pkix.Name{CommonName: "ann"}}, true)
			e, err := f.Start(mechanism, env)
			if err != nil {
				t.Fatal(err)
			}
			if mechanism == "PLAIN" {
				response += password
			}
			_, _, err = e.Next([]byte(response))
			return e.Identity(), err
		}
	}
	ways["SCRAM-SHA-256"] = func(password string) (Identity, error) {
		e, _ := f.Start("SCRAM-SHA-256", Env{Remote: home})
		err := runScram(t, e, scramClient(t, "ann", password).NewConversation())
		return e.Identity(), err
	}
	return ways
}

// Aim: RFC 2221 §6. Where an account lives is told to its owner, by every way in,
// and to nobody else; mail for it is not taken.
func TestReferral(t *testing.T) {
	f := newFixture(t)
	f.withIssuer(t)
	f.external, f.anonymous = NamesCommonName, "ann"
	info := f.add(t, "ann", "p")
	const url = "imap://ann;AUTH=*@mail.elsewhere.example/"
	ways := f.waysIn(t)
	if err := f.try(t, home, "ann", "p"); err != nil { // it is remembered
		t.Fatal(err)
	}
	if err := f.directory.SetReferral(t.Context(), "ann", Referral{URL: url}); err != nil {
		t.Fatal(err)
	}
	for name, way := range ways {
		identity, err := way("p")
		if referred := new(ReferredError); !errors.As(err, &referred) || referred.URL != url || identity != (Identity{}) {
			t.Errorf("%s: %+v, %v", name, identity, err)
		}
	}
	if err := f.try(t, home, "ann", "wrong"); err != ErrCredentials {
		t.Errorf("with a wrong password: %v", err)
	}
	e, _ := f.Start("PLAIN", Env{Remote: home, TLS: &tls.ConnectionState{}})
	if _, _, err := e.Next([]byte("other\x00ann\x00p")); err != ErrAuthorization {
		t.Errorf("as somebody else: %v", err) // who has no right to be that learns nothing of it
	}
	if _, err := f.directory.Resolve(t.Context(), "ann"); !errors.Is(err, ErrReferred) {
		t.Errorf("mail: %v", err)
	}
	if err := f.directory.SetReferral(t.Context(), "ann", Referral{URL: url, Open: true}); err != nil {
		t.Fatal(err)
	}
	for name, way := range ways {
		identity, err := way("")
		if name == "password" || name == "SCRAM-SHA-256" {
			identity, err = way("p")
		}
		if err != nil || identity.Account != info.ID || identity.Referral != url {
			t.Errorf("%s, open: %+v, %v", name, identity, err)
		}
	}
	if _, err := f.directory.Resolve(t.Context(), "ann"); !errors.Is(err, ErrReferred) {
		t.Errorf("mail, open: %v", err)
	}
	if err := f.directory.SetReferral(t.Context(), "ann", Referral{}); err != nil {
		t.Fatal(err)
	}
	if recipient, err := f.directory.Resolve(t.Context(), "ann"); err != nil || len(recipient.Accounts) != 1 {
		t.Errorf("back again: %v", err)
	}
	if err := f.directory.SetReferral(t.Context(), "nobody", Referral{URL: url}); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}
