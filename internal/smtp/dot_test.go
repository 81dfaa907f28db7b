package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	gosmtp "github.com/emersion/go-smtp"
)

// The aim: only CR LF . CR LF ends a message, dots are undone only where a
// line begins, and what follows the message stays unread.
func TestDotReader(t *testing.T) {
	cases := []struct{ name, wire, want string }{
		{"empty", ".\r\n", ""},
		{"plain", "a\r\nb\r\n.\r\n", "a\r\nb\r\n"},
		{"doubled dots", "..\r\n..a\r\na..b\r\n.\r\n", ".\r\n.a\r\na..b\r\n"},
		{"single dot before text", ".a\r\n.\r\n", "a\r\n"},
		{"bare LF . LF", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n"},
		{"bare LF . CR LF", "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n"},
		{"CR LF . LF", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n"},
		{"bare CR . CR", "a\r.\rb\r\n.\r\n", "a\r.\rb\r\n"},
		{"CR LF . CR", "a\r\n..\rb\r\n.\r\n", "a\r\n.\rb\r\n"},
		{"CR CR LF . CR LF", "a\r\r\n.\r\n", "a\r\r\n"},
		{"CR CR LF ..", "a\r\r\n..b\r\n.\r\n", "a\r\r\n.b\r\n"},
		{"NUL", "\x00\r\n.\r\n", "\x00\r\n"},
		{"LF first", "\n.\r\n\r\n.\r\n", "\n.\r\n\r\n"},
	}
	const after = "QUIT\r\n"
	for _, c := range cases {
		for _, size := range []int{1, 2, 3, 5, 4096} {
			requireDot(t, c.name, c.wire, c.want, after, size)
		}
	}
}

func requireDot(t *testing.T, name, wire, want, after string, size int) {
	t.Helper()
	buffered := bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(wire+after)), 16)
	if size > 3 {
		buffered = bufio.NewReader(strings.NewReader(wire + after))
	}
	var got bytes.Buffer
	reader := &dotReader{from: buffered}
	portion := make([]byte, size)
	for {
		n, err := reader.Read(portion)
		got.Write(portion[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	rest, _ := io.ReadAll(buffered)
	if got.String() != want || string(rest) != ".\r\n"+after {
		t.Errorf("%s, in portions of %d: %q and left %q, want %q", name, size, got.String(), rest, want)
	}
}

// The aim: any octets come through the dots of a careful client as they were,
// however they are cut.
func TestDotReaderRoundTrip(t *testing.T) {
	const seed = 7
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range 2000 {
		text := make([]byte, random.IntN(60))
		for i := range text {
			text[i] = "\r\n..a"[random.IntN(5)]
		}
		want := string(text) + "\r\n"
		wire := strings.ReplaceAll("\r\n"+want, "\r\n.", "\r\n..")[2:] + ".\r\n"
		requireDot(t, fmt.Sprintf("seed %d, round %d", seed, round), wire, want, "X", 1+random.IntN(20))
	}
}

// The aim: a connection that ends within a message is not taken for its end.
func TestDotReaderCutOff(t *testing.T) {
	for _, wire := range []string{"", "a", "a\r\n", "a\r\n.", "a\r\n.\r", "a\r\n..\r\n"} {
		_, err := io.ReadAll(&dotReader{from: bufio.NewReader(strings.NewReader(wire))})
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", wire, err)
		}
	}
}

// The aim: the library still keeps its reader where the gate is put.
func TestGateStands(t *testing.T) {
	found := make(chan bool, 1)
	library := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		found <- newGate(c, nil, 100) != nil
		return nil, errDraining
	}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = library.Serve(l) }()
	defer library.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Write([]byte("EHLO x\r\n")); err != nil {
		t.Fatal(err)
	}
	if !<-found {
		t.Fatal("the reader of go-smtp is not where it was")
	}
}
