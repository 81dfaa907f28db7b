package index

import (
	"encoding/binary"

	"github.com/restante/restante/internal/mail"
)

// AppendQuota appends limits.
func AppendQuota(b []byte, quota mail.OwnQuota) []byte {
	b = binary.AppendUvarint(b, uint64(quota.Set))
	b = binary.AppendUvarint(b, uint64(len(quota.Limits)))
	for _, limit := range quota.Limits {
		b = binary.AppendUvarint(b, uint64(limit))
	}
	return b
}

// quota reads limits. Of resources that are not known here, none holds.
func (d *decoder) quota() (quota mail.OwnQuota) {
	quota.Set = mail.ResourceSet(d.uvarint())
	for i := range d.count() {
		if limit := mail.Limit(d.uvarint()); i < len(quota.Limits) {
			quota.Limits[i] = limit
		}
	}
	return quota
}
