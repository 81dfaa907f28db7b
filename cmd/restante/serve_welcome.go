package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net"
	"strings"
)

// firstName is the first account of a server that nobody configured.
const firstName = "me"

// newAccountSecret is an account that was just made, and its password.
type newAccountSecret struct{ login, password string }

// firstAccount makes an account in a directory that has none, if nobody
// configured the server. Its password is told once.
func (s *server) firstAccount(ctx context.Context) (*newAccountSecret, error) {
	if s.file != "" {
		return nil, nil
	}
	accounts, err := s.directory.Accounts(ctx)
	if err != nil || len(accounts) > 0 {
		return nil, err
	}
	password := generatePassword()
	if _, err := s.directory.AddAccount(ctx, firstName, password); err != nil {
		return nil, err
	}
	return &newAccountSecret{firstName, password}, nil
}

// generatePassword makes a password of 80 bits that can be typed.
func generatePassword() string {
	var random [10]byte
	_, _ = rand.Read(random[:]) // never fails, says crypto/rand
	text := strings.ToLower(base32.StdEncoding.EncodeToString(random[:]))
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
}

// welcome says what to type into a mail program, and how to try it.
func (s *server) welcome(ctx context.Context, listeners []opened, first *newAccountSecret) string {
	at := map[string]net.Addr{}
	for _, listener := range listeners {
		if _, ok := at[listener.protocol]; !ok {
			at[listener.protocol] = listener.Addr()
		}
	}
	login, password := "the name of an account (restante account list)", "its password"
	if accounts, err := s.directory.Accounts(ctx); err == nil && len(accounts) > 0 {
		login = accounts[0].Address
	}
	if first != nil {
		password = first.password + "   (shown this once; change it with: restante account passwd " + first.login + s.dataFlag() + ")"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nRestante is running; its mail is in %s. In a mail program, type:\n\n", s.Data)
	fmt.Fprintf(&b, "  User name   %s\n  Password    %s\n", login, password)
	for _, line := range []struct{ protocol, name, security string }{
		{"imaps", "IMAP", "SSL/TLS"}, {"imap", "IMAP", "STARTTLS, or none on this machine"},
		{"pop3s", "POP3", "SSL/TLS"}, {"pop3", "POP3", "STARTTLS, or none on this machine"},
	} {
		if address, ok := at[line.protocol].(*net.TCPAddr); ok {
			fmt.Fprintf(&b, "  %s server %s, port %d, security: %s\n", line.name, hostOf(address), address.Port, line.security)
		}
	}
	if len(s.TLS.Certificates) == 0 {
		fmt.Fprintf(&b, "  The certificate is self-signed: accept it when asked.\n")
	}
	if address, ok := at["smtp"].(*net.TCPAddr); ok {
		fmt.Fprintf(&b, "\nTo deliver a test message:\n\n  printf 'From: you@example.net\\r\\nSubject: Hello\\r\\n\\r\\nIt works.\\r\\n' |\n"+
			"    curl -sS smtp://%s:%d --mail-from you@example.net --mail-rcpt %s --upload-file -\n", hostOf(address), address.Port, strings.Fields(login)[0])
	}
	b.WriteString("\n")
	return b.String()
}

// dataFlag is what other commands need to find this store.
func (s *server) dataFlag() string {
	if s.Data == defaultData {
		return ""
	}
	return " --data " + s.Data
}

// hostOf is the host that a program on this machine connects to.
func hostOf(address *net.TCPAddr) string {
	if address.IP.IsUnspecified() {
		return "127.0.0.1"
	}
	if address.IP.To4() == nil {
		return "[" + address.IP.String() + "]"
	}
	return address.IP.String()
}
