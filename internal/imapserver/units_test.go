package imapserver

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// The aim: LIST patterns match as RFC 9051 §6.3.9 says, INBOX in any case.
func TestPatterns(t *testing.T) {
	for _, test := range []struct {
		reference, pattern, name string
		want                     bool
	}{
		{"", "*", "a/b/c", true}, {"", "%", "a", true}, {"", "%", "a/b", false}, {"", "%/%", "a/b", true},
		{"", "a*c", "a/b/c", true}, {"", "a%c", "abc", true}, {"", "a%c", "a/c", false}, {"a/", "%", "a/b", true},
		{"", "inbox", "INBOX", true}, {"", "iNb%", "INBOX", true}, {"", "inbox/x", "INBOX/x", true}, {"", "inbox/X", "INBOX/x", false},
		{"", "Sent", "sent", false}, {"", "", "a", false}, {"", "*b", "aab", true}, {"", "%%%%%%*", "a/b", true}, {"", "è*", "été", false}, {"", "é*", "été", true},
	} {
		if got := newPattern(test.reference, test.pattern).match(test.name); got != test.want {
			t.Errorf("%q + %q matches %q: %v", test.reference, test.pattern, test.name, got)
		}
	}
}

// The aim: no pattern takes long.
func TestPatternsAreBounded(t *testing.T) {
	text := make([]byte, 2000)
	for i := range text {
		text[i] = "a*"[i%2]
	}
	name := string(slices.Repeat([]byte("a"), 1000))
	start := time.Now()
	newPattern("", string(text)+"b").match(name)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("one match took %v", took)
	}
}

// The aim: each dialect adds to a FETCH response what its clients keep.
func TestDialectItems(t *testing.T) {
	kinds := func(d Dialect) (kinds []imap.FetchKind) {
		for _, item := range d.messageItems(imap.FetchFlags) {
			kinds = append(kinds, item.Kind)
		}
		return kinds
	}
	var rev1 Dialect
	rev2, _ := rev1.with("imap4REV2")
	condstore, _ := rev1.with("CONDSTORE")
	qresync, ok := rev2.with("QRESYNC")
	if _, known := rev1.with("XYZZY"); known || !ok {
		t.Error("what can be enabled is wrong")
	}
	for _, test := range []struct {
		d    Dialect
		want []imap.FetchKind
	}{
		{rev1, []imap.FetchKind{imap.FetchFlags}},
		{rev2, []imap.FetchKind{imap.FetchUID, imap.FetchFlags}},
		{condstore, []imap.FetchKind{imap.FetchUID, imap.FetchFlags, imap.FetchModSeq}},
		{qresync, []imap.FetchKind{imap.FetchUID, imap.FetchFlags, imap.FetchModSeq}},
	} {
		if got := kinds(test.d); !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, want %v", test.d, got, test.want)
		}
	}
	if rev1.mode().UTF8 || !rev2.mode().UTF8 || !rev1.speaksRev1() || rev2.speaksRev1() || !condstore.tellsModSeqs() || condstore.resynchronises() {
		t.Error("a dialect says the wrong thing")
	}
}

// The aim: every item of FETCH has a row, and a plan needs what its items need
// and no more.
func TestFetchPlans(t *testing.T) {
	rows := fetchRows()
	for kind := range imap.FetchKinds {
		if rows[kind].write == nil {
			t.Errorf("%v has no row", kind)
		}
	}
	header := imap.FetchItem{Kind: imap.FetchSection, Peek: true, Section: imap.Section{Text: imap.SectionHeader}}
	for _, test := range []struct {
		items []imap.FetchItem
		needs needs
		seen  bool
	}{
		{[]imap.FetchItem{{Kind: imap.FetchUID}, {Kind: imap.FetchFlags}, {Kind: imap.FetchModSeq}}, 0, false},
		{[]imap.FetchItem{{Kind: imap.FetchSize}}, needsMeta, false},
		{[]imap.FetchItem{{Kind: imap.FetchEnvelope}, {Kind: imap.FetchFlags}}, needsStructure, false},
		{[]imap.FetchItem{{Kind: imap.FetchSection}}, needsOctets, true},
		{[]imap.FetchItem{{Kind: imap.FetchSection, Peek: true}}, needsOctets, false},
		{[]imap.FetchItem{header}, needsOctets | needsStructure, false},
		{[]imap.FetchItem{{Kind: imap.FetchRFC822Header}}, needsOctets | needsStructure, false},
		{[]imap.FetchItem{{Kind: imap.FetchRFC822Text}}, needsOctets | needsStructure, true},
	} {
		plan := compileFetch(test.items)
		if plan.needs != test.needs || plan.seen != test.seen || plan.marksOnly() != (test.needs == 0) {
			t.Errorf("%v: needs %b seen %v", test.items, plan.needs, plan.seen)
		}
	}
	if plan := compileFetch([]imap.FetchItem{{Kind: imap.FetchUID}, {Kind: imap.FetchUID}}); len(plan.steps) != 1 {
		t.Error("UID is answered twice")
	}
}

// The aim: what is left of a set after a portion is exactly the rest, and the
// set itself stays as it is.
func TestAfter(t *testing.T) {
	set := imap.UIDSet{{Start: 2, Stop: 5}, {Start: 8, Stop: 8}}
	for uid, want := range map[imap.UID]string{1: "2:5,8", 2: "3:5,8", 5: "8", 7: "8", 8: "", 9: ""} {
		if got := after(set, uid).String(); got != want {
			t.Errorf("after %d: %q, want %q", uid, got, want)
		}
	}
	if set.String() != "2:5,8" {
		t.Errorf("the set became %s", set)
	}
}

// The aim: walking gives the numbers that looking up gives.
func TestSeqWalk(t *testing.T) {
	uids := imap.SetOf[imap.UID](3, 4, 5, 9, 10, 20)
	view := mailview.New(1, 1, mail.UIDsOf(uids))
	walk := seqWalk{view: view}
	for uid := imap.UID(1); uid < 25; uid++ {
		want, wantKnown := view.Seq(uid)
		got, known := walk.seq(uid)
		if known != wantKnown || known && got != want {
			t.Errorf("UID %d: %d %v, want %d %v", uid, got, known, want, wantKnown)
		}
	}
}

// The aim: a waiting session wakes for what it waits for, at once, and input
// is never lost to a waking.
func TestWait(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	c := newConn(near, newPools(), wireLog{}, time.Second)
	c.flush = func() {}
	expect := func(notices bool, limit time.Duration, want wake) {
		t.Helper()
		if why, err := c.wait(limit, notices); err != nil || why != want {
			t.Fatalf("woke for %d %v, want %d", why, err, want)
		}
	}
	c.notice()
	expect(true, time.Minute, noticeWaits)
	expect(true, time.Millisecond, timeIsOver)
	go c.notice()
	expect(true, time.Minute, noticeWaits)
	c.notice() // not wanted: it stays for later
	expect(false, time.Millisecond, timeIsOver)
	expect(true, time.Minute, noticeWaits)
	go func() { _, _ = far.Write([]byte("hello world")) }()
	expect(true, time.Minute, inputWaits)
	expect(true, time.Minute, inputWaits) // still
	line, err := c.reader().Peek(11)
	if err != nil || string(line) != "hello world" {
		t.Fatalf("read %q %v", line, err)
	}
	_, _ = c.reader().Discard(11)
	go c.end(shutdownWaits)
	expect(false, time.Minute, shutdownWaits)
	far.Close()
}
