package auth

import (
	"crypto/x509"
	"fmt"
	"unicode/utf8"
)

const mechanismExternal = "EXTERNAL" // RFC 4422 Appendix A

// CertificateNames says what in a client's certificate names an account. The
// set is closed.
type CertificateNames string

// What can be taken from a certificate. The zero value takes nothing, so that
// EXTERNAL is not offered.
const (
	NamesNone CertificateNames = ""
	// NamesEmail are the addresses among the alternative names (rfc822Name,
	// RFC 5280 §4.2.1.6), in their order.
	NamesEmail CertificateNames = "email"
	// NamesCommonName is the subject's common name.
	NamesCommonName CertificateNames = "cn"
)

// ParseCertificateNames reads the configured word.
func ParseCertificateNames(word string) (CertificateNames, error) {
	switch names := CertificateNames(word); names {
	case NamesNone, NamesEmail, NamesCommonName:
		return names, nil
	}
	return NamesNone, fmt.Errorf("certificates name accounts by %q or %q, not by %q", NamesEmail, NamesCommonName, word)
}

func (n CertificateNames) of(certificate *x509.Certificate) []string {
	switch n {
	case NamesEmail:
		return certificate.EmailAddresses
	case NamesCommonName:
		return []string{certificate.Subject.CommonName}
	}
	return nil
}

// offersExternal reports whether the client showed a certificate that an
// authority of the configuration vouches for.
func offersExternal(s *Service, env Env) bool {
	return s.external != NamesNone && env.TLS != nil && len(env.TLS.VerifiedChains) > 0
}

// externalExchange is EXTERNAL: who the client is was settled by TLS, and it only
// says as whom it wants to act.
type externalExchange struct {
	service  *Service
	env      Env
	ended    bool
	identity Identity
}

func beginExternal(s *Service, env Env) Exchange { return &externalExchange{service: s, env: env} }

func (e *externalExchange) Next(response []byte) ([]byte, bool, error) {
	switch {
	case e.ended:
		return nil, true, ErrProtocol
	case response == nil:
		return []byte{}, false, nil // RFC 4422 §5: the client speaks first
	}
	e.ended = true
	identity, err := e.authenticate(string(response))
	e.service.report(e.env.Protocol, mechanismExternal, resultOf(err))
	e.identity = identity
	return nil, true, err
}

func (e *externalExchange) Identity() Identity { return e.identity }

// authenticate finds the account. Without an authorization identity it is the
// first that the certificate names; with one it must be among those
// (RFC 4422 §3.4.1: nobody acts for others here).
func (e *externalExchange) authenticate(authorization string) (Identity, error) {
	if !utf8.ValidString(authorization) || len(authorization) > addressMax {
		return Identity{}, ErrProtocol
	}
	for _, r := range authorization {
		if r == 0 { // RFC 4422 Appendix A.1
			return Identity{}, ErrProtocol
		}
	}
	s, ctx := e.service, e.env.Context
	v, err := s.directory.view(ctx)
	if err != nil {
		return Identity{}, err
	}
	names := s.external.of(e.env.TLS.PeerCertificates[0])
	first := ""
	if len(names) > 0 {
		first = names[0]
	}
	pair := s.throttle.pairOf(e.env.Remote, v.loginKey(first))
	if err := s.throttle.wait(ctx, pair); err != nil {
		return Identity{}, err
	}
	failure := ErrCredentials
	for _, name := range names {
		found, known := v.login(name)
		if !known {
			continue
		}
		if authorization != "" && v.loginKey(authorization) != v.loginKey(name) {
			failure = ErrAuthorization
			continue
		}
		s.throttle.succeeded(pair)
		return s.admit(ctx, found)
	}
	s.throttle.failed(pair, authorization)
	return Identity{}, failure
}
