package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/restante/restante/internal/config"
)

const (
	// selfSignedLife is the longest that mail programs on telephones accept.
	selfSignedLife = 820 * 24 * time.Hour
	// selfSignedRenew is how long before its end it is made anew.
	selfSignedRenew = 30 * 24 * time.Hour
)

// selfSigned returns the certificate of a server that has none from an
// authority, which is made once and kept, so that mail programs that were told
// to trust it still do after a restart.
func selfSigned(data, hostname string, now time.Time) (config.Certificate, error) {
	dir := filepath.Join(data, "tls")
	files := config.Certificate{Certificate: filepath.Join(dir, "certificate.pem"), Key: filepath.Join(dir, "key.pem")}
	if pair, err := tls.LoadX509KeyPair(files.Certificate, files.Key); err == nil && now.Before(pair.Leaf.NotAfter.Add(-selfSignedRenew)) {
		return files, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return files, err
	}
	certificate, key, err := makeSelfSigned(hostname, now)
	if err != nil {
		return files, err
	}
	if err := os.WriteFile(files.Key, key, 0o600); err != nil {
		return files, err
	}
	return files, os.WriteFile(files.Certificate, certificate, 0o644)
}

func makeSelfSigned(hostname string, now time.Time) (certificate, key []byte, _ error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	names := []string{"localhost"}
	if hostname != "" && !slices.Contains(names, hostname) {
		names = append(names, hostname)
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: names[len(names)-1], Organization: []string{"Restante, self-signed"}},
		NotBefore:    now.Add(-time.Hour), NotAfter: now.Add(selfSignedLife),
		DNSNames:    names,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		// Its own authority, so that a client can be given the file to trust.
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), nil
}
