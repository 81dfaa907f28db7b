package imapwire

import "github.com/restante/restante/imap"

// DecodeSearch reads the arguments of SEARCH and UID SEARCH
// (RFC 9051 §6.4.4, RFC 4731 §4). Sequence sets among the keys are sequence
// numbers in either form.
func DecodeSearch(d *Decoder, tag string, byUID bool) (imap.SearchRequest, error) {
	r := imap.SearchRequest{Tag: tag, ByUID: byUID}
	d.SP()
	d.searchReturns(&r)
	r.Charset = d.searchCharset()
	r.Key = d.searchProgram()
	return r, d.End()
}

// searchCharset reads CHARSET and its name, "" if there is none.
func (d *Decoder) searchCharset() string {
	if !d.acceptWord("CHARSET") {
		return ""
	}
	d.SP()
	charset := d.AString()
	if charset == "" {
		d.Fail("a charset has no name")
	}
	d.SP()
	return charset
}

// searchReturns reads the result options, if there are any (RFC 4466 §2.6.1).
func (d *Decoder) searchReturns(r *imap.SearchRequest) {
	if !d.acceptWord("RETURN") {
		return
	}

	r.Extended = true
	d.SP()
	d.List(true, func() { d.searchReturn(r) })
	if r.Return.All && !r.Return.Partial.IsZero() { // RFC 9394 §3.1
		d.Fail("ALL and PARTIAL exclude each other")
	}
	if r.Return == (imap.SearchReturn{}) { // RFC 4731 §3.1
		r.Return.All = true
	}
	d.SP()
}

func (d *Decoder) searchReturn(request *imap.SearchRequest) {
	r := &request.Return
	switch d.word() {
	case "MIN":
		r.Min = true
	case "MAX":
		r.Max = true
	case "ALL":
		r.All = true
	case "COUNT":
		r.Count = true
	case "SAVE":
		r.Save = true
	case "RELEVANCY":
		r.Relevancy = true
	case "CONTEXT":
		r.Context = true
	case "UPDATE":
		r.Update = true
		d.updateItems(request)
	case "PARTIAL":
		if !r.Partial.IsZero() {
			d.Fail("PARTIAL is given twice")
		}
		d.SP()
		r.Partial = d.resultRange()
	default:
		d.Fail("a result option of SEARCH is not known")
	}
}

// resultRange reads a part of a result (RFC 9394 §4, partial-range).
func (d *Decoder) resultRange() imap.ResultRange {
	r := imap.ResultRange{FromEnd: d.accept('-')}
	r.First = d.NzNumber()
	d.expect(':', "a range of results has two ends")
	if d.accept('-') != r.FromEnd {
		d.Fail("the ends of a range of results are counted from different sides")
	}
	r.Last = d.NzNumber()
	return r
}

// searchProgram reads keys to the end of the command.
func (d *Decoder) searchProgram() imap.SearchKey {
	keys := []imap.SearchKey{d.searchKey()}
	for d.More() {
		if len(keys) >= d.limits.ItemsMax {
			d.failLimit("keys in a search", d.limits.ItemsMax)
		}
		keys = append(keys, d.searchKey())
	}
	if len(keys) == 1 {
		return keys[0]
	}
	return imap.SearchAnd{Keys: keys}
}

// searchKey reads one key (RFC 9051 §9, search-key).
func (d *Decoder) searchKey() imap.SearchKey {
	switch c := d.peek(); {
	case c == '(':
		return d.searchGroup()
	case c == '*' || isDigit(c):
		return imap.SearchSeqs{Set: d.SeqSet()}
	case c == '$':
		d.pos++
		return imap.SearchSaved{}
	}
	word := d.word()
	switch word {
	case "NOT":
		return imap.SearchNot{Key: d.searchOperand()}
	case "FUZZY":
		return imap.SearchFuzzy{Key: d.searchOperand()}
	case "OR":
		left := d.searchOperand()
		return imap.SearchOr{Left: left, Right: d.searchOperand()}
	}
	if row, ok := searchRows[word]; ok {
		return row(d)
	}
	d.Fail("a search key is not known")
	return imap.SearchAll{}
}

// searchGroup reads keys in parentheses; one alone stands for itself.
func (d *Decoder) searchGroup() imap.SearchKey {
	var keys []imap.SearchKey
	d.List(false, func() { keys = append(keys, d.searchKey()) })
	if len(keys) == 1 {
		return keys[0]
	}
	return imap.SearchAnd{Keys: keys}
}

// searchOperand reads the key that NOT or OR applies to.
func (d *Decoder) searchOperand() imap.SearchKey {
	d.SP()
	d.nest()
	var key imap.SearchKey
	if d.err == nil {
		key = d.searchKey()
	}
	d.depth--
	return key
}
