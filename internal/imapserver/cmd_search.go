package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// search is SEARCH and UID SEARCH (RFC 9051 §6.4.4, RFC 4731, RFC 5182,
// RFC 7162 §3.1.5).
func (s *session) search(request imap.SearchRequest) (outcome, error) {
	out, err := s.searchAndAnswer(&request)
	if err != nil && request.Return.Save && explain(err).status == imap.StatusNo {
		s.saved = savedSearch{} // RFC 9051 §6.4.4.1
	}
	return out, err
}

func (s *session) searchAndAnswer(request *imap.SearchRequest) (outcome, error) {
	if request.Charset != "" && s.dialect.refusesCharset() {
		return outcome{}, bad("CHARSET has no meaning once UTF8=ACCEPT is enabled")
	}
	if request.Charset != "" && !message.KnownCharset(request.Charset) {
		return outcome{}, no(imap.CodeBadCharset{Charsets: []string{"US-ASCII", "UTF-8"}}, "Charset is not known")
	}
	lowering := lowering{session: s, charset: request.Charset}
	key, err := lowering.lower(request.Key)
	if err != nil {
		return outcome{}, err
	}
	if lowering.modSeqs {
		if err := s.enableModSeqs(); err != nil {
			return outcome{}, err
		}
	}
	found, err := s.evaluate(key)
	if err != nil {
		return outcome{}, err
	}
	result := searchResult{found: found, modSeqs: lowering.modSeqs}
	if request.Return.Save {
		s.saved = savedSearch{result.saved(request.Return)}
	}
	s.answerSearch(request, &result)
	return outcome{hold: lowering.seqs}, nil
}

// found is what a search found, with what its answer may need.
type found struct {
	uids imap.UIDSet
	// highest is the largest modification sequence of all of them; first and
	// last are those of the ends.
	highest, first, last imap.ModSeq
}

// add takes note of one more message, in ascending order.
func (f *found) add(uid imap.UID, modSeq imap.ModSeq) {
	if len(f.uids) == 0 {
		f.first = modSeq
	}
	f.last = modSeq
	f.highest = max(f.highest, modSeq)
	f.uids = f.uids.Add(uid)
}

type searchResult struct {
	found   found
	modSeqs bool // MODSEQ was among the keys
}

func (r *searchResult) min() imap.UID { return r.found.uids[0].Start }

func (r *searchResult) max() imap.UID { return r.found.uids[len(r.found.uids)-1].Stop }

// saved returns what "$" becomes: all that was found, unless only the ends
// were asked for (RFC 9051 §6.4.4.1).
func (r *searchResult) saved(options imap.SearchReturn) imap.UIDSet {
	if len(r.found.uids) == 0 || options.All || options.Count || !options.Min && !options.Max {
		return r.found.uids
	}
	var ends []imap.UID
	if options.Min {
		ends = append(ends, r.min())
	}
	if options.Max {
		ends = append(ends, r.max())
	}
	return imap.SetOf(ends...)
}

// modSeq returns the modification sequence to be told (RFC 7162 §3.1.10): that
// of the ends if nothing else is told, else the highest.
func (r *searchResult) modSeq(options imap.SearchReturn) imap.ModSeq {
	switch {
	case !r.modSeqs || len(r.found.uids) == 0:
		return 0
	case options.All || options.Count || !options.Min && !options.Max:
		return r.found.highest
	case options.Min && options.Max:
		return max(r.found.first, r.found.last)
	case options.Min:
		return r.found.first
	}
	return r.found.last
}

// answerSearch writes ESEARCH, or SEARCH for a client of rev1 that did not ask
// for more.
func (s *session) answerSearch(request *imap.SearchRequest, result *searchResult) {
	uids, options := result.found.uids, request.Return
	if !request.Extended {
		if s.dialect.speaksRev1() {
			s.answerRev1(request.ByUID, result)
			return
		}
		options.All = true
	}
	if options == (imap.SearchReturn{Save: true}) {
		return // SAVE alone is answered by nothing (RFC 9051 §6.4.4)
	}
	view := s.mailbox.view
	data := imap.SearchData{Tag: request.Tag, ByUID: request.ByUID, ModSeq: result.modSeq(options)}
	data.HasCount, data.Count = options.Count, uint32(uids.Count())
	number := func(uid imap.UID) uint32 {
		if request.ByUID {
			return uint32(uid)
		}
		seq, _ := view.Seq(uid)
		return uint32(seq)
	}
	if options.Min && len(uids) > 0 {
		data.Min = number(result.min())
	}
	if options.Max && len(uids) > 0 {
		data.Max = number(result.max())
	}
	if options.All {
		data.All = imap.MessagesByUID(uids)
		if !request.ByUID {
			data.All = imap.MessagesBySeq(view.Seqs(uids))
		}
	}
	s.enc.ESearch(&data)
}

func (s *session) answerRev1(byUID bool, result *searchResult) {
	modSeq := result.modSeq(imap.SearchReturn{All: true})
	if byUID {
		s.enc.SearchUIDs(result.found.uids, modSeq)
		return
	}
	s.enc.SearchSeqs(s.mailbox.view.Seqs(result.found.uids), modSeq)
}
