package delivery

import (
	"context"
	"errors"
	"fmt"

	"github.com/restante/restante/internal/mail"
)

// CheckRoom says, before a message is sent, whether a recipient has room for
// it: mail.ErrOverQuota, which is an ErrFull too if full accounts are refused
// for good, or that of the store. octets is what the client announced, 0 if
// it did not. Commit decides again.
func (a *Agent) CheckRoom(ctx context.Context, recipient Recipient, octets int64) error {
	more := mail.Usage{mail.ResourceStorage: uint64(max(octets, 1)), mail.ResourceMessage: 1}
	for _, id := range recipient.Accounts {
		account, err := a.store.Account(ctx, id)
		if err != nil {
			return err
		}
		err = account.Read(ctx, func(state mail.State) error { return mail.CheckRoom(id, state, more) })
		if err != nil {
			return a.full(err)
		}
	}
	return nil
}

// full is err, but says of a full account what the sender is to be told.
func (a *Agent) full(err error) error {
	if a.limits.RejectFull && errors.Is(err, mail.ErrOverQuota) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// partOf finds the part of an account.
func partOf(parts []*part, account mail.AccountID) *part {
	for _, p := range parts {
		if p.account == account {
			return p
		}
	}
	return nil
}
