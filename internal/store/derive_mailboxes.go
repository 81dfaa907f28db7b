package store

import (
	"encoding/binary"
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

func (d *deriver) tellMailbox(change mail.MailboxChange) {
	d.plan.change.Mailboxes = append(d.plan.change.Mailboxes, change)
}

func (d *deriver) createMailbox(r mail.MailboxCreated) error {
	if err := d.claimName(r.Name, r.ID); err != nil {
		return err
	}
	value, err := d.rows.Get(index.MailboxKey(d.room[:0], d.plan.account, r.ID))
	if err != nil {
		return err
	}
	if value != nil || d.boxes[r.ID] != nil || r.UIDValidity == 0 || r.UIDNext == 0 {
		return misfit("mailbox %d cannot be created", r.ID)
	}
	d.newBox(mail.Mailbox{
		ID: r.ID, Name: r.Name, UIDValidity: r.UIDValidity, UIDNext: r.UIDNext,
		HighestModSeq: d.plan.position, RecentFrom: r.UIDNext, SpecialUse: r.SpecialUse,
	})
	d.plan.head.Floor = max(d.plan.head.Floor, r.UIDValidity)
	d.plan.head.Mailboxes++
	d.tellMailbox(mail.MailboxChange{Kind: mail.MailboxWasCreated, Mailbox: r.ID, Name: r.Name})
	return nil
}

// claimName gives a name that no mailbox has to a mailbox.
func (d *deriver) claimName(name string, id mail.MailboxID) error {
	key := index.NameKey(d.room[:0], d.plan.account, name)
	taken, err := d.rows.Get(key)
	if err != nil {
		return err
	}
	if taken != nil {
		return misfit("name of mailbox %d is taken", id)
	}
	d.set(key, binary.BigEndian.AppendUint64(nil, uint64(id)))
	return nil
}

func (d *deriver) renameMailbox(r mail.MailboxRenamed) error {
	b, err := d.box(r.ID)
	if err != nil {
		return err
	}
	if err := d.claimName(r.Name, r.ID); err != nil {
		return err
	}
	d.delete(index.NameKey(d.room[:0], d.plan.account, b.Name))
	d.tellMailbox(mail.MailboxChange{Kind: mail.MailboxWasRenamed, Mailbox: r.ID, Name: r.Name, OldName: b.Name})
	b.Name, b.HighestModSeq = r.Name, d.plan.position
	return nil
}

func (d *deriver) deleteMailbox(r mail.MailboxDeleted) error {
	b, err := d.box(r.ID)
	if err != nil {
		return err
	}
	d.flush(b)
	if err := errors.Join(d.dropMessages(r.ID, true), d.dropValues(b)); err != nil {
		return err
	}
	d.delete(index.NameKey(d.room[:0], d.plan.account, b.Name))
	d.delete(index.MailboxKey(d.room[:0], d.plan.account, r.ID))
	b.deleted, b.gone = true, true
	d.plan.head.Mailboxes--
	d.tellMailbox(mail.MailboxChange{Kind: mail.MailboxWasDeleted, Mailbox: r.ID, Name: b.Name})
	return nil
}

// dropMessages removes every trace of a mailbox's messages: those in it, if
// all is set, and those that are kept though removed.
func (d *deriver) dropMessages(id mail.MailboxID, all bool) error {
	account := d.plan.account
	var released []gone
	var m mail.Message
	release := func(key, value []byte) error {
		if err := index.DecodeMessage(&m, index.LastUID(key), value); err != nil {
			return err
		}
		released = append(released, gone{m.Email, m.Body.ID, id, m.UID})
		d.plan.rows.delete(key)
		return nil
	}
	forget := func(key, _ []byte) error {
		d.plan.rows.delete(key)
		return nil
	}
	steps := []struct {
		prefix []byte
		use    func(key, value []byte) error
	}{
		{index.RemovedPrefix(nil, account, id), release},
		{index.RemovalPrefix(nil, account, id), forget},
		{index.ChangedPrefix(nil, account, id), forget},
		{index.BlockPrefix(nil, account, id), forget},
		{index.MessagePrefix(nil, account, id), release},
	}
	if !all {
		steps = steps[:2]
	}
	for _, step := range steps {
		if err := scanPrefix(&d.rows, step.prefix, step.use); err != nil {
			return err
		}
	}
	return d.release(released)
}

func (d *deriver) renumberMailbox(r mail.MailboxRenumbered) error {
	b, err := d.box(r.ID)
	if err != nil {
		return err
	}
	if b.Messages > 0 || r.UIDValidity == 0 || r.UIDNext == 0 {
		return misfit("mailbox %d cannot be renumbered", r.ID)
	}
	// What is kept of removed messages has UIDs of the old numbering.
	if err := d.dropMessages(r.ID, false); err != nil {
		return err
	}
	b.UIDValidity, b.UIDNext, b.RecentFrom = r.UIDValidity, r.UIDNext, r.UIDNext
	b.HighestModSeq, b.VanishedFloor = d.plan.position, d.plan.position
	b.tail, b.added, b.removed, b.gone = nil, nil, nil, true
	d.plan.head.Floor = max(d.plan.head.Floor, r.UIDValidity)
	d.tellMailbox(mail.MailboxChange{Kind: mail.MailboxWasRenumbered, Mailbox: r.ID, Name: b.Name})
	return nil
}

func (d *deriver) changeSpecialUse(r mail.SpecialUseChanged) error {
	b, err := d.box(r.ID)
	if err != nil {
		return err
	}
	b.SpecialUse, b.HighestModSeq = r.SpecialUse, d.plan.position
	d.tellMailbox(mail.MailboxChange{Kind: mail.SpecialUseWasChanged, Mailbox: r.ID, Name: b.Name})
	d.plan.change.Metadata = append(d.plan.change.Metadata, mail.MetadataChange{Mailbox: r.ID, Owner: d.plan.account, Name: mail.SpecialUseEntry})
	d.lapse(mail.Lapse{Mailbox: r.ID, Owner: d.plan.account, Name: mail.SpecialUseEntry}) // no row of its own
	return nil
}

// changeAccess changes who may do what. It is no change of a message, and
// gives the mailbox no new modification sequence.
func (d *deriver) changeAccess(r mail.AccessChanged) error {
	b, err := d.box(r.Mailbox)
	if err != nil {
		return err
	}
	b.Access = mail.WithAccess(b.Access, r)
	d.tellMailbox(mail.MailboxChange{Kind: mail.AccessWasChanged, Mailbox: r.Mailbox, Name: b.Name})
	return nil
}

func (d *deriver) changeSubscription(r mail.SubscriptionChanged) {
	key := index.SubscriptionKey(d.room[:0], d.plan.account, r.Name)
	kind := mail.NameWasUnsubscribed
	if r.Subscribed {
		kind = mail.NameWasSubscribed
		d.set(key, []byte{})
	} else {
		d.delete(key)
	}
	d.tellMailbox(mail.MailboxChange{Kind: kind, Name: r.Name})
}

func (d *deriver) claimRecent(r mail.RecentClaimed) error {
	b, err := d.box(r.Mailbox)
	if err != nil {
		return err
	}
	b.RecentFrom = max(b.RecentFrom, r.Before)
	return nil
}

// forgetRemovals drops what is kept of messages removed up to a position.
func (d *deriver) forgetRemovals(r removalsForgotten) error {
	b, err := d.box(r.Mailbox)
	if err != nil {
		return err
	}
	var uids imap.UIDSet
	prefix := index.RemovalPrefix(nil, d.plan.account, r.Mailbox)
	cursor := d.rows.Scan(prefix, index.RemovalKey(nil, d.plan.account, r.Mailbox, r.UpTo+1))
	for cursor.Next() {
		removal, decodeErr := index.DecodeRemoval(cursor.Value())
		if decodeErr != nil {
			err = decodeErr
			break
		}
		uids = append(uids, removal.UIDs...)
		d.plan.rows.delete(cursor.Key())
	}
	if closeErr := cursor.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	var released []gone
	err = d.rowsOf(b).removed(uids.Normal(), func(m *mail.Message) bool {
		released = append(released, gone{m.Email, m.Body.ID, r.Mailbox, m.UID})
		d.delete(index.RemovedKey(d.room[:0], d.plan.account, r.Mailbox, m.UID))
		return true
	})
	if err != nil {
		return err
	}
	b.VanishedFloor = max(b.VanishedFloor, r.UpTo)
	return d.release(released)
}
