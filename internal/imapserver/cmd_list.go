package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// list is LIST, basic and extended (RFC 9051 §6.3.9, RFC 5258, RFC 6154 §5).
func (s *session) list(request imap.ListRequest) (outcome, error) {
	if !request.Extended && request.Patterns[0] == "" {
		// A question for the delimiter (RFC 9051 §6.3.9).
		s.enc.List(&imap.ListData{Attrs: []imap.MailboxAttr{imap.AttrNoSelect}, Delimiter: delimiter})
		return outcome{}, nil
	}
	if err := s.noteModSeqItem(request.Return.Status); err != nil {
		return outcome{}, err
	}
	patterns := newPatterns(&request)
	// What is found is written when the state is let go.
	var lines []listLine
	err := s.account.Read(s.context, func(state mail.State) error {
		tree, err := s.readTree(state, patterns, request.Select.Remote)
		if err != nil {
			return err
		}
		found := tree.list(&request, patterns, s.absentAttr(request.Extended))
		for i := range found {
			found[i].markUnreadable()
			if err := s.addStatus(state, &request, &found[i]); err != nil {
				return err
			}
			found[i].tellsMetadata = tellsMetadata(&request, &found[i])
		}
		lines = found
		return nil
	})
	if err != nil {
		return outcome{}, err
	}
	for i := range lines {
		line := &lines[i]
		s.enc.List(&line.data)
		if line.status != nil {
			s.enc.MailboxStatus(line.status)
		}
		if request.Return.MyRights && line.mailbox != nil && line.selected { // RFC 8440 §3
			s.enc.MyRights(&imap.MyRightsData{Mailbox: line.data.Mailbox, Rights: line.place.rights(line.mailbox).Told()})
		}
		if line.tellsMetadata {
			if err := s.listMetadata(&request, line); err != nil {
				return outcome{}, err
			}
		}
	}
	return outcome{}, nil
}

// absentAttr is what marks a name without a mailbox: clients that know only
// the basic LIST of rev1 have no \NonExistent (RFC 5258 §3).
func (s *session) absentAttr(extended bool) imap.MailboxAttr {
	if s.dialect.speaksRev1() && !extended {
		return imap.AttrNoSelect
	}
	return imap.AttrNonExistent
}

// markUnreadable says of a mailbox that may be listed and not read that it cannot
// be selected. RFC 5819 §2 demands it where STATUS is asked for; it is as true
// without the question (RFC 9051 §7.3.1).
func (l *listLine) markUnreadable() {
	if l.mailbox != nil && !l.place.rights(l.mailbox).Has(mail.RightRead) {
		l.data.Attrs = append(l.data.Attrs, imap.AttrNoSelect)
	}
}

// addStatus adds STATUS to a line where RETURN asks for it: not where only
// inferior names met the selection (RFC 9051 §6.3.9.8, example 11), nor where
// the mailbox may not be read (RFC 5819 §2).
func (s *session) addStatus(state mail.State, request *imap.ListRequest, line *listLine) error {
	if len(request.Return.Status) == 0 || line.mailbox == nil || !line.selected ||
		!line.place.rights(line.mailbox).Has(mail.RightRead) {
		return nil
	}
	return s.within(state, line.place, func(state mail.State) error {
		data, err := s.statusOf(state, *line.place, line.mailbox, request.Return.Status)
		if err == nil {
			line.status = &data
		}
		return err
	})
}

// tellsMetadata reports whether METADATA goes with a line, where RETURN asks for it:
// with mailboxes that meet the selection, and whose metadata the user may read
// (RFC 9590 §3).
func tellsMetadata(request *imap.ListRequest, line *listLine) bool {
	return request.Return.Metadata != nil && line.mailbox != nil && line.selected && line.place.permitMetadata(line.mailbox) == nil
}

// listMetadata tells the metadata of a line, which is read only now: that of many
// mailboxes would fill the memory.
func (s *session) listMetadata(request *imap.ListRequest, line *listLine) error {
	question := metadataQuestion{entries: request.Return.Metadata}
	_, err := s.answerMetadata(question, func() (name string, values []namedValue, err error) {
		err = line.place.account.Read(s.context, func(state mail.State) error {
			values, err = s.metadataOf(state, line.place, line.mailbox)
			return err
		})
		return line.data.Mailbox, values, err
	})
	return ignoreGone(err)
}

// lsub is LSUB (RFC 3501 §6.3.9): the subscribed names, and, for "%", the
// levels above subscribed names as \Noselect.
func (s *session) lsub(request imap.ListRequest) (outcome, error) {
	if request.Patterns[0] == "" {
		s.enc.Lsub(&imap.ListData{Attrs: []imap.MailboxAttr{imap.AttrNoSelect}, Delimiter: delimiter})
		return outcome{}, nil
	}
	var lines []imap.ListData
	err := s.account.Read(s.context, func(state mail.State) error {
		tree, err := s.readTree(state, nil, request.Select.Remote)
		if err == nil {
			lines = tree.lsub(newPattern(request.Reference, request.Patterns[0]))
		}
		return err
	})
	for i := range lines {
		s.enc.Lsub(&lines[i])
	}
	return outcome{}, err
}

// listDataOf describes one mailbox as LIST does. What a mailbox is for is its
// owner's business: others would take it for theirs.
func listDataOf(state mail.State, place place, mailbox *mail.Mailbox) (imap.ListData, error) {
	data := imap.ListData{Mailbox: place.shown(mailbox.Name), Delimiter: delimiter}
	child := imap.AttrHasNoChildren
	for inferior, err := range state.Mailboxes(mailbox.Name + mail.Separator) {
		if err != nil {
			return data, err
		}
		if place.rights(inferior).Visible() {
			child = imap.AttrHasChildren
			break
		}
	}
	data.Attrs = []imap.MailboxAttr{child}
	if place.isHome() {
		data.Attrs = append(data.Attrs, mailbox.SpecialUse...)
	}
	return data, nil
}
