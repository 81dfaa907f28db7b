package index

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// Keys sort as what they name does, and no account's keys lie among another's.
func TestKeysSort(t *testing.T) {
	var keys [][]byte
	for _, account := range []mail.AccountID{0, 1, 255, 256, 1<<64 - 1} {
		for _, mailbox := range []mail.MailboxID{1, 256, 1 << 40} {
			for _, modSeq := range []imap.ModSeq{1, 255, 256} {
				for _, block := range []uint32{0, 1, 300} {
					keys = append(keys, ChangedKey(nil, account, mailbox, modSeq, block))
				}
			}
		}
		for _, name := range []string{"", "A", "A/B", "B", "É"} {
			keys = append(keys, EntryKey(nil, account, name))
		}
		keys = append(keys, HeadKey(nil, account))
		for _, uid := range []imap.UID{1, 255, 256, 1<<32 - 1} {
			keys = append(keys, MessageKey(nil, account, 7, uid))
		}
		for _, key := range keys[len(keys)-5:] {
			if AccountOf(key) != account || !bytes.HasPrefix(key, AccountPrefix(nil, account)) {
				t.Errorf("key %x is not of account %d", key, account)
			}
		}
	}
	if !slices.IsSortedFunc(keys, bytes.Compare) {
		t.Error("keys do not sort as what they name")
	}
	if end := PrefixEnd(AccountPrefix(nil, 1<<64-1)); !bytes.Equal(end, AccountsEnd()) {
		t.Errorf("the last account ends at %x", end)
	}
	if PrefixEnd([]byte{255, 255}) != nil {
		t.Error("something lies behind the last key")
	}
}

// What keys are made of can be read from them.
func TestKeysAreRead(t *testing.T) {
	if key := ChangedKey(nil, 3, 4, 5, 6); MailboxOf(key) != 4 || ModSeqOf(key) != 5 || LastBlock(key) != 6 || AccountOf(key) != 3 {
		t.Errorf("%x", key)
	}
	if mailbox, uid := ReferenceOf(ReferenceKey(nil, 3, 4, 5, 6)); mailbox != 5 || uid != 6 {
		t.Error(mailbox, uid)
	}
	if account, email := NamedOf(NamedKey(nil, mail.BodyID{1}, 3, 4)); account != 3 || email != 4 {
		t.Error(account, email)
	}
	if text := TextOf(NameKey(nil, 3, "Été")); text != "Été" {
		t.Error(text)
	}
}

