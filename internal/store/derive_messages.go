package store

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// count adds a message to a mailbox's counters, or with -1 takes it away.
func (b *box) count(m *mail.Message, by int) {
	b.Messages += uint32(by)
	b.Size += int64(by) * m.Size
	b.countFlags(m.Flags, by)
}

func (b *box) countFlags(flags mail.Flags, by int) {
	if !flags.Has(mail.BitSeen) {
		b.Unseen += uint32(by)
	}
	if flags.Has(mail.BitDeleted) {
		b.Deleted += uint32(by)
	}
}

// know makes keywords known to the mailbox and returns the bits of flags.
func (b *box) know(flags []imap.Flag) (bits mail.Flags, isNew bool) {
	b.Mailbox, isNew = b.WithKeywords(flags)
	return b.Known(flags), isNew
}

func (d *deriver) rowsOf(b *box) boxRows { return boxRows{&d.rows, d.plan.account, b.ID} }

// add writes the rows of a message that is new in a mailbox.
func (d *deriver) add(b *box, m *mail.Message) error {
	d.value = index.AppendMessage(d.value[:0], m)
	d.room = index.MessageKey(d.room[:0], d.plan.account, b.ID, m.UID)
	d.plan.rows.setPlaced(d.room, d.value)
	d.set(index.ReferenceKey(d.room[:0], d.plan.account, m.Email, b.ID, m.UID), []byte{})
	if err := d.openTail(b, index.BlockOf(m.UID)); err != nil {
		return err
	}
	b.tail.Marks = append(b.tail.Marks, index.Mark{UID: m.UID, ModSeq: d.plan.position, Flags: m.Flags})
	if !m.Flags.Has(mail.BitSeen) {
		b.tail.Unseen++
	}
	b.count(m, 1)
	b.HighestModSeq = d.plan.position
	return nil
}

// openTail makes a block the one that new messages go to.
func (d *deriver) openTail(b *box, number uint32) error {
	if b.tail != nil && b.number == number {
		return nil
	}
	d.flush(b)
	value, err := d.rows.Get(index.BlockKey(d.room[:0], d.plan.account, b.ID, number))
	if err != nil {
		return err
	}
	block := &index.Block{}
	if value != nil {
		if err := block.Decode(number, value); err != nil {
			return err
		}
	}
	b.tail, b.number = block, number
	return nil
}

// flush writes the block of new messages, so that scans see it.
func (d *deriver) flush(b *box) {
	if b.tail != nil {
		d.writeBlock(b, b.number, b.tail, true)
		b.tail = nil
	}
}

// writeBlock writes a block of marks; changed says that the commit changed
// any of them, or added some, other than by removing.
func (d *deriver) writeBlock(b *box, number uint32, block *index.Block, changed bool) {
	account, listed := d.plan.account, block.Listed
	empty := len(block.Marks) == 0
	if listed != 0 && (empty || changed && listed != d.plan.position) {
		d.delete(index.ChangedKey(d.room[:0], account, b.ID, listed, number))
	}
	if empty {
		d.delete(index.BlockKey(d.room[:0], account, b.ID, number))
		return
	}
	if changed {
		block.Listed = d.plan.position
		d.set(index.ChangedKey(d.room[:0], account, b.ID, block.Listed, number), []byte{})
	}
	d.value = index.AppendBlock(d.value[:0], block)
	d.set(index.BlockKey(d.room[:0], account, b.ID, number), d.value)
}

func (d *deriver) addMessage(r mail.MessageAdded) error {
	b, err := d.box(r.Mailbox)
	if err != nil {
		return err
	}
	if r.UID < b.UIDNext {
		return misfit("UID %d of mailbox %d is used", r.UID, r.Mailbox)
	}
	structure, err := d.structure(r.Body)
	if err != nil {
		return err
	}
	m := mail.Message{
		UID: r.UID, Email: r.Email, Size: r.Size, InternalDate: r.InternalDate,
		SaveDate: r.SaveDate, Body: mail.BodyRef{ID: r.Body},
	}
	var newKeywords bool
	m.Flags, newKeywords = b.know(r.Flags)
	if err := d.add(b, &m); err != nil {
		return err
	}
	d.set(index.NamedKey(d.room[:0], r.Body, d.plan.account, r.Email), []byte{})
	d.set(index.StructureKey(d.room[:0], d.plan.account, r.Email), structure)
	b.UIDNext = r.UID + 1
	b.added = include(b.added, r.UID)
	d.tell(mail.MessagesWereAdded, b.ID, imap.UIDSet{{Start: r.UID, Stop: r.UID}}, newKeywords)
	return nil
}

