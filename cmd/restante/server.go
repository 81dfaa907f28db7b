package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/config"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/obs"
	"github.com/restante/restante/internal/store"
)

// server is everything that runs.
type server struct {
	settings
	hostname     string
	logger       *slog.Logger
	level        *slog.LevelVar
	metrics      *obs.Metrics
	wire         *obs.Wire // nil: no raw logs
	store        *store.Store
	directory    *auth.Directory
	auth         *auth.Service
	certificates *certificates
	tls          *tls.Config
	clientTLS    *tls.Config // with mail clients
	referTo      string
	speakers     map[string]speaker
	services     []service
	control      *controlServer
}

// speaker serves one listener of a protocol until the service is shut down.
type speaker func(net.Listener) error

// service is what is shut down in the end.
type service interface {
	Shutdown(ctx context.Context) error
}

// sessionEnder is a service whose sessions belong to accounts.
type sessionEnder interface {
	EndAccount(id mail.AccountID)
}

// newServer opens the store and makes everything that does not listen yet.
func newServer(ctx context.Context, std streams, s settings) (*server, error) {
	srv := &server{settings: s, level: new(slog.LevelVar), metrics: obs.NewMetrics(), speakers: map[string]speaker{}}
	level, err := obs.ParseLevel(s.Log.Level)
	if err != nil {
		return nil, err
	}
	srv.level.Set(level)
	srv.logger = obs.NewLogger(std.err, s.Log.JSON, srv.level)
	if srv.hostname = s.Server.Hostname; srv.hostname == "" {
		if srv.hostname, err = os.Hostname(); err != nil {
			srv.hostname = "localhost"
		}
	}
	if s.Log.DebugWire != "" {
		if srv.wire, err = obs.NewWire(s.Log.DebugWire, time.Now); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, err
	}
	srv.store, err = openStore(ctx, s.Data, srv.logger, storeLimits(s.Config))
	if inUse(err) {
		return nil, fmt.Errorf("the store in %s is open in another program, perhaps another restante serve: %w", s.Data, err)
	}
	if err != nil {
		return nil, err
	}
	if err := srv.prepare(ctx); err != nil {
		return nil, errors.Join(err, srv.store.Close())
	}
	return srv, nil
}

// prepare opens the directory and makes the protocols, over an open store.
func (s *server) prepare(ctx context.Context) (err error) {
	s.certificates = &certificates{logger: s.logger, now: time.Now}
	if err := s.loadCertificates(s.TLS); err != nil {
		return err
	}
	s.tls = s.certificates.tlsConfig(s.TLS.MinVersion)
	s.directory, err = auth.OpenDirectory(ctx, s.store, auth.DirectoryOptions{Limits: authLimits(s.Auth), ScramSHA1: s.Auth.ScramSHA1})
	if err != nil {
		return err
	}
	if err := s.nameDomains(ctx, s.Mail); err != nil {
		return err
	}
	options, err := s.authOptions()
	if err != nil {
		return err
	}
	if s.auth, err = auth.NewService(s.directory, options); err != nil {
		return err
	}
	if s.clientTLS, err = clientTLS(s.tls, s.TLS); err != nil {
		return err
	}
	if s.referTo, err = referTo(s.IMAP); err != nil {
		return err
	}
	s.addProtocols()
	return nil
}

// loadCertificates reads the configured certificates, or the self-signed one.
func (s *server) loadCertificates(c config.TLS) error {
	files := c.Certificates
	if len(files) == 0 {
		own, err := selfSigned(s.Data, s.hostname, time.Now())
		if err != nil {
			return err
		}
		files = []config.Certificate{own}
	}
	return s.certificates.load(files)
}

// nameDomains makes the configured domains ours.
func (s *server) nameDomains(ctx context.Context, c config.Mail) error {
	if c.Domain != "" {
		if err := s.directory.SetDefaultDomain(ctx, c.Domain); err != nil {
			return err
		}
	}
	for _, domain := range c.Domains {
		if err := s.directory.AddDomain(ctx, domain); err != nil {
			return err
		}
	}
	return nil
}

// reload reads the configuration file and the certificates again. What cannot
// be read changes nothing.
func (s *server) reload(ctx context.Context) error {
	fresh, err := s.again()
	if err != nil {
		return err
	}
	level, err := obs.ParseLevel(fresh.Log.Level)
	if err != nil {
		return err
	}
	if err := s.loadCertificates(fresh.TLS); err != nil {
		return err
	}
	s.level.Set(level)
	return s.nameDomains(ctx, fresh.Mail)
}

// endSessions ends the open sessions of an account.
func (s *server) endSessions(id mail.AccountID) {
	for _, service := range s.services {
		if ender, ok := service.(sessionEnder); ok {
			ender.EndAccount(id)
		}
	}
}

// healthy reads the directory, which needs everything that reading needs.
func (s *server) healthy(ctx context.Context) error {
	account, err := s.store.Account(ctx, mail.DirectoryAccount)
	if err != nil {
		return err
	}
	return account.Read(ctx, func(mail.State) error { return nil })
}
