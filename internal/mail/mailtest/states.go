package mailtest

import (
	"context"
	"slices"
	"sync"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// testNewestState commits from many sides at once: each must have seen what
// all before it decided, for no two get the same UID or position.
func testNewestState(f *fixture) {
	a, inbox := f.user(1)
	const sides, each = 16, 20
	var mutex sync.Mutex
	var given []imap.UID
	var wg sync.WaitGroup
	bodies := make([]*mail.Body, sides)
	for i := range bodies {
		bodies[i] = f.stage(letter(i, 300))
	}
	for side := range sides {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range each {
				var uids imap.UIDSet
				at, err := a.Commit(context.Background(), mail.Append(inbox, []mail.NewMessage{{Body: bodies[side]}}, now, &uids))
				if err != nil {
					f.Error(err)
					return
				}
				f.read(a, func(state mail.State) {
					if m, err := state.Message(inbox, uids[0].Start); err != nil || m.ModSeq != at || state.ModSeq() < at {
						f.Errorf("message %s of position %d is %v (%v) in a state at %d", uids, at, m, err, state.ModSeq())
					}
				})
				mutex.Lock()
				given = append(given, uids[0].Start)
				mutex.Unlock()
			}
		}()
	}
	wg.Wait()
	slices.Sort(given)
	f.equal("different UIDs", len(slices.Compact(given)), sides*each)
	f.equal("messages", f.mailbox(a, mail.Inbox).Messages, sides*each)
	// A decision may look at all there is.
	f.commit(a, func(state mail.State) (mail.Effects, error) {
		uids, err := state.UIDs(inbox)
		f.equal("UIDs in a decision", []any{uids.Len(), err}, []any{sides * each, nil})
		f.equal("messages in a decision", len(f.rows(state.Messages(inbox, everything))), sides*each)
		return mail.Effects{}, nil
	})
}

func testStatesStay(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 10)
	f.read(a, func(state mail.State) {
		at := state.ModSeq()
		f.add(a, inbox, 5)
		f.commit(a, mail.Remove(inbox, span(1, 3), new(imap.UIDSet)))
		f.commit(a, mail.ChangeFlags(inbox, everything, mail.FlagsWish{Op: mail.AddFlags, Flags: []imap.Flag{"$New"}}, new(mail.FlagsResult)))
		f.commit(a, mail.DeleteMailbox("Trash"))
		uids, err := state.UIDs(inbox)
		if err != nil {
			f.Fatal(err)
		}
		f.equal("UIDs", uids.Set(), "1:10")
		f.equal("marks", uidsOf(f.rows(state.Marks(inbox, everything))), "1:10")
		f.equal("messages", uidsOf(f.rows(state.Messages(inbox, everything))), "1:10")
		box, err := state.Mailbox(inbox)
		f.equal("mailbox", []any{box.Messages, len(box.Keywords), err, state.ModSeq()}, []any{10, 0, nil, at})
		if _, err := state.MailboxNamed("Trash"); err != nil {
			f.Fatal(err)
		}
	})
	f.read(a, func(state mail.State) {
		uids, err := state.UIDs(inbox)
		f.equal("UIDs afterwards", []any{uids.Set(), err}, []any{"4:15", nil})
	})
}

