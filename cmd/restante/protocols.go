package main

import (
	"context"
	"io"
	"net"
	"time"

	"github.com/restante/restante/internal/convert"
	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/imapserver"
	"github.com/restante/restante/internal/lmtp"
	"github.com/restante/restante/internal/obs"
	"github.com/restante/restante/internal/pop3server"
	"github.com/restante/restante/internal/smtp"
)

// addProtocols makes one service for each protocol, which serves all its
// listeners.
func (s *server) addProtocols() {
	s.addIMAP()
	s.addPOP3()
	s.addReception()
	web := obs.NewHTTPServer(s.metrics.Handler(s.healthy))
	s.services = append(s.services, web)
	s.speakers["http"] = web.Serve
	s.metrics.Gauge("connections_open", "Open connections of IMAP and POP3.", func() float64 {
		connections, _ := s.auth.Sessions().Open()
		return float64(connections)
	})
	s.metrics.Gauge("sessions_logged_in", "Open sessions that have logged in.", func() float64 {
		_, sessions := s.auth.Sessions().Open()
		return float64(sessions)
	})
	s.metrics.Counter("store_commits_total", "Commits of the store, durable.", func() float64 {
		return float64(s.store.Commits())
	})
	s.metrics.Counter("over_quota_total", "Commits of the store that were beyond a quota.", func() float64 {
		return float64(s.store.Refused())
	})
	s.metrics.Counter("password_hashes_total", "Argon2 computations.", func() float64 {
		return float64(s.directory.HashRuns())
	})
}

func (s *server) addIMAP() {
	const protocol = "imap"
	imap := imapserver.New(imapserver.Options{
		Store: s.store, Auth: s.auth, Logger: s.logger.With("protocol", protocol), TLS: s.clientTLS,
		ServerName: s.hostname, ReferTo: s.referTo, Version: version(), ClearTextLogins: s.Auth.ClearTextLogins,
		UTF8Only: s.IMAP.UTF8Only, EightBitHeaders: s.IMAP.EightBitHeaders,
		LiteralMinus: s.IMAP.LiteralMinus, Limits: imapLimits(s.Config), WireLog: s.wireLog(protocol),
		URLAccess: s.IMAP.URLAccess, URLMechNeedsTLS: s.IMAP.URLMechNeedsTLS,
		Language:        s.IMAP.Language,
		AppendLimits:    appendLimits(s.IMAP),
		Admin:           s.IMAP.Admin,
		ConvertDefaults: convert.Defaults{Text: s.IMAP.ConvertText, Image: s.IMAP.ConvertImage},
		Hooks: imapserver.Hooks{
			SessionOpened: func(secure bool) { s.metrics.SessionOpened(protocol, secure) },
			SessionClosed: func() { s.metrics.SessionClosed(protocol) },
			Command: func(name, status string, elapsed time.Duration) {
				s.metrics.Command(protocol, name, status, elapsed)
			},
			Converted: s.metrics.Conversion,
			Octets:    func(received, sent uint64) { s.metrics.Octets(protocol, received, sent) },
			Panicked:  func() { s.metrics.Panicked(protocol) },
		},
	})
	s.services = append(s.services, imap)
	s.speakers["imap"] = func(l net.Listener) error { return imap.Serve(l, false) }
	s.speakers["imaps"] = func(l net.Listener) error { return imap.Serve(l, true) }
}

func (s *server) addPOP3() {
	const protocol = "pop3"
	pop3 := pop3server.New(pop3server.Options{
		Store: s.store, Auth: s.auth, Logger: s.logger.With("protocol", protocol), TLS: s.clientTLS,
		ServerName: s.hostname, ClearTextLogins: s.Auth.ClearTextLogins,
		Limits: pop3Limits(s.POP3), WireLog: s.wireLog(protocol),
		Hooks: pop3server.Hooks{
			SessionOpened: func(secure bool) { s.metrics.SessionOpened(protocol, secure) },
			SessionClosed: func() { s.metrics.SessionClosed(protocol) },
			Command: func(name, status string, elapsed time.Duration) {
				s.metrics.Command(protocol, name, status, elapsed)
			},
		},
	})
	s.services = append(s.services, pop3)
	s.speakers["pop3"] = func(l net.Listener) error { return pop3.Serve(l, false) }
	s.speakers["pop3s"] = func(l net.Listener) error { return pop3.Serve(l, true) }
}

// addReception makes LMTP and SMTP, which share one delivery agent.
func (s *server) addReception() {
	agent := delivery.New(delivery.Options{
		Store: s.store, Directory: delivery.UsersOf(s.directory), Hostname: s.hostname, Limits: deliveryLimits(s.Config),
		AttachmentKeywords: s.Mail.AttachmentKeywords,
	})
	options := func(protocol string) smtp.Options {
		return smtp.Options{
			Agent: agent, Hostname: s.hostname, TLS: s.tls, Logger: s.logger.With("protocol", protocol),
			Limits: smtpLimits(s.SMTP), WireLog: s.wireLog(protocol), Domain: s.defaultDomain,
			Hooks: smtp.Hooks{
				SessionOpened: func() { s.metrics.SessionOpened(protocol, false) },
				SessionClosed: func() { s.metrics.SessionClosed(protocol) },
				Message: func(octets int64, delivered, failed int, _ time.Duration) {
					s.metrics.Delivery(protocol, "delivered", delivered)
					s.metrics.Delivery(protocol, "failed", failed)
					s.metrics.Octets(protocol, uint64(octets), 0)
				},
			},
		}
	}
	local, remote := lmtp.New(options("lmtp")), smtp.New(options("smtp"))
	s.services = append(s.services, local, remote)
	s.speakers["lmtp"], s.speakers["smtp"] = local.Serve, remote.Serve
}

// wireLog returns what makes raw logs of a protocol's sessions, or nil.
func (s *server) wireLog(protocol string) func(string, net.Addr) (client, server io.WriteCloser) {
	if s.wire == nil {
		return nil
	}
	return func(id string, remote net.Addr) (client, server io.WriteCloser) {
		return s.wire.Session(protocol, id, remote)
	}
}

// defaultDomain is the domain of names without one.
func (s *server) defaultDomain() string {
	domain, _, err := s.directory.DefaultDomain(context.Background())
	if err != nil {
		return s.hostname // the recipient is then looked up, which tells the error
	}
	return domain
}
