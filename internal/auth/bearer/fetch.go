package bearer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// ask sends a request and reads the JSON that comes back. Every failure is
// ErrUnavailable: it says nothing about a token.
func (c *Checker) ask(request *http.Request, into any) error {
	request.Header.Set("Accept", "application/json")
	response, err := c.client.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s from %s", ErrUnavailable, response.Status, request.URL.Redacted())
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, replyMax+1))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if len(body) > replyMax {
		return fmt.Errorf("%w: its answer is too large", ErrUnavailable)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w: its answer is no JSON: %w", ErrUnavailable, err)
	}
	return nil
}

// get is ask for a document.
func (c *Checker) get(ctx context.Context, address string, into any) error {
	u, err := endpoint(address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return c.ask(request, into)
}

// fetchKeys finds the issuer's keys: by its configuration, which must say that
// it is the issuer's, and there by "jwks_uri".
func (c *Checker) fetchKeys(ctx context.Context) ([]jose.JSONWebKey, error) {
	var configuration struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := c.get(ctx, c.Configuration(), &configuration); err != nil {
		return nil, err
	}
	if configuration.Issuer != c.options.Issuer {
		return nil, fmt.Errorf("%w: the configuration at %s is of %q", ErrUnavailable, c.Configuration(), configuration.Issuer)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := c.get(ctx, configuration.Keys, &set); err != nil {
		return nil, err
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys[:min(len(set.Keys), keysMax)] {
		var key jose.JSONWebKey
		// Keys of other kinds are no reason to lose those that we know.
		if json.Unmarshal(raw, &key) == nil && key.Valid() && key.IsPublic() && (key.Use == "" || key.Use == "sig") {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
