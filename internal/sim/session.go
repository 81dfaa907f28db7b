package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store"
)

// session does one thing after the other, as a client would.
type session struct {
	world  *world
	store  *store.Store
	random *rand.Rand
}

var names = []string{"INBOX", "Work", "Work/2024", "Lists", "Lists/go", "Lists/go/dev", "Archive", "Été"}

var flags = []imap.Flag{imap.FlagSeen, imap.FlagFlagged, imap.FlagDeleted, imap.FlagAnswered, "$Work", "$Later", "old"}

// run works until ctx ends. An error is a broken promise.
func (s *session) run(ctx context.Context) error {
	steps := []struct {
		weight int
		do     func(context.Context) error
	}{
		{30, s.deliver}, {15, s.append}, {15, s.changeFlags}, {8, s.copy}, {8, s.move}, {8, s.expunge},
		{4, s.remove}, {4, s.create}, {2, s.rename}, {2, s.delete}, {3, s.subscribe}, {4, s.claim}, {20, s.look}, {2, s.forget}, {2, s.reclaim},
		{3, s.setMetadata}, {8, s.annotate},
	}
	total := 0
	for _, step := range steps {
		total += step.weight
	}
	for {
		select {
		case <-s.world.turns:
		case <-ctx.Done():
			return nil
		}
		pick := s.random.IntN(total)
		for _, step := range steps {
			if pick -= step.weight; pick < 0 {
				if err := step.do(ctx); isBroken(err) {
					return err
				}
				break
			}
		}
		s.world.ended <- struct{}{}
	}
}

// errBroken marks what must never happen.
var errBroken = errors.New("broken promise")

func isBroken(err error) bool { return errors.Is(err, errBroken) }

func (s *session) now() time.Time { return time.Unix(s.world.clock.Add(int64(s.random.IntN(4))), 0) }

func (s *session) someAccount() mail.AccountID { return accounts[s.random.IntN(len(accounts))] }

func (s *session) someName() string { return names[s.random.IntN(len(names))] }

func (s *session) someFlags() []imap.Flag {
	var chosen []imap.Flag
	for range s.random.IntN(3) {
		chosen = append(chosen, flags[s.random.IntN(len(flags))])
	}
	return chosen
}

func (s *session) someUIDs() imap.UIDSet {
	start := imap.UID(1 + s.random.IntN(40))
	return imap.UIDSet{{Start: start, Stop: start + imap.UID(s.random.IntN(12))}}
}

// attempt commits one decision and notes what became of it.
func (s *session) attempt(ctx context.Context, decide mail.Decision) error {
	return s.attemptAll(ctx, []mail.AccountDecision{{Account: s.someAccount(), Decide: decide}})
}

func (s *session) attemptAll(ctx context.Context, decisions []mail.AccountDecision) error {
	a := s.world.register.begin()
	for i := range decisions {
		decisions[i].Decide = a.decide(decisions[i].Account, decisions[i].Decide)
	}
	var err error
	if len(decisions) == 1 {
		err = s.commitOne(ctx, decisions[0])
	} else {
		err = s.store.CommitAll(ctx, decisions)
	}
	s.world.register.end(a, fateOf(err))
	return err
}

func (s *session) commitOne(ctx context.Context, d mail.AccountDecision) error {
	account, err := s.store.Account(ctx, d.Account)
	if err != nil {
		return err
	}
	at, err := account.Commit(ctx, d.Decide)
	if err != nil {
		return err
	}
	// What was acknowledged is visible at once.
	return account.Read(context.WithoutCancel(ctx), func(state mail.State) error {
		if state.ModSeq() < at {
			return fmt.Errorf("%w: committed %d, visible %d", errBroken, at, state.ModSeq())
		}
		return nil
	})
}

// body stages a message: small, large, or one that others have as well.
func (s *session) body() (*mail.Body, error) {
	id, size := s.random.Uint64(), 100+s.random.IntN(1500)
	switch n := s.random.IntN(200); {
	case n < 50:
		id = uint64(s.random.IntN(30)) // others have it, or had it before it was reclaimed
		size = 500
	case n < 23: // beyond what is staged in memory, and what the journal holds in line
		size = 4_000 + s.random.IntN(20_000)
	case n == 23:
		size = 300_000
	}
	text := fmt.Appendf(nil, "From: sim@example.org\r\nSubject: %d\r\n\r\n", id)
	for len(text) < size {
		text = fmt.Appendf(text, "line %d of %d\r\n", len(text), id)
	}
	staging := s.store.Stage()
	if _, err := staging.Write(text); err != nil {
		staging.Discard()
		return nil, err
	}
	return staging.Finish()
}

func (s *session) deliver(ctx context.Context) error {
	body, err := s.body()
	if err != nil {
		return err
	}
	defer body.Release()
	var decisions []mail.AccountDecision
	now := s.now()
	for _, id := range accounts {
		if len(decisions) == 0 || s.random.IntN(3) == 0 {
			decisions = append(decisions, mail.AccountDecision{Account: id, Decide: s.appendTo("INBOX", body, nil, now)})
		}
	}
	return s.attemptAll(ctx, decisions)
}

