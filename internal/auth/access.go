package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/restante/restante/internal/mail"
)

// CommitAccess commits a decision on an account that may change who has rights
// on its mailboxes. Grants that it makes, and those that it ends, are noted in
// the directory in the same step. It returns the position in the account.
func (d *Directory) CommitAccess(ctx context.Context, owner mail.AccountID, decide mail.Decision) (mail.Position, error) {
	positions, err := d.store.CommitJointly(ctx, []mail.AccountID{mail.DirectoryAccount, owner},
		func(states []mail.State) ([]mail.Effects, error) {
			effects, err := decide(states[1])
			if err != nil {
				return nil, err
			}
			noted, err := noteGrants(states[0], states[1], owner, effects.Records)
			return []mail.Effects{{Records: noted}, effects}, err
		})
	if err != nil {
		return 0, err
	}
	return positions[1], nil
}

// noteGrants returns what the directory has to note of records of an account.
func noteGrants(directory, account mail.State, owner mail.AccountID, effects []mail.Record) (noted []mail.Record, err error) {
	gone := map[mail.Grantee]bool{}
	changed := map[mail.MailboxID]bool{}
	made := map[mail.Grantee]bool{}
	for _, record := range effects {
		switch r := record.(type) {
		case mail.AccessChanged:
			changed[r.Mailbox] = true
			if r.Removed || r.Rights == 0 {
				gone[r.Grantee] = true
			} else {
				made[r.Grantee] = true
			}
		case mail.MailboxDeleted:
			changed[r.ID] = true
			mailbox, err := account.Mailbox(r.ID)
			if err != nil {
				return nil, err
			}
			for _, entry := range mailbox.Access {
				gone[entry.Grantee] = true
			}
		}
	}
	for grantee := range made {
		delete(gone, grantee)
		if isGrant(grantee, owner) {
			noted = append(noted, ensureGrant(directory, grantKey(grantee, owner))...)
		}
	}
	if len(gone) == 0 {
		return noted, nil
	}
	for mailbox, err := range account.Mailboxes("") {
		if err != nil {
			return nil, err
		}
		for _, entry := range mailbox.Access {
			if !changed[mailbox.ID] {
				delete(gone, entry.Grantee)
			}
		}
	}
	for grantee := range gone {
		if key := grantKey(grantee, owner); isGrant(grantee, owner) {
			if _, err := directory.Entry(key); err == nil {
				noted = append(noted, mail.EntryRemoved{Key: key})
			}
		}
	}
	return noted, nil
}

// isGrant reports whether an entry for a grantee lets another user in.
func isGrant(g mail.Grantee, owner mail.AccountID) bool {
	return !g.Negative && g != mail.GranteeOf(owner)
}

func ensureGrant(directory mail.State, key string) []mail.Record {
	if _, err := directory.Entry(key); err == nil {
		return nil
	}
	noted, err := put(key, grantEntry{Version: entryVersion})
	if err != nil {
		return nil
	}
	return []mail.Record{noted}
}

// grantsOf returns the keys that the directory must have for an account: those
// of grantees that there are.
func (v *view) grantsOf(account mail.State, owner mail.AccountID) (map[string]bool, error) {
	keys := map[string]bool{}
	for mailbox, err := range account.Mailboxes("") {
		if err != nil {
			return nil, err
		}
		for _, entry := range mailbox.Access {
			if isGrant(entry.Grantee, owner) && entry.Rights != 0 && v.identifier(entry.Grantee) != "" {
				keys[grantKey(entry.Grantee, owner)] = true
			}
		}
	}
	return keys, nil
}

// CheckGrants compares what the directory notes of grants with the lists of
// all mailboxes, and says what it lacks and what it has too much.
func (d *Directory) CheckGrants(ctx context.Context) (lacking, stale []string, err error) {
	return d.compareGrants(ctx, false)
}

// MendGrants makes the directory note what the lists say.
func (d *Directory) MendGrants(ctx context.Context) error {
	_, _, err := d.compareGrants(ctx, true)
	return err
}

func (d *Directory) compareGrants(ctx context.Context, mend bool) (lacking, stale []string, err error) {
	accounts, err := d.Accounts(ctx)
	if err != nil {
		return nil, nil, err
	}
	older, err := d.view(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, info := range accounts {
		// One step on both states: nothing changes between the two.
		_, err := d.store.CommitJointly(ctx, []mail.AccountID{mail.DirectoryAccount, info.ID},
			func(states []mail.State) ([]mail.Effects, error) {
				v, err := readView(states[0], older)
				if err != nil {
					return nil, err
				}
				less, more, err := v.grantsAmiss(states[0], states[1], info.ID)
				lacking, stale = append(lacking, less...), append(stale, more...)
				var effects mail.Effects
				for _, key := range less {
					effects.Records = append(effects.Records, ensureGrant(states[0], key)...)
				}
				for _, key := range more {
					effects.Records = append(effects.Records, mail.EntryRemoved{Key: key})
				}
				if !mend {
					effects.Records = nil
				}
				return []mail.Effects{effects, {}}, err
			})
		if errors.Is(err, mail.ErrErased) {
			continue // it went away meanwhile, and its notes with it
		}
		if err != nil {
			return nil, nil, unavailable(err)
		}
	}
	return lacking, stale, nil
}

// grantsAmiss compares the notes on one account with its lists.
func (v *view) grantsAmiss(directory, account mail.State, owner mail.AccountID) (lacking, stale []string, err error) {
	wanted, err := v.grantsOf(account, owner)
	if err != nil {
		return nil, nil, err
	}
	for entry, err := range directory.Entries(grantPrefix) {
		if err != nil {
			return nil, nil, err
		}
		grant, err := parseGrant(entry)
		switch {
		case err != nil:
			return nil, nil, err
		case grant.(*grantEntry).owner != owner:
		case wanted[entry.Key]:
			delete(wanted, entry.Key)
		default:
			stale = append(stale, entry.Key)
		}
	}
	for key := range wanted {
		lacking = append(lacking, key)
	}
	slices.Sort(lacking)
	return lacking, stale, nil
}
