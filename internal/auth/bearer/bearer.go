package bearer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What Check may answer.
var (
	// ErrInvalid says that the token is none of the issuer's, is over, is meant
	// for somebody else, or says nothing of who it is for.
	ErrInvalid = errors.New("invalid_token")
	// ErrScope says that the token is good, but not for this.
	ErrScope = errors.New("insufficient_scope")
	// ErrUnavailable says that the issuer did not answer.
	ErrUnavailable = errors.New("the issuer of tokens does not answer")
)

// Options say whose tokens are taken. Issuer and Audience are required, but for
// introspection, which needs neither.
type Options struct {
	// Issuer is the issuer's URL, under which its configuration is found
	// (OpenID Connect Discovery 1.0).
	Issuer string
	// Audience is whom tokens must be meant for: one of those in their "aud".
	Audience string
	// Claim names what in a token is the login name; "email" if empty.
	Claim string
	// Scope is what tokens must have: words divided by spaces, each.
	Scope string
	// Introspection, if not empty, is where the issuer tells about tokens
	// (RFC 7662, section 2), as ClientID with ClientSecret. Tokens are then not looked
	// into at all.
	Introspection          string
	ClientID, ClientSecret string

	Transport http.RoundTripper // nil is http.DefaultTransport
	Now       func() time.Time  // nil is time.Now
}

// Checker checks tokens. Its methods may be called at the same time.
type Checker struct {
	options    Options
	client     *http.Client
	keys       *keySet
	remembered *memory
}

// New returns a checker. It asks nobody yet, so that a server starts before its
// issuer does.
func New(o Options) (*Checker, error) {
	if o.Claim == "" {
		o.Claim = "email"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Introspection == "" && (o.Issuer == "" || o.Audience == "") {
		return nil, errors.New("tokens need an issuer and an audience, or an introspection endpoint")
	}
	for _, address := range []string{o.Issuer, o.Introspection} {
		if address == "" {
			continue
		}
		if _, err := endpoint(address); err != nil {
			return nil, err
		}
	}
	client := &http.Client{
		Transport: o.Transport, Timeout: requestTime,
		// Nobody is asked but who is configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c := &Checker{options: o, client: client, remembered: newMemory()}
	c.keys = &keySet{fetch: c.fetchKeys, now: o.Now}
	return c, nil
}

// Known returns the login name of a token that was checked a moment ago, so that
// no issuer need be asked.
func (c *Checker) Known(token string) (login string, ok bool) {
	return c.remembered.find(token, c.options.Now())
}

// Check returns the login name that a token is for. ErrInvalid, ErrScope,
// ErrUnavailable, or ctx's error.
func (c *Checker) Check(ctx context.Context, token string) (login string, err error) {
	if token == "" || len(token) > TokenMax {
		return "", ErrInvalid
	}
	if login, ok := c.Known(token); ok {
		return login, nil
	}
	if c.options.Introspection != "" {
		return c.introspect(ctx, token)
	}
	return c.verify(ctx, token)
}

// Scope returns the scope that tokens must have.
func (c *Checker) Scope() string { return c.options.Scope }

// Configuration returns where clients find how to get a token; "" if nowhere.
func (c *Checker) Configuration() string {
	if c.options.Issuer == "" {
		return ""
	}
	return strings.TrimSuffix(c.options.Issuer, "/") + "/.well-known/openid-configuration"
}

// endpoint reads a URL of the issuer. Keys and tokens travel under TLS, or
// within the machine.
func endpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	isLocal := u.Hostname() == "localhost"
	if ip := net.ParseIP(u.Hostname()); ip != nil {
		isLocal = ip.IsLoopback()
	}
	if u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !isLocal) {
		return nil, fmt.Errorf("%q is no https URL", text)
	}
	return u, nil
}
