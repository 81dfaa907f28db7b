package bench

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"time"
)

const (
	readBuffer  = 256 << 10
	dialTimeout = 10 * time.Second
	// replyTimeout bounds every wait, so that a server that hangs ends the run.
	replyTimeout = 120 * time.Second
)

// imapClient is the least that can drive a server: it sends commands and
// counts what comes back, without looking into it more than it must.
type imapClient struct {
	conn net.Conn
	in   *bufio.Reader
	tag  int
}

func dialIMAP(address string, overTLS bool) (*imapClient, error) {
	return dialIMAPBuffered(address, overTLS, readBuffer)
}

func dialIMAPBuffered(address string, overTLS bool, buffer int) (*imapClient, error) {
	conn, err := net.DialTimeout("tcp", address, dialTimeout)
	if err != nil {
		return nil, err
	}
	if overTLS {
		// The server under test has a certificate of its own making.
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	client := &imapClient{conn: conn, in: bufio.NewReaderSize(conn, buffer)}
	conn.SetDeadline(time.Now().Add(replyTimeout))
	if _, err := client.in.ReadSlice('\n'); err != nil {
		conn.Close()
		return nil, fmt.Errorf("no greeting from %s: %w", address, err)
	}
	return client, nil
}

func (c *imapClient) close() { c.conn.Close() }

func (c *imapClient) login(user, password string) error {
	_, err := c.do(fmt.Sprintf("LOGIN %s {%d}", user, len(password)), []byte(password))
	return err
}

// reply is what one command brought.
type reply struct {
	untagged int   // responses
	literals int64 // octets
}

// do sends a command, and then its literal once the server asks for it, and
// reads to the tagged response. Anything but OK is an error.
func (c *imapClient) do(command string, literal []byte) (reply, error) {
	tag := c.send(command)
	if literal != nil {
		if err := c.flushLiteral(tag, literal); err != nil {
			return reply{}, err
		}
	}
	return c.wait(tag)
}

// append adds a message with a non-synchronising literal when the server may
// take one of its size, so that both servers are spared a round trip.
func (c *imapClient) append(mailbox string, message []byte, literalPlus bool) error {
	plus := ""
	if literalPlus {
		plus = "+"
	}
	command := fmt.Sprintf("APPEND %s {%d%s}", mailbox, len(message), plus)
	if !literalPlus {
		_, err := c.do(command, message)
		return err
	}
	c.tag++
	tag := "b" + strconv.Itoa(c.tag)
	c.conn.SetDeadline(time.Now().Add(replyTimeout))
	out := make([]byte, 0, len(command)+len(message)+16)
	out = append(append(append(out, tag...), ' '), command...)
	out = append(append(append(out, '\r', '\n'), message...), '\r', '\n')
	if _, err := c.conn.Write(out); err != nil {
		return err
	}
	_, err := c.wait(tag)
	return err
}

func (c *imapClient) send(command string) string {
	c.tag++
	tag := "b" + strconv.Itoa(c.tag)
	c.conn.SetDeadline(time.Now().Add(replyTimeout))
	c.conn.Write([]byte(tag + " " + command + "\r\n")) // an error shows in the read that follows
	return tag
}

func (c *imapClient) flushLiteral(tag string, literal []byte) error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		switch {
		case line[0] == '+':
			_, err := c.conn.Write(append(append([]byte(nil), literal...), '\r', '\n'))
			return err
		case bytes.HasPrefix(line, []byte(tag+" ")):
			return fmt.Errorf("the literal was refused: %s", bytes.TrimSpace(line))
		}
	}
}

// wait reads up to the tagged response.
func (c *imapClient) wait(tag string) (reply, error) {
	var got reply
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return got, err
		}
		if len(line) > len(tag) && line[0] == 'b' && string(line[:len(tag)]) == tag && line[len(tag)] == ' ' {
			if !bytes.HasPrefix(line[len(tag)+1:], []byte("OK")) {
				return got, fmt.Errorf("the server says: %s", bytes.TrimSpace(line))
			}
			return got, nil
		}
		if line[0] == '*' {
			got.untagged++
		}
		size := literalSize(line)
		if size < 0 {
			continue
		}
		if _, err := c.in.Discard(size); err != nil {
			return got, err
		}
		got.literals += int64(size)
	}
}

// literalSize returns the size of the literal that a line announces, or -1.
func literalSize(line []byte) int {
	end := len(line) - 3 // before "}\r\n"
	if end < 1 || line[end] != '}' {
		return -1
	}
	size, unit := 0, 1
	for i := end - 1; i >= 0; i-- {
		digit := line[i]
		if digit == '{' {
			return size
		}
		if digit < '0' || digit > '9' {
			return -1
		}
		size += int(digit-'0') * unit
		unit *= 10
	}
	return -1
}
