package store

import (
	"github.com/restante/restante/internal/mail"
)

// Records of metadata and annotations, and what a copy carries along. An
// owner is an account, 0 for what is shared.
//
//	16 MetadataChanged     mailbox (0 the account), owner, name, octet (1 removed), value
//	17 AnnotationsChanged  mailbox, set, owner, entry, octet (1 removed), value
//	   annotations of 8    nothing if none, else octet (1 shared, 2 everyone's; a sum), owner
//	   flags of 8          nothing if all go along, else the rights without which some do
//	                       not (bits); then the annotations are there, too
const (
	valueRemoved    = 1
	carriedShared   = 1
	carriedEveryone = 2
)

func (w *recordWriter) value(removed bool, value []byte) {
	state := byte(0)
	if removed {
		state = valueRemoved
	}
	w.b = append(w.b, state)
	w.text(string(value))
}

func (w *recordWriter) metadata(r mail.MetadataChanged) {
	w.number(uint64(r.Mailbox))
	w.number(uint64(r.Owner))
	w.text(r.Name)
	w.value(r.Removed, r.Value)
}

func (w *recordWriter) annotations(r mail.AnnotationsChanged) {
	w.number(uint64(r.Mailbox))
	w.set(r.UIDs)
	w.number(uint64(r.Owner))
	w.text(r.Entry)
	w.value(r.Removed, r.Value)
}

func (w *recordWriter) carried(c mail.Carried, withheld mail.Rights) {
	if c == (mail.Carried{}) && withheld == 0 {
		return // as it was written before there were annotations
	}
	which := byte(0)
	if c.Shared {
		which |= carriedShared
	}
	if c.Everyone {
		which |= carriedEveryone
	}
	w.b = append(w.b, which)
	w.number(uint64(c.Private))
	if withheld != 0 {
		w.number(uint64(withheld))
	}
}

// value reads whether a value was removed, and the value if not.
func (d *recordReader) value() (removed bool, value []byte) {
	removed = d.octet() == valueRemoved
	if octets := d.octets(); !removed {
		value = append([]byte{}, octets...)
	}
	return removed, value
}

func (d *recordReader) metadata() mail.MetadataChanged {
	r := mail.MetadataChanged{Mailbox: d.mailbox(), Owner: mail.AccountID(d.number()), Name: d.text()}
	r.Removed, r.Value = d.value()
	return r
}

func (d *recordReader) annotations() mail.AnnotationsChanged {
	r := mail.AnnotationsChanged{Mailbox: d.mailbox(), UIDs: d.set()}
	r.Owner, r.Entry = mail.AccountID(d.number()), d.text()
	r.Removed, r.Value = d.value()
	return r
}

func (d *recordReader) carried() (c mail.Carried, withheld mail.Rights) {
	if len(d.rest) == 0 {
		return c, 0
	}
	which := d.octet()
	c = mail.Carried{
		Shared: which&carriedShared != 0, Everyone: which&carriedEveryone != 0, Private: mail.AccountID(d.number()),
	}
	if len(d.rest) > 0 {
		withheld = mail.Rights(d.number())
	}
	return c, withheld
}
