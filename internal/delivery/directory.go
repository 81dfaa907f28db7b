package delivery

import (
	"context"
	"errors"
	"fmt"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// resolver is the part of the directory of users that delivery asks; it is
// *auth.Service.
type resolver interface {
	Resolve(ctx context.Context, address string) (auth.Recipient, error)
}

// UsersOf makes the directory of users a Directory.
func UsersOf(users resolver) Directory { return userDirectory{users} }

type userDirectory struct{ users resolver }

func (d userDirectory) Recipients(ctx context.Context, address string) ([]mail.AccountID, error) {
	recipient, err := d.users.Resolve(ctx, address)
	switch {
	case err == nil:
		return recipient.Accounts, nil
	case errors.Is(err, auth.ErrNotLocal):
		return nil, ErrForeign
	case errors.Is(err, auth.ErrNoUser):
		return nil, ErrUnknownUser
	case errors.Is(err, auth.ErrDisabled):
		return nil, ErrDisabled
	case errors.Is(err, auth.ErrReferred):
		return nil, ErrMoved
	case errors.Is(err, auth.ErrUnavailable):
		return nil, fmt.Errorf("%w: %w", mail.ErrUnavailable, err)
	}
	return nil, err
}
