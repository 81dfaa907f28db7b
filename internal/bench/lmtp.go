package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"time"
)

// lmtpClient delivers messages as an MTA does: with pipelining where the
// protocol allows it (RFC 2033 §5).
type lmtpClient struct {
	conn net.Conn
	in   *bufio.Reader
}

func dialLMTP(address string) (*lmtpClient, error) {
	conn, err := net.DialTimeout("tcp", address, dialTimeout)
	if err != nil {
		return nil, err
	}
	client := &lmtpClient{conn, bufio.NewReaderSize(conn, 8<<10)}
	conn.SetDeadline(time.Now().Add(replyTimeout))
	if err := client.expect('2'); err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "LHLO bench.example.org\r\n")
	return client, client.expect('2')
}

func (c *lmtpClient) close() { c.conn.Close() }

// deliver hands over one message, which must be stuffed, for one recipient.
func (c *lmtpClient) deliver(recipient string, stuffed []byte) error {
	c.conn.SetDeadline(time.Now().Add(replyTimeout))
	fmt.Fprintf(c.conn, "MAIL FROM:<sender@example.net>\r\nRCPT TO:<%s>\r\nDATA\r\n", recipient)
	for _, class := range []byte("223") {
		if err := c.expect(class); err != nil {
			return err
		}
	}
	if _, err := c.conn.Write(stuffed); err != nil {
		return err
	}
	return c.expect('2')
}

// expect reads one reply, of any number of lines, and checks its class.
func (c *lmtpClient) expect(class byte) error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) < 4 {
			return fmt.Errorf("not a reply: %q", line)
		}
		if line[3] == '-' {
			continue
		}
		if line[0] != class {
			return fmt.Errorf("the server says: %s", bytes.TrimSpace(line))
		}
		return nil
	}
}

// stuff prepares a message for DATA: doubled leading dots and the end mark
// (RFC 5321 §4.5.2).
func stuff(message []byte) []byte {
	stuffed := bytes.ReplaceAll(message, []byte("\r\n."), []byte("\r\n.."))
	if bytes.HasPrefix(stuffed, []byte(".")) {
		stuffed = append([]byte("."), stuffed...)
	}
	return append(stuffed, ".\r\n"...)
}
