package imapserver

import (
	"context"
	"testing"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/auth/bearer"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
)

// setElsewhere makes what the cases of referrals and of ANONYMOUS rely on
// (docs/transcripts.md).
func setElsewhere(t testing.TB, opened *store.Store, directory *auth.Directory) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, referral := range map[string]auth.Referral{
		"public":    {},
		"elsewhere": {URL: "imap://elsewhere;AUTH=*@mail2.example.org/"},
		"partly":    {URL: "imap://partly;AUTH=*@mail2.example.org/", Open: true},
	} {
		_, err := directory.AddAccount(ctx, name, "secret")
		must(err)
		must(directory.SetReferral(ctx, name, referral))
	}
	accounts, err := directory.Accounts(ctx)
	must(err)
	for _, info := range accounts {
		account, err := opened.Account(ctx, info.ID)
		must(err)
		for name, urls := range map[string][]string{
			"Referred/One": {"imap://u;AUTH=*@mail2.example.org/Shared/One"},
			"Referred/Two": {"imap://u;AUTH=*@mail2.example.org/Two", "imap://u;AUTH=*@mail3.example.org/Two"},
		} {
			_, err = account.Commit(ctx, mail.SetReferral(name, urls))
			must(err)
		}
	}
}

// testTokens takes tokens of an issuer that never answers.
func testTokens(t testing.TB) *bearer.Checker {
	t.Helper()
	checker, err := bearer.New(bearer.Options{Issuer: "http://127.0.0.1:9", Audience: "mail", Scope: "imap"})
	if err != nil {
		t.Fatal(err)
	}
	return checker
}
