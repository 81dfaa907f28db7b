package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"github.com/xdg-go/scram"
)

// scramExchange is SCRAM-SHA-256 or, with plus, SCRAM-SHA-256-PLUS
// (RFC 5802 §5, RFC 7677 §3). A user who does not exist gets a salt that stays
// the same and a proof that never fits.
type scramExchange struct {
	service      *Service
	env          Env
	plus         bool
	step         int
	conversation *scram.ServerConversation
	found        principal
	known        bool
	pair         pair
	identity     Identity
}

// scramResponseMax is the longest response that is looked at.
const scramResponseMax = 4096

func (e *scramExchange) Next(response []byte) ([]byte, bool, error) {
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
		e.step = 3
		if len(response) != 0 {
			return nil, true, ErrProtocol
		}
		return nil, true, nil
	}
	return nil, true, ErrProtocol
}

// first takes client-first-message.
func (e *scramExchange) first(message string) ([]byte, bool, error) {
	binding, ok := e.binding(message)
	if !ok {
		return nil, true, ErrCredentials
	}
	server, err := scram.SHA256.NewServer(e.credentials)
	if err != nil {
		return nil, true, err
	}
	switch {
	case e.plus:
		e.conversation = server.NewConversationWithChannelBindingRequired(binding)
	case e.env.TLS != nil:
		// RFC 5802 §6: a client that can bind channels, and believes that the
		// server cannot, was lied to by somebody in between.
		e.conversation = server.NewConversationWithChannelBinding(binding)
	default:
		e.conversation = server.NewConversation()
	}
	challenge, err := e.conversation.Step(message)
	if err != nil {
		return nil, true, ErrProtocol
	}
	return []byte(challenge), false, nil
}

// credentials finds the keys of a login name; the conversation has decoded it.
func (e *scramExchange) credentials(login string) (scram.StoredCredentials, error) {
	v, err := e.service.directory.view(e.env.Context)
	if err != nil {
		return scram.StoredCredentials{}, err
	}
	name := v.loginKey(login)
	e.pair = e.service.throttle.pairOf(e.env.Remote, name)
	e.found, e.known = v.login(login)
	if e.known && e.found.Scram != nil {
		e.identity = v.identity(e.found)
		return e.found.Scram.credentials(), nil
	}
	e.known = false
	mac := hmac.New(sha256.New, v.settings.Secret)
	mac.Write([]byte(name))
	salt := mac.Sum(nil)
	stored := e.service.throttle.digest("nobody's key")
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
	name := mechanismScram
	if e.plus {
		name = mechanismScramPlus
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
	if err != nil || !e.known {
		e.service.throttle.failed(e.pair, "")
		return "", ErrCredentials
	}
	e.service.throttle.succeeded(e.pair)
	if !e.service.sameUser(e.env.Context, authorization, e.conversation.Username()) {
		return "", ErrAuthorization
	}
	return challenge, e.service.stillGood(e.env.Context, e.found)
}

func (e *scramExchange) Identity() Identity {
	if e.step != 3 {
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
