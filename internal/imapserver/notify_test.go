package imapserver

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// The aim: a set of names has what was put into it and nothing else, also where
// names are parts of one another.
func TestNameSet(t *testing.T) {
	names := []string{"b", "a/b", "a", "INBOX", "ab", "a/b", "é"}
	set := newNameSet(names)
	if len(set.ends) != 6 {
		t.Errorf("%d names", len(set.ends))
	}
	for _, name := range []string{"", "a", "a/", "a/b", "a/b/c", "aa", "ab", "b", "bI", "INBOX", "INBO", "é", "\xc3", "z"} {
		if got, want := set.has(name), slices.Contains(names, name); got != want {
			t.Errorf("has(%q) is %v", name, got)
		}
	}
	for name, want := range map[string]bool{"a/b/c/d": true, "a/x": true, "ab/x": true, "c/a": false, "é/": true, "": false, "INBOX2": false} {
		if got := set.hasAbove(name); got != want {
			t.Errorf("hasAbove(%q) is %v", name, got)
		}
	}
	if (nameSet{}).has("") {
		t.Error("the empty set has a name")
	}
}

// The aim: a rename further up is told once, and what only looks like it is told.
func TestRenamesThatFollow(t *testing.T) {
	told := map[string]string{"a": "x/y"}
	for _, c := range []struct {
		old, name string
		want      bool
	}{{"a/b", "x/y/b", true}, {"a/b/c", "x/y/b/c", true}, {"a/b", "z", false}, {"ab", "x/yb", false}, {"a", "x/y", false}, {"b/a", "b/x/y", false}} {
		if got := (nameNews{name: c.name, old: c.old}).followsFrom(told); got != c.want {
			t.Errorf("%s to %s: %v", c.old, c.name, got)
		}
	}
}

// The aim: what is told of each new message is what NOTIFY and the results that it
// came to want, each message once.
func TestArrivalParts(t *testing.T) {
	set := func(uids ...imap.UID) imap.UIDSet { return imap.SetOf(uids...) }
	items := func(kinds ...imap.FetchKind) (all []imap.FetchItem) {
		for _, kind := range kinds {
			all = append(all, imap.FetchItem{Kind: kind})
		}
		return all
	}
	s := &session{notify: &notification{selected: imap.NotifyMessageNew, items: items(imap.FetchUID)}}
	changes := []contextChange{
		{context: &searchContext{items: items(imap.FetchSize)}, added: set(2, 3, 9)},
		{context: &searchContext{}, added: set(1, 2, 3, 4)},
		{context: &searchContext{items: items(imap.FetchFlags)}, added: set(3, 4)},
	}
	got := map[imap.UID]int{}
	for _, part := range s.arrivalParts(set(1, 2, 3, 4), changes) {
		for uid := range part.uids.All {
			if got[uid] != 0 {
				t.Errorf("%d is told twice", uid)
			}
			got[uid] = len(part.items)
		}
	}
	if want := "map[1:1 2:2 3:3 4:2]"; fmt.Sprint(got) != want {
		t.Errorf("numbers of items are %v, want %s", got, want)
	}
	s.notify = nil
	parts := s.arrivalParts(set(1, 2), changes)
	if len(parts) != 1 || parts[0].uids.String() != "2" {
		t.Errorf("without NOTIFY: %v", parts)
	}
}

// stall makes a session busy: it waits for the rest of a command.
func (c *testClient) stall() (resume func() []string) {
	c.t.Helper()
	c.send("stalled APPEND INBOX {5}\r\n")
	if line := c.line(); !strings.HasPrefix(line, "+") {
		c.t.Fatal(line)
	}
	return func() []string {
		c.send("a\r\nb\n\r\n")
		return c.until("stalled")
	}
}

