package transfer

import (
	"testing"

	"github.com/restante/restante/internal/mail"
)

// The aim: who moves in with more than his quota brings all of it: half a
// mailbox is worse than one that cannot grow.
func TestImportGoesBeyondQuota(t *testing.T) {
	r := newRig(t)
	account, err := r.store.Account(t.Context(), 7)
	r.must(err)
	_, err = account.Commit(t.Context(), mail.ChangeQuota(func(mail.OwnQuota) mail.OwnQuota {
		return mail.OwnQuota{Set: mail.AllResources, Limits: mail.Quota{1, 1, 1, 1}}
	}))
	r.must(err)
	dir := files(t, "Lists/go", "From a@example.org Thu Jan  1 00:00:00 1970\nSubject: one\n\none\n\nFrom a@example.org Thu Jan  1 00:00:00 1970\nSubject: two\n\ntwo\n")
	r.wantProblems(r.imports("mbox", dir, 7))
	if got := len(r.account(7)["Lists/go"].messages); got != 2 {
		t.Errorf("%d messages were imported", got)
	}
}
