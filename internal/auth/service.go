package auth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/netip"

	"github.com/restante/restante/internal/mail"
)

// Service checks logins. Its methods may be called at the same time.
type Service struct {
	directory   *Directory
	memory      *memory
	throttle    *throttle
	sessions    *Sessions
	certificate func(*tls.ConnectionState) *x509.Certificate
	clearText   bool
	tlsAlways   bool
	observe     func(Outcome)
	oauth       OAuth
	external    CertificateNames
	anonymous   string
	tokens      *gate // for those that have to be checked
}

// Options is what a service needs beside the directory.
type Options struct {
	// Certificate returns the certificate that the server showed on a
	// connection, for the binding tls-server-end-point (RFC 5929 §4); nil,
	// or a nil result, does without that binding.
	Certificate func(*tls.ConnectionState) *x509.Certificate
	// ClearText lets passwords travel without TLS from anywhere, and not only
	// within the machine.
	ClearText bool
	// OAuth, if it has a checker, offers OAUTHBEARER and XOAUTH2.
	OAuth OAuth
	// External says what in a client's certificate names an account, and offers
	// EXTERNAL to clients that have one which verified.
	External CertificateNames
	// Anonymous is the login name of the account that ANONYMOUS opens for
	// reading; it is offered if there is one.
	Anonymous string
	// TLSAlways takes no passwords without TLS within the machine either, for
	// hosts where a relay makes everybody look local (RFC 9051 §11.7).
	TLSAlways bool
	// Observe, if not nil, is told how each login ended.
	Observe func(Outcome)
}

// Outcome is how one login ended, for logs and metrics.
type Outcome struct {
	Protocol  string
	Mechanism string
	// Result is one of ok, remembered, credentials, disabled, referred, too-many,
	// unavailable, canceled.
	Result string
}

// Attempt is a login with a password.
type Attempt struct {
	Login    string
	Password string
	Remote   netip.Addr
	Protocol string
}

// Identity is who has logged in.
type Identity struct {
	Account mail.AccountID
	Login   string // local@domain
	// Referral is where the account's own mailboxes are, if not here.
	Referral string
	// Anonymous says that this is nobody, who may read and change nothing.
	// Trace is what nobody said of itself, short enough for a log.
	Anonymous bool
	Trace     string
}

// NewService makes a service.
func NewService(directory *Directory, options Options) (*Service, error) {
	key := make([]byte, 2*32)
	if _, err := io.ReadFull(directory.random, key); err != nil {
		return nil, err
	}
	limits := directory.limits
	return &Service{
		directory:   directory,
		memory:      newMemory(key[:32], limits),
		throttle:    newThrottle(key[32:], limits, directory.clock),
		sessions:    newSessions(limits),
		certificate: options.Certificate,
		clearText:   options.ClearText,
		tlsAlways:   options.TLSAlways,
		observe:     options.Observe,
		oauth:       options.OAuth,
		external:    options.External,
		anonymous:   options.Anonymous,
		tokens:      newGate(oauthAtOnce, limits.ArgonQueueMax),
	}, nil
}

// Directory returns the directory that the service reads.
func (s *Service) Directory() *Directory { return s.directory }

// Sessions returns the counters of open sessions.
func (s *Service) Sessions() *Sessions { return s.sessions }

// Resolve is Directory.Resolve.
func (s *Service) Resolve(ctx context.Context, address string) (Recipient, error) {
	return s.directory.Resolve(ctx, address)
}

// Password checks a login with a password. It may wait: for its turn after
// wrong passwords, and for a hash to be computed. A password that was right a
// short while ago waits for neither. ErrCredentials, ErrDisabled, ErrTooMany,
// ErrUnavailable, or ctx's error.
func (s *Service) Password(ctx context.Context, attempt Attempt) (Identity, error) {
	return s.password(ctx, attempt, "password")
}

func (s *Service) password(ctx context.Context, attempt Attempt, mechanism string) (Identity, error) {
	identity, remembered, err := s.check(ctx, attempt)
	result := resultOf(err)
	if remembered && err == nil {
		result = "remembered"
	}
	s.report(attempt.Protocol, mechanism, result)
	return identity, err
}

func (s *Service) check(ctx context.Context, attempt Attempt) (_ Identity, remembered bool, _ error) {
	v, err := s.directory.view(ctx)
	if err != nil {
		return Identity{}, false, err
	}
	password := preparePassword(attempt.Password)
	if found, known := v.login(attempt.Login); known && !found.Disabled &&
		s.memory.knows(found.id, found.Password, password, s.directory.clock.Now()) {
		identity, err := s.admit(ctx, found)
		return identity, true, err
	}
	pair := s.throttle.pairOf(attempt.Remote, v.loginKey(attempt.Login))
	if err := s.throttle.wait(ctx, pair); err != nil {
		return Identity{}, false, err
	}
	if v, err = s.directory.view(ctx); err != nil { // the wait may have been long
		return Identity{}, false, err
	}
	found, known := v.login(attempt.Login)
	if err := s.verify(ctx, attempt.Remote, found, known, password); err != nil {
		if err == ErrCredentials {
			s.throttle.failed(pair, password)
		}
		return Identity{}, false, err
	}
	s.throttle.succeeded(pair)
	s.memory.remember(found.id, found.Password, password, s.directory.clock.Now())
	identity, err := s.admit(ctx, found)
	if err == nil {
		s.directory.completeSecrets(ctx, found, password)
	}
	return identity, false, err
}

// verify costs one hash, whether or not there is such a user.
func (s *Service) verify(ctx context.Context, from netip.Addr, found principal, known bool, password string) error {
	hasher := s.directory.hasher
	hash := hasher.nobody
	if known {
		if parsed, err := parseHash(found.Password); err == nil {
			hash = parsed
		}
	}
	if len(password) > passwordMax {
		password, hash = "", hasher.nobody
	}
	right, err := hasher.verify(ctx, subscriber(from), hash, password)
	switch {
	case err != nil:
		return err
	case !right:
		return ErrCredentials
	}
	return nil
}

func (s *Service) report(protocol, mechanism, result string) {
	if s.observe != nil {
		s.observe(Outcome{protocol, mechanism, result})
	}
}

func resultOf(err error) string {
	referred := new(ReferredError)
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, ErrCredentials), errors.Is(err, ErrAuthorization), errors.Is(err, ErrProtocol):
		return "credentials"
	case errors.Is(err, ErrDisabled):
		return "disabled"
	case errors.As(err, &referred):
		return "referred"
	case errors.Is(err, ErrTooMany):
		return "too-many"
	case errors.Is(err, ErrUnavailable):
		return "unavailable"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "canceled"
	}
	return "unavailable"
}