func (d *deriver) copyMessages(r mail.MessagesCopied) error {
	from, err := d.box(r.From)
	if err != nil {
		return err
	}
	to, err := d.box(r.To)
	if err != nil {
		return err
	}
	count := r.UIDs.Count()
	if r.FirstUID < to.UIDNext || uint64(r.FirstUID)+count > 1<<32-1 || count == 0 {
		return misfit("UID %d of mailbox %d is used", r.FirstUID, r.To)
	}
	translate := translator{from: from, to: to}
	position := positionIn(r.UIDs)
	var copies imap.UIDSet
	var failed error
	d.flush(from)
	err = d.rowsOf(from).messages(r.UIDs, func(m *mail.Message) bool {
		m.Flags = translate.flags(r.Flags(m.Flags))
		m.UID = r.FirstUID + position(m.UID)
		m.SaveDate = r.SaveDate
		failed = d.add(to, m)
		copies = copies.Add(m.UID)
		return failed == nil
	})
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	if err := d.copyAnnotations(from, to, r); err != nil {
		return err
	}
	to.UIDNext = r.FirstUID + imap.UID(count)
	to.added = to.added.Union(copies)
	if len(copies) > 0 {
		d.tell(mail.MessagesWereAdded, to.ID, copies, translate.isNew)
	}
	return nil
}

// positionIn returns how many numbers of a set are smaller than the ones that
// it is asked for in ascending order.
func positionIn(set imap.UIDSet) func(imap.UID) imap.UID {
	before := imap.UID(0)
	return func(uid imap.UID) imap.UID {
		for set[0].Stop < uid {
			before += set[0].Stop - set[0].Start + 1
			set = set[1:]
		}
		return before + uid - set[0].Start
	}
}

// translator gives flags of one mailbox the bits that they have in another.
type translator struct {
	from, to  *box
	last, got mail.Flags // the answer given last
	isNew     bool
}

func (t *translator) flags(flags mail.Flags) mail.Flags {
	switch {
	case t.from == t.to:
		return flags
	case flags == t.last:
		return t.got
	}
	names := t.from.AppendFlags(nil, flags)
	bits, isNew := t.to.know(names)
	t.last, t.got, t.isNew = flags, bits, t.isNew || isNew
	return bits
}

func (d *deriver) changeFlags(r mail.FlagsChanged) error {
	b, err := d.box(r.Mailbox)
	if err != nil {
		return err
	}
	add, newKeywords := b.know(r.Add)
	remove := b.Known(r.Remove)
	var changed imap.UIDSet
	rest := r.UIDs
	d.flush(b)
	err = d.rowsOf(b).blocks(r.UIDs, func(number uint32, block *index.Block) bool {
		dirty := false
		for i := range block.Marks {
			mark := &block.Marks[i]
			for len(rest) > 0 && rest[0].Stop < mark.UID {
				rest = rest[1:]
			}
			if len(rest) == 0 {
				break
			}
			if rest[0].Start <= mark.UID && d.changeMark(b, block, mark, remove, add) {
				changed, dirty = changed.Add(mark.UID), true
			}
		}
		if dirty {
			d.writeBlock(b, number, block, true)
		}
		return len(rest) > 0
	})
	if err == nil && (len(changed) > 0 || newKeywords) {
		b.HighestModSeq = d.plan.position
		d.tell(mail.FlagsWereChanged, b.ID, changed, newKeywords)
	}
	return err
}

