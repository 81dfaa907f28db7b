package imapserver

import (
	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/message"
)

// lowering turns the search keys a client sent into keys that mean the same to
// everyone: what only this session knows (sequence numbers, "*", "$", \Recent)
// becomes UIDs, and text becomes UTF-8.
type lowering struct {
	session *session
	target  searchTarget
	charset string
	seqs    bool // sequence numbers were among the keys
	modSeqs bool // MODSEQ was
	recent  bool // \Recent was
	// lasting says that the keys are to be evaluated again when messages come.
	lasting bool
	// fuzzy are the texts within FUZZY keys, and isFuzzy says that there was
	// such a key.
	fuzzy   []imap.SearchKey
	isFuzzy bool
	// filters are those whose keys are lowered now, and substitutions how many
	// were put into their places so far.
	filters       []string
	substitutions int
	inFuzzy       int
	// lenient says that numbers beyond the last message are no mistake.
	lenient bool
}

func (l *lowering) lower(key imap.SearchKey) (imap.SearchKey, error) {
	switch k := key.(type) {
	case imap.SearchAnd:
		keys, err := l.lowerAll(k.Keys)
		return imap.SearchAnd{Keys: keys}, err
	case imap.SearchOr:
		keys, err := l.lowerAll([]imap.SearchKey{k.Left, k.Right})
		if err != nil {
			return nil, err
		}
		return imap.SearchOr{Left: keys[0], Right: keys[1]}, nil
	case imap.SearchNot:
		inner, err := l.lower(k.Key)
		return imap.SearchNot{Key: inner}, err
	case imap.SearchFuzzy:
		return l.lowerFuzzy(k)
	case imap.SearchSeqs:
		return l.lowerSeqs(k)
	case imap.SearchUIDs:
		return l.lowerUIDs(k), nil
	case imap.SearchUIDAfter:
		return l.lowerUIDs(imap.SearchUIDs{Set: k.UIDs()}), nil
	case imap.SearchUIDBefore:
		return l.lowerUIDs(imap.SearchUIDs{Set: k.UIDs()}), nil
	case imap.SearchSaved:
		return imap.SearchUIDs{Set: l.target.view.Known(l.target.saved)}, nil
	case imap.SearchFlag:
		return l.lowerFlag(k), nil
	case imap.SearchText:
		if !l.session.collation.Comparator.FindsSubstrings() {
			return nil, errNoSubstrings
		}
		k.Value = message.DecodeCharset(k.Value, l.charsetName())
		return l.loosen(k, k.Value, func(word string) imap.SearchKey {
			return imap.SearchText{Place: k.Place, Value: word}
		}), nil
	case imap.SearchHeader:
		if !l.session.collation.Comparator.FindsSubstrings() {
			return nil, errNoSubstrings
		}
		k.Value = message.DecodeCharset(k.Value, l.charsetName())
		return l.loosen(k, k.Value, func(word string) imap.SearchKey {
			return imap.SearchHeader{Field: k.Field, Value: word}
		}), nil
	case imap.SearchFilter:
		return l.lowerFilter(k)
	case imap.SearchAnnotation:
		if k.Value == nil {
			break
		}
		if !l.session.collation.Comparator.FindsSubstrings() {
			return nil, errNoSubstrings
		}
		k.Value = []byte(message.DecodeCharset(string(k.Value), l.charsetName()))
		return k, nil
	case imap.SearchModSeq:
		l.modSeqs = true
	}
	return key, nil
}

func (l *lowering) lowerAll(keys []imap.SearchKey) ([]imap.SearchKey, error) {
	lowered := make([]imap.SearchKey, len(keys))
	for i, key := range keys {
		var err error
		if lowered[i], err = l.lower(key); err != nil {
			return nil, err
		}
	}
	return lowered, nil
}

// lowerUIDs resolves "*". In a search that lasts, a range to the end holds what
// will come, too.
func (l *lowering) lowerUIDs(k imap.SearchUIDs) imap.SearchKey {
	last := l.target.view.Last()
	set := k.Set.Resolve(last)
	if !l.lasting {
		return imap.SearchUIDs{Set: l.target.view.Known(set)}
	}
	for _, r := range k.Set {
		if r.Start == 0 || r.Stop == 0 {
			first := max(r.Start, r.Stop)
			if first == 0 || first > last {
				first = max(last, 1)
			}
			set = set.Union(imap.UIDSet{{Start: first, Stop: 1<<32 - 1}})
		}
	}
	return imap.SearchUIDs{Set: set}
}

// lowerSeqs resolves sequence numbers. Numbers beyond the last message are a
// mistake, except in an empty mailbox, where "1:*" matches nothing.
func (l *lowering) lowerSeqs(k imap.SearchSeqs) (imap.SearchKey, error) {
	l.seqs = true
	if !l.session.dialect.takesSeqs() { // RFC 9586 §3.5
		return nil, errUIDRequired
	}
	view := l.target.view
	if numbersNothing(k.Set, view.Len()) {
		return imap.SearchUIDs{}, nil
	}
	if l.lenient && view.Len() == 0 {
		return imap.SearchUIDs{}, nil
	}
	if l.lenient {
		largest := imap.Seq(view.Len())
		there := imap.SeqSet{{Start: 1, Stop: max(largest, 1)}}
		return imap.SearchUIDs{Set: view.UIDs(k.Set.Resolve(largest).Intersect(there))}, nil
	}
	seqs, err := l.session.resolveSeqs(k.Set)
	if err != nil {
		return nil, err
	}
	return imap.SearchUIDs{Set: view.UIDs(seqs)}, nil
}

// lowerFlag resolves \Recent, which is a thing of the session (RFC 3501
// §2.3.2).
func (l *lowering) lowerFlag(k imap.SearchFlag) imap.SearchKey {
	if !k.Flag.Equal(imap.FlagRecent) {
		return k
	}
	l.recent = true
	recent := imap.SearchUIDs{Set: l.target.recent}
	if k.Absent {
		return imap.SearchNot{Key: recent}
	}
	return recent
}

// charsetName is the charset of the strings; UTF-8 if the client said none
// (RFC 9051 §6.4.4).
func (l *lowering) charsetName() string {
	if l.charset == "" {
		return "UTF-8"
	}
	return l.charset
}
