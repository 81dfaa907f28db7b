package imapserver

import (
	"log/slog"
	"time"
	"unicode/utf8"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
)

// capability is CAPABILITY (RFC 9051 §6.1.1).
func (s *session) capability() (outcome, error) {
	s.enc.Capabilities(s.capabilities())
	return outcome{}, nil
}

// noop is NOOP, and CHECK of IMAP4rev1: every change is durable already, so
// that both only announce what happened (RFC 9051 §6.1.2, RFC 3501 §6.4.1).
func (s *session) noop() (outcome, error) { return outcome{}, nil }

// logout is LOGOUT (RFC 9051 §6.1.3).
func (s *session) logout() (outcome, error) {
	s.closeSelection()
	s.enc.Untagged(imap.StatusBye, nil, "Logging out")
	s.after = func() error {
		s.ended = "logged out"
		_ = s.enc.Flush()
		return errEnded
	}
	return outcome{}, nil
}

// startTLS is STARTTLS (RFC 9051 §6.2.1). The tagged OK is the last thing said
// in clear text.
func (s *session) startTLS() (outcome, error) {
	config := s.server.options.TLS
	switch {
	case s.conn.tlsState() != nil:
		return outcome{}, bad("TLS is active already")
	case config == nil:
		return outcome{}, no(imap.CodeCannot, "TLS is not offered")
	}
	s.after = func() error {
		if err := s.enc.Flush(); err != nil {
			return err
		}
		s.speak(nil) // it may be an attacker who chose (RFC 5255 §3.1, §7)
		return s.conn.startTLS(config, s.patience())
	}
	return outcome{text: "Begin TLS negotiation now"}, nil
}

// enable is ENABLE (RFC 9051 §6.3.1). What is not known is passed over.
func (s *session) enable(names []imap.Capability) (outcome, error) {
	enabled := []imap.Capability{}
	for _, f := range features {
		for _, name := range names {
			if !f.enable || !f.name.Equal(name) {
				continue
			}
			if name.Equal(imap.CapCondStore) || name.Equal(imap.CapQResync) {
				if err := s.enableModSeqs(); err != nil {
					return outcome{}, err
				}
			}
			s.dialect, _ = s.dialect.with(f.name)
			s.endSeqContexts()
			enabled = append(enabled, f.name)
			break
		}
	}
	if err := s.watchMetadata(); err != nil {
		return outcome{}, err
	}
	s.enc.SetMode(s.dialect.mode())
	s.enc.Enabled(enabled)
	return outcome{}, nil
}

// identify is ID (RFC 2971 §3). What the client says of itself goes into the log.
func (s *session) identify(fields []imap.IDField) (outcome, error) {
	var attrs []any
	for _, field := range fields[:min(len(fields), idFieldsMax)] {
		if !field.Nil {
			attrs = append(attrs, slog.String("client-"+shorten(field.Name), shorten(field.Value)))
		}
	}
	if len(attrs) > 0 {
		s.log.Debug("client identifies itself", attrs...)
	}
	answer := []imap.IDField{{Name: "name", Value: "Restante"}}
	if s.state != notAuthenticated && s.server.options.Version != "" {
		answer = append(answer, imap.IDField{Name: "version", Value: s.server.options.Version})
	}
	s.enc.ID(answer)
	return outcome{}, nil
}

// shorten cuts text that a client made up.
func shorten(text string) string {
	if len(text) <= idOctetsMax {
		return text
	}
	cut := idOctetsMax
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// namespace is NAMESPACE (RFC 9051 §6.3.10, RFC 2342 §5).
func (s *session) namespace() (outcome, error) {
	s.enc.Namespaces(s.namespaces())
	return outcome{}, nil
}

// namespaces returns what NAMESPACE tells.
func (s *session) namespaces() *imap.NamespaceData {
	of := func(prefix string) []imap.Namespace { return []imap.Namespace{{Prefix: prefix, Delimiter: delimiter}} }
	data := &imap.NamespaceData{
		Personal: of(""), Other: of(otherUsers + mail.Separator), Shared: of(shared + mail.Separator),
	}
	s.translateNamespaces(data)
	return data
}

// idle is IDLE (RFC 9051 §6.3.13): the session says what happens when it
// happens, until the client says DONE. Only the client ends its silence: what it
// is told meanwhile does not (RFC 2177 §3, RFC 9051 §5.4).
func (s *session) idle() (outcome, error) {
	s.enc.Continuation("idling")
	for end := time.Now().Add(s.patience()); ; {
		if err := s.sync(mailview.Send); err != nil {
			return outcome{}, err
		}
		s.tellUnsettled()
		if err := s.enc.Flush(); err != nil {
			return outcome{}, broken(err)
		}
		s.releaseBuffers()
		why, err := s.conn.wait(time.Until(end), true)
		if err != nil {
			return outcome{}, broken(err)
		}
		s.attachOutput()
		if why == inputWaits {
			return s.endIdle()
		}
		if err := s.wakeError(why); err != nil {
			return outcome{}, err
		}
	}
}

func (s *session) endIdle() (outcome, error) {
	if err := s.conn.limitReading(s.patience()); err != nil {
		return outcome{}, broken(err)
	}
	line, err := s.readLine()
	if err != nil {
		return outcome{}, err
	}
	if !(imap.Capability(line)).Equal("DONE") {
		return outcome{}, bad("DONE expected")
	}
	return outcome{}, nil
}

// readLine reads a line that is no command. An error is the answer to the
// command that wanted it, or that of a broken connection.
func (s *session) readLine() (string, error) {
	line, err := s.fragmenter.ReadLine(s.conn.reader())
	if err != nil {
		if isReplied(err) {
			return "", err
		}
		return "", broken(err)
	}
	return string(line), nil
}
