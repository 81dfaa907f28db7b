package auth

import (
	"context"
	"fmt"

	"github.com/restante/restante/internal/mail"
)

// AccessInfo is one entry of a mailbox's access control list.
type AccessInfo struct {
	Mailbox    string `json:"mailbox"`
	Identifier string `json:"identifier"`
	Rights     string `json:"rights"`
}

// Access lists who has rights on the mailboxes of an account, or on one of
// them. ErrNotFound, mail.ErrNoMailbox.
func (d *Directory) Access(ctx context.Context, name, mailbox string) ([]AccessInfo, error) {
	account, _, err := d.mailboxes(ctx, name)
	if err != nil {
		return nil, err
	}
	infos := []AccessInfo{}
	err = account.Read(ctx, func(state mail.State) error {
		if mailbox != "" {
			found, err := named(state, mailbox)
			if err != nil {
				return err
			}
			infos, err = d.appendAccess(ctx, infos, found)
			return err
		}
		for found, err := range state.Mailboxes("") {
			if err == nil {
				infos, err = d.appendAccess(ctx, infos, found)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return infos, err
}

func (d *Directory) appendAccess(ctx context.Context, infos []AccessInfo, mailbox *mail.Mailbox) ([]AccessInfo, error) {
	names, err := d.Identifiers(ctx, mailbox.Access)
	for i, name := range names {
		if name != "" {
			infos = append(infos, AccessInfo{mailbox.Name, name, mailbox.Access[i].Rights.Told()})
		}
	}
	return infos, err
}

// SetAccess changes what an identifier may do with a mailbox: rights are as
// SETACL has them. ErrNotFound, ErrBadAddress, mail.ErrNoMailbox.
func (d *Directory) SetAccess(ctx context.Context, name, mailbox, identifier, rights string) error {
	change, known := mail.ParseRightsChange(rights)
	if !known {
		return fmt.Errorf("%w: %q names rights that there are not", ErrBadAddress, rights)
	}
	grantee, err := d.Grantee(ctx, identifier)
	if err != nil {
		return err
	}
	_, id, err := d.mailboxes(ctx, name)
	if err != nil {
		return err
	}
	_, err = d.CommitAccess(ctx, id, func(state mail.State) (mail.Effects, error) {
		found, err := named(state, mailbox)
		if err != nil {
			return mail.Effects{}, err
		}
		var server *mail.Actor
		return server.ChangeAccess(found.ID, id, grantee, change, new(mail.AccessResult))(state)
	})
	return err
}

func (d *Directory) mailboxes(ctx context.Context, name string) (mail.Account, mail.AccountID, error) {
	info, err := d.Account(ctx, name)
	if err != nil {
		return nil, 0, err
	}
	account, err := d.store.Account(ctx, info.ID)
	return account, info.ID, err
}

func named(state mail.State, mailbox string) (*mail.Mailbox, error) {
	normal, err := mail.NormalName(mailbox)
	if err != nil {
		return nil, err
	}
	return state.MailboxNamed(normal)
}
