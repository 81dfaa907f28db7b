package bearer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// introspect asks the issuer what a token is worth (RFC 7662, section 2).
func (c *Checker) introspect(ctx context.Context, token string) (string, error) {
	if err := c.remembered.mayAsk(c.options.Now()); err != nil {
		return "", err
	}
	form := url.Values{"token": {token}, "token_type_hint": {"access_token"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.options.Introspection, strings.NewReader(form.Encode()))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c.options.ClientID != "" { // RFC 6749 §2.3.1: both are encoded first
		request.SetBasicAuth(url.QueryEscape(c.options.ClientID), url.QueryEscape(c.options.ClientSecret))
	}
	var answer claims
	if err := c.ask(request, &answer); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		c.remembered.failed(err, c.options.Now())
		return "", err
	}
	until, err := c.judgeAnswer(answer)
	if err != nil {
		return "", err
	}
	login, err := answer.login(&c.options)
	if err == nil {
		c.remembered.keep(token, login, until, c.options.Now())
	}
	return login, err
}

// judgeAnswer looks at an introspection (RFC 7662, section 2.2): the token must be
// active, and everything else that the answer says must fit. It returns until
// when the answer can be believed.
func (c *Checker) judgeAnswer(answer claims) (until time.Time, err error) {
	now := c.options.Now()
	until = now.Add(rememberFor)
	if string(answer["active"]) != "true" {
		return until, ErrInvalid
	}
	if issuer := answer.text("iss"); issuer != "" && c.options.Issuer != "" && issuer != c.options.Issuer {
		return until, ErrInvalid
	}
	if c.options.Audience != "" && !slices.Contains(answer.list("aud"), c.options.Audience) {
		return until, ErrInvalid
	}
	for _, name := range []string{"exp", "nbf"} {
		var seconds float64
		if raw, ok := answer[name]; !ok || string(raw) == "null" {
			continue
		} else if json.Unmarshal(raw, &seconds) != nil {
			return until, ErrInvalid
		}
		at := time.Unix(int64(min(max(seconds, 0), 1<<40)), 0)
		switch {
		case name == "nbf" && at.After(now.Add(leeway)), name == "exp" && at.Before(now):
			return until, ErrInvalid
		case name == "exp" && at.Before(until):
			until = at
		}
	}
	return until, nil
}
