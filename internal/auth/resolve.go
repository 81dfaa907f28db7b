package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/restante/restante/internal/mail"
)

// postmaster is the one local part that every domain has (RFC 5321 §4.5.1).
const postmaster = "postmaster"

// Recipient is whom an address stands for.
type Recipient struct {
	// Accounts are those whose INBOX gets the message, each once, ascending.
	Accounts []mail.AccountID
	// Detail is what stood behind "+", as it was compared; or empty.
	Detail string
}

// Resolve finds whom an address stands for: an account or an alias of exactly
// that address, then one without what stands behind "+", then the catch-all of
// its domain. An address without a domain is in the default domain.
// ErrNoUser, ErrNotLocal, ErrDisabled or ErrReferred (if every account is),
// ErrUnavailable.
func (d *Directory) Resolve(ctx context.Context, text string) (Recipient, error) {
	v, err := d.view(ctx)
	if err != nil {
		return Recipient{}, err
	}
	a, err := splitAddress(text)
	if err != nil {
		return Recipient{}, fmt.Errorf("%w: %w", ErrNoUser, err)
	}
	a = v.full(a)
	if !v.isLocal(a.domain) {
		return Recipient{}, ErrNotLocal
	}
	r := resolver{view: v, limits: d.limits, seen: map[address]bool{}}
	if err := r.resolve(a, 0); err != nil {
		return Recipient{}, err
	}
	_, detail, _ := a.withoutDetail()
	slices.Sort(r.found)
	return Recipient{Accounts: slices.Compact(r.found), Detail: detail}, nil
}

// resolver follows one recipient through aliases.
type resolver struct {
	*view
	limits Limits
	seen   map[address]bool
	found  []mail.AccountID
}

// resolve adds the accounts an address stands for.
func (r *resolver) resolve(a address, depth int) error {
	a = r.full(a)
	if r.seen[a] {
		return nil // a cycle of aliases adds nobody twice
	}
	r.seen[a] = true
	if depth > r.limits.AliasDepthMax || len(r.found) >= r.limits.RecipientsMax {
		return fmt.Errorf("%w: its aliases lead too far", ErrNoUser)
	}
	err := r.exactly(a, depth)
	if base, _, ok := a.withoutDetail(); ok && errors.Is(err, ErrNoUser) {
		err = r.exactly(base, depth)
	}
	if errors.Is(err, ErrNoUser) {
		err = r.lastly(a, depth)
	}
	return err
}

// exactly adds the account or the targets of exactly this address.
func (r *resolver) exactly(a address, depth int) error {
	if p, ok := r.accounts[a]; ok {
		if p.Disabled {
			return ErrDisabled
		}
		if p.Referral != nil {
			return ErrReferred
		}
		r.found = append(r.found, p.id)
		return nil
	}
	alias, _ := r.alias(a)
	if alias == nil {
		return ErrNoUser
	}
	return r.targets(alias.Targets, depth)
}

// targets adds those of several addresses that can be reached; the error of
// the last that cannot is told only if nobody can.
func (r *resolver) targets(targets []string, depth int) error {
	before, failed := len(r.found), error(ErrNoUser)
	for _, target := range targets {
		a, err := splitAddress(target)
		if err == nil {
			err = r.resolve(a, depth+1)
		}
		if err != nil {
			failed = err
		}
	}
	if len(r.found) == before {
		return failed
	}
	return nil
}

// lastly asks the domain's catch-all, and finds a postmaster for a domain that
// names none: the first account.
func (r *resolver) lastly(a address, depth int) error {
	if domain := r.domain(a.domain); domain != nil && domain.CatchAll != "" {
		return r.targets([]string{domain.CatchAll}, depth)
	}
	if a.local == postmaster {
		var first mail.AccountID
		for id, p := range r.byID {
			if !p.Disabled && p.Referral == nil && (first == 0 || id < first) {
				first = id
			}
		}
		if first != 0 {
			r.found = append(r.found, first)
			return nil
		}
	}
	return ErrNoUser
}
