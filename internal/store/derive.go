package store

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// errMisfit says that records do not fit the account that they are for: a
// fault of whoever decided, or damage. No client can cause it.
var errMisfit = errors.New("records do not fit the account")

func misfit(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errMisfit}, args...)...)
}

// structures returns the binary form of the structure of a body.
type structures func(mail.BodyID) ([]byte, error)

// deriver turns the records of one commit into rows.
type deriver struct {
	rows      layered // newest rows, with those of this commit over them
	plan      *plan
	unix      int64
	boxes     map[mail.MailboxID]*box
	order     []*box
	structure structures
	room      []byte // for keys
	value     []byte // for values
	lapses    []byte // of this commit, encoded
}

// box is a mailbox that a commit works on.
type box struct {
	mail.Mailbox
	uidsChange
	deleted bool
	// What the account's usage holds of it before the commit.
	messagesBefore, octetsBefore uint64
	// tail is the block that new messages go to, not yet written; nil if
	// there is none.
	tail   *index.Block
	number uint32 // of the tail
}

// derive returns what the records of one commit make of an account. It is a
// pure function of the rows before it, the records and the bodies that they
// name: a commit, a replay and a rebuild all come to the same rows. A record
// that does not fit is an error, unless pass makes nothing of it.
func derive(before layered, f frame, structure structures, pass func(error) error) (*plan, error) {
	value, err := before.Get(index.HeadKey(nil, f.account))
	if err != nil {
		return nil, err
	}
	head, err := index.DecodeHead(value)
	if err != nil {
		return nil, err
	}
	p := &plan{account: f.account, position: f.position, head: head}
	p.head.Position = f.position
	p.change = &mail.Change{ModSeq: p.position}
	d := &deriver{
		rows: layered{before.base, append(before.over[:len(before.over):len(before.over)], p)},
		plan: p, unix: f.commit.Unix, structure: structure, boxes: map[mail.MailboxID]*box{},
	}
	if head.Erased {
		return p, nil // nothing follows an erasure
	}
	for _, r := range f.commit.Records {
		if err := d.record(r); err != nil {
			if pass == nil {
				return nil, err
			}
			if err := pass(err); err != nil {
				return nil, err
			}
		}
	}
	return p, d.finish()
}

// frame is one commit of one account at its position.
type frame struct {
	account  mail.AccountID
	position imap.ModSeq
	commit   commit
}

// record derives the rows of one record.
func (d *deriver) record(r record) error {
	if d.plan.head.Erased {
		return nil
	}
	switch r := r.(type) {
	case mail.MailboxCreated:
		return d.createMailbox(r)
	case mail.MailboxRenamed:
		return d.renameMailbox(r)
	case mail.MailboxDeleted:
		return d.deleteMailbox(r)
	case mail.MailboxRenumbered:
		return d.renumberMailbox(r)
	case mail.SpecialUseChanged:
		return d.changeSpecialUse(r)
	case mail.SubscriptionChanged:
		d.changeSubscription(r)
	case mail.MessageAdded:
		return d.addMessage(r)
	case mail.MessagesCopied:
		return d.copyMessages(r)
	case mail.FlagsChanged:
		return d.changeFlags(r)
	case mail.MessagesRemoved:
		return d.removeMessages(r)
	case mail.RecentClaimed:
		return d.claimRecent(r)
	case mail.EntryPut:
		d.set(index.EntryKey(d.room[:0], d.plan.account, r.Key), r.Value)
	case mail.EntryRemoved:
		d.delete(index.EntryKey(d.room[:0], d.plan.account, r.Key))
	case mail.QuotaChanged:
		d.changeQuota(r)
	case mail.MetadataChanged:
		return d.changeMetadata(r)
	case mail.AnnotationsChanged:
		return d.changeAnnotations(r)
	case mail.AccessChanged:
		return d.changeAccess(r)
	case mail.AccountErased:
		return d.eraseAccount()
	case removalsForgotten:
		return d.forgetRemovals(r)
	default:
		return misfit("type %T", r)
	}
	return nil
}

func (d *deriver) set(key, value []byte) {
	d.room = key
	d.plan.rows.set(key, value)
}

func (d *deriver) delete(key []byte) {
	d.room = key
	d.plan.rows.delete(key)
}

