package pop3server

import (
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// capabilities is CAPA (RFC 2449 §5). The list depends on what the connection
// allows.
func (s *session) capabilities([]string) error {
	s.reply("Capability list follows")
	lines := []string{"TOP", "UIDL", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "EXPIRE NEVER"}
	if s.state == authorization {
		if s.passwordsAllowed() {
			lines = append(lines, "USER")
		}
		if s.server.options.TLS != nil && s.conn.tlsState() == nil {
			lines = append(lines, "STLS")
		}
	}
	if mechanisms := s.mechanisms(); len(mechanisms) > 0 {
		lines = append(lines, "SASL "+strings.Join(mechanisms, " "))
	}
	lines = append(lines, "IMPLEMENTATION Restante")
	for _, line := range lines {
		s.write(line + "\r\n")
	}
	s.endList()
	return nil
}

// quit is QUIT: after a login it removes what was marked, all or nothing
// (RFC 1939 §6).
func (s *session) quit([]string) error {
	if s.state == transaction && s.box.marked.Count() > 0 {
		var gone imap.UIDSet
		if _, err := s.box.account.Commit(s.server.context, mail.Remove(s.box.mailbox, s.box.markedUIDs(), &gone)); err != nil {
			reply, _ := refusalOf(err)
			s.log.Error("removal failed", "error", err)
			s.write("-ERR [" + codeTemporary + "] Nothing was removed: " + reply.text + "\r\n")
			return errEnd
		}
		s.removed = int(gone.Count())
	}
	s.reply("Good-bye")
	return errEnd
}
