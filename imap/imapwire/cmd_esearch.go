package imapwire

import "github.com/restante/restante/imap"

// DecodeESearch reads the arguments of ESEARCH (RFC 7377 §4). Without sources
// the selected mailbox is meant, and without result options ALL.
func DecodeESearch(d *Decoder, tag string) (imap.SearchRequest, error) {
	r := imap.SearchRequest{Tag: tag, ByUID: true}
	d.SP()
	if d.acceptWord("IN") {
		d.SP()
		d.List(false, func() { r.Sources = append(r.Sources, d.searchSource()) })
		d.SP()
	} else {
		r.Sources = []imap.SearchSource{{Kind: imap.SourceSelected}}
	}
	d.searchReturns(&r)
	if !r.Extended {
		r.Extended, r.Return.All = true, true // RFC 7377 §2.1
	}
	r.Charset = d.searchCharset()
	r.Key = d.searchProgram()
	return r, d.End()
}

// searchSource reads one mailbox specifier (RFC 5465 §8, filter-mailboxes).
func (d *Decoder) searchSource() imap.SearchSource {
	var source imap.SearchSource
	word := d.word()
	for kind := range imap.SourceKinds {
		if word == kind.String() {
			source.Kind = kind
		}
	}
	switch {
	case source.Kind == 0:
		d.Fail("a source of a search is not known")
	case source.Kind.NamesMailboxes():
		d.SP()
		if d.peek() == '(' {
			d.List(false, func() { source.Mailboxes = append(source.Mailboxes, d.Mailbox()) })
		} else {
			source.Mailboxes = []string{d.Mailbox()}
		}
	}
	return source
}

// EncodeESearch writes the arguments of ESEARCH.
func EncodeESearch(e *Encoder, r imap.SearchRequest) {
	for i, source := range r.Sources {
		if i == 0 {
			e.Raw(" IN (")
		} else {
			e.SP()
		}
		e.Raw(source.Kind.String())
		for j, name := range source.Mailboxes {
			if j == 0 {
				e.Raw(" (")
			} else {
				e.SP()
			}
			e.Mailbox(name)
		}
		if len(source.Mailboxes) > 0 {
			e.octet(')')
		}
	}
	if len(r.Sources) > 0 {
		e.octet(')')
	}
	e.SP().searchReturns(r).searchCharset(r.Charset).searchAll(r.Key)
}
