package store

import (
	"cmp"
	"iter"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

func (s *state) Message(mailbox mail.MailboxID, uid imap.UID) (*mail.Message, error) {
	var found *mail.Message
	err := s.of(mailbox).messages(imap.UIDSet{{Start: uid, Stop: uid}}, func(m *mail.Message) bool {
		found = m
		return false
	})
	if err == nil && found == nil {
		err = mail.ErrNoMessage
	}
	return found, err
}

func (s *state) Messages(mailbox mail.MailboxID, set imap.UIDSet) iter.Seq2[*mail.Message, error] {
	return func(yield func(*mail.Message, error) bool) {
		err := s.of(mailbox).messages(set, func(m *mail.Message) bool { return yield(m, nil) })
		if err != nil {
			yield(nil, err)
		}
	}
}

func (s *state) Marks(mailbox mail.MailboxID, set imap.UIDSet) iter.Seq2[*mail.Message, error] {
	return func(yield func(*mail.Message, error) bool) {
		var m mail.Message
		err := s.of(mailbox).marks(set, func(mark *index.Mark) bool {
			m.UID, m.ModSeq, m.Flags = mark.UID, mark.ModSeq, mark.Flags
			return yield(&m, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// Readable merges the messages of a mailbox with those removed from it. The
// latter are few: they are read first.
func (s *state) Readable(mailbox mail.MailboxID, set imap.UIDSet) iter.Seq2[*mail.Message, error] {
	return func(yield func(*mail.Message, error) bool) {
		var removed []mail.Message
		err := s.of(mailbox).removed(set, func(m *mail.Message) bool {
			removed = append(removed, *m)
			return true
		})
		goOn := true
		before := func(uid imap.UID) bool {
			for goOn && len(removed) > 0 && removed[0].UID < uid {
				goOn = yield(&removed[0], nil)
				removed = removed[1:]
			}
			return goOn
		}
		if err == nil {
			err = s.of(mailbox).messages(set, func(m *mail.Message) bool {
				goOn = before(m.UID) && yield(m, nil)
				return goOn
			})
		}
		if goOn && err == nil {
			before(1<<32 - 1)
		}
		if goOn && err != nil {
			yield(nil, err)
		}
	}
}

// Changed reads the blocks of marks that changed after a position: each block
// is listed once, under its last change.
func (s *state) Changed(mailbox mail.MailboxID, after imap.ModSeq) iter.Seq2[*mail.Message, error] {
	return func(yield func(*mail.Message, error) bool) {
		if err := s.changed(mailbox, after, yield); err != nil {
			yield(nil, err)
		}
	}
}

func (s *state) changed(mailbox mail.MailboxID, after imap.ModSeq, yield func(*mail.Message, error) bool) error {
	if after >= s.head.Position {
		return nil
	}
	var numbers []uint32
	cursor := s.rows.Scan(
		index.ChangedKey(nil, s.account.id, mailbox, after+1, 0),
		index.PrefixEnd(index.ChangedPrefix(nil, s.account.id, mailbox)))
	for cursor.Next() {
		numbers = append(numbers, index.LastBlock(cursor.Key()))
	}
	if err := cursor.Close(); err != nil {
		return err
	}
	slices.SortFunc(numbers, cmp.Compare[uint32])
	var set imap.UIDSet
	for _, number := range numbers {
		first := index.FirstOf(number)
		set = append(set, imap.Range[imap.UID]{Start: max(first, 1), Stop: first | (index.FirstOf(1) - 1)})
	}
	var m mail.Message
	return s.of(mailbox).marks(set.Normal(), func(mark *index.Mark) bool {
		if mark.ModSeq <= after {
			return true
		}
		m.UID, m.ModSeq, m.Flags = mark.UID, mark.ModSeq, mark.Flags
		return yield(&m, nil)
	})
}

func (s *state) Removed(mailbox mail.MailboxID, after imap.ModSeq) (imap.UIDSet, bool, error) {
	m, err := s.Mailbox(mailbox)
	if err != nil || after >= s.head.Position {
		return nil, err == nil, err
	}
	var gone imap.UIDSet
	cursor := s.rows.Scan(
		index.RemovalKey(nil, s.account.id, mailbox, after+1),
		index.PrefixEnd(index.RemovalPrefix(nil, s.account.id, mailbox)))
	for err == nil && cursor.Next() {
		var removal index.Removal
		if removal, err = index.DecodeRemoval(cursor.Value()); err == nil {
			gone = append(gone, removal.UIDs...)
		}
	}
	if closeErr := cursor.Close(); err == nil {
		err = closeErr
	}
	return gone.Normal(), after >= m.VanishedFloor, err
}
