package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/restante/restante/internal/config"
)

// certificateCheck is how often a handshake looks whether a file has changed.
const certificateCheck = 10 * time.Second

// certificates are what the server shows to clients; they can be replaced
// while it runs.
type certificates struct {
	logger *slog.Logger
	now    func() time.Time

	mutex   sync.Mutex
	files   []config.Certificate
	stamps  []time.Time
	loaded  []*tls.Certificate
	checked time.Time
}

// load reads certificates from files, all or none.
func (c *certificates) load(files []config.Certificate) error {
	loaded, stamps, err := readCertificates(files)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.files, c.stamps, c.loaded, c.checked = files, stamps, loaded, c.now()
	return nil
}

func readCertificates(files []config.Certificate) (loaded []*tls.Certificate, stamps []time.Time, _ error) {
	if len(files) == 0 {
		return nil, nil, errors.New("no certificate")
	}
	for _, file := range files {
		stamp := changedAt(file) // before reading: a later change is then seen
		pair, err := tls.LoadX509KeyPair(file.Certificate, file.Key)
		if err != nil {
			return nil, nil, fmt.Errorf("certificate %s: %w", file.Certificate, err)
		}
		loaded, stamps = append(loaded, &pair), append(stamps, stamp)
	}
	return loaded, stamps, nil
}

// changedAt is when the newer of a certificate's files was last written.
func changedAt(file config.Certificate) time.Time {
	var newest time.Time
	for _, path := range []string{file.Certificate, file.Key} {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest
}

// get chooses a certificate for a handshake, and looks now and then whether
// the files have changed.
func (c *certificates) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.refresh()
	return c.forName(hello.ServerName), nil
}

// shown returns the certificate that was shown on a connection.
func (c *certificates) shown(state *tls.ConnectionState) *x509.Certificate {
	return c.forName(state.ServerName).Leaf
}

// forName returns the certificate for a name, or the first.
func (c *certificates) forName(name string) *tls.Certificate {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if name != "" {
		for _, certificate := range c.loaded {
			if certificate.Leaf.VerifyHostname(name) == nil {
				return certificate
			}
		}
	}
	return c.loaded[0]
}

// refresh reads files that have changed. What cannot be read is logged, and
// the certificates that are there stay: a renewal may be half written.
func (c *certificates) refresh() {
	c.mutex.Lock()
	now := c.now()
	if now.Sub(c.checked) < certificateCheck {
		c.mutex.Unlock()
		return
	}
	c.checked = now
	files, changed := c.files, false
	for i, file := range files {
		changed = changed || !changedAt(file).Equal(c.stamps[i])
	}
	c.mutex.Unlock()
	if !changed {
		return
	}
	if err := c.load(files); err != nil {
		c.logger.Error("certificates have changed and cannot be read", "error", err)
		return
	}
	c.logger.Info("certificates reloaded")
}

// tlsConfig is how the server speaks TLS. The ciphers and curves are Go's
// choice, and session tickets are on: reconnecting phones save a handshake.
func (c *certificates) tlsConfig(minVersion string) *tls.Config {
	version := uint16(tls.VersionTLS12) // RFC 8314 §4.1, RFC 8996
	if minVersion == "1.3" {
		version = tls.VersionTLS13
	}
	config := &tls.Config{MinVersion: version, GetCertificate: c.get}
	c.bindTickets(config)
	return config
}

// bindTickets has a session be resumed only while its certificate is shown: a
// client that binds to the certificate (RFC 5929 §4) binds to the one of the
// handshake that it resumes. After a renewal the next handshake is a whole one.
func (c *certificates) bindTickets(config *tls.Config) {
	config.WrapSession = func(state tls.ConnectionState, session *tls.SessionState) ([]byte, error) {
		session.Extra = append(session.Extra, c.mark(&state))
		return config.EncryptTicket(state, session)
	}
	config.UnwrapSession = func(identity []byte, state tls.ConnectionState) (*tls.SessionState, error) {
		session, err := config.DecryptTicket(identity, state)
		if session == nil || err != nil {
			return nil, err
		}
		c.refresh() // no certificate is asked for if this is resumed
		mark := c.mark(&state)
		if !slices.ContainsFunc(session.Extra, func(extra []byte) bool { return bytes.Equal(extra, mark) }) {
			return nil, nil // a whole handshake
		}
		return session, nil
	}
}

// mark names the certificate of a connection in a ticket.
func (c *certificates) mark(state *tls.ConnectionState) []byte {
	sum := sha256.Sum256(c.shown(state).Raw)
	return append([]byte("certificate "), sum[:]...)
}
