package mailtest

import (
	"context"
	"errors"
	"sync"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// limit sets what an account may use.
func (f *fixture) limit(a mail.Account, quota mail.Quota) {
	f.Helper()
	f.commit(a, mail.ChangeQuota(func(mail.OwnQuota) mail.OwnQuota {
		return mail.OwnQuota{Set: mail.AllResources, Limits: quota}
	}))
}

// refused demands that a decision would go beyond the quota, on a resource.
func (f *fixture) refused(what string, a mail.Account, decide mail.Decision, on mail.Resource) {
	f.Helper()
	_, err := a.Commit(context.Background(), decide)
	over := new(mail.OverQuota)
	if !errors.Is(err, mail.ErrOverQuota) || !errors.As(err, &over) || over.Resource != on || over.Account != a.ID() {
		f.Fatalf("%s: got %v, want to be refused for the %s of account %d", what, err, on.Name(), a.ID())
	}
}

func (f *fixture) used(a mail.Account) (usage mail.Usage) {
	f.Helper()
	f.read(a, func(state mail.State) { usage = state.Usage() })
	return usage
}

func (f *fixture) letters(count, size int) []mail.NewMessage {
	batch := make([]mail.NewMessage, count)
	for i := range batch {
		batch[i].Body = f.stage(letter(i, size))
	}
	return batch
}

func testQuota(f *fixture) {
	a, inbox := f.user(5)
	var uids imap.UIDSet
	var copied mail.Copied
	var id mail.MailboxID
	archive := f.mailbox(a, "Archive").ID
	f.add(a, inbox, 3)
	size := uint64(len(letter(0, 200)))
	f.equal("usage", f.used(a), mail.Usage{3 * size, 3, 6, 0})

	f.limit(a, mail.Quota{mail.ResourceMessage: mail.LimitOf(4)})
	f.refused("two messages", a, mail.Append(inbox, f.letters(2, 200), now, &uids), mail.ResourceMessage)
	f.refused("two copies", a, mail.Copy(inbox, span(1, 2), "Archive", now, &copied), mail.ResourceMessage)
	f.commit(a, mail.Copy(inbox, span(1, 1), "Archive", now, &copied))
	f.equal("usage", f.used(a), mail.Usage{4 * size, 4, 6, 0})
	f.commit(a, mail.Move(inbox, span(1, 2), "Archive", now, &copied))
	f.equal("usage after a move", f.used(a), mail.Usage{4 * size, 4, 6, 0})
	f.refused("one message", a, mail.Append(inbox, f.letters(1, 200), now, &uids), mail.ResourceMessage)
	f.commit(a, mail.Replace(archive, 1, mail.Append(inbox, f.letters(1, 400), now, &uids)))
	f.commit(a, mail.Remove(archive, everything, &uids))
	f.equal("messages after a removal", f.used(a)[mail.ResourceMessage], 2)

	// A limit of 1 is 1024 octets; what is used is rounded up.
	f.limit(a, mail.Quota{mail.ResourceStorage: mail.LimitOf(1)})
	used := f.used(a)[mail.ResourceStorage]
	fits := letter(9, 2000)[:1024-used]
	f.commit(a, mail.Append(inbox, []mail.NewMessage{{Body: f.stage(fits)}}, now, &uids))
	f.refused("one octet", a, mail.Append(inbox, []mail.NewMessage{{Body: f.stage([]byte("x"))}}, now, &uids), mail.ResourceStorage)

	// Nothing is lost by a lower limit, and what shrinks is admitted.
	f.limit(a, mail.Quota{mail.ResourceStorage: mail.LimitOf(0), mail.ResourceMessage: mail.LimitOf(0), mail.ResourceMailbox: mail.LimitOf(0)})
	f.equal("messages", f.used(a)[mail.ResourceMessage], 3)
	f.commit(a, mail.Move(inbox, everything, "Archive", now, &copied))
	f.commit(a, mail.Remove(archive, span(1, 5), &uids))
	f.refused("a mailbox", a, mail.CreateMailbox("New", nil, now, &id), mail.ResourceMailbox)
	f.refused("a mailbox above", a, mail.RenameMailbox("Sent", "Above/Sent", now), mail.ResourceMailbox)
	f.refused("a new INBOX", a, mail.RenameMailbox("INBOX", "Old", now), mail.ResourceMailbox)
	f.commit(a, mail.RenameMailbox("Sent", "Sent mail", now))
	f.commit(a, mail.DeleteMailbox("Archive"))
	f.equal("usage of what is left", f.used(a), mail.Usage{0, 0, 5, 0})

	f.commit(a, mail.ChangeQuota(func(had mail.OwnQuota) mail.OwnQuota {
		had.Set = 0
		return had
	}))
	f.commit(a, mail.CreateMailbox("New", nil, now, &id))
	b, _ := f.user(6)
	f.read(b, func(state mail.State) {
		f.read(a, func(other mail.State) { f.equal("default limits", other.Quota(), state.Quota()) })
	})
}

// testQuotaAtOnce aims at the room that is left: of many who want it at once
// as many get it as there is room for, and no more.
func testQuotaAtOnce(f *fixture) {
	a, inbox := f.user(5)
	b, inboxOfB := f.user(6)
	const room, callers = 7, 40
	f.limit(a, mail.Quota{mail.ResourceMessage: mail.LimitOf(room)})
	bodies := make([]*mail.Body, callers)
	for i := range bodies {
		bodies[i] = f.stage(letter(i, 300))
	}
	var waits sync.WaitGroup
	for i := range callers {
		waits.Go(func() {
			var uids, others imap.UIDSet
			batch := []mail.NewMessage{{Body: bodies[i]}}
			if i%2 == 0 {
				_, _ = a.Commit(context.Background(), mail.Append(inbox, batch, now, &uids))
				return
			}
			_ = f.store.CommitAll(context.Background(), []mail.AccountDecision{
				{Account: a.ID(), Decide: mail.Append(inbox, batch, now, &uids)},
				{Account: b.ID(), Decide: mail.Append(inboxOfB, batch, now, &others)},
			})
		})
	}
	waits.Wait()
	f.equal("messages", f.used(a)[mail.ResourceMessage], room)
	f.equal("messages in INBOX", f.mailbox(a, mail.Inbox).Messages, room)
}
