package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// The records of one commit, as the journal keeps them. Numbers are varints,
// dates and zones zigzag; a text is its length and its octets; texts are
// their count and each of them; a set of UIDs is the count of its ranges and
// for each the distance from the end of the last and its length less one.
//
//	commit    version octet (1), Unix time, count of records, records
//	record    kind octet, length of what follows, and then
//	 1 MailboxCreated       id, name, UIDVALIDITY, UIDNEXT, special uses (texts)
//	 2 MailboxRenamed       id, name
//	 3 MailboxDeleted       id
//	 4 MailboxRenumbered    id, UIDVALIDITY, UIDNEXT
//	 5 SpecialUseChanged    id, special uses (texts)
//	 6 SubscriptionChanged  octet (1 subscribed), name
//	 7 MessageAdded         mailbox, UID, email, body(32), size, date, zone, save date, flags (texts)
//	 8 MessagesCopied       from, set, to, first UID, save date, annotations and flags (see record_values.go)
//	 9 FlagsChanged         mailbox, set, add (texts), remove (texts)
//	10 MessagesRemoved      mailbox, set
//	11 RecentClaimed        mailbox, before
//	12 EntryPut             key, value
//	13 EntryRemoved         key
//	14 AccountErased        —
//	15 removalsForgotten    mailbox, up to
//	16 MetadataChanged      see record_values.go
//	17 AnnotationsChanged
//	18 AccessChanged        see record_access.go
//	19 QuotaChanged         resources (bits), their count, limit of each plus 1 (0 none)
//
// A later version may append to a record: what follows the fields known here
// is passed over. A kind that is not known is an error.
const recordVersion = 1

type recordKind byte

const (
	kindMailboxCreated recordKind = iota + 1
	kindMailboxRenamed
	kindMailboxDeleted
	kindMailboxRenumbered
	kindSpecialUseChanged
	kindSubscriptionChanged
	kindMessageAdded
	kindMessagesCopied
	kindFlagsChanged
	kindMessagesRemoved
	kindRecentClaimed
	kindEntryPut
	kindEntryRemoved
	kindAccountErased
	kindRemovalsForgotten
	kindMetadataChanged
	kindAnnotationsChanged
)

// record is a mail.Record, or one of the store's own.
type record any

// removalsForgotten drops what is kept of the messages that were removed from
// a mailbox up to a position. It is the store's own record: no decision makes
// it, and no session is told.
type removalsForgotten struct {
	Mailbox mail.MailboxID
	UpTo    imap.ModSeq
}

// commit is what one frame of the journal says.
type commit struct {
	Unix    int64
	Records []record
}

var errRecord = fmt.Errorf("record cannot be read: %w", mail.ErrCorrupt)

// appendCommit appends the octets of a commit.
func appendCommit(b []byte, c commit) ([]byte, error) {
	b = append(b, recordVersion)
	b = binary.AppendVarint(b, c.Unix)
	b = binary.AppendUvarint(b, uint64(len(c.Records)))
	w := recordWriter{}
	for _, r := range c.Records {
		w.b = w.b[:0]
		kind, err := w.record(r)
		if err != nil {
			return nil, err
		}
		b = append(b, byte(kind))
		b = binary.AppendUvarint(b, uint64(len(w.b)))
		b = append(b, w.b...)
	}
	return b, nil
}

// recordWriter appends the fields of records.
type recordWriter struct{ b []byte }

func (w *recordWriter) number(n uint64) { w.b = binary.AppendUvarint(w.b, n) }
func (w *recordWriter) signed(n int64)  { w.b = binary.AppendVarint(w.b, n) }

func (w *recordWriter) text(text string) {
	w.number(uint64(len(text)))
	w.b = append(w.b, text...)
}

func writeTexts[T ~string](w *recordWriter, texts []T) {
	w.number(uint64(len(texts)))
	for _, text := range texts {
		w.text(string(text))
	}
}

func (w *recordWriter) set(set imap.UIDSet) {
	w.number(uint64(len(set)))
	last := imap.UID(0)
	for _, r := range set {
		w.number(uint64(r.Start - last))
		w.number(uint64(r.Stop - r.Start))
		last = r.Stop
	}
}

