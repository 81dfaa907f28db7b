package index

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Same reports whether two values of one key say the same. Places are hints
// and may differ.
func Same(key, a, b []byte) bool {
	if hasPlace(key) && len(a) >= PlaceWidth && len(b) >= PlaceWidth {
		a, b = a[PlaceWidth:], b[PlaceWidth:]
	}
	return bytes.Equal(a, b)
}

func hasPlace(key []byte) bool {
	switch {
	case len(key) == 0:
		return false
	case key[0] == spaceBody:
		return true
	case key[0] == spaceAccount && len(key) > accountWidth:
		return key[accountWidth] == familyMessage || key[accountWidth] == familyRemoved
	}
	return false
}

// Describe says in one line what a row is, for people. It holds no text of a
// message and no value of an entry, which may be secret.
func Describe(key, value []byte) string {
	switch {
	case len(key) == 2 && key[0] == spaceGlobal:
		d := decoder{rest: value}
		return fmt.Sprintf("applied: format %d, journal %x, segment %d, octet %d", d.uvarint(), d.uvarint(), d.uvarint(), d.uvarint())
	case len(key) == 33 && key[0] == spaceBody:
		stored, err := DecodeStored(value)
		return fmt.Sprintf("body %s: place %x, %d octets%s", short(key[1:]), stored.Where, stored.Size, because(err))
	case len(key) == 49 && key[0] == spaceNamed:
		account, email := NamedOf(key)
		return fmt.Sprintf("body %s is email %d of account %d", short(key[1:33]), email, account)
	case len(key) > accountWidth && key[0] == spaceAccount:
		return fmt.Sprintf("account %d, %s", AccountOf(key), describeFamily(key, value))
	}
	return "unknown row " + hex.EncodeToString(key)
}

func short(id []byte) string { return hex.EncodeToString(id[:8]) }

func because(err error) string {
	if err == nil {
		return ""
	}
	return " (" + err.Error() + ")"
}

// describeFamily describes an account's row.
func describeFamily(key, value []byte) string {
	width, known := familyWidths[key[accountWidth]]
	if !known || len(key) < width {
		return "unknown row " + hex.EncodeToString(key)
	}
	switch key[accountWidth] {
	case familyHead:
		head, err := DecodeHead(value)
		return fmt.Sprintf("head: %+v%s", head, because(err))
	case familyMailbox:
		m, err := DecodeMailbox(MailboxOf(key), value)
		return fmt.Sprintf("mailbox: %+v%s", *m, because(err))
	case familyName:
		return fmt.Sprintf("name %q leads to %x", TextOf(key), value)
	case familySubscription:
		return fmt.Sprintf("subscription %q", TextOf(key))
	case familyEntry:
		return fmt.Sprintf("entry %q: %d octets", TextOf(key), len(value))
	case familyMessage, familyRemoved:
		return fmt.Sprintf("mailbox %d, %s", MailboxOf(key), describeMessage(LastUID(key), value))
	case familyBlock:
		var block Block
		err := block.Decode(LastBlock(key), value)
		return fmt.Sprintf("mailbox %d, marks listed at %d, %d unseen: %s%s", MailboxOf(key), block.Listed, block.Unseen, describeMarks(&block), because(err))
	case familyChanged:
		return fmt.Sprintf("mailbox %d, block %d changed at %d", MailboxOf(key), LastBlock(key), ModSeqOf(key))
	case familyReference:
		mailbox, uid := ReferenceOf(key)
		return fmt.Sprintf("email %d is in mailbox %d as %d", MailboxOf(key), mailbox, uid)
	case familyStructure:
		return fmt.Sprintf("structure of email %d: %d octets", MailboxOf(key), len(value))
	case familyMetadata:
		owner, name := MetadataOf(key)
		return fmt.Sprintf("mailbox %d, metadata %q of %d: %d octets", MailboxOf(key), name, owner, len(value))
	case familyAnnotation:
		uid, owner, entry := AnnotationOf(key)
		return fmt.Sprintf("mailbox %d, message %d, annotation %q of %d: %d octets", MailboxOf(key), uid, entry, owner, len(value))
	case familyLapse:
		lapses, err := DecodeLapses(0, value)
		return fmt.Sprintf("values gone at %d: %s%s", LapseOf(key), describeLapses(lapses), because(err))
	default:
		removal, err := DecodeRemoval(value)
		return fmt.Sprintf("mailbox %d, removed at %d (Unix time %d): %s%s", MailboxOf(key), ModSeqOf(key), removal.Unix, removal.UIDs, because(err))
	}
}

// familyWidths are the families and the least width of their keys.
var familyWidths = map[byte]int{
	familyMailbox: familyWidth + 8, familyChanged: familyWidth + 20, familyEntry: familyWidth, familyBlock: familyWidth + 12,
	familyHead: familyWidth, familyMessage: familyWidth + 12, familyName: familyWidth, familyReference: familyWidth + 20,
	familySubscription: familyWidth, familyStructure: familyWidth + 8, familyRemoved: familyWidth + 12, familyRemoval: familyWidth + 16,
	familyLapse: familyWidth + 8, familyMetadata: familyWidth + 16, familyAnnotation: familyWidth + 20,
}

func describeLapses(lapses []mail.Lapse) string {
	var b []byte
	for i := range lapses {
		b = fmt.Appendf(b, "mailbox %d %s %q of %d; ", lapses[i].Mailbox, lapses[i].UIDs, lapses[i].Name, lapses[i].Owner)
	}
	return string(bytes.TrimSuffix(b, []byte("; ")))
}

func describeMessage(uid imap.UID, value []byte) string {
	var m mail.Message
	if err := DecodeMessage(&m, uid, value); err != nil {
		return fmt.Sprintf("message %d%s", uid, because(err))
	}
	text := fmt.Sprintf("message %d: email %d, body %s at %x, %d octets, received %d%+d, saved %d",
		uid, m.Email, short(m.Body.ID[:]), m.Body.Where, m.Size, m.InternalDate.Unix, m.InternalDate.ZoneMinutes, m.SaveDate)
	if m.Removed > 0 {
		text += fmt.Sprintf(", removed at %d with flags %s and position %d", m.Removed, describeFlags(m.Flags), m.ModSeq)
	}
	return text
}

func describeMarks(block *Block) string {
	var b []byte
	for i := range block.Marks {
		mark := &block.Marks[i]
		b = fmt.Appendf(b, "%d@%d%s ", mark.UID, mark.ModSeq, describeFlags(mark.Flags))
	}
	return string(bytes.TrimSpace(b))
}

func describeFlags(flags mail.Flags) string {
	text := "["
	for bit := range flags.Bits() {
		text += fmt.Sprintf(" %d", bit)
	}
	return text + " ]"
}
