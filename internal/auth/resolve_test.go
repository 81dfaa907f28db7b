package auth

import (
	"errors"
	"fmt"
	"testing"
)

// Aim: an address finds its accounts by each of the ways, in their order.
func TestResolve(t *testing.T) {
	f := newFixture(t)
	d, ctx := f.directory, t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.AddDomain(ctx, "bücher.example"))
	must(d.AddDomain(ctx, "catch.example"))
	f.add(t, "u0001", "p")
	f.add(t, "u0002", "p")
	f.add(t, "Jürgen@bücher.example", "p")
	f.add(t, "off", "p")
	must(d.SetDisabled(ctx, "off", true))
	must(d.SetAlias(ctx, "both", []string{"u0001", "u0002", "off"}))
	must(d.SetAlias(ctx, "loop", []string{"both"}))
	must(d.SetAlias(ctx, "both2", []string{"loop", "u0002"}))
	must(d.SetAlias(ctx, "loop", []string{"both2", "u0001"}))
	must(d.SetAlias(ctx, "u0001+list", []string{"u0002"}))
	must(d.SetAlias(ctx, "nobody", []string{"off"}))
	must(d.SetCatchAll(ctx, "catch.example", "u0002"))
	for _, test := range []struct {
		address string
		want    string
		err     error
	}{
		{"u0001", "[1]", nil},
		{"U0001@LocalHost", "[1]", nil},
		{"u0001@localhost.", "[1]", nil},
		{`"u0001"@localhost`, "[1]", nil},
		{"u0001+anything@localhost", "[1] anything", nil},
		{"u0001+list@localhost", "[2] list", nil},
		{"both", "[1 2]", nil},
		{"both+tag", "[1 2] tag", nil},
		{"loop", "[1 2]", nil},
		{"jürgen@xn--bcher-kva.example", "[3]", nil},
		{"JÜRGEN@BÜCHER.example", "[3]", nil},
		{"anyone@catch.example", "[2]", nil},
		{"off", "", ErrDisabled},
		{"nobody", "", ErrDisabled},
		{"u0009", "", ErrNoUser},
		{"u0001@bücher.example", "", ErrNoUser},
		{"u0001@elsewhere.example", "", ErrNotLocal},
		{"u0001@[127.0.0.1]", "", ErrNoUser},
		{"Postmaster", "[1]", nil},
		{"postmaster@bücher.example", "[1]", nil},
	} {
		got, err := f.Resolve(ctx, test.address)
		text := ""
		if err == nil {
			if text = fmt.Sprint(got.Accounts); got.Detail != "" {
				text += " " + got.Detail
			}
		}
		if text != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %v; want %q, %v", test.address, text, err, test.want, test.err)
		}
	}
}

// Aim: the directory refuses what would leave it contradictory.
func TestChangesAreChecked(t *testing.T) {
	f := newFixture(t)
	d, ctx := f.directory, t.Context()
	f.add(t, "u0001", "p")
	for i, test := range []struct {
		err, want error
	}{
		{second(d.AddAccount(ctx, "u0001@localhost", "p")), ErrExists},
		{second(d.AddAccount(ctx, "x@example.org", "p")), ErrNotFound},
		{second(d.AddAccount(ctx, "a b", "p")), ErrBadAddress},
		{second(d.AddAccount(ctx, "@", "p")), ErrBadAddress},
		{second(d.AddAccount(ctx, "u0002", "")), ErrBadPassword},
		{second(d.AddAccount(ctx, "u0002", "a\x00b")), ErrBadPassword},
		{d.SetPassword(ctx, "u0002", "p"), ErrNotFound},
		{d.SetDisabled(ctx, "u0002", true), ErrNotFound},
		{d.DeleteAccount(ctx, "u0002"), ErrNotFound},
		{d.SetAlias(ctx, "u0001", []string{"u0001"}), ErrExists},
		{d.SetAlias(ctx, "a", []string{"somebody@example.com"}), ErrNotFound},
		{d.SetAlias(ctx, "a", nil), ErrBadAddress},
		{d.RemoveAlias(ctx, "a"), ErrNotFound},
		{d.RemoveDomain(ctx, "example.org"), ErrNotFound},
		{d.SetCatchAll(ctx, "example.org", "u0001"), ErrNotFound},
		{d.AddDomain(ctx, "exa mple"), ErrBadAddress},
		{d.AddDomain(ctx, "a..b"), ErrBadAddress},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("change %d: %v, want %v", i, test.err, test.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Aim: accounts named without a domain are in the default domain, whichever
// it becomes, and no identifier is given twice.
func TestDefaultDomainAndIdentifiers(t *testing.T) {
	f := newFixture(t)
	d, ctx := f.directory, t.Context()
	first := f.add(t, "u0001", "p")
	if err := d.SetDefaultDomain(ctx, "example.org"); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Resolve(ctx, "u0001@example.org"); err != nil || got.Accounts[0] != first.ID {
		t.Errorf("after naming the default domain: %v, %v", got, err)
	}
	if err := f.try(t, home, "u0001", "p"); err != nil {
		t.Errorf("login without domain: %v", err)
	}
	if err := d.DeleteAccount(ctx, "u0001"); err != nil {
		t.Fatal(err)
	}
	if err := f.try(t, home, "u0001", "p"); err != ErrCredentials {
		t.Errorf("login of a deleted account: %v", err)
	}
	if again := f.add(t, "u0001@example.org", "p"); again.ID == first.ID {
		t.Errorf("identifier %d was given again", again.ID)
	}
	if err := d.RemoveDomain(ctx, "example.org"); !errors.Is(err, ErrInUse) {
		t.Errorf("removing the default domain: %v", err)
	}
	if err := d.SetDefaultDomain(ctx, "example.net"); err != nil {
		t.Fatal(err)
	}
	if err := d.RemoveDomain(ctx, "example.org"); !errors.Is(err, ErrInUse) {
		t.Errorf("removing a domain with an account: %v", err)
	}
	if records := f.store.others[first.ID]; len(records) < 2 {
		t.Errorf("a new account began with %d records", len(records))
	}
}
