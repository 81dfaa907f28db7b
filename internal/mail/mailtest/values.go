package mailtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

func set(owner mail.AccountID, name, value string) mail.MetadataWish {
	return mail.MetadataWish{Owner: owner, Name: name, Value: []byte(value)}
}

func unset(owner mail.AccountID, name string) mail.MetadataWish {
	return mail.MetadataWish{Owner: owner, Name: name, Remove: true}
}

// metadata returns the entries of a mailbox in words.
func (f *fixture) metadata(a mail.Account, mailbox mail.MailboxID, owners ...mail.AccountID) string {
	f.Helper()
	var all []string
	f.read(a, func(state mail.State) {
		for m, err := range state.Metadata(mailbox, owners...) {
			if err != nil {
				f.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%d%s=%s", m.Owner, m.Name, m.Value))
		}
	})
	return strings.Join(all, " ")
}

func testMetadata(f *fixture) {
	a, inbox := f.user(1)
	watch := a.Watch(nil)
	defer watch.Close()
	at := f.commit(a, mail.SetMetadata(inbox, []mail.MetadataWish{
		set(1, "/comment", "mine"), set(0, "/comment", "first"), set(0, "/comment", "ours"), set(5, "/vendor/x/y", ""), unset(1, "/none"),
	}))
	f.commit(a, mail.SetMetadata(mail.ServerMetadata, []mail.MetadataWish{set(1, "/filters/values/a", "SEEN")}))
	f.equal("all", f.metadata(a, inbox), "0/comment=ours 1/comment=mine 5/vendor/x/y=")
	f.equal("of some", f.metadata(a, inbox, 5, 0), "5/vendor/x/y= 0/comment=ours")
	f.equal("of the server", f.metadata(a, mail.ServerMetadata, 1), "1/filters/values/a=SEEN")
	after := f.mailbox(a, mail.Inbox)
	f.equal("mailbox", []any{after.HighestModSeq, after.MetadataOctets}, []any{at, 8 + 4 + 8 + 4 + 11})
	f.read(a, func(state mail.State) {
		f.equal("octets", state.MetadataOctets(), after.MetadataOctets+17+4)
		for m, err := range state.Metadata(inbox, 1) {
			f.equal("position", []any{m.ModSeq, err}, []any{at, nil})
		}
	})
	changes, _ := watch.Take()
	f.equal("changes", []any{len(changes), changes[0].Metadata}, []any{2, []mail.MetadataChange{
		{Mailbox: inbox, Owner: 1, Name: "/comment"}, {Mailbox: inbox, Name: "/comment"}, {Mailbox: inbox, Owner: 5, Name: "/vendor/x/y"},
	}})
	again := f.commit(a, mail.SetMetadata(inbox, []mail.MetadataWish{set(1, "/comment", "mine"), unset(0, "/none")}))
	f.equal("what changes nothing", again, at+1)
	f.commit(a, mail.SetMetadata(inbox, []mail.MetadataWish{unset(5, "/vendor/x/y"), set(0, "/comment", "")}))
	f.equal("removed", f.metadata(a, inbox), "0/comment= 1/comment=mine")
	_, err := a.Commit(context.Background(), mail.SetMetadata(4711, []mail.MetadataWish{set(0, "/comment", "")}))
	f.fails("no mailbox", err, mail.ErrNoMailbox)
	f.metadataOfNames(a)
}

// metadataOfNames follows metadata through RENAME and DELETE (RFC 5464 §4.1).
func (f *fixture) metadataOfNames(a mail.Account) {
	trash := f.mailbox(a, "Trash").ID
	f.commit(a, mail.SetMetadata(trash, []mail.MetadataWish{set(0, "/comment", "bin")}))
	f.commit(a, mail.RenameMailbox("Trash", "Bin", now))
	f.equal("renamed", f.metadata(a, f.mailbox(a, "Bin").ID), "0/comment=bin")
	f.commit(a, mail.RenameMailbox(mail.Inbox, "Old", now))
	f.equal("INBOX keeps its own", f.metadata(a, f.mailbox(a, mail.Inbox).ID), "0/comment= 1/comment=mine")
	f.equal("and so does what it became", f.metadata(a, f.mailbox(a, "Old").ID), "0/comment= 1/comment=mine")
	f.commit(a, mail.DeleteMailbox("Bin"))
	f.commit(a, mail.CreateMailbox("Bin", nil, now, new(mail.MailboxID)))
	f.equal("deleted", f.metadata(a, trash), "")
	f.equal("made again", f.metadata(a, f.mailbox(a, "Bin").ID), "")
	f.read(a, func(state mail.State) { f.equal("octets", state.MetadataOctets(), 2*(8+8+4)+17+4) })
}

func note(owner mail.AccountID, entry, value string) mail.AnnotationWish {
	return mail.AnnotationWish{AnnotationName: mail.AnnotationName{Owner: owner, Entry: entry}, Value: []byte(value)}
}

func unnote(owner mail.AccountID, entry string) mail.AnnotationWish {
	return mail.AnnotationWish{AnnotationName: mail.AnnotationName{Owner: owner, Entry: entry}, Remove: true}
}

func notes(wishes ...mail.AnnotationWish) mail.AnnotateWish { return mail.AnnotateWish{Wishes: wishes} }

// annotations returns the annotations of messages in words.
func (f *fixture) annotations(a mail.Account, mailbox mail.MailboxID, set imap.UIDSet) string {
	f.Helper()
	var all []string
	f.read(a, func(state mail.State) {
		for n, err := range state.Annotations(mailbox, set) {
			if err != nil {
				f.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%d:%d%s=%s", n.UID, n.Owner, n.Entry, n.Value))
		}
	})
	return strings.Join(all, " ")
}

func testAnnotations(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 300)
	start := f.mailbox(a, mail.Inbox).HighestModSeq
	watch := a.Watch(nil)
	defer watch.Close()
	var result mail.FlagsResult
	at := f.commit(a, mail.Annotate(inbox, span(120, 400), notes(note(1, "/comment", "one"), note(0, "/comment", "x"), note(0, "/comment", "all")), &result))
	f.equal("result", result, mail.FlagsResult{Changed: span(120, 300), Missing: span(301, 400)})
	changes, _ := watch.Take()
	f.equal("told", changes[0].Messages, []mail.MessageChange{
		{Mailbox: inbox, Kind: mail.AnnotationsWereChanged, UIDs: span(120, 300), Annotation: mail.AnnotationName{Owner: 1, Entry: "/comment"}},
		{Mailbox: inbox, Kind: mail.AnnotationsWereChanged, UIDs: span(120, 300), Annotation: mail.AnnotationName{Entry: "/comment"}},
	})
	f.equal("again", f.commit(a, mail.Annotate(inbox, span(120, 121), notes(note(1, "/comment", "one")), &result)), at)
	f.equal("nothing changed", result.Changed, "")
	some := imap.UIDSet{{Start: 119, Stop: 120}, {Start: 300, Stop: 300}}
	f.equal("some", f.annotations(a, inbox, some), "120:0/comment=all 120:1/comment=one 300:0/comment=all 300:1/comment=one")
	box := f.mailbox(a, mail.Inbox)
	f.equal("counted", []any{box.Annotations, box.AnnotationOctets, box.HighestModSeq}, []any{362, 362 * 11, at})
	f.read(a, func(state mail.State) {
		f.equal("changed", uidsOf(sorted(f.rows(state.Changed(inbox, start)))), "120:300")
	})
	f.commit(a, mail.Annotate(inbox, span(200, 200), notes(unnote(1, "/comment"), unnote(7, "/none")), &result))
	later := mail.AnnotateWish{Wishes: []mail.AnnotationWish{note(1, "/comment", "late")}, Conditional: true, UnchangedSince: at}
	f.commit(a, mail.Annotate(inbox, span(199, 201), later, &result))
	f.equal("conditional", result, mail.FlagsResult{Changed: imap.SetOf[imap.UID](199, 201), Modified: span(200, 200)})
	f.commit(a, mail.Remove(inbox, span(120, 299), new(imap.UIDSet)))
	f.equal("left", f.annotations(a, inbox, everything), "300:0/comment=all 300:1/comment=one")
	f.commit(a, mail.RenameMailbox(mail.Inbox, "Old", now))
	old := f.mailbox(a, "Old")
	f.equal("renamed", []any{f.annotations(a, old.ID, everything), old.Annotations}, []any{"120:0/comment=all 120:1/comment=one", 2})
	f.equal("INBOX", f.mailbox(a, mail.Inbox).AnnotationOctets, 0)
	f.commit(a, mail.DeleteMailbox("Old"))
	f.equal("deleted", f.annotations(a, old.ID, everything), "")
	f.read(a, func(state mail.State) { f.equal("octets", state.Usage()[mail.ResourceAnnotationStorage], 0) })
	_, err := a.Commit(context.Background(), mail.Annotate(old.ID, everything, notes(note(0, "/comment", "")), &result))
	f.fails("no mailbox", err, mail.ErrNoMailbox)
}

func testCarried(f *fixture) {
	a, inbox := f.user(1)
	batch := []mail.NewMessage{
		{Body: f.stage(letter(1, 200)), Annotations: []mail.AnnotationWish{note(1, "/comment", "a"), note(2, "/comment", "b"), note(0, "/altsubject", "c"), unnote(0, "/none")}},
		{Body: f.stage(letter(2, 200))},
	}
	var uids imap.UIDSet
	f.commit(a, mail.Append(inbox, batch, now, &uids))
	f.equal("appended", f.annotations(a, inbox, uids), "1:0/altsubject=c 1:1/comment=a 1:2/comment=b")
	copied := new(mail.Copied)
	f.commit(a, mail.Copy(inbox, span(1, 2), "Archive", now, copied))
	f.commit(a, mail.Carry(mail.Carried{Shared: true, Private: 1}, mail.Copy(inbox, span(1, 2), "Archive", now, copied)))
	f.commit(a, mail.Carry(mail.Carried{Private: 2}, mail.Copy(inbox, span(1, 2), mail.Inbox, now, copied)))
	archive := f.mailbox(a, "Archive").ID
	f.equal("copied", f.annotations(a, archive, everything), "3:0/altsubject=c 3:1/comment=a")
	f.commit(a, mail.Carry(mail.Carried{Shared: true, Private: 2}, mail.Move(inbox, everything, "Archive", now, copied)))
	f.equal("moved", f.annotations(a, archive, span(4, 99)), "5:0/altsubject=c 5:2/comment=b 7:2/comment=b")
	f.equal("left", f.annotations(a, inbox, everything), "")
}

func testValueLimits(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 3)
	fails := func(what string, want error, decide mail.Decision) {
		f.Helper()
		_, err := a.Commit(context.Background(), decide)
		f.fails(what, err, want)
	}
	long := strings.Repeat("x", mail.MetadataValueMax)
	f.commit(a, mail.SetMetadata(inbox, []mail.MetadataWish{set(0, "/comment", long)}))
	fails("long metadata", mail.ErrMetadataTooBig, mail.SetMetadata(inbox, []mail.MetadataWish{set(0, "/a", ""), set(0, "/comment", long+"x")}))
	f.commit(a, mail.Annotate(inbox, span(1, 1), notes(note(0, "/comment", long[:mail.AnnotationValueMax])), new(mail.FlagsResult)))
	fails("long annotation", mail.ErrAnnotationTooBig, mail.Annotate(inbox, span(1, 1), notes(note(0, "/comment", long+"x")), new(mail.FlagsResult)))
	var many []mail.MetadataWish
	var crowd []mail.AnnotationWish
	for n := range 1000 {
		many = append(many, set(2, fmt.Sprintf("/vendor/x/%d", n), ""))
		crowd = append(crowd, note(2, fmt.Sprintf("/vendor/x/%d", n), ""))
	}
	fails("much metadata", mail.ErrTooMuchMetadata, mail.SetMetadata(inbox, many))
	f.commit(a, mail.SetMetadata(inbox, many[:100]))
	fails("many annotations", mail.ErrTooManyAnnotations, mail.Annotate(inbox, span(1, 3), notes(crowd...), new(mail.FlagsResult)))
	f.commit(a, mail.Annotate(inbox, span(1, 3), notes(crowd[:40]...), new(mail.FlagsResult)))
	fails("many on a new one", mail.ErrTooManyAnnotations, mail.Append(inbox, []mail.NewMessage{{Body: f.stage(letter(1, 10)), Annotations: crowd}}, now, new(imap.UIDSet)))
	f.equal("nothing of what failed", []any{f.metadata(a, inbox, 0) == "0/comment="+long, f.mailbox(a, mail.Inbox).Messages}, []any{true, 3})
	// Several at once count together.
	f.add(a, inbox, 2000)
	fails("an account that is full", mail.ErrTooManyAnnotations, mail.Annotate(inbox, everything, notes(note(0, "/x", long[:60_000])), new(mail.FlagsResult)))
}

