package imapwire

import "github.com/restante/restante/imap"

// DecodeBatches reads the arguments of UIDBATCHES (RFC 10022 §4).
func DecodeBatches(d *Decoder, tag string) (imap.BatchesRequest, error) {
	r := imap.BatchesRequest{Tag: tag}
	d.SP()
	r.Size = d.NzNumber()
	if d.More() {
		r.First = d.NzNumber()
		d.expect(':', "a range of batches is two numbers")
		r.Last = d.NzNumber()
	}
	return r, d.End()
}

// EncodeBatches writes the arguments of UIDBATCHES.
func EncodeBatches(e *Encoder, r imap.BatchesRequest) {
	e.SP().Number(uint64(r.Size))
	if r.First != 0 {
		e.SP().Number(uint64(r.First)).Raw(":").Number(uint64(r.Last))
	}
}

// Batches writes a UIDBATCHES response. Its ranges come in the order given, which
// is from the highest UID to the lowest, and each the same way (RFC 10022 §3.1.2).
func (e *Encoder) Batches(tag string, batches []imap.Range[imap.UID]) {
	e.Raw("* UIDBATCHES (TAG ").String(tag).Raw(")")
	for i, batch := range batches {
		e.Raw([]string{" ", ","}[min(i, 1)]).Number(uint64(batch.Start)).Raw(":").Number(uint64(batch.Stop))
	}
	e.CRLF()
}
