package auth

import (
	"strings"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
)

const mechanismAnonymous = "ANONYMOUS" // RFC 4505

const (
	// traceMax is how many characters trace information may have (RFC 4505 §2).
	traceMax = 255
	// traceShown is how many octets of it are logged: enough for an address, and
	// too few to write stories into the log.
	traceShown = 80
)

// traceProfile is the profile "trace" of stringprep (RFC 4505 §3).
var traceProfile = stringprep.Profile{
	Prohibits: []stringprep.Set{
		stringprep.TableC2_1, stringprep.TableC2_2, stringprep.TableC3, stringprep.TableC4, stringprep.TableC5,
		stringprep.TableC6, stringprep.TableC8, stringprep.TableC9,
	},
	CheckBiDi: true,
}

// offersAnonymous reports whether there is an account that everybody may read.
func offersAnonymous(s *Service, _ Env) bool { return s.anonymous != "" }

// anonymousExchange is ANONYMOUS: the client says who it is, if it likes to, and
// nobody believes it.
type anonymousExchange struct {
	service  *Service
	env      Env
	ended    bool
	identity Identity
}

func beginAnonymous(s *Service, env Env) Exchange { return &anonymousExchange{service: s, env: env} }

func (e *anonymousExchange) Next(response []byte) ([]byte, bool, error) {
	switch {
	case e.ended:
		return nil, true, ErrProtocol
	case response == nil:
		return []byte{}, false, nil
	}
	e.ended = true
	identity, err := e.authenticate(string(response))
	e.service.report(e.env.Protocol, mechanismAnonymous, resultOf(err))
	e.identity = identity
	return nil, true, err
}

func (e *anonymousExchange) Identity() Identity { return e.identity }

func (e *anonymousExchange) authenticate(trace string) (Identity, error) {
	if !utf8.ValidString(trace) || utf8.RuneCountInString(trace) > traceMax {
		return Identity{}, ErrProtocol
	}
	if _, err := traceProfile.Prepare(trace); err != nil {
		return Identity{}, ErrProtocol
	}
	v, err := e.service.directory.view(e.env.Context)
	if err != nil {
		return Identity{}, err
	}
	found, known := v.login(e.service.anonymous)
	if !known {
		return Identity{}, ErrCredentials
	}
	identity, err := e.service.admit(e.env.Context, found)
	if err != nil {
		return Identity{}, err
	}
	identity.Anonymous, identity.Trace = true, shortTrace(trace)
	return identity, nil
}

func shortTrace(trace string) string {
	if len(trace) > traceShown {
		trace = strings.ToValidUTF8(trace[:traceShown], "") + "…"
	}
	return trace
}