func testContexts(f *fixture) {
	a, inbox := f.user(1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f.fails("read", a.Read(ctx, func(mail.State) error { return nil }), context.Canceled)
	_, err := a.Commit(ctx, mail.Append(inbox, []mail.NewMessage{{Body: f.stage(letter(1, 100))}}, now, new(imap.UIDSet)))
	f.fails("commit", err, context.Canceled)
	f.equal("messages", f.mailbox(a, mail.Inbox).Messages, 0)
	f.fails("error of the reader", a.Read(context.Background(), func(mail.State) error { return errNotNow }), errNotNow)
}

func testAccountsAreApart(f *fixture) {
	// Neighbours by number: a key that lacks its account would mix them up.
	ids := []mail.AccountID{0, 1, 2, 255, 256, 1<<64 - 1}
	for i, id := range ids {
		a, inbox := f.user(id)
		f.add(a, inbox, i+1, imap.FlagSeen)
		f.commit(a, one(mail.EntryPut{Key: "k", Value: []byte{byte(i)}}, mail.SubscriptionChanged{Name: "only" + string(rune('a'+i)), Subscribed: true}))
	}
	for i, id := range ids {
		a := f.account(id)
		inbox := f.mailbox(a, mail.Inbox).ID
		f.commit(a, mail.ChangeFlags(inbox, everything, mail.FlagsWish{Op: mail.AddFlags, Flags: []imap.Flag{"$Own"}}, new(mail.FlagsResult)))
		f.commit(a, mail.Expunge(inbox, everything, new(imap.UIDSet)))
		for k, other := range ids {
			f.read(f.account(other), func(state mail.State) {
				f.equal("messages", len(f.rows(state.Messages(inbox, everything))), k+1)
				value, err := state.Entry("k")
				f.equal("entry", []any{value, err}, []any{[]byte{byte(k)}, nil})
				changed := f.rows(state.Changed(inbox, 2))
				if own := len(changed) > 0; own != (k <= i) {
					f.Fatalf("account %d sees changes of account %d", other, id)
				}
				names := 0
				for _, err := range state.Subscriptions() {
					if err != nil {
						f.Fatal(err)
					}
					names++
				}
				f.equal("subscriptions", names, 7)
			})
		}
	}
	a, inbox := f.account(1), f.mailbox(f.account(1), mail.Inbox).ID
	f.read(a, func(state mail.State) {
		for _, m := range f.rows(state.Messages(inbox, everything)) {
			f.read(f.account(7), func(stranger mail.State) {
				_, err := stranger.Structure(m.Email)
				f.fails("structure of another's message", err, mail.ErrNoMessage)
				_, err = stranger.Mailbox(inbox)
				f.fails("mailbox of another", err, mail.ErrNoMailbox)
				_, err = stranger.UIDs(inbox)
				f.fails("UIDs of another", err, mail.ErrNoMailbox)
				_, err = stranger.Message(inbox, m.UID)
				f.fails("message of another", err, mail.ErrNoMessage)
			})
		}
	})
}

func testErased(f *fixture) {
	a, inbox := f.user(1)
	neighbour, inboxTwo := f.user(2)
	body := f.stage(letter(1, 1000))
	for _, d := range []mail.AccountDecision{
		{Account: 1, Decide: mail.Append(inbox, []mail.NewMessage{{Body: body}}, now, new(imap.UIDSet))},
		{Account: 2, Decide: mail.Append(inboxTwo, []mail.NewMessage{{Body: body}}, now, new(imap.UIDSet))},
	} {
		f.commit(f.account(d.Account), d.Decide)
	}
	watch := a.Watch(nil)
	defer watch.Close()
	f.commit(a, one(mail.EntryPut{Key: "last", Value: []byte("words")}, mail.AccountErased{}))
	changes, _ := watch.Take()
	if len(changes) != 1 || !changes[0].Erased {
		f.Fatalf("changes are %v", changes)
	}
	f.fails("read", a.Read(context.Background(), func(mail.State) error { return nil }), mail.ErrErased)
	_, err := a.Commit(context.Background(), mail.ProvisionAccount(now))
	f.fails("commit", err, mail.ErrErased)
	_, err = f.store.Account(context.Background(), 1)
	f.fails("account", err, mail.ErrErased)
	f.read(neighbour, func(state mail.State) {
		m, err := state.Message(inboxTwo, 1)
		if err != nil {
			f.Fatal(err)
		}
		bodies := neighbour.Bodies()
		defer bodies.Close()
		f.content(bodies, m)
	})
}
