package auth

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/restante/restante/internal/auth/bearer"
)

// OAuth is whose access tokens are taken, and how.
type OAuth struct {
	Checker *bearer.Checker
	// Hosts are the names under which clients know this server. If there are
	// any, a client that says another is not let in (RFC 7628 §3.2).
	Hosts []string
}

const (
	mechanismOAuthBearer = "OAUTHBEARER" // RFC 7628
	// mechanismXOAuth2 is what Google and Microsoft had before that:
	// https://developers.google.com/gmail/imap/xoauth2-protocol
	mechanismXOAuth2 = "XOAUTH2"

	// oauthResponseMax is the longest response that is looked at.
	oauthResponseMax = bearer.TokenMax + 2048
	// oauthAtOnce is how many tokens are checked at once, so that logins with
	// passwords never wait for a slow issuer, and oauthTime is how long one
	// may take, with the wait for its turn.
	oauthAtOnce = 16
	oauthTime   = 20 * time.Second
)

// offersOAuth reports whether tokens are taken here. They open an account to
// whoever sees them: they need TLS or the machine itself (RFC 7628 §3).
func offersOAuth(s *Service, env Env) bool {
	return s.oauth.Checker != nil && (env.TLS != nil || env.Remote.Unmap().IsLoopback())
}

// oauthExchange is OAUTHBEARER or, with older, XOAUTH2. A token that is not good
// is answered with what the client needs for a better one, and the client then
// ends the exchange (RFC 7628 §3.2.3).
type oauthExchange struct {
	service  *Service
	env      Env
	older    bool
	told     error // why not, once the client was told
	ended    bool
	identity Identity
}

func beginOAuthBearer(s *Service, env Env) Exchange { return &oauthExchange{service: s, env: env} }

func beginXOAuth2(s *Service, env Env) Exchange {
	return &oauthExchange{service: s, env: env, older: true}
}

func (e *oauthExchange) Next(response []byte) ([]byte, bool, error) {
	switch {
	case e.ended || len(response) > oauthResponseMax:
		return nil, true, ErrProtocol
	case e.told != nil:
		e.ended = true
		return nil, true, e.told
	case response == nil:
		return []byte{}, false, nil
	}
	request, err := e.parse(string(response))
	if err != nil {
		e.ended = true
		return nil, true, err
	}
	refusal, err := e.authenticate(request)
	e.service.report(e.env.Protocol, e.name(), resultOf(err))
	if refusal == "" {
		e.ended = true
		return nil, true, err
	}
	e.told = err
	return e.explain(refusal), false, nil
}

func (e *oauthExchange) name() string {
	if e.older {
		return mechanismXOAuth2
	}
	return mechanismOAuthBearer
}

func (e *oauthExchange) Identity() Identity { return e.identity }

// authenticate checks the token, and whom it is for. The refusal, if there is
// one, is what the client is told of a token that is not good.
func (e *oauthExchange) authenticate(request oauthRequest) (refusal string, err error) {
	s := e.service
	ctx, cancel := context.WithTimeout(e.env.Context, oauthTime)
	defer cancel()
	v, err := s.directory.view(ctx)
	if err != nil {
		return "", err
	}
	pair := s.throttle.pairOf(e.env.Remote, v.loginKey(request.authorization))
	if err := s.throttle.wait(ctx, pair); err != nil {
		return "", err
	}
	if len(s.oauth.Hosts) > 0 && request.host != "" && !slices.ContainsFunc(s.oauth.Hosts, func(name string) bool {
		return strings.EqualFold(name, request.host)
	}) {
		return "invalid_request", ErrCredentials
	}
	login, err := s.checkToken(ctx, e.env, request.token)
	switch {
	case errors.Is(err, bearer.ErrScope):
		return bearer.ErrScope.Error(), ErrCredentials
	case errors.Is(err, bearer.ErrInvalid):
		s.throttle.failed(pair, request.token)
		return bearer.ErrInvalid.Error(), ErrCredentials
	case err != nil:
		return "", errors.Join(ErrUnavailable, err) // the token may well be good
	}
	found, known := v.login(login)
	if !known {
		s.throttle.failed(pair, request.token)
		return bearer.ErrInvalid.Error(), ErrCredentials
	}
	s.throttle.succeeded(pair)
	if !s.sameUser(ctx, request.authorization, login) {
		return "", ErrAuthorization
	}
	e.identity, err = s.admit(ctx, found)
	return "", err
}

// checkToken waits for its turn where the issuer has to be asked.
func (s *Service) checkToken(ctx context.Context, env Env, token string) (string, error) {
	if login, ok := s.oauth.Checker.Known(token); ok {
		return login, nil
	}
	if err := s.tokens.enter(ctx, subscriber(env.Remote)); err != nil {
		return "", err
	}
	defer s.tokens.leave()
	return s.oauth.Checker.Check(ctx, token)
}

// explain makes the error that the client is told: RFC 7628 §3.2.2, with a status
// of RFC 6750 §3.1; or as those who know the older mechanism expect it.
func (e *oauthExchange) explain(refusal string) []byte {
	checker := e.service.oauth.Checker
	told := map[string]string{"status": refusal}
	if e.older {
		told["status"], told["schemes"] = "401", "bearer"
	} else if where := checker.Configuration(); where != "" {
		told["openid-configuration"] = where
	}
	if scope := checker.Scope(); scope != "" {
		told["scope"] = scope
	}
	encoded, err := json.Marshal(told)
	if err != nil {
		return []byte("{}") // strings always can be encoded
	}
	return encoded
}
