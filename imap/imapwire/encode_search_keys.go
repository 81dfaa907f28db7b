package imapwire

import (
	"strings"

	"github.com/restante/restante/imap"
)

// searchKey writes one search key; several that are joined come in parentheses.
func (e *Encoder) searchKey(key imap.SearchKey) {
	switch k := key.(type) {
	case imap.SearchAll:
		e.Raw("ALL")
	case imap.SearchSaved:
		e.octet('$')
	case imap.SearchAnd:
		e.octet('(')
		e.searchKeys(k.Keys)
		e.octet(')')
	case imap.SearchOr:
		e.Raw("OR ")
		e.searchKey(k.Left)
		e.SP()
		e.searchKey(k.Right)
	case imap.SearchFuzzy:
		e.Raw("FUZZY ")
		e.searchKey(k.Key)
	case imap.SearchNot:
		e.Raw("NOT ")
		e.searchKey(k.Key)
	case imap.SearchSeqs:
		e.SeqSet(k.Set)
	case imap.SearchUIDs:
		e.Raw("UID ").UIDSet(k.Set)
	default:
		e.searchLeaf(key)
	}
}

// searchLeaf writes the keys that look at one property of a message.
func (e *Encoder) searchLeaf(key imap.SearchKey) {
	switch k := key.(type) {
	case imap.SearchFlag:
		e.searchFlag(k)
	case imap.SearchText:
		e.Raw(searchPlaces[k.Place]).SP().AString(k.Value)
	case imap.SearchHeader:
		e.Raw("HEADER ").AString(k.Field).SP().AString(k.Value)
	case imap.SearchDate:
		e.Raw(searchDates[k.Of]).Raw(searchWhens[k.When]).SP().Raw(k.Date.String())
	case imap.SearchWithin:
		if k.Younger {
			e.Raw("YOUNGER ")
		} else {
			e.Raw("OLDER ")
		}
		e.Number(uint64(k.Seconds))
	case imap.SearchUIDAfter:
		e.Raw("UIDAFTER ").Number(uint64(k.UID))
	case imap.SearchUIDBefore:
		e.Raw("UIDBEFORE ").Number(uint64(k.UID))
	case imap.SearchEmailID:
		e.Raw("EMAILID ").Raw(string(k.ID))
	case imap.SearchThreadID:
		e.Raw("THREADID ").Raw(string(k.ID))
	case imap.SearchFilter:
		e.Raw("FILTER ").Raw(k.Name)
	case imap.SearchAnnotation:
		e.searchAnnotation(k)
	case imap.SearchSaveDates:
		e.Raw("SAVEDATESUPPORTED")
	case imap.SearchSize:
		if k.Larger {
			e.Raw("LARGER ")
		} else {
			e.Raw("SMALLER ")
		}
		e.Number(k.Octets)
	case imap.SearchModSeq:
		e.Raw("MODSEQ ")
		if k.Entry != "" {
			e.quoted(k.Entry).SP().Raw(k.Scope).SP()
		}
		e.Number(uint64(k.ModSeq))
	}
}

var searchPlaces = [...]string{
	imap.InFrom: "FROM", imap.InTo: "TO", imap.InCc: "CC", imap.InBcc: "BCC",
	imap.InSubject: "SUBJECT", imap.InBody: "BODY", imap.InText: "TEXT",
}

var searchDates = [...]string{
	imap.DateInternal: "", imap.DateSent: "SENT", imap.DateSaved: "SAVED",
}

var searchWhens = [...]string{
	imap.DateBefore: "BEFORE", imap.DateOn: "ON", imap.DateSince: "SINCE",
}

// searchFlag writes SEEN, UNSEEN and the like, RECENT, OLD, or KEYWORD.
func (e *Encoder) searchFlag(k imap.SearchFlag) {
	un := ""
	if k.Absent {
		un = "UN"
	}
	switch {
	case k.Flag.Equal(imap.FlagRecent) && k.Absent:
		e.Raw("OLD")
	case k.Flag.Equal(imap.FlagRecent):
		e.Raw("RECENT")
	case k.Flag.IsSystem():
		e.Raw(un).Raw(strings.ToUpper(string(k.Flag[1:])))
	default:
		e.Raw(un).Raw("KEYWORD ").Raw(string(k.Flag))
	}
}
