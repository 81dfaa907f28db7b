package transcript

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/xdg-go/scram"
)

// auth plays "auth SCRAM-SHA-256", as the run's account or, with "wrong"
// behind it, with a wrong password (RFC 5802, RFC 7677). The name of a channel
// binding behind that of a -PLUS mechanism asks for it.
func (r *caseRun) auth(s *session, st *step) error {
	mechanism, rest, _ := strings.Cut(st.text, " ")
	password := r.account.Password
	if rest == "wrong" {
		password += "x"
	}
	conversation, err := scramConversation(s, mechanism, rest, r.account.User, password)
	if err != nil {
		return err
	}
	tag := s.newTag()
	r.vars["tag"] = tag
	if _, err := s.send(tag, []segment{{text: "AUTHENTICATE " + mechanism}}); err != nil {
		return err
	}
	challenge := ""
	for {
		if err := s.flush(); err != nil {
			return err
		}
		got, err := s.untilPlus(tag)
		if err != nil {
			return r.explain(s, err)
		}
		if got.Tag == tag {
			if got.Name == "OK" && !conversation.Valid() {
				return errors.New("the server accepted without proving that it knows the password (RFC 5802 §3)")
			}
			return r.judge(s, st, []string{tag})
		}
		text, err := base64.StdEncoding.DecodeString(got.Text)
		if err != nil {
			return fmt.Errorf("the challenge %q is no base64: %w", got.Text, err)
		}
		challenge = string(text)
		answer, err := conversation.Step(challenge)
		if err != nil {
			return fmt.Errorf("the challenge %q: %w", challenge, err)
		}
		s.write(base64.StdEncoding.EncodeToString([]byte(answer)) + "\r\n")
	}
}

func scramConversation(s *session, mechanism, binding, user, password string) (*scram.ClientConversation, error) {
	name, plus := strings.CutSuffix(mechanism, "-PLUS")
	hash, ok := map[string]scram.HashGeneratorFcn{"SCRAM-SHA-256": scram.SHA256, "SCRAM-SHA-1": scram.SHA1}[name]
	if !ok {
		return nil, fmt.Errorf("the runner does not know the mechanism %q", mechanism)
	}
	client, err := hash.NewClient(user, password, "")
	if err != nil {
		return nil, err
	}
	if !plus {
		return client.NewConversation(), nil
	}
	conn, ok := s.net.(*tls.Conn)
	if !ok {
		return nil, errors.New("channel binding needs TLS")
	}
	state := conn.ConnectionState()
	var bound scram.ChannelBinding
	switch binding {
	case "tls-unique":
		bound = scram.NewTLSUniqueBinding(state.TLSUnique)
	case "tls-server-end-point":
		bound, err = scram.NewTLSServerEndpointBinding(&state)
	default:
		bound, err = scram.NewTLSExporterBinding(&state)
	}
	if err != nil {
		return nil, err
	}
	return client.NewConversationWithChannelBinding(bound), nil
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