// testAnnotationsAgainstModel compares random histories with a map.
func testAnnotationsAgainstModel(f *fixture) {
	seed := uint64(now.Unix())
	random := rand.New(rand.NewPCG(seed, 11))
	a, inbox := f.user(1)
	f.add(a, inbox, 400)
	want := map[string]string{}
	for range 150 {
		from := imap.UID(1 + random.IntN(400))
		set := span(from, min(400, from+imap.UID(random.IntN(200))))
		name := mail.AnnotationName{Owner: mail.AccountID(random.IntN(2)), Entry: []string{"/comment", "/commen", "/altsubject"}[random.IntN(3)]}
		wish := mail.AnnotationWish{AnnotationName: name, Remove: random.IntN(3) == 0}
		if !wish.Remove {
			wish.Value = []byte([]string{"", "a", "bb"}[random.IntN(3)])
		}
		var result mail.FlagsResult
		var removed imap.UIDSet
		if random.IntN(20) == 0 {
			f.commit(a, mail.Remove(inbox, set, &removed))
		} else {
			f.commit(a, mail.Annotate(inbox, set, notes(wish), &result))
		}
		for uid := range set.Minus(result.Missing).All {
			key := fmt.Sprintf("%d:%d%s=", uid, name.Owner, name.Entry)
			delete(want, key)
			if !wish.Remove && len(removed) == 0 {
				want[key] = string(wish.Value)
			}
			for key := range want {
				if removed.Contains(uid) && strings.HasPrefix(key, fmt.Sprintf("%d:", uid)) {
					delete(want, key)
				}
			}
		}
	}
	var all []string
	octets := 0
	for key, value := range want {
		all = append(all, key+value)
		octets += len(key[strings.Index(key, "/"):]) - 1 + len(value)
	}
	have := strings.Fields(f.annotations(a, inbox, everything))
	slices.Sort(all)
	slices.Sort(have)
	f.equal(fmt.Sprint("seed ", seed), have, all)
	box := f.mailbox(a, mail.Inbox)
	f.equal("counted", []any{box.Annotations, box.AnnotationOctets}, []any{len(all), octets})
}

