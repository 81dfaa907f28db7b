package auth

import (
	"context"
	"io"
	"slices"
)

// AddDomain makes a domain ours; it is no error if it is already.
func (d *Directory) AddDomain(ctx context.Context, name string) error {
	normal, err := normalDomain(name)
	if err != nil {
		return err
	}
	return d.commit(ctx, addDomain(normal))
}

// RemoveDomain makes a domain no longer ours. ErrInUse if it is the default,
// or an account or an alias is in it.
func (d *Directory) RemoveDomain(ctx context.Context, name string) error {
	normal, err := normalDomain(name)
	if err != nil {
		return err
	}
	return d.commit(ctx, removeDomain(normal))
}

// SetDefaultDomain makes a domain the one that names without a domain are in.
func (d *Directory) SetDefaultDomain(ctx context.Context, name string) error {
	normal, err := normalDomain(name)
	if err != nil {
		return err
	}
	secret := make([]byte, secretSize)
	if _, err := io.ReadFull(d.random, secret); err != nil {
		return unavailable(err)
	}
	return d.commit(ctx, setDefaultDomain(normal, secret))
}

// SetCatchAll says which address gets the mail for names of a domain that
// nobody has; "" says that such mail is refused.
func (d *Directory) SetCatchAll(ctx context.Context, name, target string) error {
	normal, err := normalDomain(name)
	if err != nil {
		return err
	}
	return d.commit(ctx, setCatchAll(normal, target))
}

// Domains lists the domains by name.
func (d *Directory) Domains(ctx context.Context) ([]DomainInfo, error) {
	v, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	names := v.keys(domainPrefix)
	if standard := v.defaultDomain(); !slices.Contains(names, standard) {
		names = append(names, standard)
		slices.Sort(names)
	}
	list := make([]DomainInfo, 0, len(names))
	for _, name := range names {
		info := DomainInfo{Name: name, Default: name == v.defaultDomain()}
		if entry := v.domain(name); entry != nil {
			info.CatchAll = entry.CatchAll
		}
		list = append(list, info)
	}
	return list, nil
}

// DefaultDomain returns the domain that names without one are in, and whether
// it was ever named ("localhost" is a fallback).
func (d *Directory) DefaultDomain(ctx context.Context) (name string, named bool, err error) {
	v, err := d.view(ctx)
	if err != nil {
		return "", false, err
	}
	return v.defaultDomain(), v.settings.DefaultDomain != "", nil
}
