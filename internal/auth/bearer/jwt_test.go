package bearer

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Aim: tokens of the issuer open, in both families of signatures, and nothing
// else does.
func TestJWT(t *testing.T) {
	i := newIssuer(t)
	rs := i.newKey(jose.RS256, "rsa", true)
	es := i.newKey(jose.ES256, "ec", false)
	c, _ := i.checker(nil)
	stranger := newIssuer(t).newKey(jose.RS256, "rsa", true)
	unnamed := es
	unnamed.KeyID = ""
	confused := jose.JSONWebKey{Key: []byte(strings.Repeat("k", 32)), KeyID: "rsa", Algorithm: string(jose.HS256)}
	for _, test := range []struct {
		name    string
		key     jose.JSONWebKey
		changes map[string]any
		want    error
	}{
		{"RS256", rs, nil, nil},
		{"ES256", es, nil, nil},
		{"without a key ID", unnamed, nil, nil},
		{"one audience", rs, map[string]any{"aud": "mail"}, nil},
		{"scopes as a list", rs, map[string]any{"scope": nil, "scp": []string{"x", "imap"}}, nil},
		{"a verified address", rs, map[string]any{"email_verified": true}, nil},
		{"clocks differ a little", rs, map[string]any{"exp": time.Now().Add(-leeway / 2).Unix()}, nil},
		{"wrong audience", rs, map[string]any{"aud": "web"}, ErrInvalid},
		{"no audience", rs, map[string]any{"aud": nil}, ErrInvalid},
		{"wrong issuer", rs, map[string]any{"iss": "https://elsewhere.example"}, ErrInvalid},
		{"expired", rs, map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}, ErrInvalid},
		{"for ever", rs, map[string]any{"exp": nil}, ErrInvalid},
		{"not yet", rs, map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}, ErrInvalid},
		{"no scope", rs, map[string]any{"scope": nil}, ErrScope},
		{"wrong scope", rs, map[string]any{"scope": "openid imapx"}, ErrScope},
		{"no login", rs, map[string]any{"email": nil}, ErrInvalid},
		{"login is no text", rs, map[string]any{"email": 7}, ErrInvalid},
		{"address not verified", rs, map[string]any{"email_verified": false}, ErrInvalid},
		{"another's key of the same name", stranger, nil, ErrInvalid},
		{"a shared secret", confused, nil, ErrInvalid},
	} {
		login, err := c.Check(t.Context(), i.token(test.key, i.claims(test.changes)))
		if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) || (err == nil) != (login == "ann@example.org") {
			t.Errorf("%s: %q, %v, want %v", test.name, login, err, test.want)
		}
	}
}

// Aim: what is no signed token, or was changed, is not taken: "none" before all.
func TestJWTWithoutSignature(t *testing.T) {
	i := newIssuer(t)
	key := i.newKey(jose.RS256, "rsa", true)
	c, _ := i.checker(nil)
	good := i.token(key, i.claims(nil))
	parts := strings.Split(good, ".")
	payload, _ := json.Marshal(i.claims(map[string]any{"email": "eve@example.org"}))
	encode := base64.RawURLEncoding.EncodeToString
	for _, text := range []string{
		encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		encode([]byte(`{"alg":"none","kid":"rsa"}`)) + "." + encode(payload) + "." + parts[2],
		parts[0] + "." + encode(payload) + "." + parts[2],
		parts[0] + "." + parts[1] + ".",
		parts[0] + "." + parts[1],
		"", ".", "..", "...", "Bearer", strings.Repeat("x", TokenMax+1),
	} {
		if login, err := c.Check(t.Context(), text); !errors.Is(err, ErrInvalid) {
			t.Errorf("%.40q: %q, %v", text, login, err)
		}
	}
	if _, err := c.Check(t.Context(), good); err != nil {
		t.Error(err)
	}
}

// Aim: keys are fetched once, again when a token names one that is not known,
// and not for every token that is made up.
func TestKeysAreRotated(t *testing.T) {
	i := newIssuer(t)
	old := i.newKey(jose.ES256, "old", true)
	c, moved := i.checker(nil)
	check := func(what string, key jose.JSONWebKey, want error, requests int64) {
		t.Helper()
		before := i.requests.Load()
		claims := i.claims(map[string]any{"exp": time.Now().Add(200 * time.Hour).Unix()})
		if _, err := c.Check(t.Context(), i.token(key, claims)); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
		if got := i.requests.Load() - before; got != requests {
			t.Errorf("%s: %d requests, want %d", what, got, requests)
		}
	}
	check("the first", old, nil, 2)
	check("the second", old, nil, 0)
	fresh := i.newKey(jose.ES256, "new", true)
	check("too soon to ask again", fresh, ErrInvalid, 0)
	*moved += keysPause
	check("a new key", fresh, nil, 2)
	check("the old key", old, ErrInvalid, 0)
	*moved += keysPause
	check("the old key, asked for", old, ErrInvalid, 2)
	check("the old key, not asked for again", old, ErrInvalid, 0)
	*moved += keysFresh
	check("keys that are old", fresh, nil, 2)
	i.set(func() { i.broken = true })
	*moved += keysFresh
	check("the issuer is away", fresh, nil, 1)
	check("and is not asked by everybody", fresh, nil, 0)
	*moved += keysStale
	check("for too long", fresh, ErrUnavailable, 1)
	check("still", fresh, ErrUnavailable, 0)
	i.set(func() { i.broken = false })
	*moved += failurePause
	check("it is back", fresh, nil, 2)
}

// Aim: a configuration of somebody else's is not followed.
func TestConfigurationOfAnother(t *testing.T) {
	i := newIssuer(t)
	key := i.newKey(jose.ES256, "k", true)
	c, _ := i.checker(func(o *Options) { o.Issuer += "/" })
	if _, err := c.Check(t.Context(), i.token(key, i.claims(nil))); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
}

// Aim: whoever waits for an issuer that says nothing can give up.
func TestIssuerIsSlow(t *testing.T) {
	i := newIssuer(t)
	key := i.newKey(jose.ES256, "k", true)
	i.set(func() { i.slow = true })
	c, _ := i.checker(nil)
	ctx, cancel := contextWithin(t, 50*time.Millisecond)
	defer cancel()
	if _, err := c.Check(ctx, i.token(key, i.claims(nil))); !errors.Is(err, ctx.Err()) || err == nil {
		t.Error(err)
	}
}

// Aim: what would send tokens in clear text, or nobody could check, is refused.
func TestOptions(t *testing.T) {
	for _, o := range []Options{
		{}, {Issuer: "https://issuer.example"}, {Issuer: "http://issuer.example", Audience: "mail"},
		{Introspection: "http://issuer.example/introspect"}, {Issuer: "issuer.example", Audience: "mail"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
	if _, err := New(Options{Issuer: "http://127.0.0.1:1", Audience: "mail"}); err != nil {
		t.Error(err)
	}
}
