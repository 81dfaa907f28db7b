package auth

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/restante/restante/internal/mail"
)

// fallbackDomain is the default domain of a directory that names none.
const fallbackDomain = "localhost"

// principal is an account as the view has it.
type principal struct {
	id mail.AccountID
	*accountEntry
}

// view is the whole directory at one position. It is never changed.
type view struct {
	settings settingEntry
	raw      map[string][]byte // the entries as they are stored
	parsed   map[string]any    // and what they mean
	accounts map[address]principal
	byID     map[mail.AccountID]principal
	groups   []namedGroup
	grants   map[string][]mail.AccountID // by grantee (see granteeKey), ascending
}

// namedGroup is a group as the view has it.
type namedGroup struct {
	name string
	*groupEntry
}

// readView reads the directory. What has not changed since the older view,
// which may be nil, is taken from there.
func readView(state mail.State, older *view) (*view, error) {
	v := &view{
		raw: map[string][]byte{}, parsed: map[string]any{},
		accounts: map[address]principal{}, byID: map[mail.AccountID]principal{},
		grants: map[string][]mail.AccountID{},
	}
	for entry, err := range state.Entries("") {
		if err != nil {
			return nil, err
		}
		if err := v.take(entry, older); err != nil {
			return nil, err
		}
	}
	for id, p := range v.byID {
		a := v.addressOf(p)
		if other, ok := v.accounts[a]; ok && other.id < id {
			continue
		}
		v.accounts[a] = p
	}
	return v, nil
}

func (v *view) take(entry mail.Entry, older *view) error {
	var parsed any
	if older != nil && bytes.Equal(older.raw[entry.Key], entry.Value) {
		parsed = older.parsed[entry.Key]
		v.raw[entry.Key] = older.raw[entry.Key]
	}
	if parsed == nil {
		var err error
		if parsed, err = parseEntry(entry); err != nil {
			return err
		}
		v.raw[entry.Key] = bytes.Clone(entry.Value)
	}
	v.parsed[entry.Key] = parsed
	switch value := parsed.(type) {
	case principal:
		v.byID[value.id] = value
	case *settingEntry:
		v.settings = *value
	case *groupEntry:
		v.groups = append(v.groups, namedGroup{entry.Key[len(groupPrefix):], value})
	case *grantEntry:
		v.grants[value.key] = append(v.grants[value.key], value.owner)
	}
	return nil
}

// parseEntry reads one entry; keys of other subjects are nil.
func parseEntry(entry mail.Entry) (any, error) {
	key := entry.Key
	switch {
	case strings.HasPrefix(key, accountPrefix):
		id, err := strconv.ParseUint(key[len(accountPrefix):], 16, 64)
		if err != nil {
			return nil, fmt.Errorf("directory entry %s: %w", key, mail.ErrCorrupt)
		}
		account, err := decodeEntry(key, entry.Value, func(e *accountEntry) int { return e.Version })
		return principal{mail.AccountID(id), account}, err
	case strings.HasPrefix(key, domainPrefix):
		return decodeEntry(key, entry.Value, func(e *domainEntry) int { return e.Version })
	case strings.HasPrefix(key, aliasPrefix):
		return decodeEntry(key, entry.Value, func(e *aliasEntry) int { return e.Version })
	case strings.HasPrefix(key, groupPrefix):
		return decodeEntry(key, entry.Value, func(e *groupEntry) int { return e.Version })
	case strings.HasPrefix(key, grantPrefix):
		return parseGrant(entry)
	case key == settingKey:
		return decodeEntry(key, entry.Value, func(e *settingEntry) int { return e.Version })
	}
	return nil, nil
}

// defaultDomain is the domain of names without one.
func (v *view) defaultDomain() string {
	if v.settings.DefaultDomain != "" {
		return v.settings.DefaultDomain
	}
	return fallbackDomain
}

// full returns an address with its domain said.
func (v *view) full(a address) address {
	if a.domain == "" {
		a.domain = v.defaultDomain()
	}
	return a
}

func (v *view) addressOf(p principal) address { return v.full(address{p.Local, p.Domain}) }

// isLocal reports whether a domain is ours. The default domain always is.
func (v *view) isLocal(domain string) bool {
	return domain == v.defaultDomain() || v.domain(domain) != nil
}

func (v *view) domain(name string) *domainEntry {
	entry, _ := v.parsed[domainPrefix+name].(*domainEntry)
	return entry
}

// alias returns the targets of an address, which may be stored with or
// without the default domain.
func (v *view) alias(a address) (*aliasEntry, string) {
	for _, spelling := range v.spellings(a) {
		if entry, ok := v.parsed[aliasPrefix+spelling.String()].(*aliasEntry); ok {
			return entry, spelling.String()
		}
	}
	return nil, ""
}

// spellings are the ways in which an address may be a key.
func (v *view) spellings(a address) []address {
	a = v.full(a)
	if a.domain == v.defaultDomain() {
		return []address{a, {a.local, ""}}
	}
	return []address{a}
}

// account finds who has a login name or an address, exactly.
func (v *view) account(name string) (principal, error) {
	a, err := splitAddress(name)
	if err != nil {
		return principal{}, err
	}
	p, ok := v.accounts[v.full(a)]
	if !ok {
		return principal{}, fmt.Errorf("account %s %w", name, ErrNotFound)
	}
	return p, nil
}

// keys returns the own parts of the keys under a prefix, in order.
func (v *view) keys(prefix string) []string {
	var names []string
	for key := range maps.Keys(v.parsed) {
		if strings.HasPrefix(key, prefix) {
			names = append(names, key[len(prefix):])
		}
	}
	slices.Sort(names)
	return names
}

// unavailable tells a failing store from what a change itself answered.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	for _, expected := range []error{
		ErrBadAddress, ErrBadPassword, ErrExists, ErrNotFound, ErrInUse, ErrUnavailable,
		ErrNoUser, ErrNotLocal, ErrDisabled, ErrReferred, ErrTooMany, ErrCredentials,
	} {
		if errors.Is(err, expected) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
