package auth

import (
	"context"
	"crypto/tls"
	"net/netip"
	"strings"
)

// mechanism is a row of the table of SASL mechanisms.
type mechanism struct {
	name    string
	offered func(*Service, Env) bool
	begin   func(*Service, Env) Exchange
}

// mechanisms are in the order in which a client should prefer them.
var mechanisms = []mechanism{
	{"SCRAM-SHA-256-PLUS", offersBinding, scramSHA256.beginPlus}, // RFC 7677, RFC 5802 §4
	{"SCRAM-SHA-1-PLUS", offersSHA1Binding, scramSHA1.beginPlus},
	{"SCRAM-SHA-256", func(*Service, Env) bool { return true }, scramSHA256.begin},
	{"SCRAM-SHA-1", offersSHA1, scramSHA1.begin},
	{mechanismOAuthBearer, offersOAuth, beginOAuthBearer},
	{mechanismXOAuth2, offersOAuth, beginXOAuth2},
	{mechanismExternal, offersExternal, beginExternal},
	{mechanismPlain, (*Service).AllowsPlaintext, beginPlain},
	{mechanismLogin, (*Service).AllowsPlaintext, beginLogin},
	{mechanismAnonymous, offersAnonymous, beginAnonymous},
}

const (
	mechanismPlain = "PLAIN" // RFC 4616
	mechanismLogin = "LOGIN" // draft-murchison-sasl-login-00
)

// Env is the connection on which a login happens.
type Env struct {
	// Context ends waiting; nil never does. An Exchange keeps it, because a
	// SASL exchange lasts over several calls.
	Context  context.Context
	Remote   netip.Addr
	TLS      *tls.ConnectionState // nil in clear text
	Protocol string
	// Again says that somebody has logged in on this connection before: a
	// channel binding that is unique to the connection binds one login
	// (RFC 9266 §4.1).
	Again bool
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
// TLS, within the machine unless Options.TLSAlways forbids it, and wherever
// Options.ClearText allows it.
func (s *Service) AllowsPlaintext(env Env) bool {
	return s.clearText || env.TLS != nil || !s.tlsAlways && env.Remote.Unmap().IsLoopback()
}

// Mechanisms returns the SASL mechanisms that a connection offers, the best
// first.
func (s *Service) Mechanisms(env Env) []string {
	var names []string
	for _, m := range mechanisms {
		if m.offered(s, env) {
			names = append(names, m.name)
		}
	}
	return names
}

// Start begins an exchange. Mechanism names have no case (RFC 4422 §3.1 has
// them in capitals; clients vary). ErrMechanism.
func (s *Service) Start(name string, env Env) (Exchange, error) {
	if env.Context == nil {
		env.Context = context.Background()
	}
	for _, m := range mechanisms {
		if strings.EqualFold(m.name, name) && m.offered(s, env) {
			return m.begin(s, env), nil
		}
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
