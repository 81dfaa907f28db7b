package imapserver

import (
	"errors"
	"log/slog"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mailview"
)

// execute carries one command out and answers it. An error ends the session.
func (s *session) execute(frags *imapwire.Fragments) error {
	s.commands++
	tag := frags.Tag()
	if tag == "" {
		return s.refuseUntagged(frags)
	}
	start := s.now()
	s.tag = tag
	row, run, err := s.understand(frags, tag)
	name := "unknown"
	var out outcome
	if row != nil {
		name = row.name
	}
	if err == nil {
		out, err = run(s)
	} else if abandoned := s.fragmenter.Abandon(s.conn.reader()); abandoned != nil {
		return s.readError(abandoned)
	}
	if s.enc.Err() != nil {
		return s.enc.Err()
	}
	if broken := new(brokenError); errors.As(err, &broken) {
		return s.readError(broken.err)
	}
	status, err := s.complete(tag, row, out, err)
	s.server.options.Hooks.Command(name, string(status), s.now().Sub(start))
	return err
}

// brokenError is that of a connection that cannot be used any more.
type brokenError struct{ err error }

func (b *brokenError) Error() string { return b.err.Error() }

func broken(err error) error { return &brokenError{err} }

// refuseUntagged answers what has no tag to answer to.
func (s *session) refuseUntagged(frags *imapwire.Fragments) error {
	text := "Every command begins with a tag"
	if fault := frags.Fault(); fault != nil {
		text = explain(fault).text
	} else if frags.Empty() {
		text = "Empty command line" // RFC 9051 §7.1.3
	}
	if err := s.fragmenter.Abandon(s.conn.reader()); err != nil {
		return s.readError(err)
	}
	s.enc.Untagged(imap.StatusBad, nil, text)
	return s.countBad()
}

// understand finds a command's row and reads its arguments.
func (s *session) understand(frags *imapwire.Fragments, tag string) (*command, request, error) {
	s.decoder.Reset(frags, s.dialect.mode(), s.limits)
	d := &s.decoder
	d.Tag()
	name := d.Command()
	row := s.server.commands[name]
	if fault := frags.Fault(); fault != nil {
		return row, nil, fault
	}
	if err := d.Err(); err != nil {
		return row, nil, err
	}
	if err := s.allowed(row, name); err != nil {
		return row, nil, err
	}
	run, err := row.parse(d, tag)
	return row, run, err
}

// allowed says whether a command exists and may be given now.
func (s *session) allowed(row *command, name string) error {
	switch {
	case row == nil:
		return bad("Unknown command")
	case row.in&s.state != 0:
		if s.server.options.UTF8Only && s.demandsUTF8(row) {
			return errUTF8Required
		}
		if row.class&takesSeqs != 0 && !s.dialect.takesSeqs() {
			return errUIDRequired
		}
		return nil
	case s.state == notAuthenticated:
		return bad("Log in first")
	case row.in == notAuthenticated:
		return bad("Already logged in")
	}
	return bad("No mailbox is selected")
}

// complete ends a command: it announces what others did, as far as the
// command's class allows, and writes the tagged line.
func (s *session) complete(tag string, row *command, out outcome, err error) (imap.Status, error) {
	answer := &reply{status: imap.StatusOK, code: out.code, text: out.text, level: slog.LevelDebug}
	if err != nil {
		answer = explain(err)
	}
	if answer.status == imap.StatusBye {
		return answer.status, answer
	}
	if answer.status != imap.StatusBad && row.class&quiet == 0 {
		removals := mailview.Send
		if row.class&usesSeqs != 0 || out.hold {
			removals = mailview.Hold
		}
		allowed := s.tellable(removals)
		allowed.Removals = allowed.Removals || out.removes
		if err := s.syncOnly(allowed); err != nil {
			return answer.status, err
		}
		if answer.status == imap.StatusOK && answer.code == nil {
			answer.code = s.unsettled()
		}
		s.tellUnsettled()
	}
	if answer.text == "" {
		answer.text = row.name + " completed"
	}
	s.enc.Status(tag, answer.status, answer.code, answer.text)
	s.logCommand(row, answer)
	if after := s.after; after != nil {
		s.after = nil
		return answer.status, after()
	}
	if answer.status == imap.StatusBad {
		return answer.status, s.countBad()
	}
	s.badInRow = 0
	return answer.status, nil
}

// countBad ends a session that speaks something else than IMAP.
func (s *session) countBad() error {
	if s.badInRow++; s.badInRow >= s.server.options.Limits.ErrorsMax {
		return bye(imap.CodeClientBug, "Too many malformed commands")
	}
	return nil
}

// logCommand writes the one line of a command. It names no arguments.
func (s *session) logCommand(row *command, answer *reply) {
	if !s.log.Enabled(s.context, answer.level) {
		return
	}
	name := "unknown"
	if row != nil {
		name = row.name
	}
	attrs := []slog.Attr{slog.String("command", name), slog.String("status", string(answer.status))}
	if answer.status != imap.StatusOK {
		attrs = append(attrs, slog.String("text", answer.text))
	}
	if answer.cause != nil {
		attrs = append(attrs, slog.String("error", answer.cause.Error()))
	}
	s.log.LogAttrs(s.context, answer.level, "command", attrs...)
}
