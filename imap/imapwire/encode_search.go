package imapwire

import "github.com/restante/restante/imap"

// ESearch writes an ESEARCH response (RFC 9051 §7.3.4, RFC 4731 §3.1). With
// nothing found it says so by leaving MIN, MAX and ALL out.
func (e *Encoder) ESearch(data *imap.SearchData) {
	e.Raw("* ESEARCH")
	if data.Tag != "" {
		e.Raw(" (TAG ").quoted(data.Tag)
		if data.UIDValidity != 0 {
			e.Raw(" MAILBOX ").Mailbox(data.Mailbox).Raw(" UIDVALIDITY ").Number(uint64(data.UIDValidity))
		}
		e.octet(')')
	}
	if data.ByUID {
		e.Raw(" UID")
	}
	if data.Min != 0 {
		e.Raw(" MIN ").Number(uint64(data.Min))
	}
	if data.Max != 0 {
		e.Raw(" MAX ").Number(uint64(data.Max))
	}
	if data.HasCount {
		e.Raw(" COUNT ").Number(uint64(data.Count))
	}
	if len(data.All.Seqs) > 0 || len(data.All.UIDs) > 0 {
		e.Raw(" ALL ").messages(data.All)
	}
	if !data.Partial.IsZero() {
		e.searchPartial(data)
	}
	if data.Relevancy != nil {
		e.searchRelevancy(data.Relevancy)
	}
	e.searchUpdates(data.Updates)
	if data.ModSeq != 0 {
		e.Raw(" MODSEQ ").Number(uint64(data.ModSeq))
	}
	e.CRLF()
}

// searchRelevancy writes scores (RFC 6203 §7, score-list).
func (e *Encoder) searchRelevancy(scores []uint8) {
	e.Raw(" RELEVANCY (")
	for i, score := range scores {
		if i > 0 {
			e.SP()
		}
		e.Number(uint64(score))
	}
	e.octet(')')
}

// searchPartial writes what a part of the result holds (RFC 9394 §4,
// ret-data-partial).
func (e *Encoder) searchPartial(data *imap.SearchData) {
	e.Raw(" PARTIAL (").Raw(data.Partial.String()).SP()
	if len(data.PartialSet.Seqs) > 0 || len(data.PartialSet.UIDs) > 0 {
		e.messages(data.PartialSet)
	} else {
		e.Raw("NIL")
	}
	e.octet(')')
}

// SearchUIDs writes IMAP4rev1's SEARCH response with UIDs. A ModSeq that is not
// zero is added (RFC 3501 §7.2.5, RFC 7162 §3.1.5).
func (e *Encoder) SearchUIDs(uids imap.UIDSet, modSeq imap.ModSeq) { writeSearch(e, uids, modSeq) }

// SearchSeqs writes IMAP4rev1's SEARCH response with sequence numbers.
func (e *Encoder) SearchSeqs(seqs imap.SeqSet, modSeq imap.ModSeq) { writeSearch(e, seqs, modSeq) }

func writeSearch[N imap.Number](e *Encoder, set imap.Set[N], modSeq imap.ModSeq) {
	e.Raw("* SEARCH")
	for n := range set.All {
		e.octet(' ').Number(uint64(n))
	}
	if modSeq != 0 && len(set) > 0 {
		e.Raw(" (MODSEQ ").Number(uint64(modSeq)).octet(')')
	}
	e.CRLF()
}
