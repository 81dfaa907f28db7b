package imapwire

import "github.com/restante/restante/imap"

func (d *Decoder) codeMessageLimit() imap.Code {
	d.SP()
	code := imap.CodeMessageLimit{Limit: d.NzNumber()}
	if d.accept(' ') {
		code.UID = imap.UID(d.NzNumber())
	}
	return code
}

func (e *Encoder) messageLimit(code imap.CodeMessageLimit) {
	e.SP().Number(uint64(code.Limit))
	if code.UID != 0 {
		e.SP().Number(uint64(code.UID))
	}
}

// searchUIDAfter and searchUIDBefore read the keys of RFC 9738 §3.2.
func searchUIDAfter(d *Decoder) imap.SearchKey {
	d.SP()
	return imap.SearchUIDAfter{UID: imap.UID(d.NzNumber())}
}

func searchUIDBefore(d *Decoder) imap.SearchKey {
	d.SP()
	return imap.SearchUIDBefore{UID: imap.UID(d.NzNumber())}
}
