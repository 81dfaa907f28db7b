package imapserver

import (
	"bytes"
	"errors"
	"io"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/message"
)

// urlFetch is URLFETCH (RFC 4467 §7, RFC 5524 §3): each URL is answered with what
// it names, or with NIL for any reason. Each has a response of its own, so that
// nothing is held until all are read.
func (s *session) urlFetch(request []imap.URLFetchItem) (outcome, error) {
	for i := range request {
		s.fetchURL(&request[i])
		if err := s.enc.Err(); err != nil {
			return outcome{}, err
		}
	}
	return outcome{}, nil
}

func (s *session) fetchURL(item *imap.URLFetchItem) {
	f, u := s.openAuthorized(item.URL)
	if f != nil {
		defer f.bodies.Close()
	}
	e := s.enc.URLFetch(item.URL).SP()
	switch {
	case f == nil:
		e.Raw("NIL")
	case item.IsExtended():
		f.writeURLMetadata(item, u)
	default:
		f.writeURLContent(u)
	}
	e.CRLF()
}

// openAuthorized opens the message that a URL names, if the URL is proven and
// valid and may be used by this session; nil else. What the URL's user can read
// is what it gives access to, whoever uses it (RFC 4467 §7).
func (s *session) openAuthorized(text string) (*fetching, *imap.URL) {
	rump, _, token, proven := imap.SplitURLAuth(text)
	u, err := imap.ParseURL(text)
	if !proven || err != nil || len(text) > urlMax || u.Mechanism != imap.URLMechanismInternal || !u.IsMessage() || u.User == "" {
		return nil, nil
	}
	account := s.userAccount(u.User)
	found, at := s.findProven(account, &u, rump, token)
	switch {
	case found == nil, !s.maySee(u.Access), !u.Expire.IsZero() && s.now().After(u.Expire):
		return nil, nil
	}
	f, err := s.openByURL(at.account, found)
	if err != nil {
		s.log.Warn("cannot open message of a URL", "error", err.Error())
		return nil, nil
	}
	if _, has := f.span(&imap.FetchItem{Kind: imap.FetchSection, Section: u.Section}); !has {
		f.bodies.Close()
		return nil, nil
	}
	return f, &u
}

// findProven finds the message that a URL names, if its token is good. A token is
// computed in any case, so that nobody learns from the time it takes which users
// and mailboxes there are (RFC 4467 §6).
func (s *session) findProven(user mail.Account, u *imap.URL, rump, token string) (found *fetchedMessage, at place) {
	var key mail.URLKey
	var uidValidity imap.UIDValidity
	if user != nil {
		at, _ = s.locateFor(user, u.Mailbox)
	}
	if at.account != nil {
		var owner mail.URLKeyOwner
		_ = at.account.Read(s.context, func(state mail.State) error {
			mailbox, err := at.mailbox(state, mail.RightRead)
			if err != nil {
				return err
			}
			owner, uidValidity = keyOwner(user, at, mailbox), mailbox.UIDValidity
			found, err = messageByURL(state, mailbox, u)
			return err
		})
		if owner.Mailbox != 0 {
			_ = user.Read(s.context, func(state mail.State) (err error) {
				key, err = mail.URLKeyOf(state, owner)
				return err
			})
		}
	}
	none := key == mail.URLKey{}
	if none {
		key = newURLKey()
	}
	if !key.Proves(uidValidity, rump, token) || none {
		return nil, at
	}
	return found, at
}

// writeURLContent writes what a URL names as it is in the message.
func (f *fetching) writeURLContent(u *imap.URL) {
	item := urlItem(u)
	content, size, err := f.content(&item)
	if err != nil {
		f.fail(err)
		return
	}
	f.enc.LiteralFrom(withoutNUL{content}, size)
}

