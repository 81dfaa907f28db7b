package conform

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/restante/restante/internal/e2e"
	"github.com/restante/restante/internal/transcript"
)

// accounts is how many cases run at once on the project's own server.
const accounts = 8

// users is how many accounts there are: cases with several users have them to
// themselves.
const users = 3 * accounts

// configuration turns on what a server does not offer by itself.
const configuration = `
[auth]
scram_sha1 = true
anonymous = "public"

[oauth]
issuer = "http://127.0.0.1:9" # which never answers
audience = "mail"
scope = "imap"
`

// startOwn starts a server that offers everything. The accounts are added to
// the running server, so that they have what its configuration wants.
func startOwn(t *testing.T, count int) *e2e.Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "restante.toml")
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	server := e2e.StartOn(t, t.TempDir(), "--config", file)
	for n := range count {
		name := fmt.Sprintf("u%04d", n+1)
		e2e.AddAccount(t, server.Dir, name)
		refer(t, server, "mailbox", name, "Referred/One", "imap://u;AUTH=*@mail2.example.org/Shared/One")
		refer(t, server, "mailbox", name, "Referred/Two", "imap://u;AUTH=*@mail2.example.org/Two", "imap://u;AUTH=*@mail3.example.org/Two")
	}
	for _, name := range []string{"public", "elsewhere", "partly"} {
		e2e.AddAccount(t, server.Dir, name)
	}
	refer(t, server, "account", "elsewhere", "imap://elsewhere;AUTH=*@mail2.example.org/")
	refer(t, server, "account", "partly", "imap://partly;AUTH=*@mail2.example.org/", "--open")
	return server
}

// refer makes what the cases of referrals rely on (docs/transcripts.md).
func refer(t *testing.T, server *e2e.Server, what string, arguments ...string) {
	t.Helper()
	e2e.Run(t, "", append([]string{what, "refer", "--data", server.Dir}, arguments...)...)
}

// collected is what the tests of this package have found out, for the one that
// writes it down.
var collected judgement

// playOwn plays cases against the project's own server, and holds it to its
// promises, too.
func playOwn(t *testing.T, o Options) {
	t.Helper()
	o.Promises = true
	judged, err := judge(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	collected.outcomes = append(collected.outcomes, judged.outcomes...)
	collected.offered = append(collected.offered, judged.offered...)
	report := transcript.NewReport(o.Address, judged.outcomes)
	if report.Failed > 0 {
		var out bytes.Buffer
		if err := report.Text(&out); err != nil {
			t.Fatal(err)
		}
		t.Error(out.String())
	}
}

// The aim: the project's own server meets every case in every dialect, and
// keeps the promises that the RFCs leave to it.
func TestOwnServer(t *testing.T) {
	server := startOwn(t, users)
	var dialects []string
	if dialect := os.Getenv("RESTANTE_DIALECT"); dialect != "" {
		dialects = []string{dialect}
	}
	began := time.Now()
	playOwn(t, Options{
		Cases:    os.Getenv("RESTANTE_CASES"), // empty: all
		Dialects: dialects,
		Address:  server.Addresses["imap"],
		Users:    "u%04d@example.org",
		Password: e2e.Password,
		Accounts: users,
		Parallel: accounts,
	})
	t.Logf("the cases took %v", time.Since(began))
}

// The aim: the cases about login and the greeting hold where the connection
// begins with TLS, too.
func TestOwnServerUnderTLS(t *testing.T) {
	server := startOwn(t, 2)
	playOwn(t, Options{
		Address: server.Addresses["imaps"], TLS: true,
		Users: "u%04d", Password: e2e.Password, Accounts: 2,
		Cases: "^(auth|session|idle)/",
	})
}

// withoutCompression are the cases that begin compression themselves, end it, or
// begin something that compression cannot be within (RFC 4978 §3, RFC 8437 §4).
const withoutCompression = "^(compress|unauthenticate)/"

// The aim: every case holds with compression on: each response is flushed at
// once, in both directions, in IDLE too.
func TestOwnServerCompressed(t *testing.T) {
	server := startOwn(t, accounts)
	playOwn(t, Options{
		Address: server.Addresses["imap"], Compress: true, Except: withoutCompression,
		Users: "u%04d", Password: e2e.Password, Accounts: accounts, Dialects: []string{"rev1", "full"},
	})
}
