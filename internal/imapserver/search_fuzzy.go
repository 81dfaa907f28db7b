package imapserver

import (
	"cmp"
	"slices"
	"strings"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/query"
)

// What FUZZY means here (RFC 6203 §3): of a text, every word must be found, in
// any order and wherever it stands in its place. Keys that are no texts are
// matched exactly (§5).

// lowerFuzzy lowers a key whose texts are matched fuzzily.
func (l *lowering) lowerFuzzy(k imap.SearchFuzzy) (imap.SearchKey, error) {
	l.isFuzzy = true
	l.inFuzzy++
	defer func() { l.inFuzzy-- }()
	return l.lower(k.Key)
}

// loosen turns a text into its words, if it is within a FUZZY key.
func (l *lowering) loosen(key imap.SearchKey, text string, ofWord func(string) imap.SearchKey) imap.SearchKey {
	if l.inFuzzy == 0 {
		return key
	}
	l.fuzzy = append(l.fuzzy, key)
	words := strings.Fields(text)
	if len(words) < 2 {
		return key
	}
	var and imap.SearchAnd
	for _, word := range words[:min(len(words), fuzzyWordsMax)] {
		and.Keys = append(and.Keys, ofWord(word))
	}
	return and
}

// The scores of one text. A text in the subject tells more than one in the
// body, and words that stand together more than those that do not.
const (
	scoreSubject = 100
	scorePhrase  = 75
	scoreWords   = 35
	scoreLeast   = 1
)

// grade is what a message is worth if it matches.
type grade struct {
	program *query.Program
	score   int
}

// scorer returns the function that says how relevant a message is: the mean of
// what each fuzzy text is worth in it. Without texts all are alike.
func (s *session) scorer(texts []imap.SearchKey, annotations *annotationReader, collation query.Collation) (func(query.Message) (uint8, error), error) {
	var leaves [][]grade
	for _, text := range texts {
		var grades []grade
		for _, candidate := range gradesOf(text) {
			program, err := s.searchProgram(candidate.key, annotations, collation)
			if err != nil {
				return nil, err
			}
			grades = append(grades, grade{program, candidate.score})
		}
		leaves = append(leaves, grades)
	}
	return func(m query.Message) (uint8, error) {
		if len(leaves) == 0 {
			return scoreSubject, nil
		}
		sum := 0
		var failed error
		for _, grades := range leaves {
			score, err := best(grades, m)
			sum, failed = sum+score, cmp.Or(failed, err)
		}
		return uint8(max(sum/len(leaves), scoreLeast)), failed
	}, nil
}

// gradedKey is a key and what a match of it is worth.
type gradedKey struct {
	key   imap.SearchKey
	score int
}

// gradesOf returns what to look for, the most relevant first.
func gradesOf(text imap.SearchKey) []gradedKey {
	k, ok := text.(imap.SearchText)
	if !ok || k.Place != imap.InText {
		return []gradedKey{{text, scoreSubject}, {imap.SearchAll{}, scoreWords}}
	}
	return []gradedKey{
		{imap.SearchText{Place: imap.InSubject, Value: k.Value}, scoreSubject},
		{text, scorePhrase},
		{imap.SearchAll{}, scoreWords},
	}
}

func best(grades []grade, m query.Message) (int, error) {
	for _, grade := range grades {
		if matches, err := grade.program.Match(m); matches || err != nil {
			return grade.score, err
		}
	}
	return scoreLeast, nil
}

// relevancyRun gathers the scores of a search.
type relevancyRun struct {
	scores map[imap.UID]uint8
	err    error
}

// prepareScores has messages scored if the answer needs it. Scores without a
// FUZZY key are a mistake (RFC 6203 §4, §6).
func (s *session) prepareScores(request *imap.SearchRequest, lowering *lowering, options *evaluation) *relevancyRun {
	run := new(relevancyRun)
	byScore := func(key imap.SortKey) bool { return key.Field == imap.SortRelevancy }
	if !request.Return.Relevancy && !slices.ContainsFunc(request.Sort, byScore) {
		return run
	}
	if !lowering.isFuzzy {
		run.err = bad("RELEVANCY needs a FUZZY key")
		return run
	}
	options.fuzzy = lowering.fuzzy
	var score func(query.Message) (uint8, error)
	options.scored = func(by func(query.Message) (uint8, error)) { score = by }
	if request.Return.Relevancy {
		run.scores = map[imap.UID]uint8{}
		options.also = func(m query.Message) error {
			value, err := score(m)
			run.scores[m.UID()] = value
			return err
		}
	}
	return run
}

// relevancy returns the scores of what an answer names, in its order.
func (f *found) relevancy(options imap.SearchReturn) []uint8 {
	from, to := 0, f.count()
	if !options.Partial.IsZero() {
		from, to = options.Partial.Places(to)
	}
	scores := make([]uint8, 0, to-from)
	if f.order != nil {
		for _, uid := range f.order[from:to] {
			scores = append(scores, f.scores[uid])
		}
		return scores
	}
	for uid := range f.slice(from, to).All {
		scores = append(scores, f.scores[uid])
	}
	return scores
}
