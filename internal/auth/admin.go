package auth

import (
	"context"

	"github.com/restante/restante/internal/mail"
)

func (v *view) info(p principal) AccountInfo {
	return AccountInfo{ID: p.id, Address: v.addressOf(p).String(), Disabled: p.Disabled, Created: p.Created, Admin: p.Admin, Referral: p.Referral, Shared: p.Shared}
}

// SetAdmin makes an account an administrator's, or takes that away. What it
// is allowed then, and in which protocol, is decided where it is asked for.
// ErrNotFound.
func (d *Directory) SetAdmin(ctx context.Context, name string, admin bool) error {
	return d.commit(ctx, changeAccount(name, func(account *accountEntry) { account.Admin = admin }))
}

// AccountOf finds an account by its identifier. ErrNotFound.
func (d *Directory) AccountOf(ctx context.Context, id mail.AccountID) (AccountInfo, error) {
	v, err := d.view(ctx)
	if err != nil {
		return AccountInfo{}, err
	}
	p, ok := v.byID[id]
	if !ok {
		return AccountInfo{}, ErrNotFound
	}
	return v.info(p), nil
}
