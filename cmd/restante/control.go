package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The control socket lies in the store's directory, for its owner alone. One
// connection carries one request and the replies to it, each a line of JSON:
// any number that tell progress or parts of a text, and the last.
const (
	controlName    = "control"
	controlLineMax = 16 << 20
	controlTimeout = 10 * time.Second // for the request to arrive
	// socketPathMax is what the system takes as the path of a socket.
	socketPathMax = 100
)

// controlRequest asks for an operation.
type controlRequest struct {
	Operation string          `json:"operation"`
	Arguments json.RawMessage `json:"arguments"`
}

// controlReply answers it; Result may be set beside Error, for what was done
// before it failed.
type controlReply struct {
	Progress *progress       `json:"progress,omitempty"`
	Text     string          `json:"text,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"`
	Error    string          `json:"error,omitempty"`
}

// errNoServer says that nobody listens on a store's socket.
var errNoServer = errors.New("no server is running on this store")

// withSocketPath calls use with a path to the socket that is short enough for
// the system: through the open directory if the real one is too long.
func withSocketPath(data string, use func(path string) error) error {
	path := filepath.Join(data, controlName)
	if len(path) <= socketPathMax {
		return use(path)
	}
	dir, err := os.Open(data)
	if err != nil {
		return err
	}
	defer dir.Close()
	return use(fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), controlName))
}

// askServer sends a request to the server of a store. errNoServer if there is
// none.
func askServer(ctx context.Context, data string, request controlRequest, tell teller) (json.RawMessage, error) {
	var conn net.Conn
	err := withSocketPath(data, func(path string) (err error) {
		conn, err = new(net.Dialer).DialContext(ctx, "unix", path)
		return err
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w (%w)", errNoServer, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(request); err != nil {
		return nil, err
	}
	lines := controlLines(conn)
	for lines.Scan() {
		var reply controlReply
		if err := json.Unmarshal(lines.Bytes(), &reply); err != nil {
			return nil, fmt.Errorf("the server answered something else: %w", err)
		}
		switch {
		case reply.Progress != nil:
			tell.progress(*reply.Progress)
		case reply.Text != "":
			tell.print(reply.Text)
		case reply.Error != "":
			return reply.Result, errors.New(reply.Error)
		default:
			return reply.Result, nil
		}
	}
	return nil, fmt.Errorf("the server did not answer: %w", cmp.Or(ctx.Err(), lines.Err(), io.ErrUnexpectedEOF))
}

// controlLines reads lines of the protocol.
func controlLines(conn net.Conn) *bufio.Scanner {
	scanner := bufio.NewScanner(conn)
	scanner.Buffer(nil, controlLineMax)
	return scanner
}