// writeURLMetadata writes what was asked for of a URL (RFC 5524 §3.2).
func (f *fetching) writeURLMetadata(item *imap.URLFetchItem, u *imap.URL) {
	measured, err := f.measureURL(item, u)
	if errors.Is(err, message.ErrUnknownEncoding) { // described as it is, and not given
		plain := *item
		plain.Binary = false
		measured, err = f.measureURL(&plain, u)
		measured.unknown = true
	}
	if err != nil {
		f.fail(err)
		return
	}
	separator := ""
	if item.BodyPartStructure {
		f.enc.Raw("(BODYPARTSTRUCTURE ")
		f.writeURLStructure(item, u, measured)
		f.enc.Raw(")")
		separator = " "
	}
	switch {
	case item.Body:
		f.enc.Raw(separator + "(BODY ")
		f.writeURLContent(u)
		f.enc.Raw(")")
	case item.Binary && measured.unknown:
		f.enc.Raw(separator + "(BINARY NIL)")
	case item.Binary:
		f.enc.Raw(separator + "(BINARY ")
		f.writeURLBinary(u, measured)
		f.enc.Raw(")")
	}
}

// measured is what is known of octets that were read once.
type measured struct {
	size, lines int64
	hasNUL      bool
	unknown     bool // the encoding is
}

// measureURL reads what will be returned.
func (f *fetching) measureURL(item *imap.URLFetchItem, u *imap.URL) (m measured, err error) {
	r, err := f.urlReader(u, item.Binary)
	if err != nil {
		return m, err
	}
	buffer := f.session.server.pools.output()
	defer f.session.server.pools.giveOutput(buffer)
	buffer = buffer[:cap(buffer)]
	for {
		n, err := r.Read(buffer)
		m.size += int64(n)
		m.lines += int64(bytes.Count(buffer[:n], []byte{'\n'}))
		m.hasNUL = m.hasNUL || bytes.IndexByte(buffer[:n], 0) >= 0
		if err == io.EOF {
			return m, nil
		}
		if err != nil {
			return m, err
		}
	}
}

// urlReader opens what a URL names; a part without its transfer encoding, if that
// is wanted. Of a header, a text or a message there is none to undo.
func (f *fetching) urlReader(u *imap.URL, decoded bool) (io.Reader, error) {
	item := urlItem(u)
	if !decoded || u.Section.Text != imap.SectionWhole || len(u.Section.Part) == 0 {
		r, _, err := f.content(&item)
		return r, err
	}
	r, err := f.decoded(&item)
	switch {
	case err != nil:
		return nil, err
	case r == nil:
		return nil, errNoSection
	case item.Partial.IsWhole():
		return r, nil
	}
	_, err = io.CopyN(io.Discard, r, int64(item.Partial.Offset))
	if err == io.EOF {
		err = nil // there is nothing so far behind
	}
	return io.LimitReader(r, int64(item.Partial.Length)), err
}

func (f *fetching) writeURLBinary(u *imap.URL, m measured) {
	r, err := f.urlReader(u, true)
	switch {
	case err != nil:
		f.fail(err)
	case m.hasNUL:
		f.enc.Literal8From(r, m.size)
	default:
		f.enc.LiteralFrom(r, m.size)
	}
}

// writeURLStructure describes the octets as they are returned: with the size of
// the run that the URL names, and without an encoding if that was undone.
func (f *fetching) writeURLStructure(item *imap.URLFetchItem, u *imap.URL, m measured) {
	form := f.session.dialect.bodyForm(true)
	part := f.describedPart(u)
	if part == nil {
		header := message.Part{Type: "text", Subtype: "rfc822-headers", Encoding: "8bit", Body: message.Span{End: m.size}, Lines: m.lines}
		writeBody(f.enc, &header, form)
		return
	}
	if len(u.Section.Part) > 0 && u.Section.Text == imap.SectionWhole {
		described := *part
		described.Body, described.Lines = message.Span{End: m.size}, m.lines
		if item.Binary && !m.unknown {
			described.Encoding = "binary"
		}
		part = &described
	}
	writeBody(f.enc, part, form)
}

// describedPart is the part that a URL names; the message's own for a message and
// its text; nil for a header.
func (f *fetching) describedPart(u *imap.URL) *message.Part {
	part := &f.at.structure.Root
	if len(u.Section.Part) > 0 {
		part = f.at.structure.Part(u.Section.Part)
	}
	switch u.Section.Text {
	case imap.SectionWhole:
	case imap.SectionBody:
		if part != nil && part.Message != nil {
			return &part.Message.Root
		}
	default:
		return nil
	}
	return part
}