// box returns a mailbox to work on.
func (d *deriver) box(id mail.MailboxID) (*box, error) {
	if b := d.boxes[id]; b != nil && !b.deleted {
		return b, nil
	} else if b != nil {
		return nil, misfit("mailbox %d was deleted", id)
	}
	value, err := d.rows.Get(index.MailboxKey(d.room[:0], d.plan.account, id))
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, misfit("no mailbox %d", id)
	}
	m, err := index.DecodeMailbox(id, value)
	if err != nil {
		return nil, err
	}
	b := d.newBox(*m)
	b.messagesBefore, b.octetsBefore = uint64(m.Messages), uint64(m.Size)
	return b, nil
}

func (d *deriver) newBox(m mail.Mailbox) *box {
	b := &box{Mailbox: m, uidsChange: uidsChange{mailbox: m.ID}}
	d.boxes[m.ID] = b
	d.order = append(d.order, b)
	return b
}

// tell notes what happened to messages, for the sessions.
func (d *deriver) tell(kind mail.MessageChangeKind, mailbox mail.MailboxID, uids imap.UIDSet, newKeywords bool) {
	told := d.plan.change.Messages
	if last := len(told) - 1; last >= 0 && told[last].Kind == kind && told[last].Mailbox == mailbox {
		told[last].UIDs = told[last].UIDs.Union(uids)
		told[last].NewKeywords = told[last].NewKeywords || newKeywords
		return
	}
	d.plan.change.Messages = append(told, mail.MessageChange{Mailbox: mailbox, Kind: kind, UIDs: uids, NewKeywords: newKeywords})
}

// finish writes the rows that sum up the commit.
func (d *deriver) finish() error {
	account, at := d.plan.account, d.plan.position
	for _, b := range d.order {
		if d.plan.head.Erased {
			b.deleted, b.gone = true, true
		}
		d.plan.uids = append(d.plan.uids, b.uidsChange)
		d.sum(b)
		if b.deleted {
			continue
		}
		d.flush(b)
		if len(b.removed) > 0 {
			d.value = index.AppendRemoval(d.value[:0], index.Removal{Unix: d.unix, UIDs: b.removed})
			d.set(index.RemovalKey(d.room[:0], account, b.ID, at), d.value)
		}
		d.value = index.AppendMailbox(d.value[:0], &b.Mailbox)
		d.set(index.MailboxKey(d.room[:0], account, b.ID), d.value)
	}
	if err := d.finishLapses(); err != nil {
		return err
	}
	d.value = index.AppendHead(d.value[:0], d.plan.head)
	d.set(index.HeadKey(d.room[:0], account), d.value)
	return nil
}

// eraseAccount removes everything but the head, which says so.
func (d *deriver) eraseAccount() error {
	account := d.plan.account
	bodies := map[mail.EmailID]mail.BodyID{}
	var m mail.Message
	note := func(key, value []byte) error {
		if err := index.DecodeMessage(&m, index.LastUID(key), value); err != nil {
			return err
		}
		bodies[m.Email] = m.Body.ID
		return nil
	}
	err := scanPrefix(&d.rows, index.AllMessagesPrefix(nil, account), note)
	if err == nil {
		err = scanPrefix(&d.rows, index.AllRemovedPrefix(nil, account), note)
	}
	if err != nil {
		return err
	}
	// What this commit wrote to the account before is erased with the rest.
	own, kept := index.AccountPrefix(nil, account), d.plan.rows.list[:0]
	for _, one := range d.plan.rows.list {
		if !bytes.HasPrefix(one.key, own) {
			kept = append(kept, one)
		}
	}
	d.plan.rows = writes{list: kept}
	for email, body := range bodies {
		d.delete(index.NamedKey(d.room[:0], body, account, email))
	}
	d.plan.erase, d.plan.head.Erased = true, true
	d.plan.head.Mailboxes = 0
	d.plan.head.Octets, d.plan.head.Messages = 0, 0
	d.plan.head.AnnotationOctets, d.plan.head.MetadataOctets = 0, 0
	d.plan.head.LapseOctets, d.plan.head.LapseFloor, d.lapses = 0, 0, nil
	d.plan.change = &mail.Change{ModSeq: d.plan.position, Erased: true}
	return nil
}

// include returns a set with one more number.
func include(set imap.UIDSet, uid imap.UID) imap.UIDSet {
	if last := len(set) - 1; last < 0 || set[last].Stop <= uid {
		return set.Add(uid)
	}
	return set.Union(imap.UIDSet{{Start: uid, Stop: uid}})
}
