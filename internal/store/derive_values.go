package store

import (
	"errors"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/store/index"
)

// countMetadata adds the octets of a value to the counters, or with -1 takes
// them away. Without a box it is a value of the account as a whole.
func (d *deriver) countMetadata(b *box, octets int64, by int64) {
	d.plan.head.MetadataOctets += by * octets
	if b != nil {
		b.MetadataOctets += by * octets
	}
}

// countAnnotation is the same for an annotation.
func (d *deriver) countAnnotation(b *box, octets int64, by int64) {
	d.plan.head.AnnotationOctets += by * octets
	b.AnnotationOctets += by * octets
	b.Annotations += uint32(by)
}

func (d *deriver) changeMetadata(r mail.MetadataChanged) error {
	var b *box
	if r.Mailbox != mail.ServerMetadata {
		var err error
		if b, err = d.box(r.Mailbox); err != nil {
			return err
		}
	}
	key := index.MetadataKey(nil, d.plan.account, r.Mailbox, r.Owner, r.Name)
	have, err := d.rows.Get(key)
	if err != nil {
		return err
	}
	if have != nil {
		_, value, err := index.DecodeValue(have)
		if err != nil {
			return err
		}
		d.countMetadata(b, mail.ValueOctets(r.Name, value), -1)
	}
	if r.Removed {
		d.delete(key)
		d.lapse(mail.Lapse{Mailbox: r.Mailbox, Owner: r.Owner, Name: r.Name})
	} else {
		d.value = index.AppendValue(d.value[:0], d.plan.position, r.Value)
		d.set(key, d.value)
		d.countMetadata(b, mail.ValueOctets(r.Name, r.Value), 1)
	}
	if b != nil {
		b.HighestModSeq = d.plan.position // RFC 7162 §3.2
	}
	d.plan.change.Metadata = append(d.plan.change.Metadata, mail.MetadataChange{Mailbox: r.Mailbox, Owner: r.Owner, Name: r.Name})
	return nil
}

// changeAnnotations gives the messages whose value becomes another one a new
// modification sequence, as any change of a message does (RFC 7162 §3.1).
func (d *deriver) changeAnnotations(r mail.AnnotationsChanged) error {
	b, err := d.box(r.Mailbox)
	if err != nil {
		return err
	}
	d.flush(b)
	old := map[imap.UID]int64{} // octets of the values that there were
	if b.Annotations > 0 {
		err = d.rowsOf(b).annotations(r.UIDs, func(a mail.Annotation) bool {
			if a.AnnotationName == r.AnnotationName {
				old[a.UID] = mail.ValueOctets(a.Entry, a.Value)
			}
			return true
		})
	}
	if err != nil {
		return err
	}
	var changed imap.UIDSet
	err = d.rowsOf(b).blocks(r.UIDs, func(number uint32, block *index.Block) bool {
		dirty := false
		for i := range block.Marks {
			mark := &block.Marks[i]
			octets, had := old[mark.UID]
			if !r.UIDs.Contains(mark.UID) || r.Removed && !had {
				continue
			}
			d.annotate(b, mark.UID, r, octets, had)
			mark.ModSeq = d.plan.position
			changed, dirty = changed.Add(mark.UID), true
		}
		if dirty {
			d.writeBlock(b, number, block, true)
		}
		return true
	})
	if err == nil && len(changed) > 0 && r.Removed {
		d.lapse(mail.Lapse{Mailbox: b.ID, Owner: r.Owner, Name: r.Entry, UIDs: changed})
	}
	if err == nil && len(changed) > 0 {
		b.HighestModSeq = d.plan.position
		d.plan.change.Messages = append(d.plan.change.Messages, mail.MessageChange{
			Mailbox: b.ID, Kind: mail.AnnotationsWereChanged, UIDs: changed, Annotation: r.AnnotationName,
		})
	}
	return err
}

// annotate writes one annotation of one message, which may have had a value.
func (d *deriver) annotate(b *box, uid imap.UID, r mail.AnnotationsChanged, octets int64, had bool) {
	if had {
		d.countAnnotation(b, octets, -1)
	}
	key := index.AnnotationKey(d.room[:0], d.plan.account, b.ID, uid, r.AnnotationName)
	if r.Removed {
		d.delete(key)
		return
	}
	d.value = index.AppendValue(d.value[:0], d.plan.position, r.Value)
	d.set(key, d.value)
	d.countAnnotation(b, mail.ValueOctets(r.Entry, r.Value), 1)
}

// copyAnnotations gives copies the annotations that go along.
func (d *deriver) copyAnnotations(from, to *box, r mail.MessagesCopied) error {
	if from.Annotations == 0 || r.Annotations == (mail.Carried{}) {
		return nil
	}
	var carried []mail.Annotation
	position := positionIn(r.UIDs)
	err := d.rowsOf(from).annotations(r.UIDs, func(a mail.Annotation) bool {
		if r.Annotations.Has(a.Owner) {
			a.UID = r.FirstUID + position(a.UID)
			carried = append(carried, a)
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, a := range carried {
		d.annotate(to, a.UID, mail.AnnotationsChanged{AnnotationName: a.AnnotationName, Value: a.Value}, 0, false)
	}
	return nil
}

// dropAnnotations removes the annotations of messages that leave.
func (d *deriver) dropAnnotations(b *box, uids imap.UIDSet) error {
	if b.Annotations == 0 {
		return nil
	}
	return d.rowsOf(b).annotations(uids, func(a mail.Annotation) bool {
		d.annotate(b, a.UID, mail.AnnotationsChanged{AnnotationName: a.AnnotationName, Removed: true}, mail.ValueOctets(a.Entry, a.Value), true)
		return true
	})
}

// dropValues removes all metadata and annotations of a mailbox that is
// deleted, so that none of the same name inherits them (RFC 5464 §4.1).
func (d *deriver) dropValues(b *box) error {
	forget := func(key, _ []byte) error {
		d.plan.rows.delete(key)
		return nil
	}
	d.plan.head.AnnotationOctets -= b.AnnotationOctets
	d.plan.head.MetadataOctets -= b.MetadataOctets
	return errors.Join(
		scanPrefix(&d.rows, index.MetadataPrefix(nil, d.plan.account, b.ID), forget),
		scanPrefix(&d.rows, index.AnnotationPrefix(nil, d.plan.account, b.ID), forget))
}
