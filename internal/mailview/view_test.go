package mailview

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

const viewed = mail.MailboxID(7)

// model is the mailbox and its client, done in the plainest way.
type model struct {
	random   *rand.Rand
	position imap.ModSeq
	next     imap.UID
	mailbox  []imap.UID // what is there
	client   []imap.UID // what a client that replays the events believes
	flags    map[imap.UID]bool
	removed  map[imap.UID]bool
}

func newModel(seed uint64) *model {
	m := &model{random: rand.New(rand.NewPCG(seed, 3)), position: 10, next: 1,
		flags: map[imap.UID]bool{}, removed: map[imap.UID]bool{}}
	for range m.random.IntN(60) {
		m.mailbox = append(m.mailbox, m.next)
		m.next += imap.UID(1 + m.random.IntN(3))
	}
	m.client = slices.Clone(m.mailbox)
	return m
}

// change makes one random change to the mailbox and returns its notice.
func (m *model) change() *mail.Change {
	m.position++
	notice := mail.MessageChange{Mailbox: viewed}
	pick := m.some()
	switch m.random.IntN(3) {
	case 0:
		notice.Kind = mail.MessagesWereAdded
		for range 1 + m.random.IntN(4) {
			m.mailbox = append(m.mailbox, m.next)
			notice.UIDs = notice.UIDs.Add(m.next)
			m.next += imap.UID(1 + m.random.IntN(2))
		}
	case 1:
		notice.Kind, notice.UIDs = mail.FlagsWereChanged, pick
		for uid := range pick.All {
			if slices.Contains(m.client, uid) {
				m.flags[uid] = true
			}
		}
	case 2:
		notice.Kind, notice.UIDs = mail.MessagesWereRemoved, pick
		for uid := range pick.All {
			m.removed[uid] = true
		}
		m.mailbox = slices.DeleteFunc(m.mailbox, pick.Contains)
	}
	return &mail.Change{ModSeq: m.position, Messages: []mail.MessageChange{
		notice,
		{Mailbox: viewed + 1, Kind: mail.MessagesWereRemoved, UIDs: imap.UIDSet{{Start: 1, Stop: 50}}},
	}}
}

// some returns a few UIDs of the mailbox.
func (m *model) some() imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range m.mailbox {
		if m.random.IntN(6) == 0 {
			set = set.Add(uid)
		}
	}
	return set
}

// replay does what a client does with the events.
func (m *model) replay(t *testing.T, events []Event, removals Removals) {
	t.Helper()
	for _, event := range events {
		switch event.Kind {
		case MessagesGone:
			if removals == Hold {
				t.Fatal("removals were sent although they were to be held")
			}
			for _, r := range slices.Backward(event.Seqs) {
				for seq := r.Stop; seq >= r.Start; seq-- {
					if uid := m.client[seq-1]; !m.removed[uid] || !event.UIDs.Contains(uid) {
						t.Fatalf("number %d, which is UID %d, was expunged", seq, uid)
					}
					delete(m.flags, m.client[seq-1])
					m.client = slices.Delete(m.client, int(seq)-1, int(seq))
				}
			}
		case MessagesExist:
			m.client = slices.AppendSeq(m.client, event.UIDs.All)
			if int(event.Count) != len(m.client) {
				t.Fatalf("EXISTS %d, the client counts %d", event.Count, len(m.client))
			}
		case FlagsChanged:
			for uid := range event.UIDs.All {
				if !m.flags[uid] {
					t.Fatalf("flags of UID %d were told, which did not change", uid)
				}
				delete(m.flags, uid)
			}
		}
	}
	if len(m.flags) != 0 {
		t.Fatalf("flags of %v were not told", m.flags)
	}
}

func (m *model) requireSame(t *testing.T, view *View, seed uint64) {
	t.Helper()
	if int(view.Len()) != len(m.client) {
		t.Fatalf("seed %d: the view has %d messages, the client %d", seed, view.Len(), len(m.client))
	}
	for i, uid := range m.client {
		if got, ok := view.UID(imap.Seq(i + 1)); !ok || got != uid {
			t.Fatalf("seed %d: UID(%d) is %d, want %d", seed, i+1, got, uid)
		}
		if got, ok := view.Seq(uid); !ok || int(got) != i+1 {
			t.Fatalf("seed %d: Seq(%d) is %d, want %d", seed, uid, got, i+1)
		}
	}
	if _, ok := view.UID(imap.Seq(len(m.client) + 1)); ok {
		t.Fatalf("seed %d: a number beyond the end has a UID", seed)
	}
}

