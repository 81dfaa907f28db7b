package imapwire

import "github.com/restante/restante/imap"

// DecodeCancelUpdate reads the arguments of CANCELUPDATE: tags (RFC 5267 §5).
func DecodeCancelUpdate(d *Decoder) ([]string, error) {
	var tags []string
	for d.err == nil && (len(tags) == 0 || d.peek() == ' ') {
		if len(tags) >= d.limits.ItemsMax {
			d.failLimit("tags", d.limits.ItemsMax)
		}
		d.SP()
		tags = append(tags, d.quotedTag())
	}
	return tags, d.End()
}

// quotedTag reads a tag in quotes; no other string will do (RFC 5267 §5).
func (d *Decoder) quotedTag() string {
	var tag string
	if d.peek() == '"' {
		tag = d.String()
	}
	if tag == "" || len(tag) > quotedOctetsMax {
		d.Fail("a tag in quotes is missing")
	}
	return tag
}

// updateItems reads the items behind UPDATE, if there are any. The grammar has no
// space before them and the example does (RFC 5465 §7, §8).
func (d *Decoder) updateItems(r *imap.SearchRequest) {
	if d.isListNext() {
		d.pos++
	}
	if d.peek() == '(' {
		d.List(false, func() { r.UpdateItems = append(r.UpdateItems, d.fetchItem()) })
	}
}

// EncodeCancelUpdate writes the arguments of CANCELUPDATE.
func EncodeCancelUpdate(e *Encoder, tags []string) {
	for _, tag := range tags {
		e.SP().String(tag)
	}
}

// searchUpdates writes what came to a result and what left it, in order; what is
// of one kind goes into one list (RFC 5267 §5, ret-data-addto).
func (e *Encoder) searchUpdates(updates []imap.SearchUpdate) {
	for i, update := range updates {
		switch {
		case i > 0 && updates[i-1].Remove == update.Remove:
			e.SP()
		case update.Remove:
			e.Raw(" REMOVEFROM (")
		default:
			e.Raw(" ADDTO (")
		}
		e.Number(uint64(update.Position)).SP().messages(update.Messages)
		if i+1 == len(updates) || updates[i+1].Remove != update.Remove {
			e.octet(')')
		}
	}
}

// searchUpdates reads the same.
func (d *Decoder) searchUpdates(data *imap.SearchData, remove bool) {
	d.SP()
	d.List(false, func() {
		update := imap.SearchUpdate{Remove: remove, Position: d.Number()}
		d.SP()
		if update.Messages = d.Messages(data.ByUID); update.Messages.Saved {
			d.Fail("a result is updated by a set and not by $")
		}
		data.Updates = append(data.Updates, update)
	})
}
