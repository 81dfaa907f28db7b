package imapwire

import "github.com/restante/restante/imap"

// DecodeGetQuota reads the argument of GETQUOTA: a quota root (RFC 9208
// §4.1.1). That of GETQUOTAROOT is read by DecodeMailbox.
func DecodeGetQuota(d *Decoder) (string, error) {
	d.SP()
	root := d.AString()
	return root, d.End()
}

// EncodeGetQuota writes the argument of GETQUOTA.
func EncodeGetQuota(e *Encoder, root string) { e.SP().AString(root) }

// DecodeSetQuota reads the arguments of SETQUOTA (RFC 9208 §4.1.3).
func DecodeSetQuota(d *Decoder) (imap.SetQuotaRequest, error) {
	var r imap.SetQuotaRequest
	d.SP()
	r.Root = d.AString()
	d.SP()
	d.List(true, func() {
		resource := imap.QuotaResource(d.word())
		d.SP()
		r.Limits = append(r.Limits, imap.QuotaLimit{Resource: resource, Limit: d.Number64()})
	})
	return r, d.End()
}

// EncodeSetQuota writes the arguments of SETQUOTA.
func EncodeSetQuota(e *Encoder, r imap.SetQuotaRequest) {
	e.SP().AString(r.Root).Raw(" (")
	for i, limit := range r.Limits {
		if i > 0 {
			e.SP()
		}
		e.Raw(string(limit.Resource)).SP().Number(limit.Limit)
	}
	e.octet(')')
}

// Quota writes a QUOTA response (RFC 9208 §4.2.1).
func (e *Encoder) Quota(data *imap.QuotaData) {
	e.Raw("* QUOTA ").AString(data.Root).Raw(" (")
	for i, r := range data.Resources {
		if i > 0 {
			e.SP()
		}
		e.Raw(string(r.Resource)).SP().Number(r.Usage).SP().Number(r.Limit)
	}
	e.octet(')').CRLF()
}

// QuotaRoot writes a QUOTAROOT response (RFC 9208 §4.2.2).
func (e *Encoder) QuotaRoot(data *imap.QuotaRootData) {
	e.Raw("* QUOTAROOT ").Mailbox(data.Mailbox)
	for _, root := range data.Roots {
		e.SP().AString(root)
	}
	e.CRLF()
}

// quotaData reads what follows QUOTA. The list may be empty: the text says so,
// the grammar does not (RFC 9208 §4.2.1).
func (d *Decoder) quotaData() imap.QuotaData {
	var data imap.QuotaData
	d.SP()
	data.Root = d.AString()
	d.SP()
	d.List(true, func() {
		r := imap.QuotaUsage{Resource: imap.QuotaResource(d.word())}
		d.SP()
		r.Usage = d.Number64()
		d.SP()
		r.Limit = d.Number64()
		data.Resources = append(data.Resources, r)
	})
	return data
}

// quotaRootData reads what follows QUOTAROOT.
func (d *Decoder) quotaRootData() imap.QuotaRootData {
	var data imap.QuotaRootData
	d.SP()
	data.Mailbox = d.Mailbox()
	d.rest("quota roots", func() { data.Roots = append(data.Roots, d.AString()) })
	return data
}
