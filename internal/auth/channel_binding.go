package auth

import (
	"crypto"
	_ "crypto/sha256" // for crypto.SHA256
	_ "crypto/sha512" // for crypto.SHA384 and crypto.SHA512
	"crypto/tls"
	"crypto/x509"

	"github.com/xdg-go/scram"
)

// binding returns the channel binding for client-first-message: the one that
// the client asked for, or the one that is there for everybody. Without plus
// none may be asked for, and without TLS there is none.
func (e *scramExchange) binding(message string) (scram.ChannelBinding, bool) {
	asked := bindingAsked(message)
	if (asked != "") != e.plus {
		return scram.ChannelBinding{}, false // RFC 5802 §6: -PLUS and "p" go together
	}
	if e.env.TLS == nil {
		return scram.ChannelBinding{}, true
	}
	if asked == string(scram.ChannelBindingTLSServerEndpoint) {
		return e.service.endpointBinding(e.env.TLS)
	}
	binding, ok := e.service.anyBinding(e.env.TLS)
	return binding, ok || !e.plus
}

// anyBinding returns the best binding of a connection.
func (s *Service) anyBinding(state *tls.ConnectionState) (scram.ChannelBinding, bool) {
	// RFC 9266 §2: with TLS 1.2, only under the extended master secret, which
	// Go checks before it exports keying material.
	binding, err := scram.NewTLSExporterBinding(state)
	if err != nil {
		return s.endpointBinding(state)
	}
	return binding, true
}

// endpointBinding is the hash of the server's certificate (RFC 5929 §4.1).
func (s *Service) endpointBinding(state *tls.ConnectionState) (scram.ChannelBinding, bool) {
	if s.certificate == nil {
		return scram.ChannelBinding{}, false
	}
	certificate := s.certificate(state)
	if certificate == nil {
		return scram.ChannelBinding{}, false
	}
	hash := endpointHash(certificate).New()
	hash.Write(certificate.Raw)
	return scram.ChannelBinding{Type: scram.ChannelBindingTLSServerEndpoint, Data: hash.Sum(nil)}, true
}

// endpointHash is that of the certificate's signature, SHA-256 if that is
// weaker or unknown.
func endpointHash(certificate *x509.Certificate) crypto.Hash {
	switch certificate.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		return crypto.SHA384
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		return crypto.SHA512
	}
	return crypto.SHA256
}
