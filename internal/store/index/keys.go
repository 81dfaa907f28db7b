package index

import (
	"encoding/binary"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Every key of the index. Numbers are big endian and of fixed width, so that
// keys sort as their numbers do; a name or key of the user stands last.
//
//	octets                                   value
//	00 'a'                                   Applied: format, journal, offset
//	01 body(32)                              Stored: place, size
//	02 body(32) account(8) email(8)          none: that email is this body
//	10 account(8) 'a' mailbox(8) uid(4) owner(8) entry
//	                                         position and value of an annotation
//	10 account(8) 'b' mailbox(8)             mail.Mailbox
//	10 account(8) 'c' mailbox(8) modseq(8) block(4)
//	                                         none: when the block's marks last changed
//	10 account(8) 'e' key                    value of an entry
//	10 account(8) 'f' mailbox(8) block(4)    Block: what changes about up to 128 messages
//	10 account(8) 'h'                        Head
//	10 account(8) 'm' mailbox(8) uid(4)      Message: what never changes about one
//	10 account(8) 'v' mailbox(8) owner(8) name
//	                                         position and value of an entry of metadata
//	10 account(8) 'n' name                   mailbox(8)
//	10 account(8) 'r' email(8) mailbox(8) uid(4)
//	                                         none: a message, or a removed one still
//	                                         kept, whose content is that email
//	10 account(8) 's' name                   none: subscribed
//	10 account(8) 't' email(8)               message.Structure
//	10 account(8) 'x' mailbox(8) uid(4)      Message as it was when it was removed
//	10 account(8) 'y' mailbox(8) modseq(8)   Removal: what was removed then
//	10 account(8) 'z' modseq(8)              Lapses: changes of values then that no value shows
const (
	spaceGlobal  = 0x00
	spaceBody    = 0x01
	spaceNamed   = 0x02
	spaceAccount = 0x10

	keyApplied = 'a'

	familyAnnotation   = 'a'
	familyMailbox      = 'b'
	familyChanged      = 'c'
	familyEntry        = 'e'
	familyBlock        = 'f'
	familyHead         = 'h'
	familyMessage      = 'm'
	familyName         = 'n'
	familyReference    = 'r'
	familySubscription = 's'
	familyStructure    = 't'
	familyMetadata     = 'v'
	familyRemoved      = 'x'
	familyRemoval      = 'y'
	familyLapse        = 'z'
)

// Widths of keys, for those who take them apart.
const (
	accountWidth = 1 + 8
	familyWidth  = accountWidth + 1
	mailboxWidth = familyWidth + 8
)

// Key builders. Each appends to b, so that a caller may reuse memory.

// AppliedKey is the key of the offset that the index has reached.
func AppliedKey(b []byte) []byte { return append(b, spaceGlobal, keyApplied) }

// BodyKey is the key of a body's place.
func BodyKey(b []byte, id mail.BodyID) []byte { return append(append(b, spaceBody), id[:]...) }

// BodiesPrefix begins the keys of all bodies' places.
func BodiesPrefix() []byte { return []byte{spaceBody} }

// BodyOf returns the body of a BodyKey.
func BodyOf(key []byte) mail.BodyID { return mail.BodyID(key[1:]) }

// IsBodyKey reports whether a key is a BodyKey.
func IsBodyKey(key []byte) bool { return len(key) == 33 && key[0] == spaceBody }

// NamedPrefix begins the keys of all emails that are a body.
func NamedPrefix(b []byte, id mail.BodyID) []byte { return append(append(b, spaceNamed), id[:]...) }

// NamedKey says that an email of an account is a body.
func NamedKey(b []byte, id mail.BodyID, account mail.AccountID, email mail.EmailID) []byte {
	b = binary.BigEndian.AppendUint64(NamedPrefix(b, id), uint64(account))
	return binary.BigEndian.AppendUint64(b, uint64(email))
}

// AccountPrefix begins every key of an account.
func AccountPrefix(b []byte, account mail.AccountID) []byte {
	return binary.BigEndian.AppendUint64(append(b, spaceAccount), uint64(account))
}

func family(b []byte, account mail.AccountID, family byte) []byte {
	return append(AccountPrefix(b, account), family)
}

func number(b []byte, n uint64) []byte { return binary.BigEndian.AppendUint64(b, n) }
func uid(b []byte, n imap.UID) []byte  { return binary.BigEndian.AppendUint32(b, uint32(n)) }

// HeadKey is the key of an account's head.
func HeadKey(b []byte, account mail.AccountID) []byte { return family(b, account, familyHead) }

// MailboxPrefix begins the keys of an account's mailboxes.
func MailboxPrefix(b []byte, account mail.AccountID) []byte {
	return family(b, account, familyMailbox)
}

// MailboxKey is the key of a mailbox.
func MailboxKey(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(MailboxPrefix(b, account), uint64(mailbox))
}

// NameKey is the key that leads from a name to a mailbox; of a prefix of a
// name it is the prefix of such keys.
func NameKey(b []byte, account mail.AccountID, name string) []byte {
	return append(family(b, account, familyName), name...)
}

// SubscriptionKey is the key of a subscribed name, or the prefix of such keys.
func SubscriptionKey(b []byte, account mail.AccountID, name string) []byte {
	return append(family(b, account, familySubscription), name...)
}

// EntryKey is the key of an entry, or the prefix of such keys.
func EntryKey(b []byte, account mail.AccountID, key string) []byte {
	return append(family(b, account, familyEntry), key...)
}

// MessagePrefix begins the keys of a mailbox's messages.
func MessagePrefix(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(family(b, account, familyMessage), uint64(mailbox))
}

// MessageKey is the key of a message.
func MessageKey(b []byte, account mail.AccountID, mailbox mail.MailboxID, n imap.UID) []byte {
	return uid(MessagePrefix(b, account, mailbox), n)
}

// RemovedPrefix begins the keys of a mailbox's removed messages.
func RemovedPrefix(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(family(b, account, familyRemoved), uint64(mailbox))
}

// RemovedKey is the key of a removed message.
func RemovedKey(b []byte, account mail.AccountID, mailbox mail.MailboxID, n imap.UID) []byte {
	return uid(RemovedPrefix(b, account, mailbox), n)
}

// AllMessagesPrefix and AllRemovedPrefix begin the keys of the messages of
// all mailboxes of an account.
func AllMessagesPrefix(b []byte, account mail.AccountID) []byte {
	return family(b, account, familyMessage)
}

// AllRemovedPrefix: see AllMessagesPrefix.
func AllRemovedPrefix(b []byte, account mail.AccountID) []byte {
	return family(b, account, familyRemoved)
}

// RemovalPrefix begins the keys of a mailbox's removals.
func RemovalPrefix(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(family(b, account, familyRemoval), uint64(mailbox))
}

// AllRemovalsPrefix begins the keys of the removals of an account.
func AllRemovalsPrefix(b []byte, account mail.AccountID) []byte {
	return family(b, account, familyRemoval)
}

// RemovalKey is the key of what one commit removed from a mailbox.
func RemovalKey(b []byte, account mail.AccountID, mailbox mail.MailboxID, at imap.ModSeq) []byte {
	return number(RemovalPrefix(b, account, mailbox), uint64(at))
}

// ChangedPrefix begins the keys of a mailbox's changes.
func ChangedPrefix(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(family(b, account, familyChanged), uint64(mailbox))
}

// ChangedKey says when a block of marks last changed.
func ChangedKey(b []byte, account mail.AccountID, mailbox mail.MailboxID, at imap.ModSeq, block uint32) []byte {
	return binary.BigEndian.AppendUint32(number(ChangedPrefix(b, account, mailbox), uint64(at)), block)
}

// BlockPrefix begins the keys of a mailbox's blocks of marks.
func BlockPrefix(b []byte, account mail.AccountID, mailbox mail.MailboxID) []byte {
	return number(family(b, account, familyBlock), uint64(mailbox))
}

// BlockKey is the key of a block of marks.
func BlockKey(b []byte, account mail.AccountID, mailbox mail.MailboxID, block uint32) []byte {
	return binary.BigEndian.AppendUint32(BlockPrefix(b, account, mailbox), block)
}

// ReferencePrefix begins the keys of the messages that share an email.
func ReferencePrefix(b []byte, account mail.AccountID, email mail.EmailID) []byte {
	return number(family(b, account, familyReference), uint64(email))
}

// ReferenceKey says that a message's content is an email.
func ReferenceKey(b []byte, account mail.AccountID, email mail.EmailID, mailbox mail.MailboxID, n imap.UID) []byte {
	return uid(number(ReferencePrefix(b, account, email), uint64(mailbox)), n)
}

// StructurePrefix begins the keys of an account's structures.
func StructurePrefix(b []byte, account mail.AccountID) []byte {
	return family(b, account, familyStructure)
}

// StructureKey is the key of an email's structure.
func StructureKey(b []byte, account mail.AccountID, email mail.EmailID) []byte {
	return number(StructurePrefix(b, account), uint64(email))
}

// Key readers. Each takes a key that the matching builder made.

// LastUID returns the UID at the end of a message's, removed message's or
// reference's key.
func LastUID(key []byte) imap.UID {
	return imap.UID(binary.BigEndian.Uint32(key[len(key)-4:]))
}

// LastBlock returns the block at the end of a block's or a change's key.
func LastBlock(key []byte) uint32 { return binary.BigEndian.Uint32(key[len(key)-4:]) }

// MailboxOf returns the mailbox of a message's, removed message's, removal's,
// block's or change's key.
func MailboxOf(key []byte) mail.MailboxID {
	return mail.MailboxID(binary.BigEndian.Uint64(key[familyWidth:]))
}

// ModSeqOf returns the position in a change's or a removal's key.
func ModSeqOf(key []byte) imap.ModSeq {
	return imap.ModSeq(binary.BigEndian.Uint64(key[mailboxWidth:]))
}

// TextOf returns the name or entry key at the end of a key.
func TextOf(key []byte) string { return string(key[familyWidth:]) }

// ReferenceOf returns the message that a reference's key names.
func ReferenceOf(key []byte) (mail.MailboxID, imap.UID) {
	return mail.MailboxID(binary.BigEndian.Uint64(key[mailboxWidth:])), LastUID(key)
}

// NamedOf returns the account and the email of a NamedKey.
func NamedOf(key []byte) (mail.AccountID, mail.EmailID) {
	tail := key[len(key)-16:]
	return mail.AccountID(binary.BigEndian.Uint64(tail)), mail.EmailID(binary.BigEndian.Uint64(tail[8:]))
}

// PrefixEnd returns the smallest key that is larger than every key with this
// prefix, nil if there is none.
func PrefixEnd(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// AccountsEnd lies behind the keys of all accounts.
func AccountsEnd() []byte { return []byte{spaceAccount + 1} }

// AccountOf returns the account of an account's key.
func AccountOf(key []byte) mail.AccountID {
	return mail.AccountID(binary.BigEndian.Uint64(key[1:]))
}
