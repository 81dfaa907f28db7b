package store

import (
	"github.com/restante/restante/internal/mail"
)

// kindQuotaChanged is the kind of mail.QuotaChanged.
const kindQuotaChanged recordKind = 19

func (w *recordWriter) quotaChanged(r mail.QuotaChanged) recordKind {
	w.number(uint64(r.Own.Set))
	w.number(uint64(len(r.Own.Limits)))
	for _, limit := range r.Own.Limits {
		w.number(uint64(limit))
	}
	return kindQuotaChanged
}

// quotaChanged reads limits; those on resources that are not known are passed
// over.
func (d *recordReader) quotaChanged() record {
	r := mail.QuotaChanged{Own: mail.OwnQuota{Set: mail.ResourceSet(d.number())}}
	for i := range d.count() {
		if limit := mail.Limit(d.number()); i < len(r.Own.Limits) {
			r.Own.Limits[i] = limit
		}
	}
	return r
}
