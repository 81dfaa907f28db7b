package lmtp

import "github.com/restante/restante/internal/smtp"

// Options is what a server is made of.
type Options = smtp.Options

// Limits bound sessions; zero fields have their defaults.
type Limits = smtp.Limits

// Server speaks LMTP on any number of listeners.
type Server = smtp.Server

// New makes a server.
func New(options Options) *Server {
	options.LMTP = true
	return smtp.New(options)
}
