package e2e

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/xdg-go/scram"
)

// Aim: SCRAM with each channel binding logs in over the wire, by IMAP and by
// POP3, under implicit TLS of each version; and a binding of another
// connection, as a man in the middle would bring, does not.
func TestScramOverTheWire(t *testing.T) {
	server := Start(t, 1)
	for _, protocol := range []string{"imaps", "pop3s"} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			for _, kind := range []scram.ChannelBindingType{scram.ChannelBindingNone, scram.ChannelBindingTLSExporter, scram.ChannelBindingTLSServerEndpoint} {
				d := newScramDialog(t, server, protocol, version)
				if got := d.login(d.binding(kind)); got != "OK" && got != "+OK" {
					t.Errorf("%s, %s, %q: %s", protocol, tls.VersionName(version), kind, got)
				}
			}
			d, other := newScramDialog(t, server, protocol, version), newScramDialog(t, server, protocol, version)
			if got := d.login(other.binding(scram.ChannelBindingTLSExporter)); got != "NO" && got != "-ERR" {
				t.Errorf("%s, %s, the binding of another connection: %s", protocol, tls.VersionName(version), got)
			}
		}
	}
}

// scramDialog is one login of a client.
type scramDialog struct {
	t        *testing.T
	protocol string
	conn     *tls.Conn
	in       *bufio.Reader
}

func newScramDialog(t *testing.T, server *Server, protocol string, version uint16) *scramDialog {
	t.Helper()
	raw, err := net.Dial("tcp", server.Addresses[protocol])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	d := &scramDialog{t: t, protocol: protocol, conn: tls.Client(raw, &tls.Config{InsecureSkipVerify: true, MaxVersion: version})}
	d.in = bufio.NewReader(d.conn)
	d.line()
	return d
}

func (d *scramDialog) line() string {
	d.t.Helper()
	line, err := d.in.ReadString('\n')
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.TrimRight(line, "\r\n")
}

func (d *scramDialog) binding(kind scram.ChannelBindingType) scram.ChannelBinding {
	d.t.Helper()
	state := d.conn.ConnectionState()
	var binding scram.ChannelBinding
	var err error
	switch kind {
	case scram.ChannelBindingTLSExporter:
		binding, err = scram.NewTLSExporterBinding(&state)
	case scram.ChannelBindingTLSServerEndpoint:
		binding, err = scram.NewTLSServerEndpointBinding(&state)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return binding
}

// login runs the exchange and returns how the server ended it.
func (d *scramDialog) login(binding scram.ChannelBinding) string {
	d.t.Helper()
	client, err := scram.SHA256.NewClient("u0001", Password, "")
	if err != nil {
		d.t.Fatal(err)
	}
	mechanism, conversation := "SCRAM-SHA-256", client.NewConversation()
	if binding.IsSupported() {
		mechanism, conversation = "SCRAM-SHA-256-PLUS", client.NewConversationWithChannelBinding(binding)
	}
	command := "a AUTHENTICATE "
	if d.protocol == "pop3s" {
		command = "AUTH "
	}
	first, err := conversation.Step("")
	if err != nil {
		d.t.Fatal(err)
	}
	fmt.Fprintf(d.conn, "%s%s %s\r\n", command, mechanism, base64.StdEncoding.EncodeToString([]byte(first)))
	for {
		challenge, ok := strings.CutPrefix(d.line(), "+ ")
		if !ok {
			return strings.Fields(strings.TrimPrefix(challenge, "a "))[0]
		}
		text, err := base64.StdEncoding.DecodeString(challenge)
		if err != nil {
			d.t.Fatal(err)
		}
		response, err := conversation.Step(string(text))
		if err != nil {
			d.t.Fatal(err)
		}
		fmt.Fprintf(d.conn, "%s\r\n", base64.StdEncoding.EncodeToString([]byte(response)))
	}
}
