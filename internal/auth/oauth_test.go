package auth

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/internal/auth/bearer"
)

// withIssuer lets a fixture take tokens of an issuer on this machine, for which
// "good-NAME" is a token of NAME.
func (f *fixture) withIssuer(t *testing.T) *httptest.Server {
	t.Helper()
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.PostFormValue("token"), "good-")
		_ = json.NewEncoder(w).Encode(map[string]any{"active": ok, "email": name, "scope": r.PostFormValue("token_type_hint") + " imap"})
	}))
	t.Cleanup(issuer.Close)
	checker, err := bearer.New(bearer.Options{Issuer: issuer.URL, Introspection: issuer.URL + "/introspect", Scope: "imap"})
	if err != nil {
		t.Fatal(err)
	}
	f.oauth = OAuth{Checker: checker}
	return issuer
}

// Aim: a token opens the account that it is for, in both mechanisms; anything
// else is explained in JSON, and ends with the client's next word.
func TestOAuth(t *testing.T) {
	f := newFixture(t)
	issuer := f.withIssuer(t)
	info := f.add(t, "u0001", "p")
	f.add(t, "off", "p")
	if err := f.directory.SetDisabled(t.Context(), "off", true); err != nil {
		t.Fatal(err)
	}
	f.oauth.Hosts = []string{"mail.example.org"}
	newer := `{"openid-configuration":"` + issuer.URL + `/.well-known/openid-configuration","scope":"imap","status":"invalid_token"}`
	for _, test := range []struct {
		mechanism, response string
		explained           string
		want                error
	}{
		{"OAUTHBEARER", "n,,\x01auth=Bearer good-u0001\x01\x01", "", nil},
		{"oauthbearer", "n,a=u0001,\x01host=MAIL.example.org\x01port=143\x01auth=bEARER good-u0001@localhost\x01\x01", "", nil},
		{"OAUTHBEARER", "y,a=U0001@localhost,\x01new=thing\x01auth=Bearer good-u0001\x01\x01", "", nil},
		{"XOAUTH2", "user=u0001\x01auth=Bearer good-u0001\x01\x01", "", nil},
		{"OAUTHBEARER", "n,a=off,\x01auth=Bearer good-u0001\x01\x01", "", ErrAuthorization},
		{"XOAUTH2", "user=off\x01auth=Bearer good-u0001\x01\x01", "", ErrAuthorization},
		{"OAUTHBEARER", "n,,\x01auth=Bearer good-off\x01\x01", "", ErrDisabled},
		{"OAUTHBEARER", "n,,\x01auth=Bearer bad\x01\x01", newer, ErrCredentials},
		{"OAUTHBEARER", "n,,\x01auth=Bearer good-nobody\x01\x01", newer, ErrCredentials},
		{"OAUTHBEARER", "n,a=u0001,\x01auth=\x01\x01", newer, ErrCredentials},
		{"OAUTHBEARER", "n,a=u0001,\x01auth=MAC good-u0001\x01\x01", newer, ErrCredentials},
		{"OAUTHBEARER", "n,,\x01host=imap.elsewhere.example\x01auth=Bearer good-u0001\x01\x01",
			strings.Replace(newer, "invalid_token", "invalid_request", 1), ErrCredentials},
		{"XOAUTH2", "user=u0001\x01auth=Bearer bad\x01\x01", `{"schemes":"bearer","scope":"imap","status":"401"}`, ErrCredentials},
		{"OAUTHBEARER", "\x01", "", ErrCredentials},
		{"OAUTHBEARER", "", "", ErrProtocol},
		{"OAUTHBEARER", "n,,\x01\x01", "", ErrProtocol},
		{"OAUTHBEARER", "p=tls-exporter,,\x01auth=Bearer good-u0001\x01\x01", "", ErrProtocol},
		{"OAUTHBEARER", "n,,\x01auth=Bearer good-u0001\x01", "", ErrProtocol},
		{"OAUTHBEARER", "n,,\x01auth=Bearer good-u0001", "", ErrProtocol},
		{"OAUTHBEARER", "n,,\x01auth=Bearer bad\x01auth=Bearer good-u0001\x01\x01", "", ErrProtocol},
		{"OAUTHBEARER", "n,a=u=0001,\x01auth=Bearer good-u0001\x01\x01", "", ErrProtocol},
		{"OAUTHBEARER", "n,,\x01port=0143\x01auth=Bearer good-u0001\x01\x01", "", ErrProtocol},
		{"OAUTHBEARER", "n,,\x01auth=Bearer good-u0001\x00\x01\x01", "", ErrProtocol},
		{"XOAUTH2", "auth=Bearer good-u0001\x01\x01", "", ErrProtocol},
		{"XOAUTH2", "n,a=u0001,\x01auth=Bearer good-u0001\x01\x01", "", ErrProtocol},
	} {
		e, err := f.Start(test.mechanism, Env{Remote: home, TLS: &tls.ConnectionState{}})
		if err != nil {
			t.Fatal(err)
		}
		challenge, done, err := e.Next(nil)
		if done || err != nil || len(challenge) != 0 {
			t.Fatalf("%s did not ask: %q %v", test.mechanism, challenge, err)
		}
		challenge, done, err = e.Next([]byte(test.response))
		if string(challenge) != test.explained || done != (test.explained == "") {
			t.Errorf("%s %q: %q, %v", test.mechanism, test.response, challenge, done)
		}
		if test.explained != "" {
			if err != nil {
				t.Errorf("%s %q: %v too soon", test.mechanism, test.response, err)
			}
			_, done, err = e.Next([]byte("\x01"))
		}
		if !done || err != test.want || (err == nil) != (e.Identity().Account == info.ID) {
			t.Errorf("%s %q: %v %v, want %v", test.mechanism, test.response, done, err, test.want)
		}
		f.clock.pass(2 * f.directory.limits.DelayForget)
	}
}

