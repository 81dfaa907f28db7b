package conform

import (
	"bufio"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/restante/restante/internal/e2e"
	"github.com/restante/restante/internal/transcript"
	"github.com/restante/restante/testdata/transcripts"
)

// stormServer is the project's own server, or the one that RESTANTE_CONFORM
// names.
func stormServer(t *testing.T) transcript.Server {
	server := transcript.Server{Address: os.Getenv("RESTANTE_CONFORM"), Accounts: []transcript.Account{{User: "u0001", Password: "secret"}}}
	if server.Address == "" {
		own := e2e.Start(t, 1)
		server.Address = own.Addresses["imap"]
		server.Accounts[0].Password = e2e.Password
	}
	return server
}

// stormSessions are two for each dialect.
var stormSessions = 2 * len(transcript.Dialects)

// The aim: sessions, two in each dialect, change one mailbox at once at
// random; none is ever told anything wrong, and in the end all agree. And the
// storm is no idle one: a server that forgets one EXPUNGE does not get
// through.
func TestStorm(t *testing.T) {
	server := stormServer(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("the first seed is %d", seed)
	for n := range uint64(3) {
		storm := transcript.Storm{Server: server, Seed: seed + n, Sessions: stormSessions, Commands: 150, Resynchronise: true}
		if err := storm.Run(); err != nil {
			t.Fatal(err)
		}
	}
	server.Address = forgetful(t, server.Address)
	storm := transcript.Storm{Server: server, Seed: seed, Sessions: stormSessions, Commands: 150, Resynchronise: true}
	if err := storm.Run(); err == nil {
		t.Error("an EXPUNGE was lost and nobody noticed")
	}
}

// forgetful passes everything on to a server and back, but for one EXPUNGE.
func forgetful(t *testing.T, address string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var seen atomic.Int32
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", address)
			if err != nil {
				client.Close()
				return
			}
			go func() {
				io.Copy(server, client)
				server.Close()
			}()
			go passOn(client, server, &seen)
		}
	}()
	return listener.Addr().String()
}

func passOn(client, server net.Conn, seen *atomic.Int32) {
	defer client.Close()
	in := bufio.NewReader(server)
	for {
		line, err := in.ReadString('\n')
		if strings.HasPrefix(line, "* ") && strings.HasSuffix(line, " EXPUNGE\r\n") && seen.Add(1) == 1 {
			continue
		}
		if _, writeErr := io.WriteString(client, line); err != nil || writeErr != nil {
			return
		}
	}
}

// The aim: commands changed at random are all answered, in every dialect,
// and the next one works.
func TestHail(t *testing.T) {
	library, err := transcript.Load(transcripts.Files)
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	hail := transcript.Hail{Server: stormServer(t), Seed: seed, Commands: 3000}
	if err := hail.Run(library); err != nil {
		t.Fatal(err)
	}
}
