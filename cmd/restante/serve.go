package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/restante/restante/internal/config"
)

// serveFlags are what the command line says beside a configuration file.
type serveFlags struct {
	config    string
	data      string
	domain    string
	debugWire string
	listen    []string
	json      bool
}

func newServe(std streams) *cobra.Command {
	var flags serveFlags
	command := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `Run the server until SIGTERM or an interrupt, which let sessions finish; a
second one does not. SIGHUP reads the configuration and the certificates again.

Without a configuration file it listens on this machine only, on high ports,
with a store in ./restante-data and a certificate of its own making. The first
time it makes an account and says its password.

When every listener is open, one line on standard error says so:
  listening imap=127.0.0.1:10143 imaps=127.0.0.1:10993 ...`,
		Example: `  restante serve
  restante serve --data /var/lib/restante --domain example.org
  restante serve --listen imap=127.0.0.1:0 --listen lmtp=127.0.0.1:0
  restante serve --config /etc/restante.toml`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, err := flags.settings(command.Flags().Changed)
			if err != nil {
				return err
			}
			return serve(command.Context(), std, settings)
		},
	}
	set := command.Flags()
	set.StringVar(&flags.config, "config", "", "configuration file (see restante config)")
	set.StringVar(&flags.data, "data", defaultData, "directory of the store")
	set.StringVar(&flags.domain, "domain", "", "default domain, which mail is received for")
	set.StringArrayVar(&flags.listen, "listen", nil, "PROTOCOL=ADDRESS, repeated: imap, imaps, pop3, pop3s, lmtp, smtp, http; replaces all others")
	set.StringVar(&flags.debugWire, "debug-wire", "", "directory for raw session logs, with credentials cut")
	set.BoolVar(&flags.json, "json", false, "log JSON")
	return command
}

// settings are everything a server is started with.
type settings struct {
	config.Config
	file      string // where the configuration came from, or empty
	listeners []listenAddress
	// again reads the configuration anew, with the same command line.
	again func() (settings, error)
}

// settings reads the file, if there is one, and puts what the command line
// says over it.
func (f serveFlags) settings(changed func(string) bool) (settings, error) {
	s := settings{Config: config.Default(), file: f.config}
	s.again = func() (settings, error) { return f.settings(changed) }
	if f.config != "" {
		loaded, err := config.Load(f.config)
		if err != nil {
			return s, err
		}
		s.Config = loaded
		s.listeners = configured(loaded.Server)
	} else {
		s.listeners = localListeners()
	}
	if changed("data") || f.config == "" {
		s.Data = f.data
	}
	if f.domain != "" {
		s.Mail.Domain = f.domain
	}
	if f.debugWire != "" {
		s.Log.DebugWire = f.debugWire
	}
	if f.json {
		s.Log.JSON = true
	}
	if len(f.listen) > 0 {
		named, err := parseListeners(f.listen)
		if err != nil {
			return s, err
		}
		s.listeners = named
	}
	if len(s.listeners) == 0 {
		return s, fmt.Errorf("%s names no listener", f.config)
	}
	return s, nil
}

// parseListeners reads PROTOCOL=ADDRESS.
func parseListeners(texts []string) ([]listenAddress, error) {
	var named []listenAddress
	for _, text := range texts {
		protocol, address, ok := strings.Cut(text, "=")
		if !ok || !isProtocol(protocol) {
			return nil, fmt.Errorf("--listen %s: say PROTOCOL=ADDRESS, with one of %s", text, strings.Join(protocols, ", "))
		}
		named = append(named, listenAddress{protocol, address})
	}
	return named, nil
}
