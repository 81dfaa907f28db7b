package mailtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

func wish(op mail.FlagsOp, flags ...imap.Flag) mail.FlagsWish {
	return mail.FlagsWish{Op: op, Flags: flags}
}

func testFlags(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 200)
	var result mail.FlagsResult
	at := f.commit(a, mail.ChangeFlags(inbox, span(100, 150), wish(mail.AddFlags, imap.FlagSeen, "$a", "$b"), &result))
	f.equal("changed", result.Changed, "100:150")
	box := f.mailbox(a, mail.Inbox)
	f.equal("mailbox", []any{box.Unseen, box.Keywords, box.HighestModSeq}, []any{149, []imap.Flag{"$a", "$b"}, at})
	if again := f.commit(a, mail.ChangeFlags(inbox, span(100, 150), wish(mail.AddFlags, "$A"), &result)); again != at {
		f.Fatalf("a change that changes nothing moved %d to %d", at, again)
	}
	f.commit(a, mail.ChangeFlags(inbox, span(120, 129), wish(mail.RemoveFlags, imap.FlagSeen, "$a"), &result))
	f.commit(a, mail.ChangeFlags(inbox, span(140, 140), wish(mail.ReplaceFlags, imap.FlagDeleted), &result))
	f.read(a, func(state mail.State) {
		box, err := state.Mailbox(inbox)
		if err != nil {
			f.Fatal(err)
		}
		for uid, want := range map[imap.UID]string{99: "[]", 100: `[\Seen $a $b]`, 125: "[$b]", 140: `[\Deleted]`, 150: `[\Seen $a $b]`} {
			m, err := state.Message(inbox, uid)
			if err != nil {
				f.Fatal(err)
			}
			f.equal(fmt.Sprint("flags of ", uid), box.AppendFlags(nil, m.Flags), want)
		}
		f.equal("changed since", uidsOf(sorted(f.rows(state.Changed(inbox, at)))), "120:129,140")
		f.equal("counters", []any{box.Unseen, box.Deleted}, []any{160, 1})
	})
	f.manyKeywords(a, inbox)
}

// manyKeywords uses more keywords than fit into a machine word.
func (f *fixture) manyKeywords(a mail.Account, inbox mail.MailboxID) {
	for n := range 90 {
		flag := imap.Flag("k" + strconv.Itoa(n))
		f.commit(a, mail.ChangeFlags(inbox, span(1, 2), wish(mail.AddFlags, flag), new(mail.FlagsResult)))
	}
	f.commit(a, mail.Copy(inbox, span(1, 1), "Archive", now, new(mail.Copied)))
	f.read(a, func(state mail.State) {
		box, err := state.MailboxNamed("Archive")
		if err != nil {
			f.Fatal(err)
		}
		m, err := state.Message(box.ID, 1)
		if err != nil {
			f.Fatal(err)
		}
		f.equal("flags of the copy", len(box.AppendFlags(nil, m.Flags)), 90)
	})
}

func sorted(rows []mail.Message) []mail.Message {
	slices.SortFunc(rows, func(a, b mail.Message) int { return int(a.UID) - int(b.UID) })
	return rows
}

func testRemoved(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 10, "$Work")
	start := f.mailbox(a, mail.Inbox).HighestModSeq
	f.commit(a, mail.ChangeFlags(inbox, span(3, 5), wish(mail.AddFlags, imap.FlagDeleted), new(mail.FlagsResult)))
	var gone imap.UIDSet
	first := f.commit(a, mail.Expunge(inbox, span(1, 4), &gone))
	f.equal("expunged", gone, "3:4")
	second := f.commit(a, mail.Expunge(inbox, nil, &gone))
	f.equal("expunged", gone, "5")
	f.commit(a, mail.Remove(inbox, span(9, 20), &gone))
	f.equal("removed", gone, "9:10")
	f.read(a, func(state mail.State) {
		f.equal("left", uidsOf(f.rows(state.Messages(inbox, everything))), "1:2,6:8")
		rows := f.rows(state.Readable(inbox, span(2, 9)))
		f.equal("readable", uidsOf(rows), "2:9")
		box, err := state.Mailbox(inbox)
		if err != nil {
			f.Fatal(err)
		}
		f.equal("removed row", []any{rows[1].Removed, box.AppendFlags(nil, rows[1].Flags)}, []any{first, `[\Deleted $Work]`})
		f.equal("row that is there", rows[0].Removed, 0)
		bodies := a.Bodies()
		defer bodies.Close()
		f.content(bodies, &rows[1])
		if _, err := state.Structure(rows[1].Email); err != nil {
			f.Fatal("structure of a removed message: ", err)
		}
		for after, want := range map[imap.ModSeq]string{start: "3:5,9:10", first: "5,9:10", second: "9:10", state.ModSeq(): "", 1 << 40: ""} {
			set, complete, err := state.Removed(inbox, after)
			f.equal(fmt.Sprint("removed after ", after), []any{set, complete, err}, []any{want, true, nil})
		}
		f.equal("changed", uidsOf(sorted(f.rows(state.Changed(inbox, start)))), "")
		_, err = state.Message(inbox, 3)
		f.fails("removed message", err, mail.ErrNoMessage)
	})
	f.equal("next UID", f.add(a, inbox, 1), 11)
}

