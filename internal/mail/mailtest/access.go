package mailtest

import (
	"context"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// grant makes a list entry of account 1's mailbox, as its owner.
func (f *fixture) grant(a mail.Account, in mail.MailboxID, to mail.Grantee, rights mail.Rights) mail.AccessResult {
	var result mail.AccessResult
	owner := &mail.Actor{Owner: a.ID(), Subject: mail.Subject{Account: a.ID()}}
	f.commit(a, owner.ChangeAccess(in, a.ID(), to, func(mail.Rights) mail.Rights { return rights }, &result))
	return result
}

func testAccess(f *fixture) {
	a, inbox := f.user(1)
	owner := &mail.Actor{Owner: 1, Subject: mail.Subject{Account: 1}}
	other := &mail.Actor{Owner: 1, Subject: mail.Subject{Account: 2, Groups: []uint64{7}}}
	nobody := &mail.Actor{Owner: 1, Subject: mail.Subject{Account: 3, Anonymous: true}}
	rights := func(actor *mail.Actor) string { return actor.Rights(f.mailbox(a, mail.Inbox)).String() }
	anyone, group := mail.Grantee{Kind: mail.GranteeAnyone}, mail.Grantee{Kind: mail.GranteeGroup, ID: 7}
	before := f.mailbox(a, mail.Inbox).HighestModSeq

	f.equal("rights of a new mailbox", []string{rights(owner), rights(other)}, []string{"lrswipkxtean", ""})
	f.grant(a, inbox, anyone, mail.RightLookup|mail.RightRead)
	f.grant(a, inbox, group, mail.RightSeen)
	f.grant(a, inbox, mail.GranteeOf(2), mail.RightWrite|mail.RightInsert)
	f.equal("rights together", rights(other), "lrswi")
	f.grant(a, inbox, mail.Grantee{Kind: mail.GranteeGroup, ID: 7, Negative: true}, mail.RightWrite|mail.RightExpunge)
	f.equal("rights less negative ones", rights(other), "lrsi")
	f.equal("rights of the owner", rights(owner), "lrswipkxtean")
	result := f.grant(a, inbox, mail.GranteeOf(1), 0)
	f.equal("entries before and after", []int{len(result.Before), len(result.After)}, []int{4, 5})
	f.equal("rights that the owner keeps", rights(owner), "lra")
	f.grant(a, inbox, anyone, 0)
	f.equal("rights that the owner keeps alone", rights(owner), "la")
	f.equal("rights without those of all", rights(other), "si")
	f.grant(a, inbox, mail.Grantee{Kind: mail.GranteeAnonymous}, mail.RightRead)
	f.equal("rights of who has no name", rights(nobody), "r")
	f.equal("position after changes of rights", f.mailbox(a, mail.Inbox).HighestModSeq, before)

	f.grant(a, inbox, mail.GranteeOf(1), mail.AllRights)
	f.commit(a, mail.CreateMailbox("INBOX/deep/er", nil, now, new(mail.MailboxID)))
	for _, name := range []string{"INBOX/deep", "INBOX/deep/er"} {
		f.equal("inherited list", f.mailbox(a, name).Access, f.mailbox(a, mail.Inbox).Access)
	}
	f.commit(a, mail.RenameMailbox("INBOX/deep", "elsewhere", now))
	f.equal("list after a rename", f.mailbox(a, "elsewhere/er").Access, f.mailbox(a, mail.Inbox).Access)
	f.commit(a, mail.DeleteMailbox("elsewhere/er"))
	f.commit(a, mail.CreateMailbox("top", nil, now, new(mail.MailboxID)))
	f.equal("list of a mailbox on top", len(f.mailbox(a, "top").Access), 0)
}

func testActors(f *fixture) {
	a, inbox := f.user(1)
	other := &mail.Actor{Owner: 1, Subject: mail.Subject{Account: 2}}
	f.add(a, inbox, 3, imap.FlagSeen, imap.FlagDeleted, "$Work")
	try := func(what string, want error, decide mail.Decision) {
		_, err := a.Commit(context.Background(), decide)
		f.fails(what, err, want)
	}
	none := func(mail.State) (mail.Effects, error) { return mail.Effects{}, nil }
	try("a hidden mailbox", mail.ErrNoMailbox, other.May(inbox, mail.RightRead, none))
	try("a hidden mailbox to delete", mail.ErrNoMailbox, other.DeleteMailbox("Archive"))
	try("a hidden mailbox to rename", mail.ErrNoMailbox, other.RenameMailbox("Archive", "x", now))
	try("a mailbox to create", mail.ErrNotPermitted, other.CreateMailbox("x", nil, now, new(mail.MailboxID)))
	try("a mailbox below a hidden one", mail.ErrNotPermitted, other.CreateMailbox("Archive/x", nil, now, new(mail.MailboxID)))

	archive := f.mailbox(a, "Archive").ID
	f.grant(a, archive, mail.GranteeOf(2), mail.RightLookup|mail.RightInsert|mail.RightSeen|mail.RightCreate)
	try("a mailbox that may not be read", mail.ErrNotPermitted, other.May(archive, mail.RightRead, none))
	try("a mailbox that may not be deleted", mail.ErrNotPermitted, other.DeleteMailbox("Archive"))
	var made mail.MailboxID
	f.commit(a, other.CreateMailbox("Archive/x", nil, now, &made))
	f.equal("rights on what was created", other.Rights(f.mailbox(a, "Archive/x")).String(), "lsik")
	try("a special use in another's account", mail.ErrSpecialUse,
		other.CreateMailbox("Archive/y", []imap.MailboxAttr{imap.AttrSent}, now, &made))

	var copied mail.Copied
	f.commit(a, other.Copy(inbox, everything, "Archive", now, &copied))
	flags := func(in mail.MailboxID, uid imap.UID) (names []imap.Flag) {
		f.read(a, func(state mail.State) {
			mailbox, _ := state.Mailbox(in)
			m, err := state.Message(in, uid)
			if err != nil {
				f.Fatal(err)
			}
			names = mailbox.AppendFlags(nil, m.Flags)
		})
		return names
	}
	f.equal("flags of a copy", flags(archive, copied.To[0].Start), []imap.Flag{imap.FlagSeen})

	var result mail.FlagsResult
	wish := mail.FlagsWish{Op: mail.ReplaceFlags, Flags: []imap.Flag{imap.FlagFlagged, imap.FlagSeen}, By: other}
	f.grant(a, inbox, mail.GranteeOf(2), mail.RightLookup|mail.RightRead|mail.RightSeen)
	f.commit(a, mail.ChangeFlags(inbox, imap.SetOf[imap.UID](1), mail.FlagsWish{Op: mail.ReplaceFlags, By: other}, &result))
	f.equal("flags that may be taken away", flags(inbox, 1), []imap.Flag{imap.FlagDeleted, "$Work"})
	f.commit(a, mail.ChangeFlags(inbox, everything, wish, &result))
	f.equal("flags that may be set", flags(inbox, 1), []imap.Flag{imap.FlagDeleted, imap.FlagSeen, "$Work"})
	f.equal("what is told of them", []any{result.Partial, result.Changed.Count()}, []any{true, uint64(1)})
	wish.Flags = []imap.Flag{imap.FlagFlagged}
	try("flags none of which may be set", mail.ErrNotPermitted, mail.ChangeFlags(inbox, everything, wish, &result))
}

func testBetween(f *fixture) {
	a, inbox := f.user(1)
	b, there := f.user(2)
	f.add(a, inbox, 5, imap.FlagSeen, imap.FlagFlagged, "$Work")
	from := &mail.Actor{Owner: 1, Subject: mail.Subject{Account: 1}}
	into := &mail.Actor{Owner: 2, Subject: mail.Subject{Account: 1}}
	t := mail.Transfer{From: inbox, UIDs: imap.UIDSet{{Start: 2, Stop: 3}, {Start: 9, Stop: 9}}, To: "INBOX", Now: now, By: from, Into: into}
	var copied mail.Copied
	commit := func() ([]imap.ModSeq, error) {
		return f.store.CommitJointly(context.Background(), []mail.AccountID{1, 2}, t.Between(&copied))
	}
	_, err := commit()
	f.fails("a copy into a hidden mailbox", err, mail.ErrNoMailbox)
	f.grant(b, there, mail.GranteeOf(1), mail.RightLookup|mail.RightInsert|mail.RightWrite)
	if _, err := commit(); err != nil {
		f.Fatal(err)
	}
	f.equal("copies", []string{copied.From.String(), copied.To.String()}, []string{"2:3", "1:2"})
	t.Move = true
	positions, err := commit()
	if err != nil {
		f.Fatal(err)
	}
	f.equal("position of what is left", positions[0], f.mailbox(a, mail.Inbox).HighestModSeq)
	f.equal("position of what came", positions[1], f.mailbox(b, mail.Inbox).HighestModSeq)
	f.equal("messages", []uint32{f.mailbox(a, mail.Inbox).Messages, f.mailbox(b, mail.Inbox).Messages}, []uint32{3, 4})
	var bodies []mail.BodyID
	f.read(b, func(state mail.State) {
		mailbox, _ := state.Mailbox(there)
		for m, err := range state.Messages(there, everything) {
			if err != nil {
				f.Fatal(err)
			}
			if _, err := state.Structure(m.Email); err != nil {
				f.Fatal(err)
			}
			bodies = append(bodies, m.Body.ID)
			f.equal("flags", mailbox.AppendFlags(nil, m.Flags), []imap.Flag{imap.FlagFlagged, "$Work"})
		}
	})
	f.equal("bodies", bodies[:2], bodies[2:])
	// The other way round the accounts are locked in the same order.
	t = mail.Transfer{From: there, UIDs: everything, To: "INBOX", Now: now, Move: true,
		By: into, Into: from}
	back := func() error {
		_, err := f.store.CommitJointly(context.Background(), []mail.AccountID{2, 1}, t.Between(&copied))
		return err
	}
	f.fails("a move that may not take away", back(), mail.ErrNotPermitted)
	f.grant(b, there, mail.GranteeOf(1), mail.RightDeleteMessages|mail.RightExpunge)
	if err := back(); err != nil {
		f.Fatal(err)
	}
	f.equal("messages", []uint32{f.mailbox(a, mail.Inbox).Messages, f.mailbox(b, mail.Inbox).Messages}, []uint32{7, 0})
}