// The aim: whatever happens, in whatever order it is announced, a client that
// replays the events numbers the messages as the view does, learns of every
// change, and, once removals may be sent, believes exactly what is there.
func TestClientThatReplaysEventsAgreesWithTheView(t *testing.T) {
	for seed := range uint64(300) {
		m := newModel(seed)
		view := New(viewed, m.position, mail.UIDsOf(imap.SetOf(m.mailbox...)))
		for range 60 {
			before := m.position
			lost := m.random.IntN(8) == 0
			for range m.random.IntN(4) {
				change := m.change()
				if !lost {
					view.Apply(change)
					view.Apply(change) // twice is once
				}
			}
			if lost && m.position > before {
				var changed imap.UIDSet
				for _, uid := range m.mailbox {
					if m.flags[uid] {
						changed = changed.Add(uid)
					}
				}
				for uid := range m.removed { // nobody knows any more
					delete(m.flags, uid)
				}
				view.Compare(m.position, mail.UIDsOf(imap.SetOf(m.mailbox...)), changed)
			}
			removals := Removals(m.random.IntN(2))
			m.replay(t, view.Sync(removals), removals)
			m.requireSame(t, view, seed)
			if view.Pending(removals) {
				t.Fatalf("seed %d: something is pending after a sync", seed)
			}
			if removals == Send && !slices.Equal(m.client, m.mailbox) {
				t.Fatalf("seed %d: the client believes %v, the mailbox is %v", seed, m.client, m.mailbox)
			}
		}
	}
}

// The aim: UIDs and Seqs translate sets as UID and Seq translate numbers.
func TestSetsTranslate(t *testing.T) {
	view := New(viewed, 1, mail.UIDsOf(imap.SetOf[imap.UID](2, 3, 7, 8, 9, 20)))
	if got := view.UIDs(imap.SeqSet{{Start: 2, Stop: 4}, {Start: 6, Stop: 6}}).String(); got != "3,7:8,20" {
		t.Errorf("UIDs are %s", got)
	}
	if got := view.Seqs(imap.UIDSet{{Start: 1, Stop: 7}, {Start: 9, Stop: 19}}).String(); got != "1:3,5" {
		t.Errorf("Seqs are %s", got)
	}
	if got := view.Known(imap.UIDSet{{Start: 8, Stop: 4000}}).String(); got != "8:9,20" {
		t.Errorf("Known are %s", got)
	}
}

// The aim: what the client did itself with .SILENT is not told, what others
// did is, also to the same message.
func TestOwnFlagsAreNotTold(t *testing.T) {
	one := imap.SetOf[imap.UID](1)
	view := New(viewed, 1, mail.UIDsOf(imap.SetOf[imap.UID](1, 2)))
	flagged := func(modseq imap.ModSeq) *mail.Change {
		return &mail.Change{ModSeq: modseq, Messages: []mail.MessageChange{
			{Mailbox: viewed, Kind: mail.FlagsWereChanged, UIDs: one}}}
	}
	view.ApplyOwn(flagged(2))
	if events := view.Sync(Send); events != nil {
		t.Fatalf("own flags were told: %v", events)
	}
	view.ApplyOwn(flagged(3))
	view.Apply(flagged(4))
	if events := view.Sync(Send); len(events) != 1 || events[0].Kind != FlagsChanged {
		t.Fatalf("the flags of another session were not told: %v", events)
	}
}

