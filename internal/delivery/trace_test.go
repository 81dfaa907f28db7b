package delivery

import (
	"net"
	"strings"
	"testing"
	"time"
)

func traceOf(envelope Envelope) string {
	agent := New(Options{Hostname: "mx.example.org"})
	now := time.Date(2024, 2, 3, 4, 5, 6, 0, time.FixedZone("", 2*60*60))
	return string(agent.trace(envelope, now, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}))
}

// The aim: the trace fields have the form of RFC 5321 §4.4.
func TestTraceFields(t *testing.T) {
	got := traceOf(Envelope{
		From:       "a b@example.com",
		Recipients: []Recipient{{Address: "u@example.org"}},
		Origin: Origin{
			Hello: "client.example.com", Remote: &net.TCPAddr{IP: net.ParseIP("192.0.2.1"), Port: 25},
			Base: "ESMTP", TLS: "TLS 1.3:TLS_AES_128_GCM_SHA256",
		},
	})
	want := "Return-Path: <\"a b\"@example.com>\r\n" +
		"Received: from client.example.com ([192.0.2.1])\r\n" +
		"\tby mx.example.org (Restante) with ESMTPS id 0102030405060708\r\n" +
		"\t(TLS 1.3:TLS_AES_128_GCM_SHA256)\r\n" +
		"\tfor <u@example.org>;\r\n" +
		"\tSat, 3 Feb 2024 04:05:06 +0200\r\n"
	if got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}

// The aim: several recipients are not named to each other, and the null
// reverse-path is kept.
func TestTraceHidesRecipients(t *testing.T) {
	got := traceOf(Envelope{
		Recipients: []Recipient{{Address: "u1@example.org"}, {Address: "u2@example.org"}},
		Origin:     Origin{Hello: "x", Remote: &net.TCPAddr{IP: net.ParseIP("2001:db8::1")}, Base: "LMTP"},
	})
	if !strings.HasPrefix(got, "Return-Path: <>\r\n") || strings.Contains(got, "@") {
		t.Fatalf("trace is %q", got)
	}
	if !strings.Contains(got, "from x ([IPv6:2001:db8::1])") {
		t.Fatalf("trace is %q", got)
	}
}

// The aim: whatever a client calls itself, the header stays one field.
func TestTraceIsNotInjected(t *testing.T) {
	hello := "evil\r\nX-Injected: yes\x00(" + strings.Repeat("a", 2000) + "é"
	got := traceOf(Envelope{Origin: Origin{Hello: hello, Base: "LMTP"}})
	if strings.Contains(got, "\r\nX-Injected") || strings.Contains(got, "\x00") || len(got) > 600 {
		t.Fatalf("trace is %q", got)
	}
	if got := plainHello(""); got != "unknown" {
		t.Fatalf("an empty name becomes %q", got)
	}
}

// The aim: the protocol keyword is a registered one (RFC 3848, RFC 6531 §4.3).
func TestProtocolKeywords(t *testing.T) {
	seen := map[string]bool{}
	for _, base := range []string{"ESMTP", "LMTP"} {
		for bits := range 8 {
			o := Origin{Base: base, Authenticated: bits&1 != 0, UTF8: bits&4 != 0}
			if bits&2 != 0 {
				o.TLS = "TLS 1.3"
			}
			seen[o.Protocol()] = true
		}
	}
	for _, want := range strings.Fields(`ESMTP ESMTPA ESMTPS ESMTPSA LMTP LMTPA LMTPS LMTPSA
		UTF8SMTP UTF8SMTPA UTF8SMTPS UTF8SMTPSA UTF8LMTP UTF8LMTPA UTF8LMTPS UTF8LMTPSA`) {
		if !seen[want] {
			t.Errorf("%s is never used", want)
		}
		delete(seen, want)
	}
	for extra := range seen {
		t.Errorf("%s is not registered", extra)
	}
}

// The aim: addresses that could mean something else to the next reader are
// refused.
func TestCheckAddress(t *testing.T) {
	good := []string{"a@b.example", `a"b@b.example`, "a b@b.example", "x@[192.0.2.1]", "x@[IPv6:::1]", "a@b@c.example", "a%b@c"}
	for _, address := range good {
		if err := checkAddress(address, false); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	bad := []string{"", "a", "@b", "a@", "a\r\nb@c", "a@b c", "a@b>c", "a@b,c", "a\x00@b", "a@b%c", "a@\xff",
		strings.Repeat("a", addressMax) + "@b"}
	for _, address := range bad {
		if err := checkAddress(address, true); err != ErrBadAddress {
			t.Errorf("%q: %v", address, err)
		}
	}
	if err := checkAddress("é@b", false); err != ErrNotASCII {
		t.Errorf("without SMTPUTF8: %v", err)
	}
	if err := checkAddress("é@bé", true); err != nil {
		t.Errorf("with SMTPUTF8: %v", err)
	}
}
