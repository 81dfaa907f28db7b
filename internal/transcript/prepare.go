package transcript

import (
	"fmt"
	"strings"
)

// prepare makes the connection A, the mailbox $box with its messages, and
// the variables that every case has.
func (r *caseRun) prepare() error {
	r.setVariables()
	s, err := r.open(mainConnection)
	if err != nil {
		return err
	}
	worker := s
	apart := r.c.Start == "connected" || r.profile.caps["UTF8=ONLY"] // what is enabled stays enabled
	if apart && (r.c.makesBox || r.c.Inbox) {
		if worker, err = r.keepHouse(); err != nil {
			return err
		}
		defer worker.close()
	}
	if r.c.Start != "connected" {
		if err := s.login(r.account); err != nil {
			return err
		}
	}
	if err := r.furnish(worker); err != nil {
		return err
	}
	s.inbox = nil
	if r.c.Start == "connected" {
		return nil
	}
	if err := r.enable(s); err != nil || r.c.Start != "selected" {
		return err
	}
	return r.selectBox(s)
}

// keepHouse makes a connection for the runner's own work.
func (r *caseRun) keepHouse() (*session, error) {
	s, err := r.open(housekeeper)
	if err != nil {
		return nil, err
	}
	if err := s.login(r.account); err != nil {
		s.close()
		return nil, err
	}
	return s, s.takeUTF8(r.profile)
}

func (r *caseRun) setVariables() {
	r.vars = variables{
		"/": r.profile.separator, "box": r.prefix,
		"user": escape(r.account.User), "password": escape(r.account.Password),
	}
	r.setUsers()
	for name, text := range r.from.Messages {
		r.vars["size_"+name] = fmt.Sprint(len(text))
	}
}

// escape makes a name or password fit within the quotes of a C line, and
// within what unescape reads.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
}

// furnish empties INBOX and fills $box, as the header asks.
func (r *caseRun) furnish(s *session) error {
	if r.c.Inbox {
		if err := s.emptyInbox(); err != nil {
			return err
		}
	}
	if !r.c.makesBox {
		return nil
	}
	if _, err := s.line("CREATE %s", quote(r.prefix)); err != nil {
		return err
	}
	for i, p := range r.c.mailbox {
		if err := r.preload(s, i+1, p); err != nil {
			return err
		}
	}
	if len(r.c.mailbox) > 0 && r.vars["u1"] == "" {
		return r.learnUIDs(s)
	}
	return nil
}

func (s *session) emptyInbox() error {
	if _, err := s.line("SELECT INBOX"); err != nil {
		return err
	}
	if len(s.ledger.uids) > 0 {
		if _, err := s.line(`STORE 1:* +FLAGS.SILENT (\Deleted)`); err != nil {
			return err
		}
	}
	_, err := s.line("CLOSE")
	return err
}

// preload appends one message and binds $u1, $u2, ... from APPENDUID.
func (r *caseRun) preload(s *session, number int, p preload) error {
	text, err := r.message(p.message)
	if err != nil {
		return err
	}
	flags, err := r.vars.expandAll(p.flags)
	if err != nil {
		return err
	}
	lit := &sentLiteral{data: text, sync: !(r.profile.caps["LITERAL+"] || r.profile.caps["LITERAL-"] && len(text) <= 4096)}
	head := segment{fmt.Sprintf("APPEND %s (%s) ", quote(r.prefix), flags), lit}
	got, err := s.command(head, segment{})
	if err != nil {
		return err
	}
	if got.Name != "OK" {
		return fmt.Errorf("APPEND of %s: %s", p.message, got.Raw)
	}
	if got.codeName() == "APPENDUID" && len(got.Code) == 3 {
		r.vars["uidvalidity"] = got.Code[1].Text
		r.vars[fmt.Sprintf("u%d", number)] = got.Code[2].Text
	}
	return nil
}

// learnUIDs asks for the UIDs in a way that leaves \Recent alone.
func (r *caseRun) learnUIDs(s *session) error {
	if _, err := s.line("EXAMINE %s", quote(r.prefix)); err != nil {
		return err
	}
	r.noteCodes(s)
	if _, err := s.line("FETCH 1:* UID"); err != nil {
		return err
	}
	for i, uid := range s.ledger.uids {
		r.vars[fmt.Sprintf("u%d", i+1)] = fmt.Sprint(uid)
	}
	_, err := s.line("CLOSE")
	return err
}

// selectBox selects $box and binds $uidvalidity, $uidnext and $modseq.
func (r *caseRun) selectBox(s *session) error {
	if _, err := s.line("SELECT %s", quote(r.prefix)); err != nil {
		return err
	}
	r.noteCodes(s)
	s.inbox = nil
	return s.census()
}

// noteCodes binds what SELECT or EXAMINE told.
func (r *caseRun) noteCodes(s *session) {
	for _, got := range s.inbox {
		if len(got.Code) < 2 {
			continue
		}
		switch name := got.codeName(); name {
		case "UIDVALIDITY", "UIDNEXT":
			r.vars[strings.ToLower(name)] = got.Code[1].Text
		case "HIGHESTMODSEQ":
			r.vars["modseq"] = got.Code[1].Text
		}
	}
}

// cleanUp deletes the mailboxes of the run and closes its connections. A
// server that does not let it leaves rubbish behind, which no case minds.
func (r *caseRun) cleanUp() {
	r.wire.over = true
	for _, s := range r.sessions {
		s.close()
	}
	s, err := r.keepHouse()
	if err != nil {
		return
	}
	defer s.close()
	s.inbox = nil
	if _, err := s.line("LIST \"\" %s", quote(r.prefix+"*")); err != nil {
		return
	}
	names := make([]string, 0, len(s.inbox))
	for _, got := range s.inbox {
		if got.Name == "LIST" && len(got.Args) >= 3 {
			names = append(names, got.Args[2].Text)
		}
	}
	for i := len(names) - 1; i >= 0; i-- {
		tag := s.newTag()
		s.write(tag + " DELETE " + quote(names[i]) + "\r\n")
	}
	_ = s.flush()
	_, _ = s.line("LOGOUT")
}