// changeMark changes the flags of one message, and reports whether they are
// others now.
func (d *deriver) changeMark(b *box, block *index.Block, mark *index.Mark, remove, add mail.Flags) bool {
	flags := mark.Flags.Minus(remove).Union(add)
	if flags == mark.Flags {
		return false
	}
	b.countFlags(mark.Flags, -1)
	b.countFlags(flags, 1)
	if was, is := mark.Flags.Has(mail.BitSeen), flags.Has(mail.BitSeen); was && !is {
		block.Unseen++
	} else if is && !was {
		block.Unseen--
	}
	mark.Flags, mark.ModSeq = flags, d.plan.position
	return true
}

func (d *deriver) removeMessages(r mail.MessagesRemoved) error {
	b, err := d.box(r.Mailbox)
	if err != nil {
		return err
	}
	d.flush(b)
	var removed imap.UIDSet
	err = d.rowsOf(b).messages(r.UIDs, func(m *mail.Message) bool {
		d.delete(index.MessageKey(d.room[:0], d.plan.account, b.ID, m.UID))
		b.count(m, -1)
		m.Removed = d.plan.position
		d.value = index.AppendMessage(d.value[:0], m)
		m.Removed = 0
		d.room = index.RemovedKey(d.room[:0], d.plan.account, b.ID, m.UID)
		d.plan.rows.setPlaced(d.room, d.value)
		removed = removed.Add(m.UID)
		return true
	})
	if err != nil || len(removed) == 0 {
		return err
	}
	if err := errors.Join(d.removeMarks(b, removed), d.dropAnnotations(b, removed)); err != nil {
		return err
	}
	b.HighestModSeq = d.plan.position
	b.removed = b.removed.Union(removed)
	d.tell(mail.MessagesWereRemoved, b.ID, removed, false)
	return nil
}

func (d *deriver) removeMarks(b *box, removed imap.UIDSet) error {
	return d.rowsOf(b).blocks(removed, func(number uint32, block *index.Block) bool {
		kept := block.Marks[:0]
		for _, mark := range block.Marks {
			if !removed.Contains(mark.UID) {
				kept = append(kept, mark)
			} else if !mark.Flags.Has(mail.BitSeen) {
				block.Unseen--
			}
		}
		block.Marks = kept
		d.writeBlock(b, number, block, false)
		return true
	})
}

// gone is a message of which nothing is kept any more.
type gone struct {
	email   mail.EmailID
	body    mail.BodyID
	mailbox mail.MailboxID
	uid     imap.UID
}

// release drops the references of messages, and with the last reference of an
// email its structure and its claim on the body.
func (d *deriver) release(released []gone) error {
	if len(released) == 0 {
		return nil
	}
	slices.SortFunc(released, func(a, b gone) int {
		return cmp.Or(cmp.Compare(a.email, b.email), cmp.Compare(a.mailbox, b.mailbox), cmp.Compare(a.uid, b.uid))
	})
	account := d.plan.account
	first := index.ReferencePrefix(nil, account, released[0].email)
	last := index.ReferencePrefix(nil, account, released[len(released)-1].email)
	cursor := d.rows.Scan(first, index.PrefixEnd(last))
	for len(released) > 0 {
		email := released[0].email
		same := slices.IndexFunc(released, func(g gone) bool { return g.email != email })
		if same < 0 {
			same = len(released)
		}
		if isLast(cursor, index.ReferencePrefix(nil, account, email), released[:same]) {
			d.delete(index.StructureKey(d.room[:0], account, email))
			d.delete(index.NamedKey(d.room[:0], released[0].body, account, email))
		}
		for _, g := range released[:same] {
			d.delete(index.ReferenceKey(d.room[:0], account, email, g.mailbox, g.uid))
		}
		released = released[same:]
	}
	return cursor.Close()
}

// isLast reports whether no message refers to an email but those released.
func isLast(cursor index.Cursor, prefix []byte, released []gone) bool {
	for more := cursor.Seek(prefix); more && bytes.HasPrefix(cursor.Key(), prefix); more = cursor.Next() {
		mailbox, uid := index.ReferenceOf(cursor.Key())
		_, found := slices.BinarySearchFunc(released, gone{mailbox: mailbox, uid: uid}, func(a, b gone) int {
			return cmp.Or(cmp.Compare(a.mailbox, b.mailbox), cmp.Compare(a.uid, b.uid))
		})
		if !found {
			return false
		}
	}
	return true
}
