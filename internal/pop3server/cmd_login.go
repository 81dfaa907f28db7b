package pop3server

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/restante/restante/internal/auth"
)

// startTLS is STLS (RFC 2595 §4).
func (s *session) startTLS([]string) error {
	if s.server.options.TLS == nil {
		return refuse("TLS is not offered here")
	}
	if s.conn.tlsState() != nil {
		return refuse("TLS is active already")
	}
	s.reply("Begin TLS negotiation")
	if err := s.conn.beginTLS(s.server.options.TLS, s.deadline()); err != nil {
		s.log.Info("TLS handshake failed", "error", err)
		return errEnd
	}
	s.name = "" // RFC 2595 §4: nothing that was said in clear text counts
	return nil
}

// passwordsAllowed reports whether passwords may travel on this connection:
// under TLS, and within the machine.
func (s *session) passwordsAllowed() bool {
	return s.server.options.ClearTextLogins || s.server.options.Auth.AllowsPlaintext(s.env())
}

// mechanisms returns what AUTH offers.
func (s *session) mechanisms() []string { return s.server.options.Auth.Mechanisms(s.env()) }

// user is USER (RFC 1939 §7). It never tells whether there is such a user.
func (s *session) user(arguments []string) error {
	if !s.passwordsAllowed() {
		return refuse("Use STLS first: passwords are not taken in clear text")
	}
	s.name = arguments[0]
	s.reply("Now the password")
	return nil
}

// pass is PASS (RFC 1939 §7). A password may contain spaces.
func (s *session) pass(arguments []string) error {
	if !s.passwordsAllowed() {
		return refuse("Use STLS first: passwords are not taken in clear text")
	}
	if s.name == "" {
		return refuse("USER first")
	}
	name := s.name
	s.name = ""
	identity, err := s.server.options.Auth.Password(s.server.context, auth.Attempt{
		Login: name, Password: arguments[0], Remote: s.remote(), Protocol: "pop3",
	})
	return s.loggedIn("USER", identity, err)
}

// authenticate is AUTH (RFC 5034 §4).
func (s *session) authenticate(arguments []string) error {
	exchange, err := s.server.options.Auth.Start(arguments[0], s.env())
	if err != nil {
		return err
	}
	var response []byte
	if len(arguments) > 1 {
		if arguments[1] == "=" { // RFC 5034 §4: an empty one
			response = []byte{}
		} else if response, err = decodeResponse(arguments[1]); err != nil {
			return err
		}
	}
	for {
		challenge, done, err := exchange.Next(response)
		if err != nil {
			return s.loggedIn("AUTH", auth.Identity{}, err)
		}
		if done {
			return s.loggedIn("AUTH", exchange.Identity(), nil)
		}
		s.write("+ " + base64.StdEncoding.EncodeToString(challenge) + "\r\n")
		line, err := s.conn.readLine(s.deadline())
		if errors.Is(err, errLineTooLong) {
			return refuse("Line is too long")
		}
		if err != nil {
			return err
		}
		if line == "*" {
			return refuse("Authentication was cancelled")
		}
		if response, err = decodeResponse(line); err != nil {
			return err
		}
	}
}

// decodeResponse reads a client's response (RFC 5034 §4).
func decodeResponse(text string) ([]byte, error) {
	response, err := base64.StdEncoding.DecodeString(text)
	if err != nil || strings.ContainsRune(text, '\r') { // which DecodeString passes over
		return nil, auth.ErrProtocol
	}
	if response == nil {
		response = []byte{}
	}
	return response, nil
}

// loggedIn ends a login, and opens the maildrop if it was good.
func (s *session) loggedIn(mechanism string, identity auth.Identity, err error) error {
	s.server.options.Hooks.LoggedIn(mechanism, err == nil)
	if err != nil {
		s.failures++
		return err
	}
	release, err := s.server.options.Auth.Sessions().Acquire(identity.Account, s.remote())
	if err != nil {
		return err
	}
	box, err := s.server.open(identity)
	if err != nil {
		release()
		return err
	}
	s.box, s.release, s.state = box, release, transaction
	s.owner.Store(uint64(identity.Account) + 1)
	s.log.Info("logged in", "account", identity.Login, "messages", box.uids.Len())
	s.replyf("Maildrop has %d messages", box.uids.Len())
	return nil
}
