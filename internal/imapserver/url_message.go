package imapserver

import (
	"bytes"
	"errors"
	"io"
	"math"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
)

// errNoSection says that a message has no such part.
var errNoSection = errors.New("no such part of the message")

// messageByURL finds the message that a URL names in a mailbox, with its
// structure. A URL of an earlier mailbox of the name names nothing
// (RFC 5092 §5). ErrNoMailbox, ErrNoMessage.
func messageByURL(state mail.State, mailbox *mail.Mailbox, u *imap.URL) (*fetchedMessage, error) {
	if u.UIDValidity != 0 && u.UIDValidity != mailbox.UIDValidity {
		return nil, mail.ErrNoMailbox
	}
	m, err := state.Message(mailbox.ID, u.UID)
	if err != nil {
		return nil, err
	}
	found := &fetchedMessage{meta: *m}
	found.structure, err = state.Structure(m.Email)
	return found, err
}

// urlItem is the item of FETCH that answers a URL (RFC 5092 §6).
func urlItem(u *imap.URL) imap.FetchItem {
	item := imap.FetchItem{Kind: imap.FetchSection, Section: u.Section, Peek: true}
	if u.HasPartial {
		item.Partial = u.Partial
		if item.Partial.Length == 0 { // up to the end
			item.Partial.Length = math.MaxInt64
		}
	}
	return item
}

// openByURL makes a FETCH of one message of any account. The caller closes its
// bodies.
func (s *session) openByURL(account mail.Account, found *fetchedMessage) (*fetching, error) {
	f := &fetching{session: s, enc: s.enc, bodies: account.Bodies(), at: found}
	if err := f.open(); err != nil {
		f.bodies.Close()
		return nil, err
	}
	return f, nil
}

// content opens the octets that BODY[…] answers, as they are stored.
// errNoSection if the message does not have the section.
func (f *fetching) content(item *imap.FetchItem) (r io.Reader, size int64, err error) {
	span, ok := f.span(item)
	switch {
	case !ok:
		return nil, 0, errNoSection
	case item.Section.Text != imap.SectionHeaderFields && item.Section.Text != imap.SectionHeaderFieldsNot:
		span = narrow(span, item.Partial)
		return io.NewSectionReader(f.body, span.Start, span.Len()), span.Len(), nil
	case span.Len() > headerInMemory:
		return f.filterLarge(item, span)
	}
	header, err := f.read(span)
	if err != nil {
		return nil, 0, err
	}
	not := item.Section.Text == imap.SectionHeaderFieldsNot
	octets := cut(message.FilterHeader(nil, header, item.Section.Fields, not), item.Partial)
	return bytes.NewReader(octets), int64(len(octets)), nil
}
