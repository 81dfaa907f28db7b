package mailtest

import (
	"context"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

func (f *fixture) names(a mail.Account, prefix string) (names []string) {
	f.Helper()
	f.read(a, func(state mail.State) {
		for m, err := range state.Mailboxes(prefix) {
			if err != nil {
				f.Fatal(err)
			}
			names = append(names, m.Name)
		}
	})
	return names
}

func testProvision(f *fixture) {
	a, inbox := f.user(1)
	f.equal("names", f.names(a, ""), []string{"Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash"})
	f.equal("special use", f.mailbox(a, "Trash").SpecialUse, []imap.MailboxAttr{imap.AttrTrash})
	at := f.mailbox(a, mail.Inbox).HighestModSeq
	f.commit(a, mail.ProvisionAccount(now))
	f.equal("provisioned twice", []any{f.mailbox(a, mail.Inbox).ID, f.mailbox(a, mail.Inbox).HighestModSeq}, []any{inbox, at})
	f.read(a, func(state mail.State) {
		if state.UIDValidityFloor() < f.mailbox(a, "Trash").UIDValidity {
			f.Fatalf("UIDVALIDITY floor is %d", state.UIDValidityFloor())
		}
	})
}

func testNames(f *fixture) {
	a, inbox := f.user(1)
	var id, again mail.MailboxID
	f.commit(a, mail.CreateMailbox("a/b/c", nil, now, &id))
	f.equal("superiors", f.names(a, "a"), []string{"a", "a/b", "a/b/c"})
	first := f.mailbox(a, "a/b/c")
	f.add(a, id, 2)
	f.commit(a, mail.RenameMailbox("a/b", "x", now))
	f.equal("renamed", f.names(a, ""), []string{"Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash", "a", "x", "x/c"})
	moved := f.mailbox(a, "x/c")
	f.equal("same mailbox", []any{moved.ID, moved.UIDValidity, moved.Messages}, []any{id, first.UIDValidity, 2})
	f.commit(a, mail.DeleteMailbox("x/c"))
	f.commit(a, mail.CreateMailbox("x/c", nil, now, &again))
	anew := f.mailbox(a, "x/c")
	if again == id || anew.UIDValidity <= first.UIDValidity || anew.Messages != 0 {
		f.Fatalf("a name that is used again leads to %+v after %+v", anew, first)
	}
	f.read(a, func(state mail.State) {
		_, err := state.Mailbox(id)
		f.fails("deleted mailbox", err, mail.ErrNoMailbox)
		f.equal("its messages", len(f.rows(state.Messages(id, everything))), 0)
		_, err = state.UIDs(id)
		f.fails("its UIDs", err, mail.ErrNoMailbox)
	})
	f.commit(a, mail.SetReferral("away", []string{"imap://u@there/away"}))
	for _, c := range []struct {
		what   string
		decide mail.Decision
		want   error
	}{
		{"create what is there", mail.CreateMailbox("x/c", nil, now, new(mail.MailboxID)), mail.ErrMailboxExists},
		{"create what is elsewhere", mail.CreateMailbox("away", nil, now, new(mail.MailboxID)), mail.ErrMailboxExists},
		{"create below what is elsewhere", mail.CreateMailbox("away/a/b", nil, now, new(mail.MailboxID)), mail.ErrMailboxExists},
		{"delete what is not", mail.DeleteMailbox("nothing"), mail.ErrNoMailbox},
		{"delete a name above others", mail.DeleteMailbox("inbox"), mail.ErrInbox},
		{"rename to what is there", mail.RenameMailbox("x", "a", now), mail.ErrMailboxExists},
	} {
		_, err := a.Commit(context.Background(), c.decide)
		f.fails(c.what, err, c.want)
	}
	f.commit(a, one(mail.SpecialUseChanged{ID: again, SpecialUse: []imap.MailboxAttr{imap.AttrImportant}}))
	f.equal("special use", f.mailbox(a, "x/c").SpecialUse, []imap.MailboxAttr{imap.AttrImportant})
	f.equal("INBOX", f.mailbox(a, mail.Inbox).ID, inbox)
}

func testRenumbered(f *fixture) {
	a, inbox := f.user(1)
	before := f.mailbox(a, mail.Inbox)
	f.add(a, inbox, 3)
	if _, err := a.Commit(context.Background(), one(mail.MailboxRenumbered{ID: inbox, UIDValidity: 7, UIDNext: 1})); err == nil {
		f.Fatal("a mailbox with messages was renumbered")
	}
	f.commit(a, mail.Remove(inbox, everything, new(imap.UIDSet)))
	at := f.commit(a, one(mail.MailboxRenumbered{ID: inbox, UIDValidity: before.UIDValidity + 100, UIDNext: 2}))
	box := f.mailbox(a, mail.Inbox)
	f.equal("numbers", []any{box.UIDValidity, box.UIDNext, box.RecentFrom}, []any{before.UIDValidity + 100, 2, 2})
	f.read(a, func(state mail.State) {
		f.equal("removed ones", len(f.rows(state.Readable(inbox, everything))), 0)
		gone, complete, err := state.Removed(inbox, at)
		f.equal("removals since", []any{gone, complete, err}, []any{"", true, nil})
		_, complete, err = state.Removed(inbox, at-1)
		f.equal("removals before", []any{complete, err}, []any{false, nil})
		f.equal("floor", state.UIDValidityFloor(), before.UIDValidity+100)
	})
	f.equal("next UID", f.add(a, inbox, 1), 2)
	f.read(a, func(state mail.State) {
		uids, err := state.UIDs(inbox)
		f.equal("UIDs", []any{uids.Set(), err}, []any{"2", nil})
	})
}

func testEntries(f *fixture) {
	a := f.account(1)
	f.commit(a, one(
		mail.EntryPut{Key: "b", Value: []byte("2")}, mail.EntryPut{Key: "a", Value: []byte("1")},
		mail.EntryPut{Key: "a/x", Value: nil}, mail.EntryPut{Key: "c\x00\xff", Value: []byte("3")},
		mail.SubscriptionChanged{Name: "Lists", Subscribed: true}, mail.SubscriptionChanged{Name: "Été", Subscribed: true},
	))
	f.commit(a, one(mail.EntryPut{Key: "b", Value: []byte("two")}, mail.EntryRemoved{Key: "a"}, mail.EntryRemoved{Key: "never"}))
	f.read(a, func(state mail.State) {
		var all []string
		for entry, err := range state.Entries("") {
			if err != nil {
				f.Fatal(err)
			}
			all = append(all, entry.Key+"="+string(entry.Value))
		}
		f.equal("entries", all, []string{"a/x=", "b=two", "c\x00\xff=3"})
		_, err := state.Entry("a")
		f.fails("removed entry", err, mail.ErrNoEntry)
		if value, err := state.Entry("a/x"); err != nil || len(value) != 0 {
			f.Fatal("an empty entry: ", value, err)
		}
		count := 0
		for range state.Entries("b") {
			count++
		}
		f.equal("entries by prefix", count, 1)
		var names []string
		for name, err := range state.Subscriptions() {
			if err != nil {
				f.Fatal(err)
			}
			names = append(names, name)
		}
		f.equal("subscriptions", names, []string{"Lists", "Été"})
	})
	f.commit(a, mail.Subscribe("Lists", false))
	f.read(a, func(state mail.State) {
		for name := range state.Subscriptions() {
			f.equal("subscription", name, "Été")
		}
		for name, want := range map[string]bool{"Été": true, "Lists": false, "Ét": false} {
			is, err := state.IsSubscribed(name)
			if err != nil || is != want {
				f.Fatal(name, " is subscribed: ", is, err)
			}
		}
	})
}
