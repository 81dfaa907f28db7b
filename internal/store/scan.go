package store

import (
	"errors"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// getsMax is how many rows are looked up one by one; a cursor is dearer to
// make than that.
const getsMax = 4

// boxRows reads the rows of one mailbox.
type boxRows struct {
	rows    index.Reader
	account mail.AccountID
	mailbox mail.MailboxID
}

// blocks calls use with the blocks of marks that hold UIDs of a set,
// ascending, until it returns false. The block is used again for the next.
func (r boxRows) blocks(set imap.UIDSet, use func(number uint32, block *index.Block) bool) error {
	if len(set) == 0 {
		return nil
	}
	first, last := index.BlockOf(set[0].Start), index.BlockOf(set[len(set)-1].Stop)
	if last-first < getsMax {
		return r.getBlocks(first, last, use)
	}
	cursor := r.rows.Scan(
		index.BlockKey(nil, r.account, r.mailbox, first),
		append(index.BlockKey(nil, r.account, r.mailbox, last), 0))
	return errors.Join(r.scanBlocks(cursor, set, use), cursor.Close())
}

func (r boxRows) getBlocks(first, last uint32, use func(uint32, *index.Block) bool) error {
	var block index.Block
	var room [32]byte
	for number := first; number <= last; number++ {
		value, err := r.rows.Get(index.BlockKey(room[:0], r.account, r.mailbox, number))
		if err != nil {
			return err
		}
		if value == nil {
			continue
		}
		if err := block.Decode(number, value); err != nil {
			return err
		}
		if !use(number, &block) {
			return nil
		}
	}
	return nil
}

func (r boxRows) scanBlocks(cursor index.Cursor, set imap.UIDSet, use func(uint32, *index.Block) bool) error {
	var block index.Block
	for more := cursor.Next(); more; {
		number := index.LastBlock(cursor.Key())
		for len(set) > 0 && index.BlockOf(set[0].Stop) < number {
			set = set[1:]
		}
		if len(set) == 0 {
			return nil
		}
		if wanted := index.BlockOf(set[0].Start); wanted > number {
			more = cursor.Seek(index.BlockKey(nil, r.account, r.mailbox, wanted))
			continue
		}
		if err := block.Decode(number, cursor.Value()); err != nil {
			return err
		}
		if !use(number, &block) {
			return nil
		}
		// A step goes through every version of a row that was written often; a
		// seek does not. So only a range that goes on is stepped through.
		for len(set) > 0 && index.BlockOf(set[0].Stop) <= number {
			set = set[1:]
		}
		if len(set) == 0 {
			return nil
		}
		if wanted := index.BlockOf(set[0].Start); wanted > number {
			more = cursor.Seek(index.BlockKey(nil, r.account, r.mailbox, wanted))
		} else {
			more = cursor.Next()
		}
	}
	return nil
}

// marks calls use with the marks that a set names, ascending, until it
// returns false.
func (r boxRows) marks(set imap.UIDSet, use func(*index.Mark) bool) error {
	rest := set
	return r.blocks(set, func(_ uint32, block *index.Block) bool {
		for i := range block.Marks {
			mark := &block.Marks[i]
			for len(rest) > 0 && rest[0].Stop < mark.UID {
				rest = rest[1:]
			}
			if len(rest) == 0 {
				return false
			}
			if rest[0].Start <= mark.UID && !use(mark) {
				return false
			}
		}
		return true
	})
}

// messages calls use with the messages that a set names, ascending, until it
// returns false. The message is used again for the next.
func (r boxRows) messages(set imap.UIDSet, use func(*mail.Message) bool) error {
	if len(set) == 0 {
		return nil
	}
	if len(set) <= getsMax && set.Count() <= getsMax {
		return r.getMessages(set, use)
	}
	marks := r.rows.Scan(
		index.BlockKey(nil, r.account, r.mailbox, index.BlockOf(set[0].Start)),
		index.PrefixEnd(index.BlockPrefix(nil, r.account, r.mailbox)))
	rows := r.rows.Scan(
		r.messageKey(set[0].Start),
		append(r.messageKey(set[len(set)-1].Stop), 0))
	joined := joiner{marks: marks}
	var m mail.Message
	err := eachUID(rows, set, r.messageKey, func(uid imap.UID, value []byte) (bool, error) {
		if err := index.DecodeMessage(&m, uid, value); err != nil {
			return false, err
		}
		if err := joined.mark(r, &m); err != nil {
			return false, err
		}
		return use(&m), nil
	})
	return errors.Join(err, rows.Close(), marks.Close())
}

func (r boxRows) getMessages(set imap.UIDSet, use func(*mail.Message) bool) error {
	var failed error
	var m mail.Message
	var room [32]byte
	err := r.marks(set, func(mark *index.Mark) bool {
		value, err := r.rows.Get(index.MessageKey(room[:0], r.account, r.mailbox, mark.UID))
		if err == nil && value == nil {
			err = errNoRow
		}
		if err == nil {
			err = index.DecodeMessage(&m, mark.UID, value)
		}
		if err != nil {
			failed = err
			return false
		}
		m.ModSeq, m.Flags = mark.ModSeq, mark.Flags
		return use(&m)
	})
	return errors.Join(err, failed)
}

// joiner finds the marks of messages that come in ascending order.
type joiner struct {
	marks  index.Cursor
	block  index.Block
	number uint32
	loaded bool
	next   int // of the block's marks
}

func (j *joiner) mark(r boxRows, m *mail.Message) error {
	if number := index.BlockOf(m.UID); !j.loaded || j.number != number {
		if err := j.load(r, number); err != nil {
			return err
		}
	}
	for j.next < len(j.block.Marks) && j.block.Marks[j.next].UID < m.UID {
		j.next++
	}
	if j.next == len(j.block.Marks) || j.block.Marks[j.next].UID != m.UID {
		return errNoRow
	}
	m.ModSeq, m.Flags = j.block.Marks[j.next].ModSeq, j.block.Marks[j.next].Flags
	j.next++
	return nil
}

func (j *joiner) load(r boxRows, number uint32) error {
	more := j.marks.Next()
	if more && index.LastBlock(j.marks.Key()) < number {
		more = j.marks.Seek(index.BlockKey(nil, r.account, r.mailbox, number))
	}
	if !more || index.LastBlock(j.marks.Key()) != number {
		return errNoRow
	}
	j.number, j.loaded, j.next = number, true, 0
	return j.block.Decode(number, j.marks.Value())
}

// errNoRow says that one of the rows of a message is missing.
var errNoRow = fmt.Errorf("index lacks a row of a message: %w", mail.ErrCorrupt)

func (r boxRows) messageKey(uid imap.UID) []byte {
	return index.MessageKey(nil, r.account, r.mailbox, uid)
}

// eachUID calls use with the rows under a cursor whose UIDs a set names.
func eachUID(cursor index.Cursor, set imap.UIDSet, key func(imap.UID) []byte, use func(imap.UID, []byte) (bool, error)) error {
	more := cursor.Next()
	for _, r := range set {
		if more && index.LastUID(cursor.Key()) < r.Start {
			more = cursor.Seek(key(r.Start))
		}
		for ; more; more = cursor.Next() {
			uid := index.LastUID(cursor.Key())
			if uid > r.Stop {
				break
			}
			if goOn, err := use(uid, cursor.Value()); err != nil || !goOn {
				return err
			}
		}
	}
	return nil
}

// scanPrefix calls use with every row whose key begins with prefix, until it
// returns an error.
func scanPrefix(rows index.Reader, prefix []byte, use func(key, value []byte) error) error {
	cursor := rows.Scan(prefix, index.PrefixEnd(prefix))
	for cursor.Next() {
		if err := use(cursor.Key(), cursor.Value()); err != nil {
			return errors.Join(err, cursor.Close())
		}
	}
	return cursor.Close()
}

// removed calls use with the removed messages that a set names and that are
// still kept, ascending, until it returns false.
func (r boxRows) removed(set imap.UIDSet, use func(*mail.Message) bool) error {
	if len(set) == 0 {
		return nil
	}
	cursor := r.rows.Scan(
		index.RemovedKey(nil, r.account, r.mailbox, set[0].Start),
		append(index.RemovedKey(nil, r.account, r.mailbox, set[len(set)-1].Stop), 0))
	var m mail.Message
	err := eachUID(cursor, set, r.removedKey, func(uid imap.UID, value []byte) (bool, error) {
		if err := index.DecodeMessage(&m, uid, value); err != nil {
			return false, err
		}
		return use(&m), nil
	})
	return errors.Join(err, cursor.Close())
}

func (r boxRows) removedKey(uid imap.UID) []byte {
	return index.RemovedKey(nil, r.account, r.mailbox, uid)
}
