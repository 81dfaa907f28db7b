package imapserver

import (
	"slices"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/imap/imapwire"
	"github.com/restante/restante/internal/mailview"
)

// Dialect is what a session has enabled. It is a value that is replaced and
// never changed, and nothing but the functions of this file reads it.
type Dialect struct {
	rev2      bool // IMAP4rev2 (RFC 9051 §6.3.1)
	utf8      bool // UTF8=ACCEPT (RFC 9755 §3)
	condstore bool // by ENABLE or any other enabling command (RFC 7162 §3.1)
	qresync   bool // RFC 7162 §3.2.3
	uidonly   bool // RFC 9586 §3.1
	// metadata and metadataServer say of what metadata changes are told
	// (RFC 5464 §4.1).
	metadata, metadataServer bool
}

// with returns the dialect with one more thing enabled, and whether the
// capability can be enabled at all. Enabling twice is the same as once.
func (d Dialect) with(capability imap.Capability) (Dialect, bool) {
	switch {
	case capability.Equal(imap.CapIMAP4rev2):
		d.rev2 = true
	case capability.Equal(imap.CapUTF8Accept):
		d.utf8 = true
	case capability.Equal(imap.CapCondStore):
		d.condstore = true
	case capability.Equal(imap.CapQResync):
		d.condstore, d.qresync = true, true
	case capability.Equal(imap.CapUIDOnly):
		d.uidonly = true
	case capability.Equal(imap.CapMetadata):
		d.metadata = true
	case capability.Equal(imap.CapMetadataServer):
		d.metadataServer = true
	default:
		return d, false
	}
	return d, true
}

// mode says how strings and mailbox names are read and written.
func (d Dialect) mode() imapwire.Mode { return imapwire.Mode{UTF8: d.rev2 || d.utf8} }

// messageItems returns the items of a FETCH response that was not asked for,
// or that STORE or an implicit \Seen causes: those given, and what the dialect
// adds. RFC 9051 §7.5.2 wants the UID, RFC 7162 §3.2.4 the UID and the
// modification sequence. A UIDFETCH begins with the UID and has no need of it.
func (d Dialect) messageItems(items ...imap.FetchKind) []imap.FetchItem {
	var all []imap.FetchItem
	if (d.rev2 || d.condstore) && !d.uidonly && !slices.Contains(items, imap.FetchUID) {
		all = append(all, imap.FetchItem{Kind: imap.FetchUID})
	}
	for _, kind := range items {
		all = append(all, imap.FetchItem{Kind: kind})
	}
	if d.condstore {
		all = append(all, imap.FetchItem{Kind: imap.FetchModSeq})
	}
	return all
}

// arrivalItems returns the items of a FETCH response about a new message: what was
// asked for beforehand, and what the dialect adds.
func (d Dialect) arrivalItems(asked []imap.FetchItem) []imap.FetchItem {
	return slices.Concat(asked, d.messageItems())
}

// noticeItems returns the items of a STATUS for what happened to a mailbox that is
// not selected, none if there is nothing to say (RFC 5465 §5.1, §5.2, §5.3). The
// number of unseen messages is told whenever flags are of interest.
func (d Dialect) noticeItems(happened, wanted imap.NotifyEvents) []imap.StatusItem {
	if happened == 0 || happened == imap.NotifyAnnotationChange && !d.condstore {
		return nil
	}
	var items []imap.StatusItem
	if happened&(imap.NotifyMessageNew|imap.NotifyMessageExpunge) != 0 {
		items = append(items, imap.StatusMessages, imap.StatusUIDNext)
	}
	items = append(items, imap.StatusUIDValidity)
	if wanted.Has(imap.NotifyFlagChange) {
		items = append(items, imap.StatusUnseen)
	}
	if d.condstore {
		items = append(items, imap.StatusHighestModSeq)
	}
	return items
}

// firstNoticeItems returns those of the STATUS before the first event, which has
// HIGHESTMODSEQ even if it is not enabled (RFC 5465 §3.1).
func (d Dialect) firstNoticeItems(wanted imap.NotifyEvents) []imap.StatusItem {
	d.condstore = d.condstore || wanted&(imap.NotifyFlagChange|imap.NotifyAnnotationChange) != 0
	return d.noticeItems(wanted, wanted)
}

