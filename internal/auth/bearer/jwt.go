package bearer

import (
	"context"
	"errors"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// algorithms are those that tokens may be signed with: all of them with a key
// that only the issuer has. "none" and those with a shared secret are not.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
	jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// verify checks a token that is a JWT: signature, issuer, audience and time
// (RFC 7519, section 7.2, RFC 9068, section 4).
func (c *Checker) verify(ctx context.Context, token string) (string, error) {
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil || len(parsed.Headers) != 1 {
		return "", ErrInvalid
	}
	header := parsed.Headers[0]
	keys, err := c.keys.find(ctx, header.KeyID)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		if key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		var standard jwt.Claims
		var all claims
		if parsed.Claims(key.Key, &standard, &all) == nil {
			return c.judge(standard, all)
		}
	}
	return "", ErrInvalid
}

// judge looks at what a token with a good signature says.
func (c *Checker) judge(standard jwt.Claims, all claims) (string, error) {
	expected := jwt.Expected{Issuer: c.options.Issuer, AnyAudience: jwt.Audience{c.options.Audience}, Time: c.options.Now()}
	if err := standard.ValidateWithLeeway(expected, leeway); err != nil {
		return "", errors.Join(ErrInvalid, err)
	}
	if standard.Expiry == nil {
		return "", ErrInvalid // RFC 9068, section 2.2: it is required
	}
	return all.login(&c.options)
}
