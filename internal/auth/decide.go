package auth

import (
	"fmt"
	"slices"
	"time"

	"github.com/restante/restante/internal/mail"
)

// change decides what happens to the directory, as a pure function of it.
type change func(*view) ([]mail.Record, error)

// decision reads the newest directory; what has not changed since an older
// view is not parsed again.
func (c change) decision(older *view) mail.Decision {
	return func(state mail.State) (mail.Effects, error) {
		v, err := readView(state, older)
		if err != nil {
			return mail.Effects{}, err
		}
		records, err := c(v)
		return mail.Effects{Records: records}, err
	}
}

// free says whether nobody has an address yet.
func (v *view) free(a address) error {
	if _, ok := v.accounts[v.full(a)]; ok {
		return fmt.Errorf("account %s %w", a, ErrExists)
	}
	if entry, _ := v.alias(a); entry != nil {
		return fmt.Errorf("alias %s %w", a, ErrExists)
	}
	return nil
}

func (v *view) ours(a address) error {
	if full := v.full(a); !v.isLocal(full.domain) {
		return fmt.Errorf("domain %s %w; add it first", full.domain, ErrNotFound)
	}
	return nil
}

// secrets are what a password leaves behind.
type secrets struct {
	password  string
	scram     *scramEntry
	scramSHA1 *scramEntry // nil where SCRAM-SHA-1 is not offered
}

// addAccount adds an account under an identifier that must be the next one;
// errMoved if it is not. secret is for a directory that has none yet.
func addAccount(a address, id mail.AccountID, s secrets, shared bool, secret []byte, now time.Time) change {
	return func(v *view) ([]mail.Record, error) {
		if err := v.ours(a); err != nil {
			return nil, err
		}
		if err := v.free(a); err != nil {
			return nil, err
		}
		if v.nextAccount() != id {
			return nil, errMoved
		}
		settings := v.settings
		settings.Version, settings.NextAccount = entryVersion, id+1
		if settings.Secret == nil {
			settings.Secret = secret
		}
		account := accountEntry{
			Version: entryVersion, Local: a.local, Domain: a.domain,
			Shared: shared, Password: s.password, Scram: s.scram, ScramSHA1: s.scramSHA1, Created: now.UTC().Truncate(time.Second),
		}
		return records(entry{settingKey, settings}, entry{accountKey(id), account})
	}
}

func (v *view) nextAccount() mail.AccountID {
	return max(v.settings.NextAccount, mail.DirectoryAccount+1)
}

// changeAccount changes what one account's entry says.
func changeAccount(name string, edit func(*accountEntry)) change {
	return func(v *view) ([]mail.Record, error) {
		p, err := v.account(name)
		if err != nil {
			return nil, err
		}
		account := *p.accountEntry
		edit(&account)
		return records(entry{accountKey(p.id), account})
	}
}

// completeAccount adds keys to an account whose password is still the same.
func completeAccount(proven principal, keys *scramEntry) change {
	return func(v *view) ([]mail.Record, error) {
		now, ok := v.byID[proven.id]
		if !ok || now.Password != proven.Password || now.ScramSHA1 != nil {
			return nil, nil
		}
		account := *now.accountEntry
		account.ScramSHA1 = keys
		return records(entry{accountKey(now.id), account})
	}
}

// removeAccount removes an account; id must still be the one the name has.
func removeAccount(name string, id mail.AccountID) change {
	return func(v *view) ([]mail.Record, error) {
		p, err := v.account(name)
		if err != nil {
			return nil, err
		}
		if p.id != id {
			return nil, errMoved
		}
		left, err := v.withoutMember(id)
		if err != nil {
			return nil, err
		}
		gone := []mail.Record{mail.EntryRemoved{Key: accountKey(id)}}
		return append(append(gone, left...), v.withoutGrants(id)...), nil
	}
}

// putAlias makes an address stand for others, in place of those it stood for.
func putAlias(a address, targets []string) change {
	return func(v *view) ([]mail.Record, error) {
		if err := v.ours(a); err != nil {
			return nil, err
		}
		if _, ok := v.accounts[v.full(a)]; ok {
			return nil, fmt.Errorf("account %s %w", a, ErrExists)
		}
		for _, target := range targets {
			if err := v.checkTarget(target); err != nil {
				return nil, err
			}
		}
		key := a.String()
		if old, spelling := v.alias(a); old != nil {
			key = spelling
		}
		return records(entry{aliasPrefix + key, aliasEntry{entryVersion, targets}})
	}
}