// record appends the fields of one record and returns its kind.
func (w *recordWriter) record(r record) (recordKind, error) {
	switch r := r.(type) {
	case mail.MessageAdded:
		w.number(uint64(r.Mailbox))
		w.number(uint64(r.UID))
		w.number(uint64(r.Email))
		w.b = append(w.b, r.Body[:]...)
		w.number(uint64(r.Size))
		w.signed(r.InternalDate.Unix)
		w.signed(int64(r.InternalDate.ZoneMinutes))
		w.signed(r.SaveDate)
		writeTexts(w, r.Flags)
		return kindMessageAdded, nil
	case mail.MessagesCopied:
		w.number(uint64(r.From))
		w.set(r.UIDs)
		w.number(uint64(r.To))
		w.number(uint64(r.FirstUID))
		w.signed(r.SaveDate)
		w.carried(r.Annotations, r.Withheld)
		return kindMessagesCopied, nil
	case mail.FlagsChanged:
		w.number(uint64(r.Mailbox))
		w.set(r.UIDs)
		writeTexts(w, r.Add)
		writeTexts(w, r.Remove)
		return kindFlagsChanged, nil
	case mail.MessagesRemoved:
		w.number(uint64(r.Mailbox))
		w.set(r.UIDs)
		return kindMessagesRemoved, nil
	case mail.RecentClaimed:
		w.number(uint64(r.Mailbox))
		w.number(uint64(r.Before))
		return kindRecentClaimed, nil
	case mail.EntryPut:
		w.text(r.Key)
		w.text(string(r.Value))
		return kindEntryPut, nil
	case mail.EntryRemoved:
		w.text(r.Key)
		return kindEntryRemoved, nil
	case mail.AccountErased:
		return kindAccountErased, nil
	case removalsForgotten:
		w.number(uint64(r.Mailbox))
		w.number(uint64(r.UpTo))
		return kindRemovalsForgotten, nil
	case mail.MetadataChanged:
		w.metadata(r)
		return kindMetadataChanged, nil
	case mail.AnnotationsChanged:
		w.annotations(r)
		return kindAnnotationsChanged, nil
	}
	if r, ok := r.(mail.QuotaChanged); ok {
		return w.quotaChanged(r), nil
	}
	if r, ok := r.(mail.AccessChanged); ok {
		return w.accessChanged(r), nil
	}
	return w.mailboxRecord(r)
}

// mailboxRecord is record for those that concern a mailbox or a name.
func (w *recordWriter) mailboxRecord(r record) (recordKind, error) {
	switch r := r.(type) {
	case mail.MailboxCreated:
		w.number(uint64(r.ID))
		w.text(r.Name)
		w.number(uint64(r.UIDValidity))
		w.number(uint64(r.UIDNext))
		writeTexts(w, r.SpecialUse)
		return kindMailboxCreated, nil
	case mail.MailboxRenamed:
		w.number(uint64(r.ID))
		w.text(r.Name)
		return kindMailboxRenamed, nil
	case mail.MailboxDeleted:
		w.number(uint64(r.ID))
		return kindMailboxDeleted, nil
	case mail.MailboxRenumbered:
		w.number(uint64(r.ID))
		w.number(uint64(r.UIDValidity))
		w.number(uint64(r.UIDNext))
		return kindMailboxRenumbered, nil
	case mail.SpecialUseChanged:
		w.number(uint64(r.ID))
		writeTexts(w, r.SpecialUse)
		return kindSpecialUseChanged, nil
	case mail.SubscriptionChanged:
		subscribed := byte(0)
		if r.Subscribed {
			subscribed = 1
		}
		w.b = append(w.b, subscribed)
		w.text(r.Name)
		return kindSubscriptionChanged, nil
	}
	return 0, fmt.Errorf("record of unknown type %T", r)
}

// decodeCommit reads what appendCommit wrote. It keeps nothing of b, and is
// safe on any octets.
func decodeCommit(b []byte) (commit, error) {
	d := recordReader{rest: b}
	if version := d.octet(); version != recordVersion {
		return commit{}, fmt.Errorf("records of version %d: %w", version, errRecord)
	}
	c := commit{Unix: d.signed()}
	for range d.count() {
		kind := recordKind(d.octet())
		fields := recordReader{rest: d.octets()}
		r := fields.record(kind)
		if d.failed || fields.failed {
			return commit{}, fmt.Errorf("kind %d: %w", kind, errRecord)
		}
		c.Records = append(c.Records, r)
	}
	if d.failed || len(d.rest) > 0 {
		return commit{}, errors.Join(errRecord)
	}
	return c, nil
}

// recordReader reads fields. After a failure everything is zero.
type recordReader struct {
	rest   []byte
	failed bool
}

func (d *recordReader) fail() { d.failed, d.rest = true, nil }

