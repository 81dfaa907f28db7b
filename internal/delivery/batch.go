package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// batch is one message on its way into several accounts by one commit. An
// account that several recipients lead to gets the message once.
type batch struct {
	parts []*part
	now   time.Time
}

// part is one account's share of a batch.
type part struct {
	account    mail.AccountID
	recipients []int // indexes into the envelope's
	message    mail.NewMessage
	now        time.Time
	decided    error // of the newest run of the decision
	made       bool  // the account's first mailboxes were made on the way
	failed     error
}

// errNoInbox says that an account has not been provisioned.
var errNoInbox = errors.New("account has no INBOX")

func newBatch(recipients []Recipient, message mail.NewMessage, now time.Time) *batch {
	b := &batch{now: now}
	known := make(map[mail.AccountID]*part, len(recipients))
	for i, recipient := range recipients {
		for _, account := range recipient.Accounts {
			p := known[account]
			if p == nil {
				p = &part{account: account, message: message, now: now}
				known[account] = p
				b.parts = append(b.parts, p)
			}
			p.recipients = append(p.recipients, i)
		}
	}
	return b
}

// decide appends the message to INBOX and remembers why it could not, so that
// a common commit which fails can be blamed on the account it failed for.
func (p *part) decide(state mail.State) (effects mail.Effects, err error) {
	defer func() { p.decided = err }()
	inbox, err := state.MailboxNamed(mail.Inbox)
	if errors.Is(err, mail.ErrNoMailbox) {
		return effects, errNoInbox
	}
	if err != nil {
		return effects, err
	}
	var uids imap.UIDSet
	message := p.message
	if _, isNew := inbox.WithKeywords(message.Flags); isNew && !inbox.TakesKeywords() {
		message.Flags = nil // a mark is no reason to refuse mail
	}
	return mail.Append(inbox.ID, []mail.NewMessage{message}, p.now, &uids)(state)
}

// commit tries until the accounts that can take the message have it. Each
// round either ends it, provisions an account or gives one up.
func (b *batch) commit(ctx context.Context, store mail.Store, allOrNone bool) {
	for {
		live := b.live()
		if len(live) == 0 {
			return
		}
		decisions := make([]mail.AccountDecision, len(live))
		for i, p := range live {
			p.decided = nil
			decisions[i] = mail.AccountDecision{Account: p.account, Decide: p.decide}
		}
		err := store.CommitAll(ctx, decisions)
		if err == nil {
			return
		}
		blamed := blame(ctx, store, live, err)
		if blamed == nil {
			failAll(live, err)
			return
		}
		if errors.Is(blamed.decided, errNoInbox) && !blamed.made {
			blamed.made = true
			if err = provision(ctx, store, blamed.account, b.now); err == nil {
				continue
			}
		}
		blamed.failed = err
		if allOrNone {
			failAll(live, err)
			return
		}
	}
}

// blame finds the account that a common commit failed for, or nil if it was
// no single one.
func blame(ctx context.Context, store mail.Store, live []*part, err error) *part {
	for _, p := range live {
		if p.decided != nil {
			return p
		}
	}
	if over := new(mail.OverQuota); errors.As(err, &over) {
		return partOf(live, over.Account)
	}
	if !errors.Is(err, mail.ErrErased) {
		return nil
	}
	for _, p := range live {
		if _, err := store.Account(ctx, p.account); err != nil {
			return p
		}
	}
	return nil
}

func provision(ctx context.Context, store mail.Store, id mail.AccountID, now time.Time) error {
	account, err := store.Account(ctx, id)
	if err != nil {
		return err
	}
	_, err = account.Commit(ctx, mail.ProvisionAccount(now))
	return err
}

func failAll(parts []*part, err error) {
	for _, p := range parts {
		p.failed = err
	}
}

// live returns the parts that have not failed.
func (b *batch) live() []*part {
	live := make([]*part, 0, len(b.parts))
	for _, p := range b.parts {
		if p.failed == nil {
			live = append(live, p)
		}
	}
	return live
}

// report sets the result of every recipient: the first failure of those
// accounts that its address leads to.
func (b *batch) report(results []error) {
	for _, p := range b.parts {
		for _, i := range p.recipients {
			if results[i] == nil {
				results[i] = p.failed
			}
		}
	}
}
