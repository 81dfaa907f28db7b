package index

import (
	"encoding/binary"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Values of the index. Numbers are varints unless a width is given; a signed
// number is zigzag. A text is its length and its octets; a set of UIDs is the
// count of ranges and then, for each, the distance from the end of the last
// and its length less one. The index is rebuilt, never migrated: when a value
// changes its form, Format grows.
//
//	Head       state octet (1 erased, 2 quota of its own), position, UIDVALIDITY floor,
//	           mailboxes, octets, messages, octets of annotations, of metadata, of lapses, floor
//	           of lapses, and of an own quota: which resources, their count, limit of each (one
//	           more than it says; 0 none)
//	Mailbox    name, UIDVALIDITY, UIDNEXT, highest modseq, vanished floor, messages,
//	           unseen, deleted, size, recent from, annotations, octets of annotations, of
//	           metadata, special uses, keywords (count and texts), access (count and for
//	           each: kind and 64 if negative (1), id, rights)
//	Message    place A(8), place B(8), body(32), email, size, date, zone, save date,
//	           and of a removed one: modseq, flags, position of the removal
//	Block      see marks.go
//	Removal    Unix time, set
//	Lapses     for each: mailbox, owner, name, set
//	Stored     place A(8), place B(8), size
//	Applied    format, journal's identity, segment, octet

// Format is the version of all keys and values together.
const Format = 5

// Head is what an account is as a whole.
type Head struct {
	Position  imap.ModSeq
	Floor     imap.UIDValidity
	Mailboxes uint32
	Erased    bool
	// What all mailboxes hold together; removed messages do not count.
	Octets, Messages uint64
	AnnotationOctets int64 // of messages
	MetadataOctets   int64 // of mailboxes and of the account itself
	// LapseOctets is what the rows of lapses take, LapseFloor the position up to
	// which they have made room for newer ones.
	LapseOctets int64
	LapseFloor  imap.ModSeq
	Quota       mail.OwnQuota
}

// Usage is what the account uses.
func (h *Head) Usage() mail.Usage {
	return mail.Usage{
		mail.ResourceStorage: h.Octets, mail.ResourceMessage: h.Messages,
		mail.ResourceMailbox: uint64(h.Mailboxes), mail.ResourceAnnotationStorage: uint64(h.AnnotationOctets),
	}
}

// Removal is what one commit removed from one mailbox.
type Removal struct {
	Unix int64
	UIDs imap.UIDSet
}

// Stored says where a body lies.
type Stored struct {
	Where [2]uint64
	Size  int64
}

// PlaceWidth is how many octets at the start of a Message or a Stored are the
// place of a body: a hint, in which two indexes may differ.
const PlaceWidth = 16

// Bits of a head's state octet.
const (
	erasedHead   = 1
	ownQuotaHead = 2
)

// AppendHead appends a head's value.
func AppendHead(b []byte, h Head) []byte {
	state := byte(0)
	if h.Erased {
		state = erasedHead
	}
	if h.Quota != (mail.OwnQuota{}) {
		state |= ownQuotaHead
	}
	b = append(b, state)
	b = binary.AppendUvarint(b, uint64(h.Position))
	b = binary.AppendUvarint(b, uint64(h.Floor))
	for _, n := range [...]uint64{uint64(h.Mailboxes), h.Octets, h.Messages, uint64(h.AnnotationOctets), uint64(h.MetadataOctets), uint64(h.LapseOctets), uint64(h.LapseFloor)} {
		b = binary.AppendUvarint(b, n)
	}
	if state&ownQuotaHead != 0 {
		b = AppendQuota(b, h.Quota)
	}
	return b
}

// DecodeHead reads a head's value; of none, an account without records.
func DecodeHead(value []byte) (Head, error) {
	if value == nil {
		return Head{}, nil
	}
	d := decoder{rest: value}
	state := d.octet()
	h := Head{Erased: state&erasedHead != 0}
	h.Position = imap.ModSeq(d.uvarint())
	h.Floor = imap.UIDValidity(d.uvarint())
	h.Mailboxes = uint32(d.uvarint())
	h.Octets, h.Messages, h.AnnotationOctets = d.uvarint(), d.uvarint(), int64(d.uvarint())
	h.MetadataOctets, h.LapseOctets, h.LapseFloor = int64(d.uvarint()), int64(d.uvarint()), imap.ModSeq(d.uvarint())
	if state&ownQuotaHead != 0 {
		h.Quota = d.quota()
	}
	return h, d.finish("account")
}

// AppendMailbox appends a mailbox's value. Its ID is in the key.
func AppendMailbox(b []byte, m *mail.Mailbox) []byte {
	b = appendText(b, m.Name)
	for _, n := range [...]uint64{
		uint64(m.UIDValidity), uint64(m.UIDNext), uint64(m.HighestModSeq), uint64(m.VanishedFloor),
		uint64(m.Messages), uint64(m.Unseen), uint64(m.Deleted), uint64(m.Size), uint64(m.RecentFrom),
		uint64(m.Annotations), uint64(m.AnnotationOctets), uint64(m.MetadataOctets),
	} {
		b = binary.AppendUvarint(b, n)
	}
	b = binary.AppendUvarint(b, uint64(len(m.SpecialUse)))
	for _, use := range m.SpecialUse {
		b = appendText(b, string(use))
	}
	b = binary.AppendUvarint(b, uint64(len(m.Keywords)))
	for _, keyword := range m.Keywords {
		b = appendText(b, string(keyword))
	}
	return appendAccess(b, m.Access)
}

// DecodeMailbox reads a mailbox's value.
func DecodeMailbox(id mail.MailboxID, value []byte) (*mail.Mailbox, error) {
	d := decoder{rest: value}
	m := &mail.Mailbox{ID: id, Name: d.text()}
	m.UIDValidity = imap.UIDValidity(d.uvarint())
	m.UIDNext = imap.UID(d.uvarint())
	m.HighestModSeq = imap.ModSeq(d.uvarint())
	m.VanishedFloor = imap.ModSeq(d.uvarint())
	m.Messages = uint32(d.uvarint())
	m.Unseen = uint32(d.uvarint())
	m.Deleted = uint32(d.uvarint())
	m.Size = int64(d.uvarint())
	m.RecentFrom = imap.UID(d.uvarint())
	m.Annotations = uint32(d.uvarint())
	m.AnnotationOctets = int64(d.uvarint())
	m.MetadataOctets = int64(d.uvarint())
	for range d.count() {
		m.SpecialUse = append(m.SpecialUse, imap.MailboxAttr(d.text()))
	}
	for range d.count() {
		m.Keywords = append(m.Keywords, imap.Flag(d.text()))
	}
	m.Access = d.access()
	return m, d.finish("mailbox")
}

// AppendMessage appends a message's value. Its UID is in the key. Its position
// and its flags are marks, unless it was removed.
func AppendMessage(b []byte, m *mail.Message) []byte {
	b = binary.BigEndian.AppendUint64(b, m.Body.Where[0])
	b = binary.BigEndian.AppendUint64(b, m.Body.Where[1])
	b = append(b, m.Body.ID[:]...)
	b = binary.AppendUvarint(b, uint64(m.Email))
	b = binary.AppendUvarint(b, uint64(m.Size))
	b = binary.AppendVarint(b, m.InternalDate.Unix)
	b = binary.AppendVarint(b, int64(m.InternalDate.ZoneMinutes))
	b = binary.AppendVarint(b, m.SaveDate)
	if m.Removed == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(m.ModSeq))
	b = m.Flags.AppendBinary(b)
	return binary.AppendUvarint(b, uint64(m.Removed))
}

