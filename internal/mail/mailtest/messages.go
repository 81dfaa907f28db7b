package mailtest

import (
	"bytes"
	"context"
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

func testMessages(f *fixture) {
	a, inbox := f.user(5)
	first := f.add(a, inbox, 3, imap.FlagSeen, "$Work")
	f.equal("first UID", first, 1)
	f.equal("next UID", f.add(a, inbox, 1), 4)
	f.read(a, func(state mail.State) {
		rows := f.rows(state.Messages(inbox, everything))
		f.equal("UIDs", uidsOf(rows), "1:4")
		f.equal("some UIDs", uidsOf(f.rows(state.Messages(inbox, imap.UIDSet{{Start: 2, Stop: 2}, {Start: 4, Stop: 9}}))), "2,4")
		m := rows[1]
		f.equal("date", m.InternalDate.Time().Format("15:04 -0700"), "12:00 +0100")
		f.equal("save date", m.SaveDate, now.Unix())
		f.equal("size", m.Size, len(letter(1, 200)))
		box, err := state.Mailbox(inbox)
		if err != nil {
			f.Fatal(err)
		}
		f.equal("flags", box.AppendFlags(nil, m.Flags), []imap.Flag{imap.FlagSeen, "$Work"})
		f.equal("counters", []any{box.Messages, box.Unseen, box.UIDNext, box.Size}, []any{4, 1, 5, sum(rows)})
		bodies := a.Bodies()
		defer bodies.Close()
		if !bytes.Equal(f.content(bodies, &m), letter(1, 200)) {
			f.Fatal("the message has other octets")
		}
		unplaced := m
		unplaced.Body.Where = [2]uint64{}
		if !bytes.Equal(f.content(bodies, &unplaced), letter(1, 200)) {
			f.Fatal("a body is not found by its name alone")
		}
		structure, err := state.Structure(m.Email)
		if err != nil || structure.Envelope.Subject.Text != "letter 1" {
			f.Fatal(structure, err)
		}
		_, err = state.Message(inbox, 99)
		f.fails("message that is not there", err, mail.ErrNoMessage)
		_, err = state.Structure(12345)
		f.fails("structure that is not there", err, mail.ErrNoMessage)
		_, err = bodies.Open(mail.BodyRef{ID: mail.BodyID{1, 2, 3}})
		f.fails("body that is not there", err, mail.ErrNoMessage)
		firstUnseen, err := state.FirstUnseen(inbox)
		f.equal("first unseen", []any{firstUnseen, err}, []any{4, nil})
	})
}

func sum(rows []mail.Message) (octets int64) {
	for i := range rows {
		octets += rows[i].Size
	}
	return octets
}

func testLargeBodies(f *fixture) {
	a, inbox := f.user(5)
	for n, size := range []int{0, 1, 64 << 10, 256<<10 + 1, 3 << 20} {
		want := letter(n, size)
		if size <= 1 {
			want = want[:size]
		}
		var uids imap.UIDSet
		f.commit(a, mail.Append(inbox, []mail.NewMessage{{Body: f.stage(want)}}, now, &uids))
		f.read(a, func(state mail.State) {
			m, err := state.Message(inbox, uids[0].Start)
			if err != nil {
				f.Fatal(err)
			}
			bodies := a.Bodies()
			defer bodies.Close()
			if m.Size != int64(len(want)) || !bytes.Equal(f.content(bodies, m), want) {
				f.Fatalf("a message of %d octets is kept otherwise", len(want))
			}
		})
	}
	discarded := f.store.Stage()
	if _, err := discarded.Write(letter(9, 600<<10)); err != nil {
		f.Fatal(err)
	}
	discarded.Discard()
}

func testCommitAll(f *fixture) {
	body := f.stage(letter(1, 5000))
	var decisions []mail.AccountDecision
	for id := mail.AccountID(1); id <= 20; id++ {
		_, inbox := f.user(id)
		decisions = append(decisions, mail.AccountDecision{Account: id,
			Decide: mail.Append(inbox, []mail.NewMessage{{Body: body}}, now, new(imap.UIDSet))})
	}
	// The order in which accounts are named is no matter.
	decisions[0], decisions[7] = decisions[7], decisions[0]
	for range 2 {
		if err := f.store.CommitAll(context.Background(), decisions); err != nil {
			f.Fatal(err)
		}
	}
	for id := mail.AccountID(1); id <= 20; id++ {
		a := f.account(id)
		inbox := f.mailbox(a, mail.Inbox)
		f.equal("messages", inbox.Messages, 2)
		f.read(a, func(state mail.State) {
			rows := f.rows(state.Messages(inbox.ID, everything))
			if rows[0].Body.ID != body.ID || rows[1].Body.Where != rows[0].Body.Where {
				f.Fatal("a body is not stored once")
			}
		})
	}
}

var errNotNow = errors.New("not now")

func testAllOrNone(f *fixture) {
	one, inboxOne := f.user(1)
	two, inboxTwo := f.user(2)
	before := f.mailbox(one, mail.Inbox).HighestModSeq
	add := func(to mail.MailboxID) mail.Decision {
		return mail.Append(to, []mail.NewMessage{{Body: f.stage(letter(1, 100))}}, now, new(imap.UIDSet))
	}
	err := f.store.CommitAll(context.Background(), []mail.AccountDecision{
		{Account: 1, Decide: add(inboxOne)},
		{Account: 2, Decide: func(mail.State) (mail.Effects, error) { return mail.Effects{}, errNotNow }},
	})
	f.fails("a decision that refuses", err, errNotNow)
	f.equal("messages of the other account", f.mailbox(one, mail.Inbox).Messages, 0)
	f.equal("position", f.mailbox(one, mail.Inbox).HighestModSeq, before)
	if err := f.store.CommitAll(context.Background(), []mail.AccountDecision{
		{Account: 2, Decide: add(inboxTwo)},
		{Account: 1, Decide: func(mail.State) (mail.Effects, error) { return mail.Effects{}, nil }},
	}); err != nil {
		f.Fatal(err)
	}
	f.equal("messages", []any{f.mailbox(one, mail.Inbox).Messages, f.mailbox(two, mail.Inbox).Messages}, []any{0, 1})
}

func testCopies(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 4, "$Work", imap.FlagFlagged)
	archive := f.mailbox(a, "Archive").ID
	f.add(a, archive, 2, "$Other")
	var copied mail.Copied
	f.commit(a, mail.Copy(inbox, imap.UIDSet{{Start: 2, Stop: 3}, {Start: 9, Stop: 9}}, "Archive", now.AddDate(0, 0, 1), &copied))
	f.equal("copied", []any{copied.From, copied.To}, []any{"2:3", "3:4"})
	f.commit(a, mail.Copy(inbox, span(1, 1), mail.Inbox, now, &copied))
	f.equal("copied to itself", copied.To, "5")
	f.read(a, func(state mail.State) {
		source, err := state.Message(inbox, 2)
		if err != nil {
			f.Fatal(err)
		}
		m, err := state.Message(archive, 3)
		if err != nil {
			f.Fatal(err)
		}
		f.equal("email and dates", []any{m.Email, m.InternalDate, m.SaveDate}, []any{source.Email, source.InternalDate, now.AddDate(0, 0, 1).Unix()})
		box, err := state.Mailbox(archive)
		if err != nil {
			f.Fatal(err)
		}
		f.equal("keywords", box.Keywords, []imap.Flag{"$Other", "$Work"})
		f.equal("flags", box.AppendFlags(nil, m.Flags), []imap.Flag{imap.FlagFlagged, "$Work"})
		bodies := a.Bodies()
		defer bodies.Close()
		if !bytes.Equal(f.content(bodies, m), letter(1, 200)) {
			f.Fatal("the copy has other octets")
		}
	})
	f.commit(a, mail.DeleteMailbox("Archive"))
	f.read(a, func(state mail.State) {
		m, err := state.Message(inbox, 2)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := state.Structure(m.Email); err != nil {
			f.Fatal("the copy took the original's structure along: ", err)
		}
	})
}

func testMoves(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 5)
	watch := a.Watch(nil)
	defer watch.Close()
	var moved mail.Copied
	f.commit(a, mail.Move(inbox, span(2, 4), "Trash", now, &moved))
	changes, _ := watch.Take()
	f.equal("commits", len(changes), 1)
	f.equal("moved", []any{moved.From, moved.To}, []any{"2:4", "1:3"})
	f.equal("changes", []any{changes[0].Messages[0].Kind, changes[0].Messages[1].Kind}, []any{mail.MessagesWereAdded, mail.MessagesWereRemoved})
	f.read(a, func(state mail.State) {
		f.equal("left", uidsOf(f.rows(state.Messages(inbox, everything))), "1,5")
	})
	f.commit(a, mail.RenameMailbox(mail.Inbox, "Old", now))
	f.equal("messages", []any{f.mailbox(a, mail.Inbox).Messages, f.mailbox(a, "Old").Messages}, []any{0, 2})
}
