package lmtp

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/restante/restante/internal/delivery"
)

// The aim: what New makes speaks LMTP and nothing else.
func TestNewSpeaksLMTP(t *testing.T) {
	server := New(Options{Agent: delivery.New(delivery.Options{}), Hostname: "mx.example.org"})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("EHLO x\r\nLHLO x\r\nQUIT\r\n")); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for scanner := bufio.NewScanner(conn); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	if len(lines) < 4 || !strings.HasPrefix(lines[0], "220 mx.example.org LMTP") || !strings.HasPrefix(lines[1], "500") ||
		!strings.HasPrefix(lines[2], "250-") || !strings.HasPrefix(lines[len(lines)-1], "221") {
		t.Errorf("the dialog is %q", lines)
	}
	if err := server.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}
