package store

import (
	"encoding/binary"
	"iter"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// state is a mail.State: what the rows say of one account.
type state struct {
	store   *Store
	account *account
	rows    index.Reader
	over    []*plan // those among the rows that are not in the index
	head    index.Head

	structures structureRows
}

var _ mail.State = (*state)(nil)

func (s *state) ModSeq() imap.ModSeq                { return s.head.Position }
func (s *state) UIDValidityFloor() imap.UIDValidity { return s.head.Floor }

func (s *state) of(mailbox mail.MailboxID) boxRows {
	return boxRows{s.rows, s.account.id, mailbox}
}

func (s *state) Mailbox(id mail.MailboxID) (*mail.Mailbox, error) {
	value, err := s.rows.Get(index.MailboxKey(nil, s.account.id, id))
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, mail.ErrNoMailbox
	}
	return index.DecodeMailbox(id, value)
}

func (s *state) MailboxNamed(name string) (*mail.Mailbox, error) {
	value, err := s.rows.Get(index.NameKey(nil, s.account.id, name))
	if err != nil {
		return nil, err
	}
	if len(value) != 8 {
		return nil, mail.ErrNoMailbox
	}
	return s.Mailbox(mail.MailboxID(binary.BigEndian.Uint64(value)))
}

func (s *state) Mailboxes(prefix string) iter.Seq2[*mail.Mailbox, error] {
	return func(yield func(*mail.Mailbox, error) bool) {
		s.each(index.NameKey(nil, s.account.id, prefix), yieldError(yield), func(_, value []byte) bool {
			m, err := s.Mailbox(mail.MailboxID(binary.BigEndian.Uint64(value)))
			return yield(m, err) && err == nil
		})
	}
}

func (s *state) Subscriptions() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		s.each(index.SubscriptionKey(nil, s.account.id, ""), yieldError(yield), func(key, _ []byte) bool {
			return yield(index.TextOf(key), nil)
		})
	}
}

func (s *state) IsSubscribed(name string) (bool, error) {
	value, err := s.rows.Get(index.SubscriptionKey(nil, s.account.id, name))
	return value != nil, err
}

func (s *state) Entry(key string) ([]byte, error) {
	value, err := s.rows.Get(index.EntryKey(nil, s.account.id, key))
	if err == nil && value == nil {
		err = mail.ErrNoEntry
	}
	return value, err
}

func (s *state) Entries(prefix string) iter.Seq2[mail.Entry, error] {
	return func(yield func(mail.Entry, error) bool) {
		s.each(index.EntryKey(nil, s.account.id, prefix), yieldError(yield), func(key, value []byte) bool {
			return yield(mail.Entry{Key: index.TextOf(key), Value: append([]byte{}, value...)}, nil)
		})
	}
}

func yieldError[T any](yield func(T, error) bool) func(error) {
	return func(err error) {
		var none T
		yield(none, err)
	}
}

// each calls use with the rows under a prefix until it returns false, and
// fail with the error that ended the scan, if one did.
func (s *state) each(prefix []byte, fail func(error), use func(key, value []byte) bool) {
	cursor := s.rows.Scan(prefix, index.PrefixEnd(prefix))
	for cursor.Next() {
		if !use(cursor.Key(), cursor.Value()) {
			_ = cursor.Close() // whoever stops early has no use for an error
			return
		}
	}
	if err := cursor.Close(); err != nil {
		fail(err)
	}
}

func (s *state) UIDs(mailbox mail.MailboxID) (mail.UIDs, error) {
	if found, err := s.rows.Get(index.MailboxKey(nil, s.account.id, mailbox)); err != nil {
		return mail.UIDs{}, err
	} else if found == nil {
		return mail.UIDs{}, mail.ErrNoMailbox
	}
	at := s.head.Position
	if len(s.over) > 0 {
		at = s.over[0].position - 1
	}
	uids, found := s.store.uids.get(boxID{s.account.id, mailbox}, at)
	if found {
		for _, p := range s.over {
			for _, change := range p.uids {
				if change.mailbox == mailbox {
					uids = uids.Append(change.added).Remove(change.removed)
				}
			}
		}
		return uids, nil
	}
	var set imap.UIDSet
	err := s.of(mailbox).marks(allUIDs, func(mark *index.Mark) bool {
		set = set.Add(mark.UID)
		return true
	})
	if err != nil {
		return mail.UIDs{}, err
	}
	uids = mail.UIDsOf(set)
	if len(s.over) == 0 {
		s.store.uids.put(s.account, mailbox, at, uids)
	}
	return uids, nil
}

// allUIDs is the set of every UID there can be.
var allUIDs = imap.UIDSet{{Start: 1, Stop: 1<<32 - 1}}

func (s *state) FirstUnseen(mailbox mail.MailboxID) (imap.UID, error) {
	m, err := s.Mailbox(mailbox)
	if err != nil || m.Unseen == 0 {
		return 0, err
	}
	var first imap.UID
	failed := error(nil)
	s.each(index.BlockPrefix(nil, s.account.id, mailbox), func(err error) { failed = err }, func(key, value []byte) bool {
		first, failed = index.DecodeFirstUnseen(index.LastBlock(key), value)
		return first == 0 && failed == nil
	})
	return first, failed
}
