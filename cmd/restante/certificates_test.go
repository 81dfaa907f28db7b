package main

import (
	"crypto/tls"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/restante/restante/internal/config"
)

// Aim: a certificate whose files change is shown without a signal, within the
// time between two looks; files that cannot be read change nothing; and names
// choose among several.
func TestCertificatesFollowTheirFiles(t *testing.T) {
	now := time.Now()
	c := &certificates{logger: slog.New(slog.DiscardHandler), now: func() time.Time { return now }}
	dir := t.TempDir()
	write := func(name, hostname string, stamp time.Time) config.Certificate {
		t.Helper()
		files := config.Certificate{Certificate: filepath.Join(dir, name+".pem"), Key: filepath.Join(dir, name+".key")}
		certificate, key, err := makeSelfSigned(hostname, now)
		if err != nil {
			t.Fatal(err)
		}
		for path, text := range map[string][]byte{files.Certificate: certificate, files.Key: key} {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, stamp, stamp); err != nil {
				t.Fatal(err)
			}
		}
		return files
	}
	one, two := write("one", "one.example", now), write("two", "two.example", now)
	if err := c.load([]config.Certificate{one, two}); err != nil {
		t.Fatal(err)
	}
	serial := func(name string) string {
		t.Helper()
		shown, err := c.get(&tls.ClientHelloInfo{ServerName: name})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.shown(&tls.ConnectionState{ServerName: name}); got != shown.Leaf {
			t.Errorf("%s was shown another certificate than SCRAM is told of", name)
		}
		return shown.Leaf.SerialNumber.String()
	}
	first, second := serial("one.example"), serial("two.example")
	if first == second || serial("") != first || serial("elsewhere.example") != first {
		t.Error("names do not choose among certificates")
	}
	write("two", "two.example", now.Add(time.Second))
	if serial("two.example") != second {
		t.Error("files are looked at with every handshake")
	}
	now = now.Add(certificateCheck)
	renewed := serial("two.example")
	if renewed == second || serial("one.example") != first {
		t.Error("a renewed certificate is not shown")
	}
	if err := os.WriteFile(two.Certificate, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(certificateCheck)
	if serial("two.example") != renewed {
		t.Error("a file that is half written has taken the certificate away")
	}
	if err := c.load(nil); err == nil {
		t.Error("no certificate at all is taken for one")
	}
}

// Aim: the self-signed certificate stays the same until it is about to end.
func TestSelfSignedIsKept(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	read := func(at time.Time) string {
		t.Helper()
		files, err := selfSigned(dir, "mail.example", at)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(files.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first := read(now)
	if read(now.Add(selfSignedLife/2)) != first {
		t.Error("it was made anew without need")
	}
	if read(now.Add(selfSignedLife-time.Hour)) == first {
		t.Error("it is let run out")
	}
}
