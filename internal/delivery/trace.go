package delivery

import (
	"encoding/hex"
	"net"
	"strings"
	"time"
	"unicode/utf8"
)

// traceDate is date-time of RFC 5322 §3.3.
const traceDate = "Mon, 2 Jan 2006 15:04:05 -0700"

// trace returns the fields that final delivery puts in front of a message:
// Return-Path and Received (RFC 5321 §4.4). They are the same for all
// recipients, so that one body serves them all; "for" therefore names a
// recipient only if it is the only one, which also keeps blind copies blind.
func (a *Agent) trace(envelope Envelope, now time.Time, id [8]byte) []byte {
	b := make([]byte, 0, 512)
	b = append(b, "Return-Path: "...)
	b = appendPath(b, envelope.From)
	b = append(b, "\r\nReceived: from "...)
	b = appendFrom(b, envelope.Origin)
	b = append(b, "\r\n\tby "...)
	b = append(b, a.hostname...)
	b = append(b, " (Restante) with "...)
	b = append(b, envelope.Origin.Protocol()...)
	b = append(b, " id "...)
	b = hex.AppendEncode(b, id[:])
	if envelope.Origin.TLS != "" {
		b = append(b, "\r\n\t("...)
		b = append(b, envelope.Origin.TLS...)
		b = append(b, ')')
	}
	if len(envelope.Recipients) == 1 {
		b = append(b, "\r\n\tfor "...)
		b = appendPath(b, envelope.Recipients[0].Address)
	}
	b = append(b, ";\r\n\t"...)
	b = now.AppendFormat(b, traceDate)
	return append(b, "\r\n"...)
}

// appendFrom appends Extended-Domain: what the client called itself, and the
// address it has (RFC 5321 §4.4).
func appendFrom(b []byte, origin Origin) []byte {
	b = append(b, plainHello(origin.Hello)...)
	switch remote := origin.Remote.(type) {
	case *net.TCPAddr:
		b = append(b, " (["...)
		if remote.IP.To4() == nil {
			b = append(b, "IPv6:"...)
		}
		b = append(b, remote.IP.String()...)
		b = append(b, "])"...)
	case *net.UnixAddr:
		b = append(b, " (local socket)"...)
	}
	return b
}

// plainHello makes of what a client called itself something that can stand in
// a header field, whatever it was.
func plainHello(hello string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return '?'
		case r >= utf8.RuneSelf || isDomainByte(byte(r)):
			return r
		}
		return '?'
	}, hello)
	if len(plain) > helloMax {
		plain = strings.ToValidUTF8(plain[:helloMax], "")
	}
	if plain == "" {
		return "unknown"
	}
	return plain
}

// helloMax is how much of what a client calls itself is kept: a domain has up
// to 255 octets (RFC 5321 §4.5.3.1.2).
const helloMax = 255
