package bearer

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func contextWithin(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

func asksIntrospection(i *issuer) func(*Options) {
	return func(o *Options) {
		o.Introspection, o.ClientID, o.ClientSecret = i.URL+"/introspect", "mail", "s&cret"
	}
}

// Aim: a token is worth what the issuer says, and everything it says counts.
func TestIntrospection(t *testing.T) {
	i := newIssuer(t)
	c, _ := i.checker(asksIntrospection(i))
	for n, test := range []struct {
		name    string
		changes map[string]any
		want    error
	}{
		{"active", map[string]any{"active": true}, nil},
		{"without iss and exp", map[string]any{"active": true, "iss": nil, "exp": nil}, nil},
		{"not active", map[string]any{"active": false}, ErrInvalid},
		{"says nothing", map[string]any{}, ErrInvalid},
		{"active is no boolean", map[string]any{"active": "true"}, ErrInvalid},
		{"expired", map[string]any{"active": true, "exp": time.Now().Unix() - 1}, ErrInvalid},
		{"exp is no number", map[string]any{"active": true, "exp": "soon"}, ErrInvalid},
		{"not yet", map[string]any{"active": true, "nbf": time.Now().Add(time.Hour).Unix()}, ErrInvalid},
		{"wrong audience", map[string]any{"active": true, "aud": "web"}, ErrInvalid},
		{"wrong issuer", map[string]any{"active": true, "iss": "https://elsewhere.example"}, ErrInvalid},
		{"wrong scope", map[string]any{"active": true, "scope": "openid"}, ErrScope},
		{"no login", map[string]any{"active": true, "email": nil}, ErrInvalid},
	} {
		i.introspect = func(string) map[string]any { return i.claims(test.changes) }
		_, err := c.Check(t.Context(), fmt.Sprint("token", n))
		if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// Aim: a good answer is remembered for a bounded time, never beyond the token's
// own, and in bounded space; a bad one and a failing issuer are not held against
// later tokens.
func TestIntrospectionIsRemembered(t *testing.T) {
	i := newIssuer(t)
	c, moved := i.checker(asksIntrospection(i))
	active := true
	i.introspect = func(token string) map[string]any {
		changes := map[string]any{"active": active}
		if token == "short" {
			changes["exp"] = time.Now().Add(5 * time.Second).Unix()
		}
		return i.claims(changes)
	}
	asked := func(token string, want error) int64 {
		t.Helper()
		before := i.requests.Load()
		if _, err := c.Check(t.Context(), token); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%s: %v, want %v", token, err, want)
		}
		return i.requests.Load() - before
	}
	if asked("long", nil) != 1 || asked("long", nil) != 0 || asked("short", nil) != 1 || asked("short", nil) != 0 {
		t.Error("an answer was not remembered")
	}
	if login, ok := c.Known("long"); !ok || login != "ann@example.org" {
		t.Error(login)
	}
	*moved += 6 * time.Second
	if asked("short", ErrInvalid) != 1 || asked("long", nil) != 0 {
		t.Error("remembered for too long, or too short")
	}
	active = false
	*moved += rememberFor
	if asked("long", ErrInvalid) != 1 || asked("long", ErrInvalid) != 1 {
		t.Error("a revoked token")
	}
	active = true
	if asked("long", nil) != 1 {
		t.Error("a bad answer was remembered")
	}
	i.set(func() { i.broken = true })
	if asked("other", ErrUnavailable) != 1 || asked("another", ErrUnavailable) != 0 || asked("long", nil) != 0 {
		t.Error("a failing issuer is asked by everybody, or forgets")
	}
	i.set(func() { i.broken = false })
	*moved += failurePause
	if asked("other", nil) != 1 {
		t.Error("it is back")
	}
	for n := range rememberedMax + 10 {
		c.remembered.keep(fmt.Sprint(n), "x", time.Now().Add(time.Hour), time.Now())
	}
	if len(c.remembered.known) > rememberedMax {
		t.Errorf("%d are remembered", len(c.remembered.known))
	}
}