func testRecent(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 3)
	before := f.mailbox(a, mail.Inbox)
	var claimed imap.UIDSet
	f.commit(a, mail.ClaimRecent(inbox, &claimed))
	f.equal("claimed", claimed, "1:3")
	f.commit(a, mail.ClaimRecent(inbox, &claimed))
	f.equal("claimed again", claimed, "")
	after := f.mailbox(a, mail.Inbox)
	f.equal("position of the mailbox", []any{after.HighestModSeq, after.RecentFrom}, []any{before.HighestModSeq, 4})
	f.add(a, inbox, 2)
	f.commit(a, mail.ClaimRecent(inbox, &claimed))
	f.equal("claimed later", claimed, "4:5")
}

func testWatch(f *fixture) {
	a, inbox := f.user(1)
	other, otherInbox := f.user(2)
	var notices atomic.Int64
	watch := a.Watch(func() { notices.Add(1) })
	second := f.account(1).Watch(nil)
	f.add(a, inbox, 2, "$New")
	if notices.Load() != 1 {
		f.Fatal("a commit returned before its change was published")
	}
	f.add(other, otherInbox, 1)
	at := f.commit(a, mail.ChangeFlags(inbox, span(1, 1), wish(mail.AddFlags, imap.FlagSeen), new(mail.FlagsResult)))
	f.commit(a, mail.Remove(inbox, span(2, 2), new(imap.UIDSet)))
	f.commit(a, mail.RenameMailbox("Trash", "Bin", now))
	changes, overflowed := watch.Take()
	f.equal("changes", []any{len(changes), overflowed}, []any{4, false})
	added, flagged, removed, renamed := changes[0].Messages[0], changes[1].Messages[0], changes[2].Messages[0], changes[3].Mailboxes[0]
	f.equal("added", added, mail.MessageChange{Mailbox: inbox, Kind: mail.MessagesWereAdded, UIDs: span(1, 2), NewKeywords: true})
	f.equal("flagged", []any{flagged, changes[1].ModSeq}, []any{mail.MessageChange{Mailbox: inbox, Kind: mail.FlagsWereChanged, UIDs: span(1, 1)}, at})
	f.equal("removed", removed, mail.MessageChange{Mailbox: inbox, Kind: mail.MessagesWereRemoved, UIDs: span(2, 2)})
	f.equal("renamed", []any{renamed.Kind, renamed.Name, renamed.OldName}, []any{mail.MailboxWasRenamed, "Bin", "Trash"})
	for i := range changes[1:] {
		if changes[i+1].ModSeq <= changes[i].ModSeq {
			f.Fatal("changes are out of order")
		}
	}
	same, _ := second.Take()
	f.equal("changes of the second watch", len(same), 4)
	watch.Close()
	f.add(a, inbox, 1)
	if changes, _ := watch.Take(); len(changes) > 0 {
		f.Fatal("a closed watch was told")
	}
	second.Close()
}

func testWatchOverflow(f *fixture) {
	a, _ := f.user(1)
	watch := a.Watch(nil)
	defer watch.Close()
	overflowed := false
	for n := range 2000 {
		f.commit(a, one(mail.EntryPut{Key: "n", Value: strconv.AppendInt(nil, int64(n), 10)}))
	}
	if _, overflowed = watch.Take(); !overflowed {
		f.Fatal("two thousand changes were queued")
	}
	f.commit(a, one(mail.EntryRemoved{Key: "n"}))
	changes, overflowed := watch.Take()
	f.equal("changes after an overflow", []any{len(changes), overflowed}, []any{1, false})
}

// testChangesAgainstModel asks after random histories, from every position,
// what has changed and what is gone.
func testChangesAgainstModel(f *fixture) {
	seed := uint64(now.Unix())
	random := rand.New(rand.NewPCG(seed, 6))
	a, inbox := f.user(1)
	changed, removed := map[imap.UID]imap.ModSeq{}, map[imap.UID]imap.ModSeq{}
	for range 120 {
		from := imap.UID(1 + random.IntN(300))
		set := span(from, from+imap.UID(random.IntN(60)))
		var touched imap.UIDSet
		var result mail.FlagsResult
		var at imap.ModSeq
		switch random.IntN(5) {
		case 0, 1:
			count := 1 + random.IntN(10)
			first := f.add(a, inbox, count)
			at, touched = f.mailbox(a, mail.Inbox).HighestModSeq, span(first, first+imap.UID(count-1))
		case 2, 3:
			flag := []imap.Flag{imap.FlagSeen, "$a", "$b"}[random.IntN(3)]
			at = f.commit(a, mail.ChangeFlags(inbox, set, wish([]mail.FlagsOp{mail.AddFlags, mail.RemoveFlags}[random.IntN(2)], flag), &result))
			touched = result.Changed
		default:
			at = f.commit(a, mail.Remove(inbox, set, &touched))
			for uid := range touched.All {
				removed[uid] = at
				delete(changed, uid)
			}
			continue
		}
		for uid := range touched.All {
			changed[uid] = at
		}
	}
	f.read(a, func(state mail.State) {
		for after := imap.ModSeq(0); after <= state.ModSeq(); after++ {
			gone, complete, err := state.Removed(inbox, after)
			f.equal(fmt.Sprintf("seed %d: removed after %d", seed, after), []any{gone, complete, err}, []any{newer(removed, after), true, nil})
			f.equal(fmt.Sprintf("seed %d: changed after %d", seed, after), uidsOf(sorted(f.rows(state.Changed(inbox, after)))), newer(changed, after))
		}
	})
	if _, err := f.store.Account(context.Background(), 1); err != nil {
		f.Fatal(err)
	}
}

func newer(of map[imap.UID]imap.ModSeq, after imap.ModSeq) imap.UIDSet {
	var uids []imap.UID
	for uid, at := range of {
		if at > after {
			uids = append(uids, uid)
		}
	}
	slices.Sort(uids)
	return imap.SetOf(uids...)
}
