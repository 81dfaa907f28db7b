package imapwire

import "github.com/restante/restante/imap"

// DecodeStore reads the arguments of STORE and UID STORE
// (RFC 9051 §6.4.6, RFC 7162 §3.1.3).
func DecodeStore(d *Decoder, byUID bool) (imap.StoreRequest, error) {
	var r imap.StoreRequest
	d.SP()
	r.Messages = d.Messages(byUID)
	d.SP()
	if d.peek() == '(' {
		d.List(false, func() { d.storeModifier(&r) })
		d.SP()
	}
	switch {
	case d.accept('+'):
		r.Op = imap.StoreAdd
	case d.accept('-'):
		r.Op = imap.StoreRemove
	}
	switch d.word() {
	case "FLAGS":
	case "FLAGS.SILENT":
		r.Silent = true
	case "ANNOTATION":
		if r.Op != imap.StoreReplace {
			d.Fail("ANNOTATION is neither added nor removed")
		}
		r.Annotations = d.annotations()
		return r, d.End()
	default:
		d.Fail("STORE changes FLAGS or ANNOTATION")
	}
	d.SP()
	r.Flags = d.storeFlags()
	return r, d.End()
}

func (d *Decoder) storeModifier(r *imap.StoreRequest) {
	if !d.acceptWord("UNCHANGEDSINCE") || r.HasUnchangedSince {
		d.Fail("a modifier of STORE is not known or is given twice")
		return
	}
	d.SP()
	r.HasUnchangedSince, r.UnchangedSince = true, d.ModSeqOrZero()
}

// storeFlags reads flags with or without parentheses.
func (d *Decoder) storeFlags() []imap.Flag {
	if d.peek() == '(' {
		return d.FlagList()
	}
	var flags []imap.Flag
	d.several("flags in a command", func() { flags = append(flags, d.Flag()) })
	return flags
}

// DecodeCopy reads the arguments of COPY, MOVE and their UID forms
// (RFC 9051 §6.4.7, §6.4.8).
func DecodeCopy(d *Decoder, byUID bool) (imap.CopyRequest, error) {
	var r imap.CopyRequest
	d.SP()
	r.Messages = d.Messages(byUID)
	d.SP()
	r.Mailbox = d.Mailbox()
	return r, d.End()
}

// DecodeUIDExpunge reads the argument of UID EXPUNGE (RFC 9051 §6.4.9).
func DecodeUIDExpunge(d *Decoder) (imap.MessageSet, error) {
	d.SP()
	messages := d.Messages(true)
	return messages, d.End()
}