// DecodeMessage reads a message's value into m, except position and flags
// unless it was removed.
func DecodeMessage(m *mail.Message, n imap.UID, value []byte) error {
	const fixed = PlaceWidth + 32
	if len(value) <= fixed {
		return damaged("message")
	}
	m.UID = n
	m.Body.Where = PlaceOf(value)
	copy(m.Body.ID[:], value[PlaceWidth:])
	d := decoder{rest: value[fixed:]}
	m.Email = mail.EmailID(d.uvarint())
	m.Size = int64(d.uvarint())
	m.InternalDate.Unix = d.varint()
	m.InternalDate.ZoneMinutes = int16(d.varint())
	m.SaveDate = d.varint()
	m.Removed = 0
	if len(d.rest) > 0 {
		m.ModSeq = imap.ModSeq(d.uvarint())
		m.Flags = d.flags()
		m.Removed = imap.ModSeq(d.uvarint())
	}
	return d.finish("message")
}

// SetPlace writes a body's place into a Message's or a Stored's value.
func SetPlace(value []byte, where [2]uint64) {
	binary.BigEndian.PutUint64(value, where[0])
	binary.BigEndian.PutUint64(value[8:], where[1])
}

// PlaceOf reads the place in a Message's or a Stored's value.
func PlaceOf(value []byte) [2]uint64 {
	return [2]uint64{binary.BigEndian.Uint64(value), binary.BigEndian.Uint64(value[8:])}
}

// AppendRemoval appends a removal's value.
func AppendRemoval(b []byte, r Removal) []byte {
	return AppendSet(binary.AppendVarint(b, r.Unix), r.UIDs)
}

// DecodeRemoval reads a removal's value.
func DecodeRemoval(value []byte) (Removal, error) {
	d := decoder{rest: value}
	r := Removal{Unix: d.varint()}
	r.UIDs = d.set()
	return r, d.finish("removal")
}

// AppendStored appends a body's value.
func AppendStored(b []byte, s Stored) []byte {
	b = binary.BigEndian.AppendUint64(b, s.Where[0])
	b = binary.BigEndian.AppendUint64(b, s.Where[1])
	return binary.AppendUvarint(b, uint64(s.Size))
}

// DecodeStored reads a body's value.
func DecodeStored(value []byte) (Stored, error) {
	if len(value) < PlaceWidth {
		return Stored{}, damaged("body")
	}
	d := decoder{rest: value[PlaceWidth:]}
	s := Stored{Where: PlaceOf(value), Size: int64(d.uvarint())}
	return s, d.finish("body")
}

// AppendSet appends a normal set of UIDs.
func AppendSet(b []byte, set imap.UIDSet) []byte {
	b = binary.AppendUvarint(b, uint64(len(set)))
	last := imap.UID(0)
	for _, r := range set {
		b = binary.AppendUvarint(b, uint64(r.Start-last))
		b = binary.AppendUvarint(b, uint64(r.Stop-r.Start))
		last = r.Stop
	}
	return b
}

func damaged(what string) error {
	return fmt.Errorf("index row of a %s: %w", what, mail.ErrCorrupt)
}

// NameOfBody reads which body a Message's value names.
func NameOfBody(value []byte) mail.BodyID { return mail.BodyID(value[PlaceWidth : PlaceWidth+32]) }
