package auth

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/xdg-go/scram"
)

var scramHashes = map[string]scram.HashGeneratorFcn{"SCRAM-SHA-256": scram.SHA256, "SCRAM-SHA-1": scram.SHA1}

// bindingsOf are what a client can bind to, each on its own version of TLS.
func bindingsOf(t *testing.T, client tls.ConnectionState) []scram.ChannelBinding {
	t.Helper()
	exporter, err := scram.NewTLSExporterBinding(&client)
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := scram.NewTLSServerEndpointBinding(&client)
	if err != nil {
		t.Fatal(err)
	}
	all := []scram.ChannelBinding{exporter, endpoint}
	if client.Version < tls.VersionTLS13 {
		all = append(all, scram.NewTLSUniqueBinding(client.TLSUnique))
	}
	return all
}

// Aim: each hash binds to each channel that the version of TLS has; not to
// another connection, and not to what the version does not have.
func TestScramPlus(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "p")
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		client, server, leaf := tlsPair(t, version)
		_, elsewhere, _ := tlsPair(t, version)
		f.certificate = func(*tls.ConnectionState) *x509.Certificate { return leaf }
		for name, hash := range scramHashes {
			run := func(env Env, binding scram.ChannelBinding) error {
				e, err := f.Start(name+"-PLUS", env)
				if err != nil {
					t.Fatal(err)
				}
				made, err := hash.NewClient("u0001", "p", "")
				if err != nil {
					t.Fatal(err)
				}
				return runScram(t, e, made.NewConversationWithChannelBinding(binding))
			}
			for _, binding := range bindingsOf(t, client) {
				isEndpoint := binding.Type == scram.ChannelBindingTLSServerEndpoint
				if err := run(Env{Remote: home, TLS: &server}, binding); err != nil {
					t.Errorf("%s %x %s: %v", name, version, binding.Type, err)
				}
				if err := run(Env{Remote: home, TLS: &elsewhere}, binding); !isEndpoint && err != ErrCredentials {
					t.Errorf("%s %x %s on another connection: %v", name, version, binding.Type, err)
				}
				f.clock.pass(f.directory.limits.DelayForget * 2)
				// RFC 9266 §4.1: what is unique to a connection binds one login.
				if err := run(Env{Remote: home, TLS: &server, Again: true}, binding); (err == nil) != isEndpoint {
					t.Errorf("%s %x %s for a second login: %v", name, version, binding.Type, err)
				}
			}
			for _, binding := range []scram.ChannelBinding{
				scram.NewTLSUniqueBinding([]byte("made up")), {Type: "tls-telepathy", Data: []byte("x")},
			} {
				if err := run(Env{Remote: home, TLS: &server}, binding); err != ErrCredentials {
					t.Errorf("%s %x %s: %v", name, version, binding.Type, err)
				}
				f.clock.pass(f.directory.limits.DelayForget * 2)
			}
		}
	}
}

// Aim: neither TLS 1.3 has tls-unique, nor a session that was resumed without the
// extended master secret, for which Go leaves it out.
func TestScramUniqueBinding(t *testing.T) {
	for _, test := range []struct {
		state tls.ConnectionState
		want  bool
	}{
		{tls.ConnectionState{Version: tls.VersionTLS12, TLSUnique: []byte("finished")}, true},
		{tls.ConnectionState{Version: tls.VersionTLS12, DidResume: true}, false},
		{tls.ConnectionState{Version: tls.VersionTLS13, TLSUnique: []byte("finished")}, false},
	} {
		if _, ok := uniqueBinding(&test.state); ok != test.want {
			t.Errorf("%+v: %v", test.state, ok)
		}
	}
}

// Aim: RFC 5802 §6. "y" where -PLUS is offered is an attack; where it is not,
// the client is right. "p" and -PLUS go together, and "n" is always allowed
// without.
func TestScramFlags(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "p")
	_, server, leaf := tlsPair(t, tls.VersionTLS13)
	f.certificate = func(*tls.ConnectionState) *x509.Certificate { return leaf }
	for _, test := range []struct {
		mechanism, flag string
		tls             *tls.ConnectionState
		ok              bool
	}{
		{"SCRAM-SHA-256", "y", &server, false}, {"SCRAM-SHA-1", "y", &server, false},
		{"SCRAM-SHA-256", "y", nil, true}, {"SCRAM-SHA-1", "y", nil, true},
		{"SCRAM-SHA-256", "n", &server, true}, {"SCRAM-SHA-1", "n", nil, true},
		{"SCRAM-SHA-256", "p=tls-exporter", &server, false}, {"SCRAM-SHA-1", "p=tls-exporter", nil, false},
		{"SCRAM-SHA-256-PLUS", "p=tls-exporter", &server, true}, {"SCRAM-SHA-1-PLUS", "p=tls-exporter", &server, true},
		{"SCRAM-SHA-256-PLUS", "n", &server, false}, {"SCRAM-SHA-1-PLUS", "y", &server, false},
	} {
		e, err := f.Start(test.mechanism, Env{Remote: home, TLS: test.tls})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := e.Next([]byte(test.flag + ",,n=u0001,r=abc")); (err == nil) != test.ok {
			t.Errorf("%s with %q, TLS %v: %v", test.mechanism, test.flag, test.tls != nil, err)
		}
	}
}

// Aim: an account whose password was set before SCRAM-SHA-1 was wanted looks
// like nobody, and has its keys after one login with the password itself, and
// after no other.
func TestScramSHA1Keys(t *testing.T) {
	f := newFixture(t)
	f.directory.scramSHA1 = false
	f.add(t, "old", "p")
	if slices.Contains(f.Mechanisms(Env{}), "SCRAM-SHA-1") {
		t.Error("offered where it is not wanted")
	}
	f.directory.scramSHA1 = true
	f.add(t, "new", "p")
	try := func(login string) error {
		client, err := scram.SHA1.NewClient(login, "p", "")
		if err != nil {
			t.Fatal(err)
		}
		e, err := f.Start("SCRAM-SHA-1", Env{Remote: home})
		if err != nil {
			t.Fatal(err)
		}
		return runScram(t, e, client.NewConversation())
	}
	first := func(login string) string {
		e, _ := f.Start("SCRAM-SHA-1", Env{Remote: home})
		challenge, _, err := e.Next([]byte("n,,n=" + login + ",r=x"))
		if err != nil {
			t.Fatal(err)
		}
		return string(challenge[slices.Index(challenge, ','):])
	}
	if err := try("new"); err != nil {
		t.Errorf("a new account: %v", err)
	}
	if a, b := first("old"), first("old@localhost"); a != b || len(a) != len(first("nobody")) || len(a) != len(first("new")) {
		t.Errorf("%s, %s, %s and %s can be told apart", a, b, first("nobody"), first("new"))
	}
	if err := try("old"); err != ErrCredentials {
		t.Errorf("without keys: %v", err)
	}
	if err := f.try(t, home, "old", "wrong"); err != ErrCredentials {
		t.Fatal(err)
	}
	if err := try("old"); err != ErrCredentials {
		t.Errorf("after a wrong password: %v", err)
	}
	if err := f.try(t, home, "old", "p"); err != nil {
		t.Fatal(err)
	}
	if err := try("old"); err != nil {
		t.Errorf("after a login with the password: %v", err)
	}
	f.directory.scramSHA1 = false
	if err := f.directory.SetPassword(t.Context(), "old", "q"); err != nil {
		t.Fatal(err)
	}
	if v, _ := f.directory.view(t.Context()); v.byID[1].ScramSHA1 != nil {
		t.Error("keys of the old password are still there")
	}
}
