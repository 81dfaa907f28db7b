package imapwire

import (
	"strconv"

	"github.com/restante/restante/imap"
)

// FetchWriter writes one FETCH response, item by item (RFC 9051 §7.5.2). It is a
// value on the stack; End must be called.
type FetchWriter struct {
	e    *Encoder
	some bool
}

// Fetch begins a FETCH response.
func (e *Encoder) Fetch(seq imap.Seq) FetchWriter {
	e.room()
	e.buf = append(e.buf, "* "...)
	e.buf = strconv.AppendUint(e.buf, uint64(seq), 10)
	e.buf = append(e.buf, " FETCH ("...)
	return FetchWriter{e: e}
}

// UIDFetch begins a UIDFETCH response (RFC 9586 §3.3).
func (e *Encoder) UIDFetch(uid imap.UID) FetchWriter {
	e.room()
	e.buf = append(e.buf, "* "...)
	e.buf = strconv.AppendUint(e.buf, uint64(uid), 10)
	e.buf = append(e.buf, " UIDFETCH ("...)
	return FetchWriter{e: e}
}

// End ends the response.
func (w *FetchWriter) End() { w.e.octet(')').CRLF() }

// item writes the word of the next item and a space.
func (w *FetchWriter) item(word string) *Encoder {
	if w.some {
		w.e.octet(' ')
	}
	w.some = true
	return w.e.Raw(word).octet(' ')
}

// UID writes UID.
func (w *FetchWriter) UID(uid imap.UID) { w.item("UID").Number(uint64(uid)) }

// Flags writes FLAGS.
func (w *FetchWriter) Flags(flags []imap.Flag) { w.item("FLAGS").FlagList(flags) }

// InternalDate writes INTERNALDATE.
func (w *FetchWriter) InternalDate(at imap.DateTime) { w.item("INTERNALDATE").DateTime(at) }

// SaveDate writes SAVEDATE (RFC 8514 §4.2).
func (w *FetchWriter) SaveDate(at imap.DateTime) { w.item("SAVEDATE").DateTime(at) }

// Size writes RFC822.SIZE.
func (w *FetchWriter) Size(octets uint64) { w.item("RFC822.SIZE").Number(octets) }

// ModSeq writes MODSEQ (RFC 7162 §3.1.4.2).
func (w *FetchWriter) ModSeq(modSeq imap.ModSeq) {
	w.item("MODSEQ").octet('(').Number(uint64(modSeq)).octet(')')
}

// Envelope writes ENVELOPE.
func (w *FetchWriter) Envelope(envelope *imap.Envelope) { w.item("ENVELOPE").Envelope(envelope) }

// Body writes BODY: the structure without extension data.
func (w *FetchWriter) Body(body *imap.BodyStructure) { w.item("BODY").BodyStructure(body, false) }

// BodyStructure writes BODYSTRUCTURE.
func (w *FetchWriter) BodyStructure(body *imap.BodyStructure) {
	w.item("BODYSTRUCTURE").BodyStructure(body, true)
}

// Item writes the name under which an item is answered and a space: BODY[…]<0>
// for BODY.PEEK[…]<0.5>. The caller writes its value to the returned encoder, by
// one of Literal, LiteralFrom, String, NString or, for BINARY, their literal8
// forms.
func (w *FetchWriter) Item(item *imap.FetchItem) *Encoder {
	return w.section(item, !item.Partial.IsWhole())
}

// section writes an item's name and a space, with the origin octet if there is one.
func (w *FetchWriter) section(item *imap.FetchItem, hasOrigin bool) *Encoder {
	if w.some {
		w.e.octet(' ')
	}
	w.some = true
	w.e.Raw(item.Kind.String())
	if item.Kind.HasSection() {
		w.e.section(item.Section)
	}
	if hasOrigin {
		w.e.octet('<').Number(item.Partial.Offset).octet('>')
	}
	return w.e.octet(' ')
}

// BinarySize writes BINARY.SIZE[…].
func (w *FetchWriter) BinarySize(item *imap.FetchItem, octets uint64) {
	w.Item(item).Number(octets)
}
