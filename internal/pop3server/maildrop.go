package pop3server

import (
	"context"
	"errors"
	"strconv"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/mail"
)

// maildrop is INBOX as it was at the login.
type maildrop struct {
	readOnly bool // opened by nobody in particular
	server   *Server
	login    string
	account  mail.Account
	mailbox  mail.MailboxID
	validity imap.UIDValidity
	uids     mail.UIDs
	marked   marks
	bodies   mail.BodyReader
}

// open takes the snapshot. An account that has no INBOX yet gets one.
func (s *Server) open(identity auth.Identity) (*maildrop, error) {
	account, err := s.options.Store.Account(s.context, identity.Account)
	if err != nil {
		return nil, err
	}
	box := &maildrop{server: s, login: identity.Login, account: account}
	err = account.Read(s.context, box.take)
	if errors.Is(err, mail.ErrNoMailbox) {
		if _, err = account.Commit(s.context, mail.ProvisionAccount(s.options.Now())); err == nil {
			err = account.Read(s.context, box.take)
		}
	}
	if err != nil {
		return nil, err
	}
	if identity.Anonymous {
		box.account = mail.ReadOnly(account)
	}
	box.bodies, box.readOnly = account.Bodies(), identity.Anonymous
	return box, nil
}

func (b *maildrop) take(state mail.State) error {
	inbox, err := state.MailboxNamed(mail.Inbox)
	if err != nil {
		return err
	}
	b.mailbox, b.validity = inbox.ID, inbox.UIDValidity
	b.uids, err = state.UIDs(inbox.ID)
	return err
}

func (b *maildrop) close() { _ = b.bodies.Close() }

// item is one message of the snapshot.
type item struct {
	position int // counted from 0; message-numbers are one more
	uid      imap.UID
	body     mail.BodyRef
	stored   int64 // octets in the store
}

var (
	errNoSuchMessage = refuse("No such message")
	errMarked        = refuse("Message is marked as deleted")
)

// position reads a message-number (RFC 1939 §3) of a message that is not
// marked as deleted.
func (b *maildrop) position(argument string) (int, error) {
	number, err := strconv.ParseUint(argument, 10, 32)
	if err != nil || number == 0 || number > uint64(b.uids.Len()) {
		return 0, errNoSuchMessage
	}
	if b.marked.Has(int(number - 1)) {
		return 0, errMarked
	}
	return int(number - 1), nil
}

// item looks a message up, also if others have removed it since.
func (b *maildrop) item(ctx context.Context, position int) (item, error) {
	uid := b.uids.At(position)
	found, err := b.portion(ctx, imap.SetOf(uid), nil)
	if err == nil && len(found) == 0 {
		err = mail.ErrNoMessage
	}
	if err != nil {
		return item{}, err
	}
	return found[0], nil
}

// portion appends the messages of a set that are still kept.
func (b *maildrop) portion(ctx context.Context, set imap.UIDSet, to []item) ([]item, error) {
	start := len(to)
	err := b.account.Read(ctx, func(state mail.State) error {
		to = to[:start]
		for m, err := range state.Readable(b.mailbox, set) {
			if err != nil {
				return err
			}
			if position, ok := b.uids.Position(m.UID); ok {
				to = append(to, item{position, m.UID, m.Body, m.Size})
			}
		}
		return nil
	})
	return to, err
}

// each calls use with every message that is not marked, outside of any read
// of the store.
func (b *maildrop) each(ctx context.Context, use func(item) error) error {
	var items []item
	for first := 0; first < b.uids.Len(); first += portionMax {
		last := min(first+portionMax, b.uids.Len()) - 1
		span := imap.UIDSet{{Start: b.uids.At(first), Stop: b.uids.At(last)}}
		var err error
		if items, err = b.portion(ctx, b.uids.Within(span), items[:0]); err != nil {
			return err
		}
		for _, it := range items {
			if b.marked.Has(it.position) {
				continue
			}
			if err := use(it); err != nil {
				return err
			}
		}
	}
	return nil
}

// markedUIDs returns the messages that QUIT removes.
func (b *maildrop) markedUIDs() imap.UIDSet {
	var set imap.UIDSet
	for position := range b.marked.All() {
		set = set.Add(b.uids.At(position))
	}
	return set
}

// wireSize returns how many octets RETR sends for a message. One that cannot
// be read has its stored size, so that it does not stand in the way of the
// others.
func (b *maildrop) wireSize(it item) (int64, error) {
	size, err := b.measure(it)
	if errors.Is(err, mail.ErrNoMessage) || errors.Is(err, mail.ErrCorrupt) {
		return it.stored, nil
	}
	return size, err
}

func (b *maildrop) measure(it item) (int64, error) {
	if size, ok := b.server.sizes.get(it.body.ID); ok {
		return size, nil
	}
	body, err := b.bodies.Open(it.body)
	if err != nil {
		return 0, err
	}
	buffer := b.server.buffers.Get().(*[bufferSize]byte)
	defer b.server.buffers.Put(buffer)
	var measured lineCounter
	if err := readBody(body, buffer[:], measured.count); err != nil {
		return 0, err
	}
	size := measured.size()
	b.server.sizes.put(it.body.ID, size)
	return size, nil
}
