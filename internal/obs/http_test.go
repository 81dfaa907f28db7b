package obs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Aim: what is counted can be scraped, and health tells the truth.
func TestHandler(t *testing.T) {
	m := NewMetrics()
	m.SessionOpened("imap", true)
	m.SessionOpened("imap", true)
	m.SessionClosed("imap")
	m.Login("imap", "PLAIN", "ok")
	m.Command("imap", "FETCH", "OK", time.Millisecond)
	m.Octets("imap", 10, 20)
	m.Delivery("lmtp", "ok", 3)
	m.Gauge("answer", "A figure.", func() float64 { return 42 })
	var sick error
	server := httptest.NewServer(m.Handler(func(context.Context) error { return sick }))
	defer server.Close()
	get := func(path string) (int, string) {
		response, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	_, text := get("/metrics")
	for _, line := range []string{
		`restante_sessions_total{protocol="imap",tls="yes"} 2`,
		`restante_sessions_open{protocol="imap"} 1`,
		`restante_logins_total{mechanism="PLAIN",protocol="imap",result="ok"} 1`,
		`restante_commands_total{command="FETCH",protocol="imap",result="OK"} 1`,
		`restante_octets_total{direction="sent",protocol="imap"} 20`,
		`restante_deliveries_total{protocol="lmtp",result="ok"} 3`,
		`restante_answer 42`, `process_resident_memory_bytes`,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("metrics lack %s", line)
		}
	}
	if status, body := get("/healthz"); status != 200 || body != "ok\n" {
		t.Errorf("health: %d %q", status, body)
	}
	sick = errors.New("disk is full")
	if status, body := get("/healthz"); status != 503 || !strings.Contains(body, "disk is full") {
		t.Errorf("sickness: %d %q", status, body)
	}
}

// Aim: the log has the form and the level that were asked for.
func TestNewLogger(t *testing.T) {
	var text strings.Builder
	level, err := ParseLevel("warn")
	if err != nil {
		t.Fatal(err)
	}
	logger := NewLogger(&text, true, level)
	logger.Info("not this")
	logger.Warn("this", slog.Int("n", 1))
	if got := text.String(); !strings.Contains(got, `"msg":"this","n":1`) || strings.Contains(got, "not this") {
		t.Errorf("log: %s", got)
	}
	if _, err := ParseLevel("loud"); err == nil {
		t.Error("a level that does not exist")
	}
}
