package index

import (
	"encoding/binary"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Keys and values of metadata and annotations: see keys.go. A value is the
// position of the commit that set it, a varint, and its octets.

// MetadataPrefix begins the keys of a mailbox's metadata.
func MetadataPrefix(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(family(b, account, familyMetadata), uint64(mailbox))
}

// MetadataKey is the key of an entry, or without a name the prefix of those of
// its owner.
func MetadataKey(b []byte, account mail.AccountID, mailbox mail.MailboxID, owner mail.AccountID, name string) []byte {
	return append(number(MetadataPrefix(b, account, mailbox), uint64(owner)), name...)
}

// AllMetadataPrefix begins the keys of all metadata of an account.
func AllMetadataPrefix(b []byte, account mail.AccountID) []byte {
	return family(b, account, familyMetadata)
}

// AnnotationPrefix begins the keys of the annotations in a mailbox.
func AnnotationPrefix(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(family(b, account, familyAnnotation), uint64(mailbox))
}

// MessageAnnotations begins the keys of a message's annotations.
func MessageAnnotations(b []byte, account mail.AccountID, mailbox mail.MailboxID, n imap.UID) []byte {
	return uid(AnnotationPrefix(b, account, mailbox), n)
}

// AnnotationKey is the key of an annotation.
func AnnotationKey(b []byte, account mail.AccountID, mailbox mail.MailboxID, n imap.UID, name mail.AnnotationName) []byte {
	return append(number(MessageAnnotations(b, account, mailbox, n), uint64(name.Owner)), name.Entry...)
}

// MetadataOf returns the owner and the name in a key of metadata.
func MetadataOf(key []byte) (mail.AccountID, string) {
	return mail.AccountID(binary.BigEndian.Uint64(key[mailboxWidth:])), string(key[mailboxWidth+8:])
}

// AnnotationOf returns the message, the owner and the entry in a key of an
// annotation.
func AnnotationOf(key []byte) (imap.UID, mail.AccountID, string) {
	rest := key[mailboxWidth:]
	return imap.UID(binary.BigEndian.Uint32(rest)), mail.AccountID(binary.BigEndian.Uint64(rest[4:])), string(rest[12:])
}

// AppendValue appends the value of an entry or an annotation.
func AppendValue(b []byte, at imap.ModSeq, value []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(at)), value...)
}

// DecodeValue reads what AppendValue wrote. It keeps nothing of row.
func DecodeValue(row []byte) (imap.ModSeq, []byte, error) {
	at, width := binary.Uvarint(row)
	if width <= 0 {
		return 0, nil, damaged("value")
	}
	return imap.ModSeq(at), append([]byte{}, row[width:]...), nil
}
