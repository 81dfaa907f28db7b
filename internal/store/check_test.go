package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
	"github.com/restante/restante/internal/vfs"
)

// busy makes a store in which most kinds of rows exist.
func busy(t testing.TB) (*Store, mail.Account, mail.MailboxID) {
	t.Helper()
	s := openTest(t, vfs.NewMem(), "/data")
	a, inbox := provision(t, s, 7)
	for n := range 10 {
		appendTo(t, s, a, inbox, text(n, 2000), "$Work")
	}
	now := time.Unix(1_700_000_000, 0)
	var copied mail.Copied
	mustCommit(t, a, mail.Copy(inbox, imap.UIDSet{{Start: 2, Stop: 5}}, "Archive", now, &copied))
	var flags mail.FlagsResult
	mustCommit(t, a, mail.SetMetadata(inbox, []mail.MetadataWish{{Name: "/comment", Value: []byte("secret")}, {Owner: 7, Name: "/comment", Value: []byte("secret")}}))
	mustCommit(t, a, mail.SetMetadata(mail.ServerMetadata, []mail.MetadataWish{{Owner: 7, Name: "/vendor/x/y", Value: []byte("secret")}}))
	mustCommit(t, a, mail.Annotate(inbox, imap.UIDSet{{Start: 3, Stop: 4}}, mail.AnnotateWish{Wishes: []mail.AnnotationWish{
		{AnnotationName: mail.AnnotationName{Owner: 7, Entry: "/comment"}, Value: []byte("secret")},
	}}, &flags))
	mustCommit(t, a, mail.ChangeFlags(inbox, imap.UIDSet{{Start: 4, Stop: 6}}, mail.FlagsWish{Op: mail.AddFlags, Flags: []imap.Flag{imap.FlagDeleted, imap.FlagSeen}}, &flags))
	var gone imap.UIDSet
	mustCommit(t, a, mail.Expunge(inbox, nil, &gone))
	if gone.Count() != 3 || copied.To.Count() != 4 {
		t.Fatalf("removed %s, copied %s", gone, copied.To)
	}
	return s, a, inbox
}

func check(t testing.TB, s *Store) Report {
	t.Helper()
	report, err := s.Check(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func requireSound(t testing.TB, s *Store) {
	t.Helper()
	if report := check(t, s); !report.Sound() {
		t.Fatalf("the store is not sound:\n%s", strings.Join(report.Problems, "\n"))
	}
}

// A sound store is found sound, also when its index is derived anew; and each
// kind of row that is changed, lacks or is too many is found.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	s, _, _ := busy(t)
	defer closeTest(t, s)
	requireSound(t, s)
	applied, _, err := s.index.Applied()
	if err != nil {
		t.Fatal(err)
	}
	var keys, values [][]byte
	cursor := s.index.Scan([]byte{1}, nil)
	for cursor.Next() {
		keys = append(keys, append([]byte{}, cursor.Key()...))
		values = append(values, append([]byte{}, cursor.Value()...))
	}
	if err := cursor.Close(); err != nil {
		t.Fatal(err)
	}
	for i, key := range keys {
		batch := s.index.Batch()
		batch.Delete(key)
		if err := batch.Commit(applied); err != nil {
			t.Fatal(err)
		}
		if report := check(t, s); report.Sound() {
			t.Errorf("a missing row was not found: %s", index.Describe(key, values[i]))
		}
		batch = s.index.Batch()
		batch.Set(key, append(values[i], 1))
		if err := batch.Commit(applied); err != nil {
			t.Fatal(err)
		}
		if report, err := s.Check(context.Background(), nil); err == nil && report.Sound() {
			t.Errorf("a changed row was not found: %s", index.Describe(key, values[i]))
		}
		batch = s.index.Batch()
		batch.Set(key, values[i][:len(values[i]):len(values[i])])
		if err := batch.Commit(applied); err != nil {
			t.Fatal(err)
		}
	}
	batch := s.index.Batch()
	batch.Set(index.SubscriptionKey(nil, 7, "unexplained"), []byte{})
	if err := batch.Commit(applied); err != nil {
		t.Fatal(err)
	}
	if report := check(t, s); report.Sound() || !strings.Contains(report.Problems[0], "unexplained") {
		t.Errorf("a row too many was not found: %v", report.Problems)
	}
}

// Dump names every record and every row, and no value of an entry.
func TestDumpIsReadable(t *testing.T) {
	s, a, _ := busy(t)
	defer closeTest(t, s)
	mustCommit(t, a, func(mail.State) (mail.Effects, error) {
		return mail.Effects{Records: []mail.Record{mail.EntryPut{Key: "password", Value: []byte("secret")}}}, nil
	})
	var out strings.Builder
	if err := s.Dump(context.Background(), &out, Filter{Journal: true, Index: true}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"MessageAdded mailbox", "MessagesCopied from", "mail.MessagesRemoved {Mailbox:", `EntryPut "password": 6 octets`,
		"account 7, head:", "account 7, mailbox:", `name "INBOX"`, "applied: format", "message 1: email", "marks listed", "removed at",
		"MetadataChanged mailbox", "AnnotationsChanged mailbox", `metadata "/comment" of 7`, `message 3, annotation "/comment" of 7`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("nothing says %q", want)
		}
	}
	if strings.Contains(out.String(), "secret") || strings.Contains(out.String(), "unknown") {
		t.Errorf("a secret is told, or something unknown:\n%s", out.String())
	}
	account := mail.AccountID(8)
	out.Reset()
	if err := s.Dump(context.Background(), &out, Filter{Journal: true, Index: true, Account: &account}); err != nil || out.Len() > 0 {
		t.Errorf("dump of an account without records: %v\n%s", err, out.String())
	}
}
