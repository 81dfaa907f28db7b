package index

import (
	"encoding/binary"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
)

// Keys and values of lapses: see keys.go and rows.go.

// LapsePrefix begins the keys of an account's lapses.
func LapsePrefix(b []byte, account mail.AccountID) []byte { return family(b, account, familyLapse) }

// LapseKey is the key of the lapses of one commit.
func LapseKey(b []byte, account mail.AccountID, at imap.ModSeq) []byte {
	return number(LapsePrefix(b, account), uint64(at))
}

// LapseOf returns the position in a LapseKey.
func LapseOf(key []byte) imap.ModSeq {
	return imap.ModSeq(binary.BigEndian.Uint64(key[familyWidth:]))
}

// AppendLapse appends one lapse to the value of a commit's.
func AppendLapse(b []byte, l mail.Lapse) []byte {
	b = binary.AppendUvarint(b, uint64(l.Mailbox))
	b = binary.AppendUvarint(b, uint64(l.Owner))
	return AppendSet(appendText(b, l.Name), l.UIDs)
}

// DecodeLapses reads the lapses of a commit.
func DecodeLapses(at imap.ModSeq, value []byte) (lapses []mail.Lapse, err error) {
	d := decoder{rest: value}
	for len(d.rest) > 0 && !d.failed {
		lapse := mail.Lapse{ModSeq: at, Mailbox: mail.MailboxID(d.uvarint()), Owner: mail.AccountID(d.uvarint()), Name: d.text()}
		lapse.UIDs = d.set()
		lapses = append(lapses, lapse)
	}
	return lapses, d.finish("lapse")
}
