package auth

import (
	"context"

	"github.com/restante/restante/internal/mail"
)

// Referral is where an account lives that does not live here.
type Referral struct {
	// URL is that of a server, "imap://user;AUTH=*@host/" (RFC 5092 §3). The
	// empty one is no referral.
	URL string `json:"url"`
	// Open says that the account can still be used here, for mailboxes that
	// others share with it (RFC 2221 §4).
	Open bool `json:"open,omitempty"`
}

// ReferredError answers a login that was good to an account that lives
// elsewhere. It is never told to who has not proven to be its owner
// (RFC 2221 §6).
type ReferredError struct{ URL string }

// Unwrap returns ErrReferred, for protocols that cannot say where.
func (e *ReferredError) Unwrap() error { return ErrReferred }

func (e *ReferredError) Error() string { return "the account is on another server: " + e.URL }

// SetReferral says that an account lives elsewhere, or, with an empty URL, that
// it lives here. ErrNotFound.
func (d *Directory) SetReferral(ctx context.Context, name string, referral Referral) error {
	return d.commit(ctx, func(v *view) ([]mail.Record, error) {
		return changeAccount(name, func(account *accountEntry) {
			account.Referral = nil
			if referral.URL != "" {
				account.Referral = &referral
			}
		})(v)
	})
}

// admit looks at an account whose owner was proven as it is now, since proving
// takes a while, and says who has logged in: ErrCredentials if the password has
// changed meanwhile, ErrDisabled, or a ReferredError.
func (s *Service) admit(ctx context.Context, found principal) (Identity, error) {
	v, err := s.directory.view(ctx)
	if err != nil {
		return Identity{}, err
	}
	now, ok := v.byID[found.id]
	switch {
	case !ok || now.Password != found.Password:
		return Identity{}, ErrCredentials
	case now.Disabled:
		return Identity{}, ErrDisabled
	}
	identity := Identity{Account: now.id, Login: v.addressOf(now).String()}
	if referral := now.Referral; referral != nil {
		if !referral.Open {
			return Identity{}, &ReferredError{referral.URL}
		}
		identity.Referral = referral.URL
	}
	return identity, nil
}
