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
	switch {
	case (asked != "") != e.plus:
		return scram.ChannelBinding{}, false // RFC 5802 §6: -PLUS and "p" go together
	case asked != "":
		return e.service.bindingOf(e.env, scram.ChannelBindingType(asked))
	}
	binding, _ := e.service.anyBinding(e.env)
	return binding, true
}

// anyBinding returns the best binding of a connection.
func (s *Service) anyBinding(env Env) (scram.ChannelBinding, bool) {
	for _, kind := range []scram.ChannelBindingType{
		scram.ChannelBindingTLSExporter, scram.ChannelBindingTLSServerEndpoint, scram.ChannelBindingTLSUnique,
	} {
		if binding, ok := s.bindingOf(env, kind); ok {
			return binding, true
		}
	}
	return scram.ChannelBinding{}, false
}

// bindingOf returns a connection's binding of one type, if it has that.
func (s *Service) bindingOf(env Env, kind scram.ChannelBindingType) (scram.ChannelBinding, bool) {
	switch {
	case env.TLS == nil:
	case kind == scram.ChannelBindingTLSServerEndpoint:
		return s.endpointBinding(env.TLS)
	case env.Again: // the others are unique to the connection
	case kind == scram.ChannelBindingTLSExporter:
		return exporterBinding(env.TLS)
	case kind == scram.ChannelBindingTLSUnique:
		return uniqueBinding(env.TLS)
	}
	return scram.ChannelBinding{}, false
}

// exporterBinding is keying material of the connection. With TLS 1.2 there is
// some only under the extended master secret (RFC 9266 §4.2), which Go checks.
func exporterBinding(state *tls.ConnectionState) (scram.ChannelBinding, bool) {
	binding, err := scram.NewTLSExporterBinding(state)
	return binding, err == nil
}

// uniqueBinding is the first Finished message of the handshake (RFC 5929 §3.1).
// TLS 1.3 has none that could be used (RFC 9266 §1), and Go has none of a
// session that was resumed without the extended master secret, whose two ends
// need not be who they seem (RFC 7627).
func uniqueBinding(state *tls.ConnectionState) (scram.ChannelBinding, bool) {
	if state.Version >= tls.VersionTLS13 || len(state.TLSUnique) == 0 {
		return scram.ChannelBinding{}, false
	}
	return scram.NewTLSUniqueBinding(state.TLSUnique), true
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
