package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/vfs"
)

// BenchmarkCommit adds messages of 4 KB to 64 accounts, durably.
func BenchmarkCommit(b *testing.B) {
	for _, committers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(committers), func(b *testing.B) {
			s := openTest(b, vfs.OS(), b.TempDir())
			defer closeTest(b, s)
			const accounts = 64
			var boxes [accounts]mail.MailboxID
			var all [accounts]mail.Account
			for i := range all {
				all[i], boxes[i] = provision(b, s, mail.AccountID(i+1))
			}
			now := time.Unix(1_700_000_000, 0)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range committers {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						body := stage(b, s, text(int(n), 4000))
						var uids imap.UIDSet
						i := int(n) % accounts
						_, err := all[i].Commit(context.Background(), mail.Append(boxes[i], []mail.NewMessage{{Body: body}}, now, &uids))
						if err != nil {
							b.Error(err)
							return
						}
						body.Release()
					}
				}()
			}
			wg.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}

// large makes a store with one mailbox of many messages, each commit adding a
// thousand.
func large(b *testing.B, messages int) (*Store, mail.Account, mail.MailboxID) {
	b.Helper()
	s := openTest(b, vfs.OS(), b.TempDir())
	a, inbox := provision(b, s, 1)
	now := time.Unix(1_700_000_000, 0)
	for first := 0; first < messages; first += 1000 {
		batch := make([]mail.NewMessage, 1000)
		for i := range batch {
			batch[i] = mail.NewMessage{Body: stage(b, s, text(first+i, 300))}
		}
		var uids imap.UIDSet
		mustCommit(b, a, mail.Append(inbox, batch, now, &uids))
	}
	return s, a, inbox
}

const many = 100_000

// BenchmarkLarge measures what is done with a mailbox of 100,000 messages.
func BenchmarkLarge(b *testing.B) {
	s, a, inbox := large(b, many)
	defer closeTest(b, s)
	all := imap.UIDSet{{Start: 1, Stop: 1<<32 - 1}}
	b.Run("Messages", func(b *testing.B) {
		for b.Loop() {
			read(b, a, func(state mail.State) error { return drain(b, many, state.Messages(inbox, all)) })
		}
	})
	b.Run("Marks", func(b *testing.B) {
		for b.Loop() {
			read(b, a, func(state mail.State) error { return drain(b, many, state.Marks(inbox, all)) })
		}
	})
	b.Run("Structures10000", func(b *testing.B) {
		for b.Loop() {
			read(b, a, func(state mail.State) error {
				for m, err := range state.Messages(inbox, imap.UIDSet{{Start: 40_001, Stop: 50_000}}) {
					if err != nil {
						return err
					}
					if _, err := state.Structure(m.Email); err != nil {
						return err
					}
				}
				return nil
			})
		}
	})
	b.Run("Select", func(b *testing.B) {
		for b.Loop() {
			read(b, a, func(state mail.State) error {
				if _, err := state.MailboxNamed(mail.Inbox); err != nil {
					return err
				}
				if _, err := state.FirstUnseen(inbox); err != nil {
					return err
				}
				_, err := state.UIDs(inbox)
				return err
			})
		}
	})
	b.Run("SelectCold", func(b *testing.B) {
		for b.Loop() {
			s.uids = newUIDCache(1 << 20)
			read(b, a, func(state mail.State) error {
				_, err := state.UIDs(inbox)
				return err
			})
		}
	})
	benchmarkChanges(b, a, inbox)
}

// benchmarkChanges measures changes of a mailbox of many messages.
func benchmarkChanges(b *testing.B, a mail.Account, inbox mail.MailboxID) {
	all := imap.UIDSet{{Start: 1, Stop: 1<<32 - 1}}
	wish := mail.FlagsWish{Op: mail.AddFlags, Flags: []imap.Flag{imap.FlagFlagged}}
	var at imap.ModSeq
	b.Run("FlagOne", func(b *testing.B) {
		uid := imap.UID(0)
		for b.Loop() {
			uid = uid%many + 1
			wish.Op = mail.AddFlags + mail.RemoveFlags - wish.Op
			mustCommit(b, a, mail.ChangeFlags(inbox, imap.UIDSet{{Start: uid, Stop: uid}}, wish, new(mail.FlagsResult)))
		}
	})
	b.Run("FlagAll", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			wish.Op = []mail.FlagsOp{mail.AddFlags, mail.RemoveFlags}[n%2]
			mustCommit(b, a, mail.ChangeFlags(inbox, all, wish, new(mail.FlagsResult)))
		}
	})
	read(b, a, func(state mail.State) error { at = state.ModSeq(); return nil })
	for n := range 100 {
		uid := imap.UID(1 + n*997)
		flags := mail.FlagsWish{Op: mail.AddFlags, Flags: []imap.Flag{imap.FlagDraft}}
		mustCommit(b, a, mail.ChangeFlags(inbox, imap.UIDSet{{Start: uid, Stop: uid}}, flags, new(mail.FlagsResult)))
	}
	b.Run("ChangedAfter100", func(b *testing.B) {
		for b.Loop() {
			read(b, a, func(state mail.State) error { return drain(b, 100, state.Changed(inbox, at)) })
		}
	})
	b.Run("Copy10000", func(b *testing.B) {
		for b.Loop() {
			mustCommit(b, a, mail.Copy(inbox, imap.UIDSet{{Start: 1, Stop: 10_000}}, "Archive", time.Unix(1_700_000_000, 0), new(mail.Copied)))
		}
	})
}

func drain(b *testing.B, want int, messages func(func(*mail.Message, error) bool)) error {
	count := 0
	for _, err := range messages {
		if err != nil {
			return err
		}
		count++
	}
	if count != want {
		b.Fatalf("%d messages, want %d", count, want)
	}
	return nil
}

// BenchmarkOpen opens a store of 100,000 messages: closed properly, and
// without its index.
func BenchmarkOpen(b *testing.B) {
	s, _, _ := large(b, many)
	dir := s.options.Dir
	closeTest(b, s)
	b.Run("Closed", func(b *testing.B) {
		for b.Loop() {
			closeTest(b, openTest(b, vfs.OS(), dir))
		}
	})
	b.Run("Rebuild", func(b *testing.B) {
		for b.Loop() {
			if err := Rebuild(Options{Dir: dir}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
