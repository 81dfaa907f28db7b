package e2e

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
)

// client is the least that speaks IMAP: a judge that shares no code with the
// server.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
	tag  int
}

// response is one untagged response, with the literals it held put where
// their announcements stood as "\x00n\x00", n counting from 0.
type response struct {
	text     string
	literals [][]byte
}

// dialClient logs u0001 in over TLS.
func dialClient(t *testing.T, server *Server) *client {
	t.Helper()
	return dialAs(t, server, "u0001")
}

// dialAs logs a user in over TLS.
func dialAs(t *testing.T, server *Server, login string) *client {
	t.Helper()
	conn, err := tls.Dial("tcp", server.Addresses["imaps"], &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, conn: conn, in: bufio.NewReaderSize(conn, 1<<20)}
	t.Cleanup(func() { conn.Close() })
	if _, err := c.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	c.must(fmt.Sprintf("LOGIN %s %q", login, Password))
	return c
}

// must sends a command and returns the untagged responses; anything but OK
// fails the test.
func (c *client) must(command string) []response {
	c.t.Helper()
	c.tag++
	tag := "e" + strconv.Itoa(c.tag)
	if _, err := io.WriteString(c.conn, tag+" "+command+"\r\n"); err != nil {
		c.t.Fatal(err)
	}
	var got []response
	for {
		r := c.read()
		if rest, ok := strings.CutPrefix(r.text, tag+" "); ok {
			if !strings.HasPrefix(rest, "OK") {
				c.t.Fatalf("%s: %s", command, rest)
			}
			return got
		}
		got = append(got, r)
	}
}

func (c *client) read() response {
	c.t.Helper()
	var r response
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			c.t.Fatal(err)
		}
		line = strings.TrimSuffix(line, "\r\n")
		open := strings.LastIndexByte(line, '{')
		if !strings.HasSuffix(line, "}") || open < 0 {
			r.text += line
			return r
		}
		size, err := strconv.Atoi(line[open+1 : len(line)-1])
		if err != nil {
			r.text += line
			return r
		}
		literal := make([]byte, size)
		if _, err := io.ReadFull(c.in, literal); err != nil {
			c.t.Fatal(err)
		}
		r.text += strings.TrimSuffix(line[:open], "~") + "\x00" + strconv.Itoa(len(r.literals)) + "\x00"
		r.literals = append(r.literals, literal)
	}
}

// search returns what SEARCH finds, as it is written.
func (c *client) search(keys string) string {
	c.t.Helper()
	for _, r := range c.must("SEARCH " + keys) {
		if rest, ok := strings.CutPrefix(r.text, "* SEARCH"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}