// The aim: changes that were lost because a session was busy are found in the
// store; names that were lost cannot be, and the client is told.
func TestNotifyAfterLostChanges(t *testing.T) {
	server := startServer(t, nil)
	watcher, other := server.login("u0001"), server.login("u0001")
	other.ok("CREATE a")
	other.ok("CREATE b")
	lose := func() {
		other.append("a", "()", "x\r\n\r\ny")
		other.ok("SELECT a")
		for i := range 150 {
			other.ok(fmt.Sprintf("STORE 1 %cFLAGS (\\Flagged)", "+-"[i%2]))
			other.ok(fmt.Sprintf("STORE 1 %cFLAGS (x%d)", "+-"[i%2], i/2))
		}
		other.append("a", "()", "x\r\n\r\ny")
	}
	watcher.ok("NOTIFY SET (PERSONAL (MessageNew MessageExpunge))")
	resume := watcher.stall()
	lose()
	text := strings.Join(resume(), "\n")
	has(t, text, "* STATUS a (MESSAGES 2 ")
	hasNot(t, text, "NOTIFICATIONOVERFLOW", "STATUS b", "STATUS Drafts")
	other.append("b", "()", "x\r\n\r\ny")
	has(t, watcher.line(), "* STATUS b (MESSAGES 1 ")

	watcher.ok("NOTIFY SET (PERSONAL (MessageNew MessageExpunge MailboxName))")
	resume = watcher.stall()
	lose()
	other.ok("CREATE c")
	text = strings.Join(resume(), "\n")
	has(t, text, "* STATUS a (MESSAGES 4 ", `* LIST (\HasNoChildren) "/" c`)
	hasNot(t, text, "NOTIFICATIONOVERFLOW")

	resume = watcher.stall()
	for range 150 {
		other.ok("CREATE d")
		other.ok("DELETE d")
	}
	text = strings.Join(resume(), "\n")
	has(t, text, "* OK [NOTIFICATIONOVERFLOW]")
	hasNot(t, text, "* STATUS", "* LIST")
	other.append("b", "()", "x\r\n\r\ny")
	hasNot(t, watcher.ok("NOOP"), "* STATUS")
}

// The aim: mailboxes of others that go with their account are told as deleted to
// who could see them and wants to hear of names (RFC 5465 §5.4), and the session
// goes on.
func TestNotifyOfErasedAccounts(t *testing.T) {
	server := startServer(t, nil)
	owner, watcher, deaf := server.login("u0001"), server.login("u0002"), server.login("u0003")
	for _, name := range []string{"Seen", "Hidden", "Read"} {
		owner.ok("CREATE " + name)
	}
	for _, user := range []string{"u0002", "u0003"} {
		owner.ok("SETACL Seen " + user + " l")
		owner.ok("SETACL Read " + user + " lr")
	}
	watcher.ok(`SUBSCRIBE "Other Users/u0001@localhost/Read"`)
	watcher.ok(`NOTIFY SET (SUBTREE "Other Users" (MailboxName MessageNew MessageExpunge))`)
	deaf.ok(`NOTIFY SET (SUBTREE "Other Users" (MessageNew MessageExpunge))`)
	if err := server.options.Auth.Directory().DeleteAccount(t.Context(), "u0001"); err != nil {
		t.Fatal(err)
	}
	text := watcher.ok("NOOP")
	has(t, text, `* LIST (\NonExistent \HasNoChildren) "/" "Other Users/u0001@localhost/Seen"`,
		`* LIST (\NonExistent \HasNoChildren \Subscribed) "/" "Other Users/u0001@localhost/Read"`)
	hasNot(t, text, "Hidden", "INBOX")
	hasNot(t, watcher.ok("NOOP"), "* LIST")
	hasNot(t, deaf.ok("NOOP"), "* LIST")
	watcher.ok("SELECT INBOX")
}

// The aim: a NOTIFY that was refused leaves the one before in effect, and no watch
// is left behind by any.
func TestNotifyLeavesNothingBehind(t *testing.T) {
	server := startServer(t, nil)
	watcher, other := server.login("u0001"), server.login("u0001")
	watcher.ok("NOTIFY SET (MAILBOXES INBOX (MessageNew MessageExpunge))")
	var names strings.Builder
	for i := range notifyNamesMax + 1 {
		fmt.Fprintf(&names, " m%d", i)
	}
	watcher.status("NOTIFY SET (SUBTREE ("+names.String()[1:]+") (MailboxName))", "NO [NOTIFICATIONOVERFLOW]")
	other.append("INBOX", "()", "x\r\n\r\ny")
	has(t, watcher.line(), "* STATUS INBOX (MESSAGES 1 ")
	var notes []*notification
	server.mutex.Lock()
	for session := range server.sessions {
		if session.notify != nil {
			notes = append(notes, session.notify)
		}
	}
	server.mutex.Unlock()
	if len(notes) != 1 || len(notes[0].watched) != 1 {
		t.Fatalf("notifications: %v", notes)
	}
	watcher.ok("NOTIFY NONE")
	if len(notes[0].watched) != 0 {
		t.Error("a watch was left open")
	}
}

// The aim: own commits are told apart by account and position.
func TestOwnCommits(t *testing.T) {
	server := startServer(t, nil)
	one, err := server.store.Account(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{notify: new(notification)}
	account := &sessionAccount{one, s}
	position, err := account.Commit(t.Context(), mail.Subscribe("x", true))
	if err != nil || !s.isOwn(account, position) || s.isOwn(account, position+1) {
		t.Errorf("the commit at %d, %v, is not known: %v", position, err, s.own)
	}
	again, err := account.Commit(t.Context(), mail.Subscribe("x", true))
	if err != nil || again != position || len(s.own) != 1 {
		t.Errorf("a decision without records is taken for a commit: %v", s.own)
	}
}
