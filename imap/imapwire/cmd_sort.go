package imapwire

import "github.com/restante/restante/imap"

// DecodeSort reads the arguments of SORT and UID SORT, with result options
// (RFC 5256 §5, RFC 5267 §5).
func DecodeSort(d *Decoder, tag string, byUID bool) (imap.SearchRequest, error) {
	r := imap.SearchRequest{Tag: tag, ByUID: byUID}
	d.SP()
	d.searchReturns(&r)
	d.List(false, func() { r.Sort = append(r.Sort, d.sortKey()) })
	r.Charset, r.Key = d.searchCriteria()
	return r, d.End()
}

// DecodeThread reads the arguments of THREAD and UID THREAD (RFC 5256 §5).
func DecodeThread(d *Decoder, byUID bool) (imap.ThreadRequest, error) {
	r := imap.ThreadRequest{ByUID: byUID}
	d.SP()
	word := d.word()
	for algorithm := range imap.ThreadAlgorithms {
		if word == algorithm.String() {
			r.Algorithm = algorithm
		}
	}
	if r.Algorithm == 0 {
		d.Fail("a threading algorithm is not known")
	}
	r.Charset, r.Key = d.searchCriteria()
	return r, d.End()
}

// searchCriteria reads the charset, which must not be left out here, and the
// keys (RFC 5256 §5, search-criteria).
func (d *Decoder) searchCriteria() (charset string, key imap.SearchKey) {
	d.SP()
	if charset = d.AString(); charset == "" {
		d.Fail("a charset has no name")
	}
	d.SP()
	return charset, d.searchProgram()
}

func (d *Decoder) sortKey() imap.SortKey {
	var key imap.SortKey
	word := d.word()
	if key.Reverse = word == "REVERSE"; key.Reverse {
		d.SP()
		word = d.word()
	}
	for field := range imap.SortFields {
		if word == field.String() {
			key.Field = field
			if field == imap.SortAnnotation {
				d.sortAnnotation(&key)
			}
			return key
		}
	}
	d.Fail("a sort criterion is not known")
	return key
}

// EncodeSort writes the arguments of SORT and UID SORT.
func EncodeSort(e *Encoder, r imap.SearchRequest) {
	e.SP().searchReturns(r)
	for i, key := range r.Sort {
		e.octet("( "[min(i, 1)])
		if key.Reverse {
			e.Raw("REVERSE ")
		}
		e.Raw(key.Field.String())
		if key.Field == imap.SortAnnotation {
			e.SP().AString(key.Entry).SP().Raw(key.Attribute)
		}
	}
	e.octet(')').SP().AString(r.Charset).SP().searchAll(r.Key)
}

// EncodeThread writes the arguments of THREAD and UID THREAD.
func EncodeThread(e *Encoder, r imap.ThreadRequest) {
	e.SP().Raw(r.Algorithm.String()).SP().AString(r.Charset).SP().searchAll(r.Key)
}
