package imapserver

import (
	"encoding/base64"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// login is LOGIN (RFC 9051 §6.2.3).
func (s *session) login(request imap.LoginRequest) (outcome, error) {
	if !s.plainTextAllowed() {
		return outcome{}, no(imap.CodePrivacyRequired, "Passwords need TLS here")
	}
	identity, err := s.server.options.Auth.Password(s.context, auth.Attempt{
		Login: request.User, Password: request.Password, Remote: s.remote, Protocol: "imap",
	})
	return s.enter("LOGIN", identity, err)
}

// authenticate is AUTHENTICATE (RFC 9051 §6.2.2): challenges and responses
// until the mechanism is content.
func (s *session) authenticate(request imap.AuthenticateRequest) (outcome, error) {
	exchange, err := s.server.options.Auth.Start(request.Mechanism, s.authEnv())
	if err != nil {
		return outcome{}, err
	}
	response := request.Initial
	for {
		challenge, done, err := exchange.Next(response)
		if done || err != nil {
			return s.enter(request.Mechanism, exchange.Identity(), err)
		}
		if response, err = s.challenge(challenge); err != nil {
			return outcome{}, err
		}
	}
}

// challenge sends a challenge and returns the client's response.
func (s *session) challenge(challenge []byte) ([]byte, error) {
	s.enc.Raw("+ ").Raw(base64.StdEncoding.EncodeToString(challenge)).CRLF()
	line, err := s.readLine()
	if err != nil {
		return nil, err
	}
	if line == "*" {
		return nil, bad("Authentication was cancelled")
	}
	response, err := imapwire.DecodeBase64([]byte(line))
	if response == nil {
		response = []byte{} // an empty response differs from none
	}
	return response, err
}

// enter opens the account of who has logged in.
func (s *session) enter(mechanism string, identity auth.Identity, failure error) (outcome, error) {
	s.server.options.Hooks.LoggedIn(mechanism, failure == nil)
	if failure != nil {
		s.log.Info("login failed", "mechanism", mechanism, "error", failure.Error())
		return outcome{}, referredLogin(failure)
	}
	account, err := s.server.options.Store.Account(s.context, identity.Account)
	if err != nil {
		return outcome{}, err
	}
	if err := s.provision(account); err != nil {
		return outcome{}, err
	}
	release, err := s.server.options.Auth.Sessions().Acquire(identity.Account, s.remote)
	if err != nil {
		return outcome{}, no(imap.CodeLimit, "Too many sessions of this account")
	}
	s.leaveAccount = release
	if identity.Anonymous {
		account = mail.ReadOnly(account) // RFC 4505 §5
	}
	s.account, s.identity = &sessionAccount{account, s}, identity
	s.owner.Store(uint64(identity.Account) + 1)
	s.state = authenticated
	s.limits = s.server.wireLimits(true)
	s.fragmenter.SetLimits(s.limits)
	s.log = s.log.With("login", identity.Login)
	s.log.Info("logged in", "mechanism", mechanism, "tls", s.conn.tlsState() != nil)
	if identity.Anonymous {
		s.log.Info("nobody logged in", "trace", identity.Trace)
	}
	if identity.Referral != "" {
		// A response has one code, and this one cannot be asked for.
		s.enc.Capabilities(s.capabilities())
		return outcome{code: imap.CodeReferral{URLs: []string{identity.Referral}}, text: "Logged in, but your mailboxes are on another server"}, nil
	}
	return outcome{code: imap.CodeCapability{Capabilities: s.capabilities()}, text: "Logged in"}, nil
}

// provision gives an account that was never used its first mailboxes.
func (s *session) provision(account mail.Account) error {
	var fresh bool
	err := account.Read(s.context, func(state mail.State) error {
		_, err := state.MailboxNamed(mail.Inbox)
		fresh = err != nil
		return nil
	})
	if err != nil || !fresh {
		return err
	}
	_, err = account.Commit(s.context, mail.ProvisionAccount(s.now()))
	return err
}
