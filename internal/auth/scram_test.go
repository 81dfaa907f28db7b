package auth

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"strings"
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

// scramMessages has an exchange that would succeed, but for what a test makes of
// the client's two messages. The error is that of the server.
func (f fixture) scramMessages(t *testing.T, change func(message string) string) error {
	t.Helper()
	e, err := f.Start("SCRAM-SHA-256", Env{Remote: home})
	if err != nil {
		t.Fatal(err)
	}
	client, challenge := scramClient(t, "u0001", "p").NewConversation(), ""
	for range 2 {
		message, err := client.Step(challenge)
		if err != nil {
			t.Fatal(err)
		}
		reply, _, err := e.Next([]byte(change(message)))
		if err != nil {
			exchangeIsOver(t, e)
			return err
		}
		challenge = string(reply)
	}
	return nil
}

// exchangeIsOver says it all again to an exchange that has failed, which must not
// begin anew, nor end well.
func exchangeIsOver(t *testing.T, e Exchange) {
	t.Helper()
	for _, response := range []string{"n,,n=u0001,r=abc", "c=biws,r=abc,p=AAAA", ""} {
		if _, done, err := e.Next([]byte(response)); !done || err == nil || e.Identity() != (Identity{}) {
			t.Errorf("after a failure, %q: %v %v %+v", response, done, err, e.Identity())
		}
	}
}

// Aim: RFC 5802 §5, §5.1, §7. What is malformed is refused, and an exchange that
// has failed is over. (What the proof covers is the matter of the transcripts,
// whose client can prove what is wrong.)
func TestScramMessages(t *testing.T) {
	f := newFixture(t)
	f.add(t, "u0001", "p")
	replace := func(old, fresh string) func(string) string {
		return func(message string) string { return strings.Replace(message, old, fresh, 1) }
	}
	// Proofs are parted from what is before them, which is in all final messages.
	final := func(change func(before, proof string) string) func(string) string {
		return func(message string) string {
			if before, proof, ok := strings.Cut(message, ",p="); ok {
				return change(before, proof)
			}
			return message
		}
	}
	for name, test := range map[string]struct {
		change func(message string) string
		want   error
	}{
		"nothing":             {replace("", ""), nil},
		"another proof":       {replace(",p=", ",p=AAAA"), ErrCredentials},
		"a short proof":       {final(func(before, _ string) string { return before + ",p=AAAA" }), ErrCredentials},
		"no proof":            {final(func(before, _ string) string { return before }), ErrCredentials},
		"m first":             {replace("n,,", "n,,m=x,"), ErrProtocol},
		"m behind the nonce":  {replace("n,,n=u0001,r=", "n,,n=u0001,r=abc,m=x,z="), ErrProtocol},
		"no nonce":            {replace("n,,n=u0001,r=", "n,,n=u0001,r=,z="), ErrProtocol},
		"a nonce with spaces": {replace("n,,n=u0001,r=", "n,,n=u0001,r=a b"), ErrProtocol},
		"no flag":             {replace("n,,", ",,"), ErrProtocol},
		"an unknown flag":     {replace("n,,", "F,,"), ErrProtocol},
		"a bare equals sign":  {replace("n=u0001", "n=u=0001"), ErrProtocol},
		"nothing at all":      {func(string) string { return "" }, ErrProtocol},
	} {
		if err := f.scramMessages(t, test.change); err != test.want {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		f.clock.pass(f.directory.limits.DelayForget * 2)
	}
}

// Aim: RFC 5802 §5.1 (a). A client may say that it wants to be who it is, in any
// spelling, and not that it wants to be somebody else; commas and equals signs
// in names are escaped.
func TestScramAuthorization(t *testing.T) {
	f := newFixture(t)
	info := f.add(t, "u=1", "p")
	f.add(t, "other", "p")
	for authorization, want := range map[string]error{
		"": nil, "u=1": nil, "U=1@localhost": nil, "other": ErrAuthorization, "nobody, really": ErrAuthorization,
	} {
		client, err := scram.SHA256.NewClient("u=1", "p", authorization)
		if err != nil {
			t.Fatal(err)
		}
		e, _ := f.Start("SCRAM-SHA-256", Env{Remote: home})
		if err := runScram(t, e, client.NewConversation()); err != want || (err == nil) != (e.Identity().Account == info.ID) {
			t.Errorf("%q: %v %+v", authorization, err, e.Identity())
		}
	}
}

// Aim: RFC 5802 §5.1 (n), RFC 4616 §2. A name that is prepared, or should have
// been, finds its account by every mechanism, and one that is an account's own
// finds no other.
func TestLoginNamesArePrepared(t *testing.T) {
	f := newFixture(t)
	plain, ligature := f.add(t, "file", "p"), f.add(t, "\ufb01le", "q")
	for _, test := range []struct {
		login, password string
		want            AccountInfo
	}{
		{"file", "p", plain}, {"\uff46ile", "p", plain}, {"f\u00adile", "p", plain}, {"\uff26ILE@localhost", "p", plain}, {"\ufb01le", "q", ligature},
	} {
		if identity, err := f.Password(t.Context(), Attempt{test.login, test.password, home, "imap"}); err != nil || identity.Account != test.want.ID {
			t.Errorf("%q: %+v, %v", test.login, identity, err)
		}
		e, _ := f.Start("PLAIN", Env{Remote: home, TLS: &tls.ConnectionState{}})
		if _, _, err := e.Next([]byte(test.login + "\x00" + test.login + "\x00" + test.password)); err != nil || e.Identity().Account != test.want.ID {
			t.Errorf("%q with PLAIN: %+v, %v", test.login, e.Identity(), err)
		}
	}
	e, _ := f.Start("SCRAM-SHA-256", Env{Remote: home})
	if err := runScram(t, e, scramClient(t, "\uff46ile", "p").NewConversation()); err != nil || e.Identity().Account != plain.ID {
		t.Errorf("SCRAM: %+v, %v", e.Identity(), err)
	}
}
