package index

import (
	"encoding/binary"

	"github.com/restante/restante/internal/mail"
)

// AppendQuota appends limits.
func AppendQuota(b []byte, quota mail.Quota) []byte {
	b = binary.AppendUvarint(b, uint64(len(quota)))
	for _, limit := range quota {
		b = binary.AppendUvarint(b, uint64(limit))
	}
	return b
}

// quota reads limits. Of resources that are not known here, none holds.
func (d *decoder) quota() (quota mail.Quota) {
	for i := range d.count() {
		if limit := mail.Limit(d.uvarint()); i < len(quota) {
			quota[i] = limit
		}
	}
	return quota
}
