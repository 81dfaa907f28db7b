package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/restante/restante/internal/mail"
)

// errMoved says that the directory changed between reading and deciding.
var errMoved = errors.New("the directory has changed meanwhile")

// secretSize is the length of the directory's secret, in octets.
const secretSize = 32

// AccountInfo describes one account.
type AccountInfo struct {
	ID       mail.AccountID `json:"id"`
	Address  string         `json:"address"`
	Disabled bool           `json:"disabled"`
	Created  time.Time      `json:"created"`
	Admin    bool           `json:"admin,omitempty"`
	// Referral is where the account lives, nil if here.
	Referral *Referral `json:"referral,omitempty"`
	Shared   bool      `json:"shared,omitempty"`
}

// DomainInfo describes one domain.
type DomainInfo struct {
	Name     string `json:"name"`
	Default  bool   `json:"default"`
	CatchAll string `json:"catchAll,omitempty"`
}

// AliasInfo describes one alias.
type AliasInfo struct {
	Address string   `json:"address"`
	Targets []string `json:"targets"`
}

// AddAccount adds an account and the mailboxes it begins with, in one commit.
// ErrBadAddress, ErrBadPassword, ErrExists, ErrNotFound (its domain),
// ErrUnavailable.
func (d *Directory) AddAccount(ctx context.Context, name, password string) (AccountInfo, error) {
	a, err := newAddress(name)
	if err != nil {
		return AccountInfo{}, err
	}
	if err := d.checkFree(ctx, a); err != nil {
		return AccountInfo{}, err
	}
	s, err := d.newSecrets(ctx, password)
	if err != nil {
		return AccountInfo{}, err
	}
	return d.addAccount(ctx, a, s, false, mail.ProvisionAccount)
}

// AddShared adds an account that nobody can log in to. It gets mail by its
// address, and its mailboxes are shown, as shared ones, to those who are given
// rights. It begins with an INBOX. Its errors are those of AddAccount.
func (d *Directory) AddShared(ctx context.Context, name string) (AccountInfo, error) {
	a, err := newAddress(name)
	if err != nil {
		return AccountInfo{}, err
	}
	if err := d.checkFree(ctx, a); err != nil {
		return AccountInfo{}, err
	}
	return d.addAccount(ctx, a, secrets{}, true, mail.ProvisionShared)
}

func (d *Directory) addAccount(ctx context.Context, a address, s secrets, shared bool, provision func(time.Time) mail.Decision) (AccountInfo, error) {
	secret := make([]byte, secretSize)
	if _, err := io.ReadFull(d.random, secret); err != nil {
		return AccountInfo{}, unavailable(err)
	}
	d.changing.Lock()
	defer d.changing.Unlock()
	for {
		v, err := d.view(ctx)
		if err != nil {
			return AccountInfo{}, err
		}
		id, now := v.nextAccount(), d.clock.Now()
		err = d.store.CommitAll(ctx, []mail.AccountDecision{
			{Account: mail.DirectoryAccount, Decide: addAccount(a, id, s, shared, secret, now).decision(v)},
			{Account: id, Decide: provision(now)},
		})
		switch {
		case errors.Is(err, errMoved):
			continue
		case err != nil:
			return AccountInfo{}, unavailable(err)
		}
		return AccountInfo{ID: id, Address: v.full(a).String(), Created: now.UTC().Truncate(time.Second), Shared: shared}, nil
	}
}

// checkFree answers before a hash is computed what the decision would answer.
func (d *Directory) checkFree(ctx context.Context, a address) error {
	v, err := d.view(ctx)
	if err != nil {
		return err
	}
	return errors.Join(v.ours(a), v.free(a))
}

// SetPassword changes a password; remembered ones are worth nothing from then.
func (d *Directory) SetPassword(ctx context.Context, name, password string) error {
	v, err := d.view(ctx)
	if err != nil {
		return err
	}
	if _, err := v.account(name); err != nil {
		return err
	}
	s, err := d.newSecrets(ctx, password)
	if err != nil {
		return err
	}
	return d.commit(ctx, changeAccount(name, func(account *accountEntry) {
		account.Password, account.Scram, account.ScramSHA1 = s.password, s.scram, s.scramSHA1
	}))
}

// SetDisabled makes an account take no logins and no mail, or take them again.
func (d *Directory) SetDisabled(ctx context.Context, name string, disabled bool) error {
	return d.commit(ctx, changeAccount(name, func(account *accountEntry) { account.Disabled = disabled }))
}

// DeleteAccount removes an account and everything it has, in one commit. Its
// identifier is never given again.
func (d *Directory) DeleteAccount(ctx context.Context, name string) error {
	d.changing.Lock()
	defer d.changing.Unlock()
	for {
		v, err := d.view(ctx)
		if err != nil {
			return err
		}
		p, err := v.account(name)
		if err != nil {
			return err
		}
		err = d.store.CommitAll(ctx, []mail.AccountDecision{
			{Account: mail.DirectoryAccount, Decide: removeAccount(name, p.id).decision(v)},
			{Account: p.id, Decide: func(mail.State) (mail.Effects, error) {
				return mail.Effects{Records: []mail.Record{mail.AccountErased{}}}, nil
			}},
		})
		if !errors.Is(err, errMoved) {
			return unavailable(err)
		}
	}
}

// Accounts lists the accounts by identifier.
func (d *Directory) Accounts(ctx context.Context) ([]AccountInfo, error) {
	v, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]AccountInfo, 0, len(v.byID))
	for _, p := range v.byID {
		list = append(list, v.info(p))
	}
	slices.SortFunc(list, func(a, b AccountInfo) int { return int(a.ID) - int(b.ID) })
	return list, nil
}

// Account finds one account by its login name. ErrNotFound.
func (d *Directory) Account(ctx context.Context, name string) (AccountInfo, error) {
	v, err := d.view(ctx)
	if err != nil {
		return AccountInfo{}, err
	}
	p, err := v.account(name)
	if err != nil {
		return AccountInfo{}, err
	}
	return v.info(p), nil
}

// SetAlias makes an address stand for others of this server.
func (d *Directory) SetAlias(ctx context.Context, name string, targets []string) error {
	a, err := newAddress(name)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return fmt.Errorf("%w: an alias needs a target", ErrBadAddress)
	}
	return d.commit(ctx, putAlias(a, targets))
}

// RemoveAlias removes an alias.
func (d *Directory) RemoveAlias(ctx context.Context, name string) error {
	a, err := splitAddress(name)
	if err != nil {
		return err
	}
	return d.commit(ctx, removeAlias(a))
}

// Aliases lists the aliases by address.
func (d *Directory) Aliases(ctx context.Context) ([]AliasInfo, error) {
	v, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	list := []AliasInfo{}
	for _, name := range v.keys(aliasPrefix) {
		entry := v.parsed[aliasPrefix+name].(*aliasEntry)
		list = append(list, AliasInfo{name, slices.Clone(entry.Targets)})
	}
	return list, nil
}
