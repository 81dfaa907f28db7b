package index

import (
	"encoding/binary"

	"github.com/restante/restante/internal/mail"
)

// negativeGrantee marks entries that take rights away.
const negativeGrantee = 64

func appendAccess(b []byte, list []mail.AccessEntry) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, entry := range list {
		kind := byte(entry.Kind)
		if entry.Negative {
			kind |= negativeGrantee
		}
		b = append(b, kind)
		b = binary.AppendUvarint(b, entry.ID)
		b = binary.AppendUvarint(b, uint64(entry.Rights))
	}
	return b
}

func (d *decoder) access() (list []mail.AccessEntry) {
	for range d.count() {
		kind := d.octet()
		grantee := mail.Grantee{Kind: mail.GranteeKind(kind &^ negativeGrantee), ID: d.uvarint(), Negative: kind&negativeGrantee != 0}
		list = append(list, mail.AccessEntry{Grantee: grantee, Rights: mail.Rights(d.uvarint())})
	}
	return list
}
