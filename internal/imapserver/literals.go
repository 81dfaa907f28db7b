package imapserver

import (
	"log/slog"
	"strconv"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mail"
)

// Admit decides about a literal before the client is told to send it
// (imapwire.Handler): whether the command exists, may be given now, and may
// bring so much.
func (s *session) Admit(literal imapwire.Announcement) (imapwire.Verdict, error) {
	limits := &s.server.options.Limits
	if err := s.unaskedTooBig(literal); err != nil {
		return imapwire.Refuse, err
	}
	if s.streaming && !literal.Annotation {
		return s.admitMessage(literal)
	}
	row := s.server.commands[literal.Command]
	if err := s.allowed(row, literal.Command); err != nil {
		return imapwire.Refuse, err
	}
	if s.state == notAuthenticated {
		if literal.SizeOctets > uint64(limits.LiteralEarlyMax) {
			return imapwire.Refuse, tooBig(limits.LiteralEarlyMax)
		}
		return imapwire.Buffer, nil
	}
	if err := tooBigValue(literal); err != nil {
		return imapwire.Refuse, err
	}
	if row.class&streams != 0 && !literal.Leading && !literal.Annotation {
		return s.admitMessage(literal)
	}
	return imapwire.Buffer, nil
}

// unaskedTooBig refuses a literal that should not come without being asked for,
// where LITERAL- is offered (RFC 7888 §5).
func (s *session) unaskedTooBig(literal imapwire.Announcement) error {
	if !literal.NonSync || !s.server.options.LiteralMinus || literal.SizeOctets <= literalMinusMax {
		return nil
	}
	return &reply{
		status: imap.StatusBad, code: imap.CodeTooBig, level: slog.LevelDebug,
		text: "Ask before a literal of more than 4096 octets is sent",
	}
}

// admitMessage decides about a message of APPEND.
func (s *session) admitMessage(literal imapwire.Announcement) (imapwire.Verdict, error) {
	largest := s.server.options.Limits.LiteralMax
	if literal.SizeOctets > uint64(largest) {
		return imapwire.Refuse, tooBig(largest)
	}
	s.unasked = literal.NonSync
	return imapwire.Stream, nil
}

// tooBig refuses a literal (RFC 7889 §4).
func tooBig(largest int64) error {
	return no(imap.CodeTooBig, "A literal may have no more than "+strconv.FormatInt(largest, 10)+" octets here")
}

// Continue asks the client for a literal (imapwire.Handler).
func (s *session) Continue() error {
	s.attachOutput()
	s.enc.Continuation("Ready for literal")
	return s.enc.Flush()
}

// tooBigValue refuses values of metadata and annotations that are too long to be
// kept, before they are sent (RFC 5464 §4.3, RFC 5257 §4.5).
func tooBigValue(literal imapwire.Announcement) error {
	switch {
	case literal.Command == "SETMETADATA" && literal.SizeOctets > mail.MetadataValueMax:
		return mail.ErrMetadataTooBig
	case literal.Annotation && literal.SizeOctets > mail.AnnotationValueMax:
		return mail.ErrAnnotationTooBig
	}
	return nil
}
