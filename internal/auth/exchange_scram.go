package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"github.com/xdg-go/scram"
)

// scramKind is one hash function of SCRAM.
type scramKind struct {
	name string
	hash scram.HashGeneratorFcn
	keys func(*accountEntry) *scramEntry
	// label parts the salts of users who do not exist from those of the other
	// kinds, as users who do have different ones.
	label string
}

var (
	// scramSHA256 is SCRAM-SHA-256 (RFC 7677 §3).
	scramSHA256 = scramKind{"SCRAM-SHA-256", scram.SHA256, func(a *accountEntry) *scramEntry { return a.Scram }, ""}
	// scramSHA1 is SCRAM-SHA-1 (RFC 5802 §4).
	scramSHA1 = scramKind{"SCRAM-SHA-1", scram.SHA1, func(a *accountEntry) *scramEntry { return a.ScramSHA1 }, "\x00SCRAM-SHA-1"}
)

func (k scramKind) begin(s *Service, env Env) Exchange {
	return &scramExchange{service: s, env: env, kind: k}
}

func (k scramKind) beginPlus(s *Service, env Env) Exchange {
	return &scramExchange{service: s, env: env, kind: k, plus: true}
}

func offersSHA1(s *Service, _ Env) bool { return s.directory.scramSHA1 }

// offersBinding reports whether a connection has a channel that can be bound.
func offersBinding(s *Service, env Env) bool {
	_, ok := s.anyBinding(env)
	return ok
}

func offersSHA1Binding(s *Service, env Env) bool { return offersSHA1(s, env) && offersBinding(s, env) }

// scramExchange is SCRAM with one hash function and, with plus, with channel
// binding (RFC 5802 §5). A user who does not exist, or who has no keys of this
// kind, gets a salt that stays the same and a proof that never fits.
type scramExchange struct {
	kind         scramKind
	service      *Service
	env          Env
	plus         bool
	step         int
	conversation *scram.ServerConversation
	found        principal
	known        bool
	pair         pair
	identity     Identity
	failure      error // of the directory
}

// scramResponseMax is the longest response that is looked at.
const scramResponseMax = 4096

// scramEnded is the step behind the last one.
const scramEnded = 3

func (e *scramExchange) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := e.next(response)
	if done {
		e.step = scramEnded
	}
	return challenge, done, err
}

func (e *scramExchange) next(response []byte) ([]byte, bool, error) {
	if len(response) > scramResponseMax {
		return nil, true, ErrProtocol
	}
	switch {
	case e.step == 0 && response == nil:
		return []byte{}, false, nil
	case e.step == 0:
		e.step = 1
		return e.first(string(response))
	case e.step == 1:
		e.step = 2
		return e.final(string(response))
	case e.step == 2:
		// RFC 4422 §5: the server's last message went as a challenge, which
		// the client answers with nothing.
		if len(response) != 0 {
			e.identity = Identity{}
			return nil, true, ErrProtocol
		}
		return nil, true, nil
	}
	return nil, true, ErrProtocol
}

// first takes client-first-message.
func (e *scramExchange) first(message string) ([]byte, bool, error) {
	if !isClientFirst(message) {
		return nil, true, ErrProtocol
	}
	binding, ok := e.binding(message)
	if !ok || strings.HasPrefix(message, "y") && binding.IsSupported() {
		// RFC 5802 §6: a client that can bind channels, and believes that the
		// server cannot, was lied to by somebody in between.
		return nil, true, ErrCredentials
	}
	server, err := e.kind.hash.NewServer(e.credentials)
	if err != nil {
		return nil, true, err
	}
	switch {
	case e.plus:
		e.conversation = server.NewConversationWithChannelBindingRequired(binding)
	case e.env.TLS != nil:
		e.conversation = server.NewConversationWithChannelBinding(binding)
	default:
		e.conversation = server.NewConversation()
	}
	challenge, err := e.conversation.Step(message)
	switch {
	case e.failure != nil:
		return nil, true, e.failure
	case err != nil:
		return nil, true, ErrProtocol
	}
	return []byte(challenge), false, nil
}

// credentials finds the keys of a login name; the conversation has decoded it.
func (e *scramExchange) credentials(login string) (scram.StoredCredentials, error) {
	v, err := e.service.directory.view(e.env.Context)
	if err != nil {
		e.failure = err
		return scram.StoredCredentials{}, err
	}
	name := v.loginKey(login)
	e.pair = e.service.throttle.pairOf(e.env.Remote, name)
	e.found, e.known = v.login(login)
	if e.known {
		if keys := e.kind.keys(e.found.accountEntry); keys != nil {
			return keys.credentials(), nil
		}
	}
	e.known = false
	mac := hmac.New(sha256.New, v.settings.Secret)
	mac.Write([]byte(name + e.kind.label))
	salt := mac.Sum(nil)
	stored := e.service.throttle.digest("nobody's key")[:e.kind.hash().Size()]
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(salt[:argonSaltSize]), Iters: e.service.directory.limits.ScramIterations},
		StoredKey:  stored, ServerKey: stored,
	}, nil
}

func (s *scramEntry) credentials() scram.StoredCredentials {
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(s.Salt), Iters: s.Iterations},
		StoredKey:  s.StoredKey, ServerKey: s.ServerKey,
	}
}

// final takes client-final-message, which holds the proof.
func (e *scramExchange) final(message string) ([]byte, bool, error) {
	challenge, err := e.prove(message)
	name := e.kind.name
	if e.plus {
		name += "-PLUS"
	}
	e.service.report(e.env.Protocol, name, resultOf(err))
	if err != nil {
		e.identity = Identity{}
		return nil, true, err
	}
	return []byte(challenge), false, nil
}

func (e *scramExchange) prove(message string) (string, error) {
	if err := e.service.throttle.wait(e.env.Context, e.pair); err != nil {
		return "", err
	}
	challenge, err := e.conversation.Step(message)
	authorization := e.conversation.AuthzID()
	if err != nil || !e.known || hasMandatory(message) {
		e.service.throttle.failed(e.pair, "")
		return "", ErrCredentials
	}
	e.service.throttle.succeeded(e.pair)
	if !e.service.sameUser(e.env.Context, authorization, e.conversation.Username()) {
		return "", ErrAuthorization
	}
	e.identity, err = e.service.admit(e.env.Context, e.found)
	return challenge, err
}

func (e *scramExchange) Identity() Identity {
	if e.step != scramEnded {
		return Identity{}
	}
	return e.identity
}

// bindingAsked returns the channel binding type in client-first-message.
func bindingAsked(message string) string {
	flag, _, _ := strings.Cut(message, ",")
	kind, _ := strings.CutPrefix(flag, "p=")
	if kind == flag {
		return ""
	}
	return kind
}

// isClientFirst looks at what the library does not: a nonce is printable
// characters, and no extension may be mandatory (RFC 5802 §5.1, §7).
func isClientFirst(message string) bool {
	fields := strings.Split(message, ",")
	if len(fields) < 4 || hasMandatory(message) {
		return false
	}
	nonce, ok := strings.CutPrefix(fields[3], "r=")
	return ok && nonce != "" && !strings.ContainsFunc(nonce, func(r rune) bool { return r < 0x21 || r > 0x7e })
}

// hasMandatory finds an extension that the client wants understood: there is none
// that is (RFC 5802 §5.1, m).
func hasMandatory(message string) bool { return strings.Contains(message, ",m=") }
