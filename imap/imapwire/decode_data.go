package imapwire

import (
	"strings"
	"unicode/utf8"

	"github.com/restante/restante/imap"
)

// listData reads what follows LIST or LSUB (RFC 9051 §9, mailbox-list).
func (d *Decoder) listData() imap.ListData {
	var data imap.ListData
	d.SP()
	d.List(true, func() { data.Attrs = append(data.Attrs, d.attr()) })
	d.SP()
	data.Delimiter = d.delimiter()
	d.SP()
	data.Mailbox = d.Mailbox()
	if d.More() {
		d.List(true, func() { d.listExtendedItem(&data) })
	}
	return data
}

// delimiter reads a hierarchy delimiter: one character in quotes, or NIL.
func (d *Decoder) delimiter() rune {
	text := d.NString()
	if !text.Present {
		return 0
	}
	r, size := utf8.DecodeRuneInString(text.Text)
	if size == 0 || size != len(text.Text) || r == utf8.RuneError {
		d.Fail("a hierarchy delimiter is one character")
	}
	return r
}

// listExtendedItem reads one extended data item; unknown ones are skipped
// (RFC 9051 §9, mbox-list-extended-item).
func (d *Decoder) listExtendedItem(data *imap.ListData) {
	tag := strings.ToUpper(d.AString())
	d.SP()
	switch tag {
	case "CHILDINFO":
		data.ChildInfo = []string{}
		d.List(false, func() { data.ChildInfo = append(data.ChildInfo, d.AString()) })
	case "OLDNAME":
		d.List(false, func() { data.OldName = d.Mailbox() })
	default:
		d.skipValue()
	}
}

// statusData reads what follows STATUS; items that are not known are skipped
// (RFC 9051 §9, status-att-list).
func (d *Decoder) statusData() imap.StatusData {
	var data imap.StatusData
	d.SP()
	data.Mailbox = d.Mailbox()
	d.SP()
	d.List(true, func() {
		word := d.word()
		d.SP()
		item, known := statusItemOf(word)
		switch {
		case !known:
			d.skipValue()
		case d.acceptWord("NIL"):
			data.Values = append(data.Values, imap.StatusValue{Item: item, Nil: true})
		case item == imap.StatusMailboxID:
			data.Values = append(data.Values, imap.StatusValue{Item: item, ID: d.objectIDInList()})
		default:
			data.Values = append(data.Values, imap.StatusValue{Item: item, Number: d.Number64()})
		}
	})
	return data
}

func statusItemOf(word string) (imap.StatusItem, bool) {
	for item := range imap.StatusItems {
		if word == item.String() {
			return item, true
		}
	}
	return 0, false
}

// namespaceData reads what follows NAMESPACE (RFC 9051 §9, namespace-response).
func (d *Decoder) namespaceData() imap.NamespaceData {
	var data imap.NamespaceData
	for _, class := range [...]*[]imap.Namespace{&data.Personal, &data.Other, &data.Shared} {
		d.SP()
		if d.acceptWord("NIL") {
			continue
		}
		d.expect('(', "a namespace is missing")
		for d.err == nil && !d.accept(')') {
			if len(*class) >= d.limits.ItemsMax {
				d.failLimit("namespaces", d.limits.ItemsMax)
			}
			*class = append(*class, d.namespace())
		}
	}
	return data
}

func (d *Decoder) namespace() imap.Namespace {
	var n imap.Namespace
	d.expect('(', "a namespace is missing")
	n.Prefix = d.mailboxText([]byte(d.String()))
	if !d.mode.UTF8 {
		if decoded, err := DecodeUTF7(n.Prefix); err == nil {
			n.Prefix = decoded
		}
	}
	d.SP()
	n.Delimiter = d.delimiter()
	for d.More() {
		extension := imap.NamespaceExtension{Name: d.String()}
		d.SP()
		d.List(false, func() { extension.Values = append(extension.Values, d.String()) })
		n.Extensions = append(n.Extensions, extension)
	}
	d.expect(')', "a closing parenthesis is missing")
	return n
}

// esearchData reads what follows ESEARCH; return data that is not known is
// skipped (RFC 9051 §9, esearch-response).
func (d *Decoder) esearchData() imap.SearchData {
	var data imap.SearchData
	for d.More() {
		if d.peek() == '(' {
			d.List(false, func() { d.searchCorrelator(&data) })
			continue
		}
		switch d.word() {
		case "UID":
			data.ByUID, data.All.ByUID = true, true
		case "MIN":
			d.SP()
			data.Min = d.NzNumber()
		case "MAX":
			d.SP()
			data.Max = d.NzNumber()
		case "COUNT":
			d.SP()
			data.HasCount, data.Count = true, d.Number()
		case "ALL":
			d.SP()
			data.All = d.Messages(data.ByUID)
			if data.All.Saved {
				d.Fail("ALL of ESEARCH is a set and not $") // RFC 9051 §9
			}
		case "RELEVANCY":
			d.SP()
			data.Relevancy = []uint8{}
			d.List(true, func() { data.Relevancy = append(data.Relevancy, d.score()) })
		case "ADDTO":
			d.searchUpdates(&data, false)
		case "REMOVEFROM":
			d.searchUpdates(&data, true)
		case "PARTIAL":
			d.SP()
			d.searchPartial(&data)
		case "MODSEQ":
			d.SP()
			data.ModSeq = d.ModSeq()
		default:
			d.SP()
			d.skipValue()
		}
	}
	return data
}

// score reads how relevant a message is: from 1 to 100 (RFC 6203 §7).
func (d *Decoder) score() uint8 {
	score := d.number(100)
	if score == 0 {
		d.Fail("a score is a number from 1 to 100")
	}
	return uint8(score)
}

// searchPartial reads what a part of the result holds (RFC 9394 §4,
// ret-data-partial).
func (d *Decoder) searchPartial(data *imap.SearchData) {
	d.expect('(', "a list is missing")
	data.Partial = d.resultRange()
	d.SP()
	data.PartialSet = imap.MessageSet{ByUID: data.ByUID}
	if !d.acceptWord("NIL") {
		if data.PartialSet = d.Messages(data.ByUID); data.PartialSet.Saved {
			d.Fail("PARTIAL of ESEARCH is a set and not $")
		}
	}
	d.expect(')', "a closing parenthesis is missing")
}

// searchCorrelator reads TAG and skips what later documents put beside it.
func (d *Decoder) searchCorrelator(data *imap.SearchData) {
	word := d.word()
	d.SP()
	switch word {
	case "TAG":
		data.Tag = d.AString()
	case "MAILBOX":
		data.Mailbox = d.Mailbox()
	case "UIDVALIDITY":
		data.UIDValidity = imap.UIDValidity(d.NzNumber())
	default:
		d.skipValue()
	}
}

// searchResponse reads what follows SEARCH (RFC 3501 §9, mailbox-data;
// RFC 7162 §7).
func (d *Decoder) searchResponse() imap.Response {
	var r imap.SearchResponse
	for d.More() {
		switch c := d.peek(); {
		case c == '(':
			d.List(false, func() {
				if !d.acceptWord("MODSEQ") {
					d.Fail("MODSEQ is missing")
				}
				d.SP()
				r.ModSeq = d.ModSeq()
			})
		case isDigit(c):
			r.Numbers = append(r.Numbers, d.NzNumber())
		case c != 0:
			d.Fail("a number is missing")
		}
	}
	return r
}
