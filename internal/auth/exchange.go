package auth

import (
	"context"
	"crypto/tls"
	"net/netip"
	"strings"
)

// The mechanisms, in the order in which a client should prefer them.
const (
	mechanismScramPlus = "SCRAM-SHA-256-PLUS" // RFC 7677, RFC 5802 §4
	mechanismScram     = "SCRAM-SHA-256"
	mechanismPlain     = "PLAIN" // RFC 4616
	mechanismLogin     = "LOGIN" // draft-murchison-sasl-login-00
)

// Env is the connection on which a login happens.
type Env struct {
	// Context ends waiting; nil never does. An Exchange keeps it, because a
	// SASL exchange lasts over several calls.
	Context  context.Context
	Remote   netip.Addr
	TLS      *tls.ConnectionState // nil in clear text
	Protocol string
}

// Exchange is one SASL exchange (RFC 4422 §3), for one goroutine.
type Exchange interface {
	// Next takes the client's response, decoded; nil means that the client
	// sent no initial response, which differs from an empty one. It returns
	// the next challenge, or done. After done or an error the exchange has
	// ended. It may wait as Service.Password does, and returns its errors, or
	// ErrProtocol.
	Next(response []byte) (challenge []byte, done bool, err error)
	// Identity is who has logged in, once Next has returned done.
	Identity() Identity
}

// AllowsPlaintext reports whether passwords may travel on a connection: under
// TLS, within the machine, and wherever Options.ClearText allows it.
func (s *Service) AllowsPlaintext(env Env) bool {
	return s.clearText || env.TLS != nil || env.Remote.Unmap().IsLoopback()
}

// Mechanisms returns the SASL mechanisms that a connection offers, the best
// first.
func (s *Service) Mechanisms(env Env) []string {
	var names []string
	if s.canBind(env.TLS) {
		names = append(names, mechanismScramPlus)
	}
	names = append(names, mechanismScram)
	if s.AllowsPlaintext(env) {
		names = append(names, mechanismPlain, mechanismLogin)
	}
	return names
}

// canBind reports whether a connection has a channel that can be bound.
func (s *Service) canBind(state *tls.ConnectionState) bool {
	if state == nil {
		return false
	}
	_, ok := s.anyBinding(state)
	return ok
}

// Start begins an exchange. Mechanism names have no case (RFC 4422 §3.1 has
// them in capitals; clients vary). ErrMechanism.
func (s *Service) Start(mechanism string, env Env) (Exchange, error) {
	if env.Context == nil {
		env.Context = context.Background()
	}
	name := strings.ToUpper(mechanism)
	switch {
	case name == mechanismScram:
		return &scramExchange{service: s, env: env}, nil
	case name == mechanismScramPlus && s.canBind(env.TLS):
		return &scramExchange{service: s, env: env, plus: true}, nil
	case name == mechanismPlain && s.AllowsPlaintext(env):
		return &plainExchange{service: s, env: env}, nil
	case name == mechanismLogin && s.AllowsPlaintext(env):
		return &loginExchange{service: s, env: env}, nil
	}
	return nil, ErrMechanism
}

// sameUser reports whether an authorization identity is the user who logs in,
// in any spelling. Acting for others is not offered.
func (s *Service) sameUser(ctx context.Context, authorization, login string) bool {
	if authorization == "" {
		return true
	}
	v, err := s.directory.view(ctx)
	return err == nil && v.loginKey(authorization) == v.loginKey(login)
}
