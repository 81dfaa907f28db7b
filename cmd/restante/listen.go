package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/restante/restante/internal/config"
)

// protocols are what the server speaks, in the order in which they are told.
var protocols = []string{"imap", "imaps", "pop3", "pop3s", "lmtp", "smtp", "http"}

func isProtocol(name string) bool { return slices.Contains(protocols, name) }

// listenAddress is where one protocol is to be spoken.
type listenAddress struct{ protocol, address string }

// localListeners are those of a server without configuration: this machine
// only, on ports that need no privilege.
func localListeners() []listenAddress {
	return []listenAddress{
		{"imap", "127.0.0.1:10143"}, {"imaps", "127.0.0.1:10993"},
		{"pop3", "127.0.0.1:10110"}, {"pop3s", "127.0.0.1:10995"},
		{"lmtp", "127.0.0.1:10024"}, {"smtp", "127.0.0.1:10025"},
		{"http", "127.0.0.1:10080"},
	}
}

// configured are the listeners of a configuration file.
func configured(server config.Server) []listenAddress {
	var all []listenAddress
	for _, set := range []struct {
		protocol  string
		addresses []string
	}{
		{"imap", server.IMAP}, {"imaps", server.IMAPS}, {"pop3", server.POP3}, {"pop3s", server.POP3S},
		{"lmtp", server.LMTP}, {"smtp", server.SMTP}, {"http", server.HTTP},
	} {
		for _, address := range set.addresses {
			all = append(all, listenAddress{set.protocol, address})
		}
	}
	return all
}

// opened is a listener and what it is for.
type opened struct {
	protocol string
	net.Listener
}

// listenAll opens every listener, or none.
func listenAll(addresses []listenAddress) ([]opened, error) {
	var all []opened
	for _, a := range addresses {
		listener, err := a.listen()
		if err != nil {
			closeAll(all)
			return nil, err
		}
		all = append(all, opened{a.protocol, listener})
	}
	return all, nil
}

func closeAll(all []opened) {
	for _, listener := range all {
		listener.Close()
	}
}

// listen opens one listener; "unix:PATH" is a local socket.
func (a listenAddress) listen() (net.Listener, error) {
	path, isUnix := strings.CutPrefix(a.address, "unix:")
	var listener net.Listener
	var err error
	if isUnix {
		listener, err = listenUnix(path)
	} else {
		listener, err = net.Listen("tcp", a.address)
	}
	if err == nil {
		return listener, nil
	}
	advice := ""
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		advice = fmt.Sprintf("\nAnother program, perhaps another Restante, has this port. End it, or name the listeners you want with free ports:\n"+
			"  restante serve --listen %s=127.0.0.1:0 ...\n(port 0 lets the system pick one)", a.protocol)
	case errors.Is(err, syscall.EACCES):
		advice = "\nPorts below 1024 need privilege: run it with the capability CAP_NET_BIND_SERVICE, or choose higher ports."
	}
	return nil, fmt.Errorf("cannot listen for %s on %s: %w%s", a.protocol, a.address, err, advice)
}

// listenUnix opens a local socket in the place of one that a server before this
// one left. Other users may connect, as they may to a port of this machine:
// the directory decides who reaches it.
func listenUnix(path string) (net.Listener, error) {
	_ = os.Remove(path)
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o666); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// readyLine says where the server listens, once it does.
func readyLine(all []opened) string {
	var b strings.Builder
	b.WriteString("listening")
	for _, listener := range all {
		fmt.Fprintf(&b, " %s=%s", listener.protocol, listener.Addr())
	}
	return b.String()
}