// appendTo appends to a mailbox by name, which is made if it is not there.
func (s *session) appendTo(name string, body *mail.Body, flags []imap.Flag, now time.Time) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		m, err := state.MailboxNamed(name)
		if err != nil {
			return mail.ProvisionAccount(now)(state)
		}
		var uids imap.UIDSet
		return mail.Append(m.ID, []mail.NewMessage{{Body: body, Flags: flags, InternalDate: mail.InstantOf(now)}}, now, &uids)(state)
	}
}

func (s *session) append(ctx context.Context) error {
	body, err := s.body()
	if err != nil {
		return err
	}
	defer body.Release()
	return s.attempt(ctx, s.appendTo(s.someName(), body, s.someFlags(), s.now()))
}

// in makes a decision on a mailbox that is found by its name.
func in(name string, decide func(mail.MailboxID) mail.Decision) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		m, err := state.MailboxNamed(name)
		if err != nil {
			return mail.Effects{}, err
		}
		return decide(m.ID)(state)
	}
}

func (s *session) changeFlags(ctx context.Context) error {
	wish := mail.FlagsWish{Op: mail.FlagsOp(1 + s.random.IntN(3)), Flags: s.someFlags()}
	set := s.someUIDs()
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.ChangeFlags(id, set, wish, new(mail.FlagsResult))
	}))
}

func (s *session) copy(ctx context.Context) error {
	set, to, now := s.someUIDs(), s.someName(), s.now()
	carried := mail.Carried{Shared: s.random.IntN(2) == 0, Private: s.someOwner()}
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.Carry(carried, mail.Copy(id, set, to, now, new(mail.Copied)))
	}))
}

func (s *session) move(ctx context.Context) error {
	set, to, now := s.someUIDs(), s.someName(), s.now()
	carried := mail.Carried{Shared: s.random.IntN(2) == 0, Private: s.someOwner()}
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.Carry(carried, mail.Move(id, set, to, now, new(mail.Copied)))
	}))
}

func (s *session) expunge(ctx context.Context) error {
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.Expunge(id, nil, new(imap.UIDSet))
	}))
}

func (s *session) remove(ctx context.Context) error {
	set := s.someUIDs()
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.Remove(id, set, new(imap.UIDSet))
	}))
}

func (s *session) claim(ctx context.Context) error {
	return s.attempt(ctx, in(s.someName(), func(id mail.MailboxID) mail.Decision {
		return mail.ClaimRecent(id, new(imap.UIDSet))
	}))
}

func (s *session) create(ctx context.Context) error {
	return s.attempt(ctx, mail.CreateMailbox(s.someName(), nil, s.now(), new(mail.MailboxID)))
}

func (s *session) rename(ctx context.Context) error {
	return s.attempt(ctx, mail.RenameMailbox(s.someName(), s.someName(), s.now()))
}

func (s *session) delete(ctx context.Context) error {
	return s.attempt(ctx, mail.DeleteMailbox(s.someName()))
}

func (s *session) subscribe(ctx context.Context) error {
	return s.attempt(ctx, mail.Subscribe(s.someName(), s.random.IntN(2) == 0))
}

// forget lets days pass, after which removed messages are let go of.
func (s *session) forget(ctx context.Context) error {
	s.world.clock.Add(int64(s.random.IntN(8)) * 24 * 3600)
	return s.store.Forget(ctx)
}

// reclaim rewrites what is mostly dead, while others are at work.
func (s *session) reclaim(ctx context.Context) error {
	_, err := s.store.Reclaim(ctx)
	return err
}

// look reads an account: what it sees must agree with itself and stay.
func (s *session) look(ctx context.Context) error {
	id := s.someAccount()
	account, err := s.store.Account(ctx, id)
	if err != nil {
		return err
	}
	return account.Read(context.WithoutCancel(ctx), func(state mail.State) error {
		s.world.register.sawPosition(id, state.ModSeq())
		for m, err := range state.Mailboxes("") {
			if err == nil {
				err = consistent(state, m)
			}
			if err != nil {
				return fmt.Errorf("%w: account %d, mailbox %q: %w", errBroken, id, m.Name, err)
			}
		}
		return nil
	})
}

// consistent compares the several ways in which a state tells of a mailbox.
func consistent(state mail.State, m *mail.Mailbox) error {
	uids, err := state.UIDs(m.ID)
	if err != nil {
		return err
	}
	var marked imap.UIDSet
	unseen, first := uint32(0), imap.UID(0)
	for mark, err := range state.Marks(m.ID, imap.UIDSet{{Start: 1, Stop: 1<<32 - 1}}) {
		if err != nil {
			return err
		}
		marked = marked.Add(mark.UID)
		if mark.ModSeq > m.HighestModSeq {
			return fmt.Errorf("message %d is at %d, the mailbox at %d", mark.UID, mark.ModSeq, m.HighestModSeq)
		}
		if !mark.Flags.Has(mail.BitSeen) {
			if unseen++; first == 0 {
				first = mark.UID
			}
		}
	}
	firstUnseen, err := state.FirstUnseen(m.ID)
	if err != nil {
		return err
	}
	if have := uids.Set().String(); have != marked.String() || uint32(uids.Len()) != m.Messages || unseen != m.Unseen || first != firstUnseen {
		return fmt.Errorf("UIDs %s, marks %s, %d messages, %d unseen of %d, first %d, %d", have, marked, m.Messages, m.Unseen, unseen, firstUnseen, first)
	}
	return nil
}
