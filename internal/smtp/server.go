package smtp

import (
	"crypto/tls"
	"log/slog"

	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/delivery/reception"
)

// Options is what a server is made of.
type Options struct {
	Agent    *delivery.Agent
	Hostname string      // in the greeting
	TLS      *tls.Config // nil: STARTTLS is not offered
	Logger   *slog.Logger
	Limits   Limits
}

// Limits bound sessions; zero fields have their defaults.
type Limits = reception.Limits

// Server receives mail by SMTP on any number of listeners.
type Server struct{ *reception.Server }

// New makes a server.
func New(options Options) *Server {
	return &Server{reception.New(reception.Options{
		Agent: options.Agent, Hostname: options.Hostname, TLS: options.TLS,
		Logger: options.Logger, Limits: options.Limits,
	})}
}
