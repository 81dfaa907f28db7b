package store

import (
	"testing"

	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// Accounts without limits of their own have the store's, a number of mailboxes
// among them in any case; and both outlive a restart and a new index.
func TestDefaultQuota(t *testing.T) {
	fs := vfs.NewMem()
	standard := mail.Quota{mail.ResourceMessage: mail.LimitOf(5)}
	open := func() *Store {
		s, err := Open(Options{FS: fs, Dir: "/data", Limits: Limits{Quota: standard, Mailboxes: 99}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	quota := func(s *Store, id mail.AccountID) (quota mail.Quota) {
		a, _ := provision(t, s, id)
		if err := a.Read(t.Context(), func(state mail.State) error { quota = state.Quota(); return nil }); err != nil {
			t.Fatal(err)
		}
		return quota
	}
	s := open()
	a, inbox := provision(t, s, 7)
	own := mail.Quota{mail.ResourceStorage: mail.LimitOf(1000), mail.ResourceMailbox: mail.LimitOf(500)}
	set := mail.ResourceSet(0).With(mail.ResourceStorage).With(mail.ResourceMailbox)
	mustCommit(t, a, mail.ChangeQuota(func(mail.OwnQuota) mail.OwnQuota { return mail.OwnQuota{Set: set, Limits: own} }))
	appendTo(t, s, a, inbox, text(1, 2000))
	own[mail.ResourceMailbox], own[mail.ResourceMessage] = mail.LimitOf(99), mail.LimitOf(5)
	for range 2 {
		if got := quota(s, 7); got != own {
			t.Errorf("the quota of its own is %v, want %v", got, own)
		}
		if got, want := quota(s, 8), (mail.Quota{1: mail.LimitOf(5), 2: mail.LimitOf(99)}); got != want {
			t.Errorf("the quota of others is %v, want %v", got, want)
		}
		requireSound(t, s)
		closeTest(t, s)
		if err := fs.RemoveAll("/data/index"); err != nil {
			t.Fatal(err)
		}
		s = open()
	}
	closeTest(t, s)
}

// An account whose counters are wrong is found.
func TestCheckCountsUsage(t *testing.T) {
	s, _, _ := busy(t)
	defer closeTest(t, s)
	c := &checker{store: s}
	head, err := readHead(s.index, 7)
	if err != nil {
		t.Fatal(err)
	}
	c.checkUsage(7, head, head.Usage())
	if !c.report.Sound() {
		t.Fatal(c.report.Problems)
	}
	for r := range mail.Resources {
		wrong := head.Usage()
		wrong[r]++
		c.checkUsage(7, head, wrong)
	}
	if len(c.report.Problems) != int(mail.ResourceCount) {
		t.Errorf("found %v", c.report.Problems)
	}
}