// Aim: tokens are taken where nobody else sees them, and only if they are wanted.
func TestOAuthIsOffered(t *testing.T) {
	f := newFixture(t)
	secure := Env{Remote: home, TLS: &tls.ConnectionState{Version: tls.VersionTLS12}}
	offered := func(env Env) bool {
		_, older := f.Start("XOAUTH2", env)
		_, newer := f.Start("OAUTHBEARER", env)
		if (older == nil) != (newer == nil) {
			t.Error("one without the other")
		}
		return newer == nil
	}
	if offered(secure) {
		t.Error("offered without an issuer")
	}
	f.withIssuer(t)
	f.clearText = true
	if offered(Env{Remote: home}) || !offered(secure) || !offered(Env{Remote: net4(127, 0, 0, 1)}) {
		t.Error("offered in the wrong places")
	}
	if names := f.Mechanisms(Env{Remote: net4(127, 0, 0, 1)}); !slices.Contains(names, "OAUTHBEARER") || !slices.Contains(names, "XOAUTH2") {
		t.Errorf("offered: %v", names)
	}
}

// Aim: an issuer that does not answer is no reason to throw a token away, and
// does not hold up those who have a password; tokens that are tried one after
// the other are delayed.
func TestOAuthIssuerIsAway(t *testing.T) {
	f := newFixture(t)
	issuer := f.withIssuer(t)
	f.add(t, "u0001", "p")
	try := func(token string) error {
		e, err := f.Start("OAUTHBEARER", Env{Remote: net4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		challenge, done, err := e.Next([]byte("n,a=u0001,\x01auth=Bearer " + token + "\x01\x01"))
		if !done && len(challenge) > 0 {
			_, _, err = e.Next([]byte("\x01"))
		}
		return err
	}
	for _, token := range []string{"a", "b", "c", "d"} {
		if err := try(token); err != ErrCredentials {
			t.Error(err)
		}
	}
	if waited := f.clock.took(); waited < f.directory.limits.DelayFirst {
		t.Errorf("four bad tokens waited for %v", waited)
	}
	f.clock.pass(2 * f.directory.limits.DelayForget)
	issuer.Close()
	began := time.Now()
	if err := try("good-u0001"); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	if err := f.try(t, home, "u0001", "p"); err != nil || time.Since(began) > 5*time.Second {
		t.Error(err, time.Since(began))
	}
}

// FuzzOAuthResponse aims to find a response that crashes the reader, or that is
// taken with something in it that is not allowed.
func FuzzOAuthResponse(f *testing.F) {
	f.Add("n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01", false)
	f.Add("user=someuser@example.com\x01auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\x01\x01", true)
	f.Fuzz(func(t *testing.T, text string, older bool) {
		e := &oauthExchange{older: older}
		request, err := e.parse(text)
		if err == nil && strings.ContainsAny(request.token+request.authorization+request.host, "\x00\x01") {
			t.Errorf("%q: %+v", text, request)
		}
	})
}
