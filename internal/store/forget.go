package store

import (
	"context"
	"errors"
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// startForgetting lets go, now and then, of removed messages that were kept
// long enough, and of the room that they took.
func (s *Store) startForgetting() {
	every := s.options.Limits.ForgetEvery
	if every < 0 {
		return
	}
	s.ended.Add(1)
	go func() {
		defer s.ended.Done()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() {
			<-s.closing
			cancel()
		}()
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-s.closing:
				return
			case <-ticker.C:
				if err := s.tidyUp(ctx); err != nil && ctx.Err() == nil {
					s.log.Warn("store could not be tidied up", "error", err)
				}
			}
		}
	}()
}

// tidyUp forgets what was kept long enough and reclaims its room.
func (s *Store) tidyUp(ctx context.Context) error {
	if err := s.Forget(ctx); err != nil {
		return err
	}
	done, err := s.Reclaim(ctx)
	if done.Segments > 0 {
		s.log.Info("journal reclaimed", "segments", done.Segments, "before", done.Before, "after", done.After)
	}
	return err
}

// Forget lets go of messages that were removed longer ago than they are kept.
// It commits like any session does, account by account.
func (s *Store) Forget(ctx context.Context) error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	before := s.options.Clock().Add(-s.options.Limits.KeepRemoved).Unix()
	var accounts []mail.AccountID
	err := eachAccount(s.index, func(id mail.AccountID, head index.Head) error {
		if !head.Erased {
			accounts = append(accounts, id)
		}
		return nil
	})
	for _, id := range accounts {
		if err == nil {
			err = s.forgetIn(ctx, id, before)
		}
	}
	return err
}

func (s *Store) forgetIn(ctx context.Context, id mail.AccountID, before int64) error {
	old, err := oldRemovals(s.index, id, before)
	if err != nil || len(old) == 0 {
		return err
	}
	p := &part{account: s.account(id), own: func(rows index.Reader) ([]record, error) {
		old, err := oldRemovals(rows, id, before)
		var records []record
		for _, one := range old {
			records = append(records, one)
		}
		return records, err
	}}
	if err := s.commit(ctx, []*part{p}); !errors.Is(err, mail.ErrErased) {
		return err
	}
	return nil
}

// oldRemovals returns what may be forgotten in an account.
func oldRemovals(rows index.Reader, id mail.AccountID, before int64) ([]removalsForgotten, error) {
	upTo := map[mail.MailboxID]imap.ModSeq{}
	var order []mail.MailboxID
	err := scanPrefix(rows, index.AllRemovalsPrefix(nil, id), func(key, value []byte) error {
		removal, err := index.DecodeRemoval(value)
		if err != nil || removal.Unix >= before {
			return err
		}
		mailbox := index.MailboxOf(key)
		if upTo[mailbox] == 0 {
			order = append(order, mailbox)
		}
		upTo[mailbox] = max(upTo[mailbox], index.ModSeqOf(key))
		return nil
	})
	var old []removalsForgotten
	for _, mailbox := range order {
		old = append(old, removalsForgotten{mailbox, upTo[mailbox]})
	}
	return old, err
}