// checkTarget refuses targets that are not here: mail is never sent on.
func (v *view) checkTarget(target string) error {
	a, err := newAddress(target)
	if err != nil {
		return err
	}
	base, _, _ := a.withoutDetail()
	if _, ok := v.accounts[v.full(base)]; ok {
		return nil
	}
	if entry, _ := v.alias(a); entry != nil {
		return nil
	}
	return fmt.Errorf("target %s %w", target, ErrNotFound)
}

func removeAlias(a address) change {
	return func(v *view) ([]mail.Record, error) {
		old, spelling := v.alias(a)
		if old == nil {
			return nil, fmt.Errorf("alias %s %w", a, ErrNotFound)
		}
		return []mail.Record{mail.EntryRemoved{Key: aliasPrefix + spelling}}, nil
	}
}

// addDomain makes a domain ours. It is no error if it is.
func addDomain(name string) change {
	return func(v *view) ([]mail.Record, error) {
		if v.domain(name) != nil {
			return nil, nil
		}
		return records(entry{domainPrefix + name, domainEntry{Version: entryVersion}})
	}
}

// setDefaultDomain makes a domain, which becomes ours, the default. Accounts
// that were named without a domain move with it.
func setDefaultDomain(name string, secret []byte) change {
	return func(v *view) ([]mail.Record, error) {
		if v.settings.DefaultDomain == name && v.domain(name) != nil {
			return nil, nil
		}
		for _, p := range v.byID {
			if other, ok := v.accounts[address{p.Local, name}]; ok && p.Domain == "" && other.id != p.id {
				return nil, fmt.Errorf("account %s@%s %w", p.Local, name, ErrExists)
			}
		}
		settings := v.settings
		settings.Version, settings.DefaultDomain, settings.NextAccount = entryVersion, name, v.nextAccount()
		if settings.Secret == nil {
			settings.Secret = secret
		}
		made, err := records(entry{settingKey, settings})
		if err != nil || v.domain(name) != nil {
			return made, err
		}
		domain, err := records(entry{domainPrefix + name, domainEntry{Version: entryVersion}})
		return append(made, domain...), err
	}
}

// removeDomain makes a domain no longer ours, if nobody is in it.
func removeDomain(name string) change {
	return func(v *view) ([]mail.Record, error) {
		if v.domain(name) == nil {
			return nil, fmt.Errorf("domain %s %w", name, ErrNotFound)
		}
		if v.settings.DefaultDomain == name {
			return nil, fmt.Errorf("domain %s %w: it is the default domain", name, ErrInUse)
		}
		for a := range v.accounts {
			if a.domain == name {
				return nil, fmt.Errorf("domain %s %w by account %s", name, ErrInUse, a)
			}
		}
		for _, alias := range v.keys(aliasPrefix) {
			if a, err := splitAddress(alias); err == nil && a.domain == name {
				return nil, fmt.Errorf("domain %s %w by alias %s", name, ErrInUse, alias)
			}
		}
		return []mail.Record{mail.EntryRemoved{Key: domainPrefix + name}}, nil
	}
}

// setCatchAll says who gets what nobody in a domain does; "" is nobody.
func setCatchAll(name, target string) change {
	return func(v *view) ([]mail.Record, error) {
		if !v.isLocal(name) {
			return nil, fmt.Errorf("domain %s %w", name, ErrNotFound)
		}
		if target != "" {
			if err := v.checkTarget(target); err != nil {
				return nil, err
			}
		}
		return records(entry{domainPrefix + name, domainEntry{entryVersion, target}})
	}
}

type entry struct {
	key   string
	value any
}

func records(entries ...entry) ([]mail.Record, error) {
	made := make([]mail.Record, 0, len(entries))
	for _, e := range entries {
		record, err := put(e.key, e.value)
		if err != nil {
			return nil, err
		}
		made = append(made, record)
	}
	return slices.Clip(made), nil
}
