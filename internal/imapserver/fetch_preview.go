package imapserver

import "github.com/restante/restante/imap"

// writePreview answers PREVIEW (RFC 8970 §3). Previews are not stored: making one
// of a message that is at hand takes no longer than sending it, so that LAZY gets
// those, and NIL for a message that is read in pieces (§4.1).
func (f *fetching) writePreview(item *imap.FetchItem) {
	enc := f.w.Item(item)
	if item.Lazy && f.octets == nil {
		enc.Raw("NIL")
		return
	}
	enc.String(f.at.structure.Preview(f.body))
}
