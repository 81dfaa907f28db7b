package bearer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// issuer is an OpenID provider on this machine, with real TLS and signatures.
type issuer struct {
	*httptest.Server
	t        *testing.T
	requests atomic.Int64

	mutex sync.Mutex
	keys  []jose.JSONWebKey // what it publishes
	// broken makes it answer nothing good; slow makes it wait first.
	broken, slow bool
	// introspect answers for tokens; it is asked with their text.
	introspect func(token string) map[string]any
	release    chan struct{}
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t, release: make(chan struct{})}
	mux := http.NewServeMux()
	answer := func(make func(*http.Request) any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			i.requests.Add(1)
			i.mutex.Lock()
			broken, slow := i.broken, i.slow
			i.mutex.Unlock()
			if slow {
				<-i.release
			}
			if broken {
				http.Error(w, "out of order", http.StatusInternalServerError)
				return
			}
			_ = json.NewEncoder(w).Encode(make(r))
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", answer(func(*http.Request) any {
		return map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"}
	}))
	mux.HandleFunc("/keys", answer(func(*http.Request) any {
		i.mutex.Lock()
		defer i.mutex.Unlock()
		raw := []any{map[string]string{"kty": "telepathic", "kid": "from the future"}}
		for _, key := range i.keys {
			raw = append(raw, key.Public())
		}
		return map[string]any{"keys": raw}
	}))
	mux.HandleFunc("/introspect", answer(func(r *http.Request) any {
		if id, secret, ok := r.BasicAuth(); !ok || id != "mail" || secret != "s%26cret" {
			t.Errorf("introspection as %q, %q", id, secret)
		}
		return i.introspect(r.PostFormValue("token"))
	}))
	i.Server = httptest.NewTLSServer(mux)
	t.Cleanup(func() {
		i.mutex.Lock()
		if i.slow {
			close(i.release)
		}
		i.mutex.Unlock()
		i.Close()
	})
	return i
}

// newKey makes a key that the issuer publishes from now on, in place of others
// if alone.
func (i *issuer) newKey(kind jose.SignatureAlgorithm, id string, alone bool) jose.JSONWebKey {
	i.t.Helper()
	var private crypto.Signer
	var err error
	if kind == jose.RS256 {
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		i.t.Fatal(err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: id, Algorithm: string(kind), Use: "sig"}
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if alone {
		i.keys = nil
	}
	i.keys = append(i.keys, key)
	return key
}

// token signs claims.
func (i *issuer) token(key jose.JSONWebKey, claims map[string]any) string {
	i.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	if err != nil {
		i.t.Fatal(err)
	}
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		i.t.Fatal(err)
	}
	return text
}

// claims are those of a good token, with changes; nil takes one away.
func (i *issuer) claims(changes map[string]any) map[string]any {
	good := map[string]any{
		"iss": i.URL, "aud": []string{"other", "mail"}, "sub": "42", "email": "ann@example.org",
		"scope": "openid imap", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
	}
	for name, value := range changes {
		if good[name] = value; value == nil {
			delete(good, name)
		}
	}
	return good
}

// checker takes the issuer's tokens, under a clock that can be moved.
func (i *issuer) checker(change func(*Options)) (*Checker, *time.Duration) {
	i.t.Helper()
	moved := new(time.Duration)
	options := Options{
		Issuer: i.URL, Audience: "mail", Scope: "imap", Transport: i.Client().Transport,
		Now: func() time.Time { return time.Now().Add(*moved) },
	}
	if change != nil {
		change(&options)
	}
	c, err := New(options)
	if err != nil {
		i.t.Fatal(err)
	}
	return c, moved
}

func (i *issuer) set(change func()) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	change()
}