// The aim: what is settled lies before the first removal that is held back,
// and moves on when that is told.
func TestHeldRemovalsKeepThePositionBack(t *testing.T) {
	view := New(viewed, 10, mail.UIDsOf(imap.SetOf[imap.UID](1, 2, 3)))
	change := func(modseq imap.ModSeq, kind mail.MessageChangeKind, uids ...imap.UID) {
		view.Apply(&mail.Change{ModSeq: modseq, Messages: []mail.MessageChange{{Mailbox: viewed, Kind: kind, UIDs: imap.SetOf(uids...)}}})
	}
	expect := func(removals Removals, want imap.ModSeq) {
		t.Helper()
		if view.Sync(removals); view.Settled() != want {
			t.Errorf("settled is %d, want %d", view.Settled(), want)
		}
	}
	change(11, mail.FlagsWereChanged, 1)
	expect(Hold, 11)
	change(15, mail.MessagesWereRemoved, 2)
	change(16, mail.FlagsWereChanged, 1)
	change(17, mail.MessagesWereRemoved, 3)
	expect(Hold, 11)
	expect(Send, 17)
	view.Compare(30, mail.UIDsOf(imap.SetOf[imap.UID](9)), nil)
	expect(Hold, 17)
	view.Compare(40, mail.UIDsOf(imap.SetOf[imap.UID](9, 10)), nil)
	expect(Hold, 17)
	expect(Send, 40)
}

// The aim: what may not be announced stays outstanding, whatever is announced
// beside it, and keeps the settled position back until it is.
func TestAnyKindCanBeHeld(t *testing.T) {
	view := New(viewed, 10, mail.UIDsOf(imap.SetOf[imap.UID](1, 2, 3)))
	change := func(modseq imap.ModSeq, kind mail.MessageChangeKind, uids ...imap.UID) {
		view.Apply(&mail.Change{ModSeq: modseq, Messages: []mail.MessageChange{{Mailbox: viewed, Kind: kind, UIDs: imap.SetOf(uids...)}}})
	}
	expect := func(allowed Allowed, settled imap.ModSeq, kinds ...EventKind) {
		t.Helper()
		var got []EventKind
		for _, event := range view.SyncOnly(allowed) {
			got = append(got, event.Kind)
		}
		if !slices.Equal(got, kinds) || view.Settled() != settled {
			t.Errorf("%v gives %v, settled %d; want %v, %d", allowed, got, view.Settled(), kinds, settled)
		}
	}
	change(12, mail.FlagsWereChanged, 1)
	change(14, mail.MessagesWereAdded, 4, 5)
	change(16, mail.MessagesWereRemoved, 2, 4)
	expect(Allowed{}, 10)
	expect(Allowed{Removals: true}, 10, MessagesGone)
	change(18, mail.FlagsWereChanged, 3, 5)
	expect(Allowed{Flags: true}, 12, FlagsChanged)
	if _, known := view.Seq(5); known || view.Fresh().String() != "5" {
		t.Errorf("the client knows of what it was not told: fresh are %v", view.Fresh())
	}
	view.Compare(30, mail.UIDsOf(imap.SetOf[imap.UID](1, 3, 5, 6)), imap.SetOf[imap.UID](1))
	expect(Allowed{}, 12)
	expect(Allowed{Arrivals: true}, 18, MessagesExist)
	expect(Allowed{Removals: true, Arrivals: true, Flags: true}, 30, FlagsChanged)
}

// The aim: where changes were lost, flags that were outstanding before stay so,
// also beside removals; those of what is gone do not.
func TestFlagsStayOutstandingWhereChangesWereLost(t *testing.T) {
	view := New(viewed, 10, mail.UIDsOf(imap.SetOf[imap.UID](1, 2, 3, 4)))
	view.Apply(&mail.Change{ModSeq: 11, Messages: []mail.MessageChange{{Mailbox: viewed, Kind: mail.FlagsWereChanged, UIDs: imap.SetOf[imap.UID](1, 2)}}})
	view.Compare(20, mail.UIDsOf(imap.SetOf[imap.UID](1, 3, 5)), imap.SetOf[imap.UID](3, 4, 5))
	var got []string
	for _, event := range view.Sync(Send) {
		got = append(got, event.UIDs.String())
	}
	if want := []string{"2,4", "5", "1,3"}; !slices.Equal(got, want) {
		t.Errorf("gone, come and changed are %q, want %q", got, want)
	}
}