// lapses returns what lapsed after a position, in words.
func (f *fixture) lapses(a mail.Account, after imap.ModSeq) (all []string, complete bool) {
	f.Helper()
	f.read(a, func(state mail.State) {
		lapses, whole, err := state.Lapses(after)
		if err != nil {
			f.Fatal(err)
		}
		for _, l := range lapses {
			all = append(all, fmt.Sprintf("%d: %d%s of %d %s", l.ModSeq, l.Mailbox, l.Name, l.Owner, l.UIDs))
		}
		complete = whole
	})
	return all, complete
}

func testLapses(f *fixture) {
	a, inbox := f.user(1)
	f.add(a, inbox, 5)
	f.commit(a, mail.SetMetadata(inbox, []mail.MetadataWish{set(1, "/comment", "mine"), set(0, "/comment", "ours")}))
	f.commit(a, mail.SetMetadata(mail.ServerMetadata, []mail.MetadataWish{set(1, "/vendor/x/y", "z")}))
	var result mail.FlagsResult
	start := f.commit(a, mail.Annotate(inbox, span(2, 4), notes(note(1, "/comment", "one")), &result))
	all, complete := f.lapses(a, 0)
	f.equal("nothing lapsed", []any{len(all), complete}, []any{0, true})
	one := f.commit(a, mail.SetMetadata(inbox, []mail.MetadataWish{unset(1, "/comment"), unset(0, "/comment"), unset(1, "/none")}))
	two := f.commit(a, mail.SetMetadata(mail.ServerMetadata, []mail.MetadataWish{unset(1, "/vendor/x/y")}))
	three := f.commit(a, mail.Annotate(inbox, span(1, 3), notes(unnote(1, "/comment")), &result))
	four := f.commit(a, (&mail.Actor{Owner: 1, Subject: mail.Subject{Account: 1}}).SetMetadata(f.mailbox(a, "Archive").ID, []mail.MetadataWish{unset(1, mail.SpecialUseEntry)}))
	want := []string{
		fmt.Sprintf("%d: %d/comment of 1 ", one, inbox), fmt.Sprintf("%d: %d/comment of 0 ", one, inbox),
		fmt.Sprintf("%d: 0/vendor/x/y of 1 ", two), fmt.Sprintf("%d: %d/comment of 1 2:3", three, inbox),
		fmt.Sprintf("%d: %d/specialuse of 1 ", four, f.mailbox(a, "Archive").ID),
	}
	all, complete = f.lapses(a, start)
	f.equal("lapsed", []any{all, complete}, []any{want, true})
	all, _ = f.lapses(a, one)
	f.equal("lapsed later", all, want[2:])
	all, _ = f.lapses(a, four)
	f.equal("lapsed last", len(all), 0)
	f.manyLapses(a, inbox)
}

// manyLapses has more lapse than is kept: what is, is the newest, and whoever asks
// for more hears that there was more.
func (f *fixture) manyLapses(a mail.Account, inbox mail.MailboxID) {
	var wishes []mail.MetadataWish
	for n := range 200 {
		wishes = append(wishes, set(1, fmt.Sprintf("/vendor/%s/%d", strings.Repeat("x", 900), n), "v"))
	}
	var first, last imap.ModSeq
	for n := range 10 {
		f.commit(a, mail.SetMetadata(inbox, wishes))
		for i := range wishes {
			wishes[i].Remove = true
		}
		at := f.commit(a, mail.SetMetadata(inbox, wishes))
		for i := range wishes {
			wishes[i].Remove = false
		}
		if last = at; n == 0 {
			first = at
		}
	}
	all, complete := f.lapses(a, first)
	f.equal("more than is kept", []any{complete, len(all) >= 200, len(all) < 2000}, []any{false, true, true})
	all, complete = f.lapses(a, last-1)
	f.equal("the newest", []any{complete, len(all)}, []any{true, 200})
}