// writeRemovals announces messages that are gone: as VANISHED (RFC 7162
// §3.2.10), or as EXPUNGE, from the last to the first so that each number is
// the one the client has at that time.
func (d Dialect) writeRemovals(enc *imapwire.Encoder, event mailview.Event) {
	if d.qresync || d.uidonly { // RFC 9586 §3.4, §3.6
		enc.Raw("* VANISHED ").UIDSet(event.UIDs).CRLF()
		return
	}
	for _, r := range slices.Backward(event.Seqs) {
		for seq := r.Stop; seq >= r.Start; seq-- {
			enc.Raw("* ").Number(uint64(seq)).Raw(" EXPUNGE").CRLF()
		}
	}
}

// takesSeqs reports whether messages may be named, and told of, by their
// sequence numbers (RFC 9586 §3).
func (d Dialect) takesSeqs() bool { return !d.uidonly }

// beginMessage begins the response that tells of a message.
func (d Dialect) beginMessage(enc *imapwire.Encoder, seq imap.Seq, uid imap.UID) imapwire.FetchWriter {
	if d.uidonly {
		return enc.UIDFetch(uid)
	}
	return enc.Fetch(seq)
}

// messageNumber is what a response about a message begins with that has one name in
// all dialects: CONVERTED (RFC 9586 §3).
func (d Dialect) messageNumber(seq imap.Seq, uid imap.UID) uint32 {
	if d.uidonly {
		return uint32(uid)
	}
	return uint32(seq)
}

// tellsByUID is beginMessage for who writes very many: UIDFETCH with the UID, or
// else FETCH with the sequence number.
func (d Dialect) tellsByUID() bool { return d.uidonly }

// fetchedItems are those that a FETCH or UID FETCH asked for. UID FETCH asks for
// the UID, too (RFC 9051 §6.4.9), which every UIDFETCH has in front
// (RFC 9586 §3.3).
func (d Dialect) fetchedItems(byUID bool, items []imap.FetchItem) []imap.FetchItem {
	if !byUID || d.uidonly {
		return items
	}
	return append([]imap.FetchItem{{Kind: imap.FetchUID}}, items...)
}

// storedItems are what a STORE or UID STORE tells beside the flags.
func (d Dialect) storedItems(byUID bool) []imap.FetchKind {
	if !byUID || d.uidonly {
		return nil
	}
	return []imap.FetchKind{imap.FetchUID}
}

// speaksRev1 reports whether the session hears what rev2 has left out:
// \Recent, RECENT and UNSEEN, and SEARCH where it did not ask for ESEARCH
// (RFC 9051 Appendix E).
func (d Dialect) speaksRev1() bool { return !d.rev2 }

// tellsModSeqs reports whether the session keeps modification sequences, so
// that a STORE with .SILENT is answered, too (RFC 7162 §3.1.3).
func (d Dialect) tellsModSeqs() bool { return d.condstore }

// resynchronises reports whether QRESYNC and VANISHED may be asked for
// (RFC 7162 §3.2.3).
func (d Dialect) resynchronises() bool { return d.qresync }

// refusesCharset reports whether SEARCH must not name a charset: its strings
// are UTF-8 already (RFC 9755 §3).
func (d Dialect) refusesCharset() bool { return d.utf8 }

// metadataEvents returns what of metadata that others change the session is told
// without NOTIFY: of the server, and of mailboxes (RFC 5464 §4.1).
func (d Dialect) metadataEvents() (events imap.NotifyEvents) {
	if d.metadata {
		events |= imap.NotifyMailboxMetadataChange
	}
	if d.metadata || d.metadataServer {
		events |= imap.NotifyServerMetadataChange
	}
	return events
}

// acceptsUTF8 reports whether the client said that it takes UTF-8 everywhere
// (RFC 9755 §3), without which a server may refuse to speak to it (§7).
func (d Dialect) acceptsUTF8() bool { return d.utf8 }

// takes8BitHeaders reports whether the client may append messages with UTF-8 in
// their headers (RFC 9755 §4, RFC 9051 §6.3.12).
func (d Dialect) takes8BitHeaders() bool { return d.rev2 || d.utf8 }

// bodyForm says how body structures are written: rev2 shows the parameters of
// RFC 2231 as text (RFC 9051 §7.5.2), which a client of rev1 would decode again. To
// a client without UTF-8, message/global is a part like any other (RFC 9755 §6).
func (d Dialect) bodyForm(extended bool) bodyForm {
	return bodyForm{extended: extended, decoded: d.rev2, global: d.rev2 || d.utf8}
}