// Values are read as they were written.
func TestValuesReturn(t *testing.T) {
	many := mail.FlagsOf(0, 3, 9, 64, 700)
	head := Head{Position: 1 << 50, Floor: 1<<32 - 1, Mailboxes: 7, Erased: true,
		Octets: 1 << 60, Messages: 1 << 40, AnnotationOctets: 3, Quota: mail.OwnQuota{Set: 5, Limits: mail.Quota{1, 0, 1 << 63, 4}}}
	if got, err := DecodeHead(AppendHead(nil, head)); err != nil || got != head {
		t.Error(got, err)
	}
	box := &mail.Mailbox{
		ID: 5, Name: "Été", UIDValidity: 1<<32 - 1, UIDNext: 2, HighestModSeq: 3, VanishedFloor: 4, Messages: 5, Unseen: 6,
		Deleted: 7, Size: 1 << 40, RecentFrom: 8, SpecialUse: []imap.MailboxAttr{imap.AttrSent}, Keywords: []imap.Flag{"a", "$b"},
	}
	if got, err := DecodeMailbox(5, AppendMailbox(nil, box)); err != nil || !reflect.DeepEqual(got, box) {
		t.Error(got, err)
	}
	message := mail.Message{
		UID: 9, Email: 1 << 60, Size: 1 << 33, InternalDate: mail.Instant{Unix: -5, ZoneMinutes: -720}, SaveDate: 6,
		Body: mail.BodyRef{ID: mail.BodyID{1, 31: 2}, Where: [2]uint64{1 << 63, 7}},
	}
	for range 2 {
		var got mail.Message
		if err := DecodeMessage(&got, 9, AppendMessage(nil, &message)); err != nil || got != message {
			t.Errorf("%+v, want %+v (%v)", got, message, err)
		}
		message.Removed, message.ModSeq, message.Flags = 11, 10, many
	}
	block := &Block{Listed: 1 << 40, Unseen: 1, Marks: []Mark{{UID: 128, ModSeq: 1 << 40}, {UID: 130, ModSeq: 1, Flags: many}, {UID: 255, ModSeq: 9, Flags: mail.FlagsOf(3)}}}
	var got Block
	if err := got.Decode(1, AppendBlock(nil, block)); err != nil || !reflect.DeepEqual(&got, block) {
		t.Errorf("%+v, want %+v (%v)", got, block, err)
	}
	seen := mail.FlagsOf(mail.BitSeen)
	for unseen, marks := range map[imap.UID][]Mark{0: {{UID: 129, Flags: seen}}, 130: {{UID: 129, Flags: seen}, {UID: 130}, {UID: 131}}} {
		value := AppendBlock(nil, &Block{Unseen: int(unseen), Marks: marks})
		if first, err := DecodeFirstUnseen(1, value); err != nil || first != unseen {
			t.Errorf("the first unseen message is %d, want %d (%v)", first, unseen, err)
		}
	}
	for _, lie := range [][]byte{nil, AppendBlock(nil, &Block{Unseen: 1, Marks: []Mark{{UID: 129, Flags: seen}}})} {
		if first, err := DecodeFirstUnseen(1, lie); !errors.Is(err, mail.ErrCorrupt) {
			t.Errorf("the first unseen message of a damaged block is %d (%v)", first, err)
		}
	}
	for i, uid := range []imap.UID{128, 130, 255} {
		if at, found := block.Find(uid); at != i || !found {
			t.Errorf("mark %d is found at %d", uid, at)
		}
	}
	removal := Removal{Unix: -3, UIDs: imap.UIDSet{{Start: 1, Stop: 1}, {Start: 7, Stop: 1<<32 - 1}}}
	if got, err := DecodeRemoval(AppendRemoval(nil, removal)); err != nil || !reflect.DeepEqual(got, removal) {
		t.Error(got, err)
	}
	stored := Stored{Where: [2]uint64{1, 2}, Size: 3}
	if got, err := DecodeStored(AppendStored(nil, stored)); err != nil || got != stored {
		t.Error(got, err)
	}
}

// No octets make a reader of values fail but with an error.
func FuzzValues(f *testing.F) {
	f.Add(AppendBlock(nil, &Block{Listed: 7, Marks: []Mark{{UID: 1, ModSeq: 7, Flags: mail.FlagsOf(1, 99)}}}))
	f.Add(AppendMailbox(nil, &mail.Mailbox{Name: "x", Keywords: []imap.Flag{"y"}}))
	f.Add(AppendMessage(nil, &mail.Message{Removed: 1}))
	f.Add(AppendRemoval(nil, Removal{UIDs: imap.UIDSet{{Start: 1, Stop: 2}}}))
	keys := [][]byte{
		HeadKey(nil, 1), MailboxKey(nil, 1, 2), MessageKey(nil, 1, 2, 3), RemovedKey(nil, 1, 2, 3), BlockKey(nil, 1, 2, 3),
		RemovalKey(nil, 1, 2, 3), BodyKey(nil, mail.BodyID{}), AppliedKey(nil), NameKey(nil, 1, "x"),
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, key := range keys {
			if Describe(key, value) == "" {
				t.Error("a row without words")
			}
			Same(key, value, keys[0])
		}
		var block Block
		if err := block.Decode(0, value); err == nil {
			var again Block
			if err := again.Decode(0, AppendBlock(nil, &block)); err != nil || len(again.Marks) != len(block.Marks) {
				t.Errorf("%+v became %+v (%v)", block, again, err)
			}
		}
		Describe(value, value)
	})
}

