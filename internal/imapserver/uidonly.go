package imapserver

import (
	"log/slog"
	"slices"

	"github.com/restante/restante/imap"
)

// errUIDRequired refuses sequence numbers of a client that said it would do
// without them (RFC 9586 §3).
var errUIDRequired error = &reply{
	status: imap.StatusBad, code: imap.CodeUIDRequired, text: "Message numbers are not allowed once UIDONLY is enabled", level: slog.LevelDebug,
}

// endSeqContexts stops keeping results up to date that are told in sequence
// numbers, once none may be told any more (RFC 9586 §3, RFC 5267 §4.3.1).
func (s *session) endSeqContexts() {
	if s.mailbox == nil || s.dialect.takesSeqs() {
		return
	}
	for _, c := range s.mailbox.contexts {
		if !c.byUID {
			s.enc.Untagged(imap.StatusNo, imap.CodeNoUpdate{Tag: c.tag}, "Its results were message numbers")
		}
	}
	s.mailbox.contexts = slices.DeleteFunc(s.mailbox.contexts, func(c *searchContext) bool { return !c.byUID })
}
