package auth

import (
	"errors"

	"github.com/emersion/go-sasl"
)

// plainExchange is PLAIN: one response with everything (RFC 4616 §2).
type plainExchange struct {
	service  *Service
	env      Env
	server   sasl.Server
	identity Identity
	failure  error
}

func beginPlain(s *Service, env Env) Exchange { return &plainExchange{service: s, env: env} }

func (e *plainExchange) Next(response []byte) ([]byte, bool, error) {
	if e.server == nil {
		e.server = sasl.NewPlainServer(e.authenticate)
	}
	challenge, done, err := e.server.Next(response)
	if e.failure != nil {
		return nil, true, e.failure
	}
	if err != nil {
		return nil, true, ErrProtocol
	}
	return challenge, done, nil
}

func (e *plainExchange) authenticate(authorization, login, password string) error {
	ctx := e.env.Context
	attempt := Attempt{login, password, e.env.Remote, e.env.Protocol}
	identity, err := e.service.password(ctx, attempt, mechanismPlain)
	if (err == nil || errors.Is(err, ErrReferred)) && !e.service.sameUser(ctx, authorization, login) {
		identity, err = Identity{}, ErrAuthorization
	}
	e.identity, e.failure = identity, err
	return err
}

func (e *plainExchange) Identity() Identity { return e.identity }

// loginExchange is LOGIN: the server asks for a name, then for a password. It
// speaks first, so that an initial response is none of LOGIN's (RFC 9051 §6.2.2).
type loginExchange struct {
	service  *Service
	env      Env
	asked    int
	login    string
	identity Identity
}

// loginPrompts are what old clients look for.
var loginPrompts = []string{"Username:", "Password:"}

func beginLogin(s *Service, env Env) Exchange { return &loginExchange{service: s, env: env} }

func (e *loginExchange) Next(response []byte) ([]byte, bool, error) {
	switch {
	case response == nil && e.asked == 0:
		e.asked = 1
		return []byte(loginPrompts[0]), false, nil
	case e.asked == 1:
		e.asked, e.login = 2, string(response)
		return []byte(loginPrompts[1]), false, nil
	case e.asked == 2:
		e.asked = 3
		attempt := Attempt{e.login, string(response), e.env.Remote, e.env.Protocol}
		identity, err := e.service.password(e.env.Context, attempt, mechanismLogin)
		e.identity = identity
		return nil, true, err
	}
	return nil, true, ErrProtocol
}

func (e *loginExchange) Identity() Identity { return e.identity }
