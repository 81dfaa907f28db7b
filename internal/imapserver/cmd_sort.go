package imapserver

import (
	"cmp"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/query"
)

// evaluateSorted finds messages, in an order if there are criteria for one
// (RFC 5256 §3).
func (s *session) evaluateSorted(target searchTarget, key imap.SearchKey, keys []imap.SortKey, options evaluation) (found, *query.Sorter, error) {
	if keys == nil {
		found, err := s.evaluate(target, key, options)
		return found, nil, err
	}
	sorter := query.NewSorter(keys, s.collation)
	if inner := options.scored; inner != nil {
		options.scored = func(score func(query.Message) (uint8, error)) {
			sorter.Score = score
			inner(score)
		}
	}
	options.annotated = func(value func(imap.UID, imap.SortKey) string) { sorter.Annotation = value }
	inner := options.also
	options.also = func(m query.Message) error {
		err := sorter.Add(m)
		if inner != nil {
			err = cmp.Or(err, inner(m))
		}
		return err
	}
	found, err := s.evaluate(target, key, options)
	found.order = sorter.Order()
	return found, sorter, err
}

// answerSort writes SORT (RFC 5256 §4, RFC 7162 §3.1.9).
func (s *session) answerSort(byUID bool, found *found) {
	numbers := make([]uint32, len(found.order))
	for i, uid := range found.order {
		numbers[i] = s.searchNumber(uid, byUID)
	}
	s.enc.Sort(numbers, found.modSeq(imap.SearchReturn{All: true}))
}

// orderedNumbers returns messages in their order as a set: its ranges ascend,
// as RFC 5267 §3.2 demands, and stand in the order of the messages.
func (s *session) orderedNumbers(order []imap.UID, byUID bool) imap.MessageSet {
	if byUID {
		return imap.MessagesByUID(orderedSet(order))
	}
	seqs := make([]imap.Seq, len(order))
	for i, uid := range order {
		seqs[i], _ = s.mailbox.view.Seq(uid)
	}
	return imap.MessagesBySeq(orderedSet(seqs))
}

// orderedSet joins what ascends by one into ranges.
func orderedSet[N imap.Number](order []N) imap.Set[N] {
	var set imap.Set[N]
	for _, n := range order {
		if last := len(set) - 1; last >= 0 && set[last].Stop+1 == n {
			set[last].Stop = n
			continue
		}
		set = append(set, imap.Range[N]{Start: n, Stop: n})
	}
	return set
}

// thread is THREAD and UID THREAD (RFC 5256 §3).
func (s *session) thread(request imap.ThreadRequest) (outcome, error) {
	if err := s.checkCharset(request.Charset, true); err != nil {
		return outcome{}, err
	}
	target := s.selectedTarget()
	lowering := lowering{session: s, target: target, charset: request.Charset}
	key, err := lowering.whole(request.Key)
	if err != nil {
		return outcome{}, err
	}
	threader := query.NewThreader(request.Algorithm, s.collation)
	if _, err := s.evaluate(target, key, evaluation{
		collation: s.collation, also: threader.Add,
		limit: s.server.options.Limits.MessagesMax, whole: true, // RFC 9738 §3.3
	}); err != nil {
		return outcome{}, err
	}
	nodes := threader.Threads()
	if !request.ByUID {
		for i := range nodes {
			if uid := nodes[i].Number; uid != 0 {
				nodes[i].Number = s.searchNumber(imap.UID(uid), false)
			}
		}
	}
	s.enc.Thread(nodes)
	return outcome{hold: lowering.seqs}, nil
}
