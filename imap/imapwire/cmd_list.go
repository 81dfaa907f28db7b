package imapwire

import "github.com/restante/restante/imap"

// DecodeLsub reads the arguments of LSUB (RFC 3501 §6.3.9).
func DecodeLsub(d *Decoder) (imap.ListRequest, error) {
	var r imap.ListRequest
	d.SP()
	r.Reference = d.Mailbox()
	d.SP()
	r.Patterns = []string{d.ListMailbox()}
	return r, d.End()
}

// DecodeList reads the arguments of LIST, basic and extended
// (RFC 9051 §6.3.9, RFC 5258 §6).
func DecodeList(d *Decoder) (imap.ListRequest, error) {
	var r imap.ListRequest
	d.SP()
	if d.peek() == '(' {
		r.Extended = true
		d.listSelect(&r.Select)
		d.SP()
	}
	r.Reference = d.Mailbox()
	d.SP()
	if d.peek() == '(' {
		r.Extended = true
		d.List(false, func() { r.Patterns = append(r.Patterns, d.ListMailbox()) })
	} else {
		r.Patterns = []string{d.ListMailbox()}
	}
	if d.More() {
		r.Extended = true
		if !d.acceptWord("RETURN") {
			d.Fail("RETURN is missing")
		}
		d.SP()
		d.List(true, func() { d.listReturn(&r.Return) })
	}
	return r, d.End()
}

// listSelectRows are the selection options, one row each.
var listSelectRows = map[string]func(*imap.ListSelect) *bool{
	"SUBSCRIBED":     func(s *imap.ListSelect) *bool { return &s.Subscribed },
	"REMOTE":         func(s *imap.ListSelect) *bool { return &s.Remote },
	"RECURSIVEMATCH": func(s *imap.ListSelect) *bool { return &s.RecursiveMatch },
	"SPECIAL-USE":    func(s *imap.ListSelect) *bool { return &s.SpecialUse },
}

// listSelect reads the selection options. RECURSIVEMATCH needs an option that
// stands by itself: neither none nor REMOTE alone (RFC 9051 §6.3.9.1).
func (d *Decoder) listSelect(s *imap.ListSelect) {
	d.List(true, func() {
		if row, ok := listSelectRows[d.word()]; ok {
			*row(s) = true
			return
		}
		d.Fail("a selection option of LIST is not known")
	})
	if s.RecursiveMatch && !s.Subscribed && !s.SpecialUse {
		d.Fail("RECURSIVEMATCH needs another selection option")
	}
}

func (d *Decoder) listReturn(r *imap.ListReturn) {
	switch d.word() {
	case "SUBSCRIBED":
		r.Subscribed = true
	case "CHILDREN":
		r.Children = true
	case "SPECIAL-USE":
		r.SpecialUse = true
	case "MYRIGHTS":
		r.MyRights = true
	case "STATUS":
		d.SP()
		r.Status = d.statusItems()
	case "METADATA":
		d.SP()
		r.Metadata = []string{}
		d.List(false, func() { r.Metadata = append(r.Metadata, d.metadataEntry()) })
	default:
		d.Fail("a return option of LIST is not known")
	}
}
