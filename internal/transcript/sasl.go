package transcript

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xdg-go/scram"
)

// auth plays "auth SCRAM-SHA-256", as the run's account (RFC 5802, RFC 7677). The
// name of a channel binding behind that of a -PLUS mechanism asks for it, and
// twists (scramTwists) do something otherwise.
func (r *caseRun) auth(s *session, st *step) error {
	mechanism, rest, _ := strings.Cut(st.text, " ")
	client, err := r.scramClient(s, mechanism, strings.Fields(rest))
	if err != nil {
		return err
	}
	s.inbox = nil
	tag := s.newTag()
	r.vars["tag"] = tag
	if _, err := s.send(tag, []segment{{text: "AUTHENTICATE " + mechanism}}); err != nil {
		return err
	}
	for {
		if err := s.flush(); err != nil {
			return err
		}
		got, err := s.untilPlus(tag)
		if err != nil {
			return r.explain(s, err)
		}
		if got.Tag == tag {
			if got.Name == "OK" && !client.serverIsProven {
				return errors.New("the server accepted without proving that it knows the password (RFC 5802 §5)")
			}
			return r.judge(s, st, []string{tag})
		}
		challenge, err := base64.StdEncoding.DecodeString(got.Text)
		if err != nil {
			return fmt.Errorf("the challenge %q is no base64: %w", got.Text, err)
		}
		answer, err := client.answer(string(challenge))
		if err != nil {
			return fmt.Errorf("the challenge %q: %w", challenge, err)
		}
		s.write(base64.StdEncoding.EncodeToString([]byte(answer)) + "\r\n")
	}
}

// scramClient makes the client that an auth step describes.
func (r *caseRun) scramClient(s *session, mechanism string, words []string) (*scramClient, error) {
	name, plus := strings.CutSuffix(mechanism, "-PLUS")
	client := &scramClient{hash: scramHashes[name], user: r.account.User, password: r.account.Password, strict: r.server.strict}
	if client.hash == nil {
		return nil, fmt.Errorf("the runner does not know the mechanism %q", mechanism)
	}
	if plus {
		client.bound = "tls-exporter"
	}
	for _, word := range words {
		switch {
		case slices.Contains(scramTwists, word):
			client.twists = append(client.twists, word)
		case plus && strings.HasPrefix(word, "tls-"):
			client.bound = word
		default:
			return nil, fmt.Errorf("%q is neither a channel binding nor one of %s", word, strings.Join(scramTwists, ", "))
		}
	}
	if client.twisted("wrong") {
		client.password += "x"
	}
	if !plus {
		return client, nil
	}
	conn, ok := s.net.(*tls.Conn)
	if !ok {
		return nil, errors.New("channel binding needs TLS")
	}
	state := conn.ConnectionState()
	var err error
	client.data, err = bindingData(client.bound, &state)
	return client, err
}

// bindingData returns what names the channel (RFC 5929, RFC 9266). Of a binding
// that nobody knows it is made up.
func bindingData(name string, state *tls.ConnectionState) ([]byte, error) {
	switch name {
	case "tls-unique":
		return state.TLSUnique, nil
	case "tls-server-end-point":
		bound, err := scram.NewTLSServerEndpointBinding(state)
		return bound.Data, err
	case "tls-exporter":
		bound, err := scram.NewTLSExporterBinding(state)
		return bound.Data, err
	}
	return []byte("made up"), nil
}

// untilPlus reads to a continuation request or the result.
func (s *session) untilPlus(tag string) (*Response, error) {
	for {
		r, err := s.read(s.deadline())
		if err != nil {
			return nil, err
		}
		if r.Tag == "+" || r.Tag == tag {
			return r, nil
		}
	}
}
