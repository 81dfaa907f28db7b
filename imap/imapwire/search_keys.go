package imapwire

import "github.com/restante/restante/imap"

// searchRows are the search keys that are not made of other keys, one row each
// (RFC 9051 §6.4.4, RFC 3501 §6.4.4, RFC 7162 §3.1.5, RFC 5032 §3,
// RFC 8514 §5).
var searchRows = map[string]func(*Decoder) imap.SearchKey{
	"ALL":        searchWord(imap.SearchAll{}),
	"ANSWERED":   searchWord(imap.SearchFlag{Flag: imap.FlagAnswered}),
	"DELETED":    searchWord(imap.SearchFlag{Flag: imap.FlagDeleted}),
	"DRAFT":      searchWord(imap.SearchFlag{Flag: imap.FlagDraft}),
	"FLAGGED":    searchWord(imap.SearchFlag{Flag: imap.FlagFlagged}),
	"SEEN":       searchWord(imap.SearchFlag{Flag: imap.FlagSeen}),
	"UNANSWERED": searchWord(imap.SearchFlag{Flag: imap.FlagAnswered, Absent: true}),
	"UNDELETED":  searchWord(imap.SearchFlag{Flag: imap.FlagDeleted, Absent: true}),
	"UNDRAFT":    searchWord(imap.SearchFlag{Flag: imap.FlagDraft, Absent: true}),
	"UNFLAGGED":  searchWord(imap.SearchFlag{Flag: imap.FlagFlagged, Absent: true}),
	"UNSEEN":     searchWord(imap.SearchFlag{Flag: imap.FlagSeen, Absent: true}),
	"RECENT":     searchWord(imap.SearchFlag{Flag: imap.FlagRecent}),
	"OLD":        searchWord(imap.SearchFlag{Flag: imap.FlagRecent, Absent: true}),
	"NEW": searchWord(imap.SearchAnd{Keys: []imap.SearchKey{
		imap.SearchFlag{Flag: imap.FlagRecent},
		imap.SearchFlag{Flag: imap.FlagSeen, Absent: true},
	}}),
	"KEYWORD":           searchKeyword(false),
	"UNKEYWORD":         searchKeyword(true),
	"FROM":              searchText(imap.InFrom),
	"TO":                searchText(imap.InTo),
	"CC":                searchText(imap.InCc),
	"BCC":               searchText(imap.InBcc),
	"SUBJECT":           searchText(imap.InSubject),
	"BODY":              searchText(imap.InBody),
	"TEXT":              searchText(imap.InText),
	"HEADER":            searchHeader,
	"BEFORE":            searchDate(imap.DateInternal, imap.DateBefore),
	"ON":                searchDate(imap.DateInternal, imap.DateOn),
	"SINCE":             searchDate(imap.DateInternal, imap.DateSince),
	"SENTBEFORE":        searchDate(imap.DateSent, imap.DateBefore),
	"SENTON":            searchDate(imap.DateSent, imap.DateOn),
	"SENTSINCE":         searchDate(imap.DateSent, imap.DateSince),
	"SAVEDBEFORE":       searchDate(imap.DateSaved, imap.DateBefore),
	"SAVEDON":           searchDate(imap.DateSaved, imap.DateOn),
	"SAVEDSINCE":        searchDate(imap.DateSaved, imap.DateSince),
	"EMAILID":           searchEmailID,
	"THREADID":          searchThreadID,
	"SAVEDATESUPPORTED": searchWord(imap.SearchSaveDates{}),
	"OLDER":             searchWithin(false),
	"YOUNGER":           searchWithin(true),
	"LARGER":            searchSize(true),
	"SMALLER":           searchSize(false),
	"UID":               searchUID,
	"MODSEQ":            searchModSeq,
	"FILTER":            searchFilter,
	"ANNOTATION":        searchAnnotation,
	"UIDAFTER":          searchUIDAfter,
	"UIDBEFORE":         searchUIDBefore,
}

func searchWord(key imap.SearchKey) func(*Decoder) imap.SearchKey {
	return func(*Decoder) imap.SearchKey { return key }
}

func searchKeyword(absent bool) func(*Decoder) imap.SearchKey {
	return func(d *Decoder) imap.SearchKey {
		d.SP()
		return imap.SearchFlag{Flag: imap.Flag(d.Atom()), Absent: absent}
	}
}

func searchText(place imap.SearchPlace) func(*Decoder) imap.SearchKey {
	return func(d *Decoder) imap.SearchKey {
		d.SP()
		return imap.SearchText{Place: place, Value: d.AString()}
	}
}

func searchDate(of imap.SearchDateOf, when imap.SearchWhen) func(*Decoder) imap.SearchKey {
	return func(d *Decoder) imap.SearchKey {
		d.SP()
		return imap.SearchDate{Of: of, When: when, Date: d.Date()}
	}
}

func searchWithin(younger bool) func(*Decoder) imap.SearchKey {
	return func(d *Decoder) imap.SearchKey {
		d.SP()
		return imap.SearchWithin{Younger: younger, Seconds: d.NzNumber()}
	}
}

func searchSize(larger bool) func(*Decoder) imap.SearchKey {
	return func(d *Decoder) imap.SearchKey {
		d.SP()
		return imap.SearchSize{Larger: larger, Octets: d.Number64()}
	}
}

func searchHeader(d *Decoder) imap.SearchKey {
	d.SP()
	field := d.AString()
	d.SP()
	return imap.SearchHeader{Field: field, Value: d.AString()}
}

func searchUID(d *Decoder) imap.SearchKey {
	d.SP()
	if d.accept('$') {
		return imap.SearchSaved{}
	}
	return imap.SearchUIDs{Set: d.UIDSet()}
}

// searchModSeq reads MODSEQ with or without a metadata entry (RFC 7162 §3.1.5).
func searchModSeq(d *Decoder) imap.SearchKey {
	var key imap.SearchModSeq
	d.SP()
	if d.peek() == '"' {
		if key.Entry = d.String(); key.Entry == "" {
			d.Fail("a metadata entry has no name")
		}
		d.SP()
		switch scope := d.word(); scope {
		case "PRIV":
			key.Scope = "priv"
		case "SHARED":
			key.Scope = "shared"
		case "ALL":
			key.Scope = "all"
		default:
			d.Fail("the scope of a metadata entry is priv, shared or all")
		}
		d.SP()
	}
	key.ModSeq = d.ModSeqOrZero()
	return key
}
