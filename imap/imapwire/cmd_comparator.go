package imapwire

import "github.com/restante/restante/imap"

// DecodeComparator reads the arguments of COMPARATOR: comparators in the order
// in which they are wanted, none to ask for the active one (RFC 5255 §4.10).
func DecodeComparator(d *Decoder) ([]string, error) {
	var wanted []string
	for d.More() {
		if len(wanted) >= d.limits.ItemsMax {
			d.failLimit("comparators", d.limits.ItemsMax)
		}
		wanted = append(wanted, d.AString())
		if d.err != nil {
			break
		}
	}
	return wanted, d.End()
}

// EncodeComparator writes the arguments of COMPARATOR.
func EncodeComparator(e *Encoder, wanted []string) {
	for _, comparator := range wanted {
		e.SP().AString(comparator)
	}
}

// Comparator writes a COMPARATOR response (RFC 5255 §4.8).
func (e *Encoder) Comparator(active string, matching []string) {
	e.Raw("* COMPARATOR ").AString(active)
	for i, comparator := range matching {
		if i == 0 {
			e.Raw(" (")
		} else {
			e.SP()
		}
		e.AString(comparator)
	}
	if len(matching) > 0 {
		e.octet(')')
	}
	e.CRLF()
}

// comparatorResponse reads what follows COMPARATOR (RFC 5255 §4.10).
func (d *Decoder) comparatorResponse() imap.Response {
	var r imap.ComparatorResponse
	d.SP()
	r.Active = d.AString()
	if d.More() && d.peek() == '(' {
		d.List(false, func() { r.Matching = append(r.Matching, d.AString()) })
	}
	return r
}
