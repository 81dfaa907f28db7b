package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/mail"
	"github.com/restante/restante/internal/mailview"
	"github.com/restante/restante/internal/message"
)

// search is SEARCH, UID SEARCH, SORT and UID SORT (RFC 9051 §6.4.4, RFC 4731, RFC 5182,
// RFC 7162 §3.1.5, RFC 5256 §3, RFC 5267 §3).
func (s *session) search(request imap.SearchRequest) (outcome, error) {
	out, err := s.searchAndAnswer(&request)
	if err != nil && request.Return.Save && explain(err).status == imap.StatusNo {
		s.saved = savedSearch{} // RFC 9051 §6.4.4.1
	}
	return out, err
}

func (s *session) searchAndAnswer(request *imap.SearchRequest) (outcome, error) {
	if err := s.checkCharset(request.Charset, request.Sort != nil); err != nil {
		return outcome{}, err
	}
	if err := s.checkUpdate(request); err != nil {
		return outcome{}, err
	}
	return s.searchIn(s.selectedTarget(), request)
}

// searchTarget is a mailbox that is searched, as the session sees it.
type searchTarget struct {
	account mail.Account
	id      mail.MailboxID
	view    *mailview.View
	// saved and recent are "$" and what is \Recent.
	saved, recent imap.UIDSet
	// name and uidValidity are told if several mailboxes are searched.
	name        string
	uidValidity imap.UIDValidity
	selected    bool
}

func (s *session) selectedTarget() searchTarget {
	m := s.mailbox
	return searchTarget{m.account, m.id, m.view, s.saved.uids, m.recent, m.name, m.uidValidity, true}
}

// searchIn searches one mailbox and answers.
func (s *session) searchIn(target searchTarget, request *imap.SearchRequest) (outcome, error) {
	several := request.Sources != nil
	lowering := lowering{session: s, target: target, charset: request.Charset, lasting: request.Return.Update, lenient: several}
	key, err := lowering.whole(request.Key)
	if err != nil {
		return outcome{}, err
	}
	if err := s.checkPage(request.Return.Partial); err != nil {
		return outcome{}, err
	}
	options := evaluation{modSeqs: lowering.modSeqs, collation: s.collation}
	options.limit, options.whole = s.server.options.Limits.MessagesMax, request.Sort != nil // RFC 9738 §3.3
	if request.Extended && request.Sort == nil {
		options.max = foundMax(request.Return)
	}
	relevancy := s.prepareScores(request, &lowering, &options)
	if relevancy.err != nil {
		return outcome{}, relevancy.err
	}
	found, sorter, err := s.evaluateSorted(target, key, request.Sort, options)
	if err != nil {
		return outcome{}, err
	}
	found.scores = relevancy.scores
	if request.Return.Save {
		s.saved = savedSearch{found.referenced(request.Return)}
	}
	if !several || found.count() > 0 { // RFC 7377 §2.1
		s.answerSearch(target, request, &found)
	}
	var limit imap.Code
	if found.processed != nil {
		limit = s.messageLimit(found.processed)
	}
	if request.Return.Update && target.selected && limit != nil {
		s.enc.Untagged(imap.StatusNo, imap.CodeNoUpdate{Tag: request.Tag}, "Only the newest messages were searched")
	} else if request.Return.Update && target.selected {
		s.keepContext(request, &searchContext{key: key, collation: s.collation, results: found.uids, order: found.order, sorter: sorter}, lowering.recent)
	}
	return s.limited(outcome{hold: lowering.seqs}, nil, limit)
}

// whole turns all that a client looks for into what the session evaluates.
func (l *lowering) whole(key imap.SearchKey) (imap.SearchKey, error) {
	if l.charset != "" && !message.KnownCharset(l.charset) {
		return nil, no(imap.CodeBadCharset{Charsets: []string{"US-ASCII", "UTF-8"}}, "Charset is not known")
	}
	lowered, err := l.lower(key)
	if err == nil && l.modSeqs {
		err = l.session.enableModSeqs()
	}
	return lowered, err
}

// foundMax returns how many messages are enough to answer, 0 if all are needed:
// a page from the beginning needs nothing behind it (RFC 9394 §3.1).
func foundMax(options imap.SearchReturn) int {
	page := options.Partial
	if page.IsZero() || page.FromEnd || options.Count || options.Max || options.Update {
		return 0
	}
	return int(max(page.First, page.Last))
}

// answerSearch writes ESEARCH, or SEARCH for a client of rev1 that did not ask
// for more.
func (s *session) answerSearch(target searchTarget, request *imap.SearchRequest, found *found) {
	options := request.Return
	options.Context, options.Update = false, false
	if !request.Extended {
		if request.Sort != nil {
			s.answerSort(request.ByUID, found)
			return
		}
		if s.dialect.speaksRev1() {
			s.answerRev1(request.ByUID, found)
			return
		}
		options.All = true
	}
	if options == (imap.SearchReturn{Save: true}) {
		return // SAVE alone is answered by nothing (RFC 9051 §6.4.4)
	}
	data := imap.SearchData{Tag: request.Tag, ByUID: request.ByUID, ModSeq: found.modSeq(options)}
	if request.Sources != nil {
		data.Mailbox, data.UIDValidity = target.name, target.uidValidity
	}
	count := found.count()
	data.HasCount, data.Count = options.Count, uint32(count)
	if options.Min && count > 0 {
		data.Min = s.searchNumber(found.at(0), request.ByUID)
	}
	if options.Max && count > 0 {
		data.Max = s.searchNumber(found.at(count-1), request.ByUID)
	}
	if options.All {
		data.All = s.searchNumbers(found, 0, count, request.ByUID)
	}
	if data.Partial = options.Partial; !data.Partial.IsZero() {
		from, to := data.Partial.Places(count)
		data.PartialSet = s.searchNumbers(found, from, to, request.ByUID)
	}
	if options.Relevancy {
		data.Relevancy = found.relevancy(options)
	}
	s.enc.ESearch(&data)
}

// searchNumber returns a message's UID or sequence number.
func (s *session) searchNumber(uid imap.UID, byUID bool) uint32 {
	if byUID {
		return uint32(uid)
	}
	seq, _ := s.mailbox.view.Seq(uid)
	return uint32(seq)
}

// searchNumbers returns the UIDs or sequence numbers of a part of what was
// found.
func (s *session) searchNumbers(found *found, from, to int, byUID bool) imap.MessageSet {
	if found.order != nil {
		return s.orderedNumbers(found.order[from:to], byUID)
	}
	part := found.slice(from, to)
	if byUID {
		return imap.MessagesByUID(part)
	}
	return imap.MessagesBySeq(s.mailbox.view.Seqs(part))
}

func (s *session) answerRev1(byUID bool, found *found) {
	modSeq := found.modSeq(imap.SearchReturn{All: true})
	if byUID {
		s.enc.SearchUIDs(found.uids, modSeq)
		return
	}
	s.enc.SearchSeqs(s.mailbox.view.Seqs(found.uids), modSeq)
}
