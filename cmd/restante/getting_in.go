package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/auth/bearer"
	"github.com/restante/restante/internal/config"
	"github.com/restante/restante/internal/mail"
)

// authOptions are how logins are checked, from the configuration.
func (s *server) authOptions() (auth.Options, error) {
	options := auth.Options{
		Certificate: s.certificates.shown, ClearText: s.Auth.ClearTextLogins, TLSAlways: s.Auth.TLSAlways, Anonymous: s.Auth.Anonymous,
		Observe: func(o auth.Outcome) { s.metrics.Login(o.Protocol, o.Mechanism, o.Result) },
	}
	var err error
	if s.TLS.ClientCA != "" {
		if options.External, err = auth.ParseCertificateNames(s.TLS.ClientNames); err != nil {
			return options, fmt.Errorf("tls.client_names: %w", err)
		}
	}
	if s.OAuth.Issuer == "" && s.OAuth.Introspection == "" {
		return options, nil
	}
	options.OAuth.Hosts = s.OAuth.Hosts
	options.OAuth.Checker, err = bearer.New(bearer.Options{
		Issuer: s.OAuth.Issuer, Audience: s.OAuth.Audience, Claim: s.OAuth.Claim, Scope: s.OAuth.Scope,
		Introspection: s.OAuth.Introspection, ClientID: s.OAuth.ClientID, ClientSecret: s.OAuth.ClientSecret,
	})
	if err != nil {
		return options, fmt.Errorf("oauth: %w", err)
	}
	return options, nil
}

// clientTLS is how TLS is spoken with mail clients: they are asked for a
// certificate where one can be a login. Other mail servers are not asked: theirs
// are of authorities that nobody named here.
func clientTLS(base *tls.Config, c config.TLS) (*tls.Config, error) {
	if c.ClientCA == "" {
		return base, nil
	}
	text, err := os.ReadFile(c.ClientCA)
	if err != nil {
		return nil, fmt.Errorf("tls.client_ca: %w", err)
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("tls.client_ca: %s holds no certificate", c.ClientCA)
	}
	asking := base.Clone()
	asking.ClientAuth, asking.ClientCAs = tls.VerifyClientCertIfGiven, authorities
	return asking, nil
}

// referTo is the server to which IMAP clients are sent, "" if they are served.
func referTo(c config.IMAP) (string, error) {
	if c.ReferTo == "" {
		return "", nil
	}
	// RFC 2221 §4.2: nobody is named, but nobody shall log in as nobody.
	url, err := mail.ServerURL(c.ReferTo, "")
	if err != nil {
		return "", fmt.Errorf("imap.refer_to: %w", err)
	}
	return url, nil
}
