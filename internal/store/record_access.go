package store

import (
	"github.com/restante/restante/internal/mail"
)

// kindAccessChanged is the kind of mail.AccessChanged:
//
//	18 AccessChanged  mailbox, octet (1 removed, 2 negative; a sum), kind of grantee, its id, rights (bits)
const (
	kindAccessChanged recordKind = 18

	accessRemoved  = 1
	accessNegative = 2
)

func (w *recordWriter) accessChanged(r mail.AccessChanged) recordKind {
	w.number(uint64(r.Mailbox))
	state := byte(0)
	if r.Removed {
		state |= accessRemoved
	}
	if r.Grantee.Negative {
		state |= accessNegative
	}
	w.b = append(w.b, state)
	w.number(uint64(r.Grantee.Kind))
	w.number(r.Grantee.ID)
	w.number(uint64(r.Rights))
	return kindAccessChanged
}

// accessChanged reads rights; those that are not known are passed over, and
// an unknown kind of grantee is nobody's.
func (d *recordReader) accessChanged() record {
	r := mail.AccessChanged{Mailbox: d.mailbox()}
	state := d.octet()
	r.Removed = state&accessRemoved != 0
	r.Grantee = mail.Grantee{Kind: mail.GranteeKind(d.octet()), ID: d.number(), Negative: state&accessNegative != 0}
	r.Rights = mail.Rights(d.number()) & mail.AllRights
	return r
}
