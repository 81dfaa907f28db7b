package imapwire

import "github.com/restante/restante/imap"

// ObjectID reads an objectid (RFC 8474 §7).
func (d *Decoder) ObjectID() imap.ObjectID {
	text := string(d.run(charAtom, "an object identifier is missing"))
	if d.err == nil && !imap.CheckObjectID(text) {
		d.Fail("this cannot be an object identifier")
		return ""
	}
	return imap.ObjectID(text)
}

// objectIDInList reads an objectid in parentheses, as responses have it.
func (d *Decoder) objectIDInList() imap.ObjectID {
	d.expect('(', "an object identifier in parentheses is missing")
	id := d.ObjectID()
	d.expect(')', "a closing parenthesis is missing")
	return id
}

func (d *Decoder) codeMailboxID() imap.Code {
	d.SP()
	return imap.CodeMailboxID{ID: d.objectIDInList()}
}

func searchEmailID(d *Decoder) imap.SearchKey {
	d.SP()
	return imap.SearchEmailID{ID: d.ObjectID()}
}

func searchThreadID(d *Decoder) imap.SearchKey {
	d.SP()
	return imap.SearchThreadID{ID: d.ObjectID()}
}

// ObjectID writes an identifier in parentheses; none, which only a THREADID can
// be, as NIL (RFC 8474 §5.3).
func (e *Encoder) ObjectID(id imap.ObjectID) *Encoder {
	if id == "" {
		return e.Raw("NIL")
	}
	return e.Raw("(").Raw(string(id)).Raw(")")
}
