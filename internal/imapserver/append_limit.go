package imapserver

import (
	"github.com/restante/restante/internal/mail"
)

// appendLimit returns the largest message that APPEND puts into a mailbox of an
// account: what the configuration says of it or of its nearest superior, and
// never more than a literal may have (RFC 7889 §3). Rights and quotas are not
// looked at (§3.3).
func (s *Server) appendLimit(name string) int64 {
	limit := s.options.Limits.LiteralMax
	if len(s.options.AppendLimits) == 0 {
		return limit
	}
	normal, err := mail.NormalName(name)
	if err != nil {
		return limit
	}
	for ; normal != ""; normal = mail.ParentName(normal) {
		if own, ok := s.options.AppendLimits[normal]; ok {
			return min(own, limit)
		}
	}
	return limit
}

// hasAppendLimits reports whether mailboxes differ in what they take, so that a
// client has to ask about each (RFC 7889 §2).
func (s *Server) hasAppendLimits() bool { return len(s.options.AppendLimits) > 0 }

// normalLimits returns the limits by names as the store keeps them.
func normalLimits(limits map[string]int64) map[string]int64 {
	normal := make(map[string]int64, len(limits))
	for name, limit := range limits {
		if name, err := mail.NormalName(name); err == nil {
			normal[name] = limit
		}
	}
	return normal
}

// appendsTo takes note of where the messages of a command go.
func (s *session) appendsTo(to place) { s.appendMax, s.copied = s.server.appendLimit(to.name), 0 }