func (d *recordReader) take(n int) []byte {
	if n > len(d.rest) {
		d.fail()
		return nil
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken
}

func (d *recordReader) octet() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *recordReader) number() uint64 {
	n, width := binary.Uvarint(d.rest)
	if width <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[width:]
	return n
}

func (d *recordReader) signed() int64 {
	n, width := binary.Varint(d.rest)
	if width <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[width:]
	return n
}

// count reads how many elements follow; each takes at least one octet.
func (d *recordReader) count() int {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *recordReader) octets() []byte { return d.take(d.count()) }
func (d *recordReader) text() string   { return string(d.octets()) }

// small reads a number of 32 bits.
func (d *recordReader) small() uint32 {
	n := d.number()
	if n > 1<<32-1 {
		d.fail()
	}
	return uint32(n)
}

func (d *recordReader) mailbox() mail.MailboxID { return mail.MailboxID(d.number()) }
func (d *recordReader) uid() imap.UID           { return imap.UID(d.small()) }

func readTexts[T ~string](d *recordReader) []T {
	var texts []T
	for range d.count() {
		texts = append(texts, T(d.text()))
	}
	return texts
}

func (d *recordReader) set() imap.UIDSet {
	var set imap.UIDSet
	last := uint64(0)
	for range d.count() {
		start := last + d.number()
		stop := start + d.number()
		if start <= last || stop < start || stop > 1<<32-1 || d.failed {
			d.fail()
			return nil
		}
		set = append(set, imap.Range[imap.UID]{Start: imap.UID(start), Stop: imap.UID(stop)})
		last = stop
	}
	return set
}

// record reads the fields of one record.
func (d *recordReader) record(kind recordKind) record {
	switch kind {
	case kindMailboxCreated:
		return mail.MailboxCreated{ID: d.mailbox(), Name: d.text(), UIDValidity: imap.UIDValidity(d.small()),
			UIDNext: d.uid(), SpecialUse: readTexts[imap.MailboxAttr](d)}
	case kindMailboxRenamed:
		return mail.MailboxRenamed{ID: d.mailbox(), Name: d.text()}
	case kindMailboxDeleted:
		return mail.MailboxDeleted{ID: d.mailbox()}
	case kindMailboxRenumbered:
		return mail.MailboxRenumbered{ID: d.mailbox(), UIDValidity: imap.UIDValidity(d.small()), UIDNext: d.uid()}
	case kindSpecialUseChanged:
		return mail.SpecialUseChanged{ID: d.mailbox(), SpecialUse: readTexts[imap.MailboxAttr](d)}
	case kindSubscriptionChanged:
		return mail.SubscriptionChanged{Subscribed: d.octet() == 1, Name: d.text()}
	case kindMessageAdded:
		r := mail.MessageAdded{Mailbox: d.mailbox(), UID: d.uid(), Email: mail.EmailID(d.number())}
		copy(r.Body[:], d.take(len(r.Body)))
		r.Size = int64(d.number())
		r.InternalDate = mail.Instant{Unix: d.signed(), ZoneMinutes: int16(d.signed())}
		r.SaveDate, r.Flags = d.signed(), readTexts[imap.Flag](d)
		return r
	case kindMessagesCopied:
		r := mail.MessagesCopied{From: d.mailbox(), UIDs: d.set(), To: d.mailbox(), FirstUID: d.uid(), SaveDate: d.signed()}
		r.Annotations, r.Withheld = d.carried()
		return r
	case kindFlagsChanged:
		return mail.FlagsChanged{Mailbox: d.mailbox(), UIDs: d.set(), Add: readTexts[imap.Flag](d), Remove: readTexts[imap.Flag](d)}
	case kindMessagesRemoved:
		return mail.MessagesRemoved{Mailbox: d.mailbox(), UIDs: d.set()}
	case kindRecentClaimed:
		return mail.RecentClaimed{Mailbox: d.mailbox(), Before: d.uid()}
	case kindEntryPut:
		return mail.EntryPut{Key: d.text(), Value: []byte(d.text())}
	case kindEntryRemoved:
		return mail.EntryRemoved{Key: d.text()}
	case kindAccountErased:
		return mail.AccountErased{}
	case kindRemovalsForgotten:
		return removalsForgotten{Mailbox: d.mailbox(), UpTo: imap.ModSeq(d.number())}
	case kindQuotaChanged:
		return d.quotaChanged()
	case kindAccessChanged:
		return d.accessChanged()
	case kindMetadataChanged:
		return d.metadata()
	case kindAnnotationsChanged:
		return d.annotations()
	}
	d.fail()
	return nil
}
