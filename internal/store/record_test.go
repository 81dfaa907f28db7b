package store

import (
	"bytes"
	"encoding/hex"
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

var update = flag.Bool("update", false, "write the golden records anew; only for a new version of the format")

// everyRecord has each kind of record, with unlike values in all fields.
func everyRecord() commit {
	set := imap.UIDSet{{Start: 1, Stop: 1}, {Start: 5, Stop: 900}, {Start: 4_000_000_000, Stop: 4_294_967_295}}
	return commit{Unix: 1_709_204_400, Records: []record{
		mail.MailboxCreated{ID: 1 << 40, Name: "Été/2024", UIDValidity: 1_709_204_400, UIDNext: 17, SpecialUse: []imap.MailboxAttr{imap.AttrSent, `\X-Own`}},
		mail.MailboxRenamed{ID: 2, Name: "x"},
		mail.MailboxDeleted{ID: 3},
		mail.MailboxRenumbered{ID: 4, UIDValidity: 4_294_967_295, UIDNext: 1},
		mail.SpecialUseChanged{ID: 5, SpecialUse: []imap.MailboxAttr{imap.AttrJunk}},
		mail.SubscriptionChanged{Name: "Lists", Subscribed: true},
		mail.SubscriptionChanged{Name: "Gone"},
		mail.MessageAdded{
			Mailbox: 6, UID: 4_294_967_294, Email: 1<<63 + 5, Body: mail.BodyID{1, 2, 3, 31: 255}, Size: 1 << 33,
			InternalDate: mail.Instant{Unix: -1, ZoneMinutes: -330}, SaveDate: 1_709_204_401, Flags: []imap.Flag{imap.FlagSeen, "$Work"},
		},
		mail.MessagesCopied{From: 7, UIDs: set, To: 8, FirstUID: 9, SaveDate: 1_709_204_402},
		mail.FlagsChanged{Mailbox: 10, UIDs: set, Add: []imap.Flag{"a", "b"}, Remove: []imap.Flag{imap.FlagDeleted}},
		mail.MessagesRemoved{Mailbox: 11, UIDs: set},
		mail.RecentClaimed{Mailbox: 12, Before: 13},
		mail.EntryPut{Key: "k\x00", Value: []byte{0, 255}},
		mail.EntryRemoved{Key: "r"},
		mail.AccountErased{},
		removalsForgotten{Mailbox: 14, UpTo: 1 << 50},
	}}
}

// everyValueRecord has those that came with metadata and annotations.
func everyValueRecord() commit {
	set := imap.UIDSet{{Start: 3, Stop: 9}}
	return commit{Unix: 1_764_000_000, Records: []record{
		mail.MetadataChanged{Mailbox: 1 << 40, Owner: 7, Name: "/comment", Value: []byte("a\x00b")},
		mail.MetadataChanged{Name: "/vendor/x/y", Removed: true},
		mail.AnnotationsChanged{Mailbox: 2, UIDs: set, AnnotationName: mail.AnnotationName{Owner: 1<<64 - 1, Entry: "/1.2/comment"}, Value: []byte{}},
		mail.AnnotationsChanged{Mailbox: 3, UIDs: set, AnnotationName: mail.AnnotationName{Entry: "/altsubject"}, Removed: true},
		mail.MessagesCopied{From: 4, UIDs: set, To: 5, FirstUID: 6, SaveDate: 8, Annotations: mail.Carried{Shared: true, Private: 300}},
		mail.MessagesCopied{From: 4, UIDs: set, To: 5, FirstUID: 6, SaveDate: 8, Annotations: mail.Carried{Everyone: true}},
	}}
}

// everyAccessRecord has those that came with access control lists.
func everyAccessRecord() commit {
	return commit{Unix: 1_764_100_000, Records: []record{
		mail.AccessChanged{Mailbox: 1 << 40, Grantee: mail.GranteeOf(1 << 33), Rights: mail.RightLookup | mail.RightAnnotate},
		mail.AccessChanged{Mailbox: 2, Grantee: mail.Grantee{Kind: mail.GranteeGroup, ID: 3, Negative: true}, Rights: mail.AllRights},
		mail.AccessChanged{Mailbox: 2, Grantee: mail.Grantee{Kind: mail.GranteeAnyone}, Removed: true},
		mail.AccessChanged{Mailbox: 2, Grantee: mail.Grantee{Kind: mail.GranteeAnonymous}},
	}}
}

// everyWithheldRecord has the copies that came with flags that stay behind.
func everyWithheldRecord() commit {
	set := imap.UIDSet{{Start: 3, Stop: 9}}
	return commit{Unix: 1_795_500_000, Records: []record{
		mail.MessagesCopied{From: 4, UIDs: set, To: 5, FirstUID: 6, SaveDate: 8, Withheld: mail.RightSeen | mail.RightDeleteMessages},
		mail.MessagesCopied{From: 4, UIDs: set, To: 5, FirstUID: 6, SaveDate: 8, Annotations: mail.Carried{Shared: true, Private: 300}, Withheld: mail.RightWrite},
	}}
}

// goldens are files with the octets of records, one for each time that the
// format grew.
var goldens = map[string]func() commit{
	"testdata/records-1.hex":        everyRecord,
	"testdata/records-values.hex":   everyValueRecord,
	"testdata/records-access.hex":   everyAccessRecord,
	"testdata/records-withheld.hex": everyWithheldRecord,
}

// Records are written as they ever were, and what was ever written is read.
func TestRecordsAreGolden(t *testing.T) {
	for golden, records := range goldens {
		got, err := appendCommit(nil, records())
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(golden, append([]byte(hex.EncodeToString(got)), '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		text, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		want, err := hex.DecodeString(string(bytes.TrimSpace(text)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%s: records are written otherwise:\n%x\nwant\n%x", golden, got, want)
		}
		decoded, err := decodeCommit(want)
		if err != nil || !reflect.DeepEqual(decoded, records()) {
			t.Fatalf("%s: records are read otherwise: %v\n%+v", golden, err, decoded)
		}
	}
}

// Every kind has a writer, a reader and a place among the golden ones.
func TestEveryKindIsGolden(t *testing.T) {
	seen := map[recordKind]bool{}
	for _, records := range goldens {
		for _, r := range records().Records {
			w := recordWriter{}
			kind, err := w.record(r)
			if err != nil {
				t.Fatal(err)
			}
			seen[kind] = true
		}
	}
	for kind := kindMailboxCreated; kind <= kindAccessChanged; kind++ {
		if !seen[kind] {
			t.Errorf("kind %d is not among the golden records", kind)
		}
	}
	if _, err := (&recordWriter{}).record(struct{}{}); err == nil {
		t.Error("something that is no record was written")
	}
}

// What a later version appends to a record is passed over; a kind or a version
// that is not known is not.
func TestRecordsOfLaterVersions(t *testing.T) {
	longer := append([]byte{recordVersion, 0, 1, byte(kindMailboxDeleted), 3}, 9, 8, 7)
	if c, err := decodeCommit(longer); err != nil || !reflect.DeepEqual(c.Records, []record{mail.MailboxDeleted{ID: 9}}) {
		t.Errorf("a longer record: %v %v", c, err)
	}
	for _, bad := range [][]byte{
		{}, {recordVersion + 1, 0, 0}, {recordVersion, 0, 1, 200, 0}, {recordVersion, 0, 1}, {recordVersion, 0, 0, 1},
		{recordVersion, 0, 1, byte(kindMailboxDeleted), 5, 1}, {recordVersion, 0, 255},
	} {
		if c, err := decodeCommit(bad); err == nil {
			t.Errorf("%v was read as %v", bad, c)
		}
	}
}

// No octets make the reader fail but with an error, and what it reads can be
// written and read again.
func FuzzDecodeCommit(f *testing.F) {
	for _, records := range goldens {
		seed, err := appendCommit(nil, records())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Add([]byte{recordVersion, 2, 1, byte(kindMessagesRemoved), 4, 1, 1, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := decodeCommit(b)
		if err != nil {
			return
		}
		again, err := appendCommit(nil, c)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := decodeCommit(again); err != nil || !reflect.DeepEqual(c, second) {
			t.Fatalf("%+v became %+v (%v)", c, second, err)
		}
	})
}
