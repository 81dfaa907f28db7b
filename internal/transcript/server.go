package transcript

import (
	"crypto/tls"
	"fmt"
	"net"
	"time"
)

// Server is what the runner must know of the server under judgement.
type Server struct {
	Address string // host:port
	// TLS begins every connection with a handshake (RFC 8314).
	TLS bool
	// Compress plays every case compressed from the login on (RFC 4978).
	Compress bool
	// Accounts are used by one case at a time. Their mail is lost.
	Accounts []Account
	// Timeout bounds the wait for any one response; zero is 10 seconds.
	Timeout time.Duration

	// Variant is the way in which the server is configured, which cases ask for
	// by "server:"; "" is as it is out of the box.
	Variant string

	strict   bool // also judge what only this project promises
	needsTLS bool // LOGINDISABLED: begin TLS before anything else
}

// Account is a login name and its password.
type Account struct{ User, Password string }

// NumberedAccounts makes accounts from a template: u%04d, from 1 to n.
func NumberedAccounts(template, password string, n int) []Account {
	out := make([]Account, n)
	for i := range out {
		out[i] = Account{fmt.Sprintf(template, i+1), password}
	}
	return out
}

// tlsConfig trusts any certificate: servers under judgement seldom have one
// that others trust, and the judgement is about IMAP.
func (s *Server) tlsConfig() *tls.Config {
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		host = s.Address
	}
	return &tls.Config{ServerName: host, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
}

// profile is what the runner learns of a server before the first case.
type profile struct {
	caps      capabilitySet // before and after login together
	separator string        // of personal mailboxes; empty for a flat server
	prefix    string        // of personal mailboxes, such as "INBOX."
	other     string        // of other users' mailboxes; empty without them
}

// probe logs in once and looks around.
func probe(server *Server) (*profile, error) {
	s, err := dial("P", server, &wireLog{})
	if err != nil {
		return nil, err
	}
	defer s.close()
	if _, err := s.greeting(); err != nil {
		return nil, fmt.Errorf("greeting: %w", err)
	}
	p := &profile{caps: capabilitySet{}}
	learn := func() error {
		if s.caps == nil {
			if _, err := s.line("CAPABILITY"); err != nil {
				return err
			}
		}
		for name := range s.caps {
			p.caps[name] = true
		}
		return nil
	}
	if err := learn(); err != nil {
		return nil, err
	}
	server.needsTLS = p.caps["LOGINDISABLED"] && p.caps["STARTTLS"]
	if err := s.secure(server); err != nil {
		return nil, err
	}
	if err := s.login(server.Accounts[0]); err != nil {
		return nil, fmt.Errorf("login as %s: %w", server.Accounts[0].User, err)
	}
	if err := learn(); err != nil {
		return nil, err
	}
	if err := s.takeUTF8(p); err != nil {
		return nil, err
	}
	if err := s.namespace(p); err != nil {
		return nil, err
	}
	return p, learnUnderTLS(server, p)
}

// takeUTF8 enables UTF-8 for the runner's own work, if the server demands it
// (RFC 9755 §7).
func (s *session) takeUTF8(p *profile) error {
	if !p.caps["UTF8=ONLY"] {
		return nil
	}
	_, err := s.line("ENABLE UTF8=ACCEPT")
	return err
}

// learnUnderTLS adds what is only offered behind STARTTLS, such as channel
// binding (RFC 9051 §6.2.1).
func learnUnderTLS(server *Server, p *profile) error {
	if !p.caps["STARTTLS"] || server.TLS {
		return nil
	}
	s, err := dial("P", server, &wireLog{})
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.greeting(); err != nil {
		return err
	}
	server = &Server{Address: server.Address, Timeout: server.Timeout, needsTLS: true}
	if err := s.secure(server); err != nil {
		return err
	}
	if _, err := s.line("CAPABILITY"); err != nil {
		return err
	}
	for name := range s.caps {
		p.caps[name] = true
	}
	return nil
}

// secure begins TLS where passwords need it (RFC 9051 §6.2.3).
func (s *session) secure(server *Server) error {
	if !server.needsTLS || server.TLS {
		return nil
	}
	if _, err := s.line("STARTTLS"); err != nil {
		return err
	}
	if err := s.startTLS(server); err != nil {
		return fmt.Errorf("STARTTLS: %w", err)
	}
	return nil
}

// namespace finds separator and prefix (RFC 9051 §6.3.10).
func (s *session) namespace(p *profile) error {
	s.inbox = nil
	if !p.caps["NAMESPACE"] {
		if _, err := s.line(`LIST "" ""`); err != nil {
			return err
		}
		for _, r := range s.inbox {
			if r.Name == "LIST" && len(r.Args) >= 2 && !r.Args[1].isNil() {
				p.separator = r.Args[1].Text
			}
		}
		return nil
	}
	if _, err := s.line("NAMESPACE"); err != nil {
		return err
	}
	for _, r := range s.inbox {
		if r.Name != "NAMESPACE" || len(r.Args) != 3 || len(r.Args[0].List) == 0 {
			continue
		}
		if first := r.Args[0].List[0].List; len(first) >= 2 {
			p.prefix = first[0].Text
			if !first[1].isNil() {
				p.separator = first[1].Text
			}
		}
		if others := r.Args[1].List; len(others) > 0 && len(others[0].List) >= 2 {
			p.other = others[0].List[0].Text
		}
	}
	return nil
}

// greeting reads the first response (RFC 9051 §7.1).
func (s *session) greeting() (*Response, error) {
	r, err := s.read(time.Now().Add(s.timeout))
	if err != nil {
		return nil, err
	}
	s.noteCapabilities(r)
	if r.Tag != "*" || r.Name != "OK" && r.Name != "PREAUTH" && r.Name != "BYE" {
		return r, fmt.Errorf("%q is no greeting", r.Raw)
	}
	return r, nil
}

// login uses LOGIN, with quoted strings.
func (s *session) login(a Account) error {
	s.caps = nil
	_, err := s.line("LOGIN %s %s", quote(a.User), quote(a.Password))
	return err
}

func quote(text string) string { return `"` + escape(text) + `"` }