// An index keeps what was flushed, and knows how far it has come.
func TestIndexIsKept(t *testing.T) {
	fs := vfs.NewMem()
	options := Options{FS: fs, Dir: "/index", Logger: slog.New(slog.DiscardHandler)}
	want := Applied{Journal: 1 << 63, Segment: 4, Byte: 5}
	for round := range 3 {
		x, err := Open(options)
		if err != nil {
			t.Fatal(err)
		}
		applied, known, err := x.Applied()
		if err != nil || known != (round > 0) || known && applied != want {
			t.Fatal(round, applied, known, err)
		}
		batch := x.Batch()
		batch.Set(EntryKey(nil, 1, fmt.Sprint(round)), []byte{byte(round)})
		batch.Delete(EntryKey(nil, 1, fmt.Sprint(round-1)))
		if err := batch.Commit(want); err != nil {
			t.Fatal(err)
		}
		cursor := x.Scan(AccountPrefix(nil, 1), AccountPrefix(nil, 2))
		if !cursor.Next() || cursor.Value()[0] != byte(round) || cursor.Next() {
			t.Error("the rows are others")
		}
		if err := cursor.Close(); err != nil {
			t.Fatal(err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// An index whose list of files cannot be written serves reads, refuses
// changes, and can be closed.
func TestIndexThatFails(t *testing.T) {
	faults := vfs.NewFaults(vfs.NewMem())
	x, err := Open(Options{FS: faults, Dir: "/index", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	put := func() error {
		batch := x.Batch()
		batch.Set(EntryKey(nil, 1, "k"), []byte("v"))
		return batch.Commit(Applied{})
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	faults.Fail(vfs.Writes, "MANIFEST", errors.New("broken"))
	faults.Fail(vfs.Syncs, "MANIFEST", errors.New("broken"))
	if err := x.Flush(); !errors.Is(err, ErrFailed) {
		t.Fatal("flush: ", err)
	}
	if err := put(); !errors.Is(err, ErrFailed) {
		t.Error("change: ", err)
	}
	if value, err := x.Get(EntryKey(nil, 1, "k")); err != nil || string(value) != "v" {
		t.Error("read: ", value, err)
	}
	if err := x.Close(); !errors.Is(err, ErrFailed) {
		t.Error("close: ", err)
	}
}

// While the disk is full, the index tries again in peace, serves reads, and is
// flushed when there is room.
func TestIndexOnAFullDisk(t *testing.T) {
	faults := vfs.NewFaults(vfs.NewMem())
	x, err := Open(Options{FS: faults, Dir: "/index", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	batch := x.Batch()
	batch.Set(EntryKey(nil, 1, "k"), []byte("v"))
	if err := batch.Commit(Applied{}); err != nil {
		t.Fatal(err)
	}
	faults.Fail(vfs.Writes, ".sst", syscall.ENOSPC)
	before := faults.Changes()
	flushed := make(chan error, 1)
	go func() { flushed <- x.Flush() }()
	for faults.Changes() < before+4 { // it has failed, and was tried again
		runtime.Gosched()
	}
	if value, err := x.Get(EntryKey(nil, 1, "k")); err != nil || string(value) != "v" {
		t.Error("read: ", value, err)
	}
	faults.Heal()
	if err := <-flushed; err != nil {
		t.Error("flush: ", err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

// Neither closing nor opening waits for room on a full disk.
func TestIndexClosesAndOpensOnAFullDisk(t *testing.T) {
	faults := vfs.NewFaults(vfs.NewMem())
	options := Options{FS: faults, Dir: "/index", Logger: slog.New(slog.DiscardHandler)}
	x, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	batch := x.Batch()
	batch.Set(EntryKey(nil, 1, "k"), []byte("v"))
	if err := batch.Commit(Applied{}); err != nil {
		t.Fatal(err)
	}
	faults.Fail(vfs.Writes, "", syscall.ENOSPC)
	if err := x.Close(); !errors.Is(err, ErrNoRoom) {
		t.Error("close: ", err)
	}
	if _, err = Open(options); !errors.Is(err, ErrFailed) && !vfs.IsNoSpace(err) {
		t.Error("open: ", err)
	}
}

// Only what there is no room for takes its time.
func TestPatience(t *testing.T) {
	faults := vfs.NewFaults(vfs.NewMem())
	waits := 0
	fs := &patient{faults, func() { waits++ }}
	file, err := fs.Create("/f", "test")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, c := range []struct {
		kind vfs.Kind
		err  error
		want int
	}{{vfs.Writes, syscall.EIO, 0}, {vfs.Writes, syscall.ENOSPC, 1}, {vfs.Syncs, syscall.ENOSPC, 3}, {vfs.Names, syscall.ENOSPC, 4}} {
		faults.Fail(c.kind, "", c.err)
		_, _ = file.Write([]byte("x"))
		_, _ = file.Sync(), file.SyncData()
		_, _ = fs.Create("/g", "test")
		faults.Heal()
		if waits != c.want {
			t.Errorf("%v %v: waited %d times, want %d", c.kind, c.err, waits, c.want)
		}
	}
}
