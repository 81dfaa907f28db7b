package mailtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Open makes an empty store that lasts until the test ends.
type Open func(t *testing.T) mail.Store

// Test runs the whole suite.
func Test(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*fixture)
	}{
		{"provisioned mailboxes", testProvision},
		{"messages and bodies", testMessages},
		{"large bodies", testLargeBodies},
		{"one body for many accounts", testCommitAll},
		{"all accounts or none", testAllOrNone},
		{"decisions see the newest state", testNewestState},
		{"states stay as they are", testStatesStay},
		{"marks and messages of any set", testAnySet},
		{"structures in any order", testStructuresInAnyOrder},
		{"flags and keywords", testFlags},
		{"copies", testCopies},
		{"moves", testMoves},
		{"removed messages", testRemoved},
		{"names", testNames},
		{"renumbered mailboxes", testRenumbered},
		{"subscriptions and entries", testEntries},
		{"recent messages", testRecent},
		{"metadata", testMetadata},
		{"annotations", testAnnotations},
		{"lapses", testLapses},
		{"annotations that go along", testCarried},
		{"limits of metadata and annotations", testValueLimits},
		{"annotations against a model", testAnnotationsAgainstModel},
		{"access control lists", testAccess},
		{"what an actor may do", testActors},
		{"moves between accounts", testBetween},
		{"watches", testWatch},
		{"watches that overflow", testWatchOverflow},
		{"accounts are apart", testAccountsAreApart},
		{"erased accounts", testErased},
		{"quotas", testQuota},
		{"quotas and what happens at once", testQuotaAtOnce},
		{"contexts", testContexts},
		{"changes against a model", testChangesAgainstModel},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(&fixture{T: t, store: open(t)}) })
	}
}

// fixture is a store with short ways to use it.
type fixture struct {
	*testing.T
	store mail.Store
}

var now = time.Date(2024, 2, 29, 12, 0, 0, 0, time.FixedZone("", 3600))

func (f *fixture) account(id mail.AccountID) mail.Account {
	f.Helper()
	a, err := f.store.Account(context.Background(), id)
	if err != nil {
		f.Fatal(err)
	}
	return a
}

// user returns an account with its first mailboxes, and its INBOX.
func (f *fixture) user(id mail.AccountID) (mail.Account, mail.MailboxID) {
	f.Helper()
	a := f.account(id)
	f.commit(a, mail.ProvisionAccount(now))
	return a, f.mailbox(a, mail.Inbox).ID
}

func (f *fixture) commit(a mail.Account, decide mail.Decision) imap.ModSeq {
	f.Helper()
	at, err := a.Commit(context.Background(), decide)
	if err != nil {
		f.Fatal(err)
	}
	return at
}

func (f *fixture) read(a mail.Account, use func(mail.State)) {
	f.Helper()
	err := a.Read(context.Background(), func(state mail.State) error {
		f.Helper()
		use(state)
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) mailbox(a mail.Account, name string) *mail.Mailbox {
	f.Helper()
	var found *mail.Mailbox
	f.read(a, func(state mail.State) {
		m, err := state.MailboxNamed(name)
		if err != nil {
			f.Fatalf("mailbox %q: %v", name, err)
		}
		found = m
	})
	return found
}

func (f *fixture) stage(octets []byte) *mail.Body {
	f.Helper()
	staging := f.store.Stage()
	var buffer [1000]byte // used again, as that of a connection is
	for part := range slices.Chunk(octets, len(buffer)) {
		if _, err := staging.Write(buffer[:copy(buffer[:], part)]); err != nil {
			f.Fatal(err)
		}
	}
	body, err := staging.Finish()
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(body.Release)
	return body
}

func subjectOf(number int) string { return fmt.Sprintf("letter %d", number) }

// letter is a message of about some octets, like no other number's.
func letter(number, size int) []byte {
	b := fmt.Appendf(nil, "From: a@example.org\r\nTo: b@example.org\r\nSubject: %s\r\n\r\n", subjectOf(number))
	for len(b) < size {
		b = fmt.Appendf(b, "Line at %d of letter %d.\r\n", len(b), number)
	}
	return b
}

// add appends messages and returns the UID of the first.
func (f *fixture) add(a mail.Account, to mail.MailboxID, count int, flags ...imap.Flag) imap.UID {
	f.Helper()
	batch := make([]mail.NewMessage, count)
	for i := range batch {
		batch[i] = mail.NewMessage{Body: f.stage(letter(i, 200)), Flags: flags, InternalDate: mail.InstantOf(now)}
	}
	var uids imap.UIDSet
	f.commit(a, mail.Append(to, batch, now, &uids))
	if uids.Count() != uint64(count) {
		f.Fatalf("appended %s, want %d messages", uids, count)
	}
	return uids[0].Start
}

func span(start, stop imap.UID) imap.UIDSet { return imap.UIDSet{{Start: start, Stop: stop}} }

var everything = span(1, 1<<32-1)

// rows collects messages.
func (f *fixture) rows(messages func(func(*mail.Message, error) bool)) []mail.Message {
	f.Helper()
	var all []mail.Message
	for m, err := range messages {
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, *m)
	}
	return all
}

func uidsOf(rows []mail.Message) string {
	var set imap.UIDSet
	for _, m := range rows {
		set = set.Add(m.UID)
	}
	return set.String()
}

func (f *fixture) equal(what string, got, want any) {
	f.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		f.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func (f *fixture) fails(what string, err, want error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Fatalf("%s: got error %v, want %v", what, err, want)
	}
}

// content reads a message's octets.
func (f *fixture) content(bodies mail.BodyReader, m *mail.Message) []byte {
	f.Helper()
	body, err := bodies.Open(m.Body)
	if err != nil {
		f.Fatal(err)
	}
	octets := make([]byte, body.Size())
	if n, err := body.ReadAt(octets, 0); n != len(octets) {
		f.Fatal(n, err)
	}
	whole, err := body.Bytes()
	if err != nil {
		f.Fatal(err)
	}
	if whole == nil && len(octets) <= 64<<10 {
		f.Fatalf("a body of %d octets is not held at hand", len(octets))
	}
	if whole != nil && !bytes.Equal(whole, octets) {
		f.Fatal("Bytes and ReadAt differ")
	}
	return octets
}

// one returns a decision that wants just these records.
func one(records ...mail.Record) mail.Decision {
	return func(mail.State) (mail.Effects, error) { return mail.Effects{Records: records}, nil }
}
