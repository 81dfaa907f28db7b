package imapserver

import (
	"bufio"
	"compress/flate"
	"crypto/tls"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// compressedClient is a client that compresses. What it says is flushed by line,
// and sent when the test wants it.
type compressedClient struct {
	t      *testing.T
	conn   net.Conn
	writer *flate.Writer
	said   []byte
	reader *bufio.Reader
}

func (c *compressedClient) Write(p []byte) (int, error) {
	c.said = append(c.said, p...)
	return len(p), nil
}

// compress turns compression on.
func compress(c *testClient) *compressedClient {
	c.t.Helper()
	c.ok("COMPRESS DEFLATE")
	z := &compressedClient{t: c.t.(*testing.T), conn: c.conn, reader: bufio.NewReader(flate.NewReader(c.r))}
	z.writer, _ = flate.NewWriter(z, 6)
	return z
}

// code returns the octets of text with a flush behind it.
func (c *compressedClient) code(text string) []byte {
	c.said = nil
	_, _ = c.writer.Write([]byte(text))
	_ = c.writer.Flush()
	return c.said
}

func (c *compressedClient) send(octets []byte) {
	c.t.Helper()
	_ = c.conn.SetDeadline(time.Now().Add(testPatience))
	if _, err := c.conn.Write(octets); err != nil {
		c.t.Fatal(err)
	}
}

// until reads lines up to one that begins with prefix, and returns all of them.
func (c *compressedClient) until(prefix string) string {
	c.t.Helper()
	var all strings.Builder
	for {
		line, err := c.reader.ReadString('\n')
		if all.WriteString(line); err != nil {
			c.t.Fatalf("%q, then %v", all.String(), err)
		}
		if strings.HasPrefix(line, prefix) {
			return all.String()
		}
	}
}

// The aim: every flushed octet is understood at once, wherever the network cuts,
// and every answer can be read at once (RFC 4978 §3).
func TestCompressionDeliversEveryFlush(t *testing.T) {
	server := startServer(t, nil)
	c := compress(server.login("u0001"))
	message := "Subject: compressed\r\n\r\n" + strings.Repeat("hello hello ", 20000)
	for i, command := range []string{"NOOP", "SELECT INBOX", "CAPABILITY", "NOOP"} {
		for _, octet := range c.code("a " + command + "\r\n") {
			c.send([]byte{octet})
		}
		if all := c.until("a "); !strings.Contains(all, "a OK") || i == 2 && strings.Contains(all, "COMPRESS=DEFLATE") {
			t.Fatalf("%s: %q", command, all)
		}
	}
	c.send(c.code("b APPEND INBOX {" + itoa(len(message)) + "}\r\n"))
	c.until("+ ")
	c.send(c.code(message + "\r\n"))
	if all := c.until("b "); !strings.Contains(all, "b OK") {
		t.Fatal(all)
	}
	c.send(c.code("c FETCH 1 BODY.PEEK[]\r\nd NOOP\r\n"))
	if all := c.until("d "); !strings.Contains(all, message) || !strings.Contains(all, "c OK") {
		t.Fatalf("%d octets: %.300q", len(all), all)
	}
	c.send(c.code("e COMPRESS DEFLATE\r\n"))
	if all := c.until("e "); !strings.Contains(all, "e BAD [COMPRESSIONACTIVE]") {
		t.Fatal(all)
	}
	c.send(c.code("f LOGOUT\r\n"))
	if all := c.until("f "); !strings.Contains(all, "* BYE") {
		t.Fatal(all)
	}
	if _, err := c.reader.ReadByte(); err == nil {
		t.Error("the server went on")
	}
}

// The aim: half a flush neither ends IDLE nor keeps news from coming, and TLS
// lies beneath (RFC 4978 §3, RFC 9051 §6.3.13).
func TestCompressionWithIdleAndTLS(t *testing.T) {
	server := startServer(t, nil)
	conn, err := tls.Dial("tcp", server.secure, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	first := newTestClient(t, conn)
	first.line()
	first.ok("LOGIN u0002 secret")
	c := compress(first)
	other := server.login("u0002")
	c.send(c.code("a SELECT INBOX\r\n"))
	c.until("a ")
	c.send(c.code("b IDLE\r\n"))
	c.until("+ ")
	for i, octet := range c.code("") { // a flush of nothing
		other.ok("APPEND INBOX {3+}\r\nabc")
		c.until("* " + itoa(i+1) + " EXISTS")
		c.send([]byte{octet})
	}
	c.send(c.code("DONE\r\n"))
	if all := c.until("b "); !strings.Contains(all, "b OK") {
		t.Fatal(all)
	}
}

// The aim: what expands beyond the limits is refused as it would be in clear, and
// what is no stream ends the session.
func TestCompressionBoundsWhatComes(t *testing.T) {
	server := startServer(t, nil)
	c := compress(server.login("u0003"))
	c.send(c.code("a " + strings.Repeat("x", 20<<20) + "\r\nb NOOP\r\n"))
	if all := c.until("b "); !strings.Contains(all, "a BAD") || !strings.Contains(all, "b OK") {
		t.Fatalf("%.300q", all)
	}
	c.send([]byte("\xff\xff\xff\xff"))
	if rest, _ := io.ReadAll(c.reader); strings.Contains(string(rest), "OK") {
		t.Errorf("%q", rest)
	}
}

// The aim: UNAUTHENTICATE ends compression in both directions, though the next
// command comes in clear behind it, and though the network cuts anywhere
// (RFC 8437 §4.1).
func TestUnauthenticateEndsCompression(t *testing.T) {
	server := startServer(t, nil)
	for cut := 0; cut < 8; cut++ {
		first := server.login("u0004")
		c := compress(first)
		c.send(c.code("a NOOP\r\n"))
		c.until("a ")
		leaving := c.code("b UNAUTHENTICATE\r\n")
		at := len(leaving) - cut
		c.send(leaving[:at])
		if cut <= 4 { // all but the end of the flush is there
			c.until("b OK")
		}
		c.send(append(leaving[at:], "c LOGIN u0005 secret\r\n"...))
		if cut > 4 {
			c.until("b OK")
		}
		if all := strings.Join(first.until("c"), "\n"); !strings.Contains(all, "c OK") {
			t.Fatalf("cut %d: %q", cut, all)
		}
		first.ok("NOOP")
		again := compress(first)
		again.send(again.code("d NOOP\r\n"))
		again.until("d OK")
	}
}

// The aim: an idle compressed session holds no buffers of the pools.
func TestCompressionReleasesWhenIdle(t *testing.T) {
	z := &compression{pool: newPools(), to: wireWriter{&conn{wire: discardConn{}}}}
	if _, err := z.write([]byte("* OK\r\n")); err != nil || z.writer == nil {
		t.Fatal(err)
	}
	z.release()
	if z.writer != nil || z.read != nil {
		t.Error("buffers are held")
	}
	if _, err := z.write([]byte("* OK again\r\n")); err != nil {
		t.Fatal(err)
	}
}

// discardConn is a network that takes everything.
type discardConn struct{ net.Conn }

func (discardConn) Write(p []byte) (int, error) { return len(p), nil }

func itoa(n int) string { return strconv.Itoa(n) }
