package store

import (
	"github.com/restante/restante/internal/mail"
)

// kindQuotaChanged is the kind of mail.QuotaChanged.
const kindQuotaChanged recordKind = 19

func (w *recordWriter) quotaChanged(r mail.QuotaChanged) recordKind {
	standard := byte(0)
	if r.Default {
		standard = 1
	}
	w.b = append(w.b, standard)
	w.number(uint64(len(r.Quota)))
	for _, limit := range r.Quota {
		w.number(uint64(limit))
	}
	return kindQuotaChanged
}

// quotaChanged reads limits; those on resources that are not known are passed
// over.
func (d *recordReader) quotaChanged() record {
	r := mail.QuotaChanged{Default: d.octet() == 1}
	for i := range d.count() {
		if limit := mail.Limit(d.number()); i < len(r.Quota) {
			r.Quota[i] = limit
		}
	}
	return r
}
