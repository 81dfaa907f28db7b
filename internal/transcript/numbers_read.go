package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// reread turns a response of a session under UIDONLY, which the ledger has seen,
// into what a session without it would have been told.
func (s *session) reread(r *Response) {
	if !s.translates() {
		return
	}
	l := s.ledger
	switch r.Name {
	case "UIDFETCH":
		if seq, ok := l.numberOf(r.Number); ok && len(r.Args) == 1 {
			if !hasItem(r.Args[0].List, "UID") {
				r.Args[0].List = append(r.Args[0].List, Value{Text: "UID"}, Value{Text: r.Number})
			}
			r.Name, r.Number = "FETCH", seq
		}
	case "CONVERTED":
		if seq, ok := l.numberOf(r.Number); ok {
			r.Number = seq
		}
	case "SEARCH", "SORT", "THREAD":
		if s.numbered[l.firstPending("UID "+r.Name)] {
			r.Args = l.valuesInNumbers(r.Args)
		}
	case "ESEARCH":
		if s.numbered[correlator(r)] {
			r.Args = l.esearchInNumbers(r.Args)
		}
	}
	if r.codeName() == "MODIFIED" && len(r.Code) == 2 && s.numbered[r.Tag] {
		r.Code[1].Text = l.inNumbers(r.Code[1].Text)
	}
}

// correlator is the tag that an ESEARCH names (RFC 4466 §2.6.2).
func correlator(r *Response) string {
	if len(r.Args) > 0 && r.Args[0].Kind == List && len(r.Args[0].List) >= 2 {
		return r.Args[0].List[1].Text
	}
	return ""
}

// firstPending returns the tag of the first command of a name without a result.
func (l *ledger) firstPending(name string) string {
	for _, p := range l.pending {
		if p.name == name {
			return p.tag
		}
	}
	return ""
}

// numberOf returns the number of a UID, as far as the ledger can know it.
func (l *ledger) numberOf(uid string) (string, bool) {
	n, err := strconv.ParseUint(uid, 10, 32)
	at := slices.Index(l.uids, uint32(n))
	if err != nil || n == 0 || at < 0 {
		return "", false
	}
	return strconv.Itoa(at + 1), true
}

// valuesInNumbers rereads lists of UIDs; what is in a list named MODSEQ is none.
func (l *ledger) valuesInNumbers(values []Value) []Value {
	out := slices.Clone(values)
	for i, v := range out {
		switch {
		case v.Kind == List && len(v.List) > 0 && strings.EqualFold(v.List[0].Text, "MODSEQ"):
		case v.Kind == List:
			out[i].List = l.valuesInNumbers(v.List)
		default:
			out[i].Text = l.inNumbers(v.Text)
		}
	}
	return out
}

// inNumbers rereads a set of UIDs; its members stay in their order.
func (l *ledger) inNumbers(set string) string {
	var out []string
	for _, part := range strings.Split(set, ",") {
		spans, err := parseSet(part)
		if err != nil {
			return set
		}
		for at, uid := range l.uids {
			if uid != 0 && spans[0].low <= uint64(uid) && uint64(uid) <= spans[0].high {
				out = append(out, strconv.Itoa(at+1))
			}
		}
	}
	return strings.Join(out, ",")
}

// esearchInNumbers takes UID out of an ESEARCH and rereads what held UIDs.
func (l *ledger) esearchInNumbers(args []Value) []Value {
	out := slices.DeleteFunc(slices.Clone(args), func(v Value) bool { return v.Kind == Atom && strings.EqualFold(v.Text, "UID") })
	for i := 1; i < len(out); i++ {
		v := &out[i]
		switch name := strings.ToUpper(out[i-1].Text); name {
		case "MIN", "MAX", "ALL":
			v.Text = l.inNumbers(v.Text)
		case "PARTIAL", "ADDTO", "REMOVEFROM":
			v.List = slices.Clone(v.List)
			for at := 1; at < len(v.List); at += 2 {
				v.List[at].Text = l.inNumbers(v.List[at].Text)
			}
		}
	}
	return out
}

// censusMax is how often a session asks for the UIDs of its messages: while
// others add and remove some, what was learned may be old already.
const censusMax = 5

// census learns the UIDs of all messages that the client was told of, once none
// of its commands is in progress.
func (s *session) census() error {
	for range censusMax {
		if s.closed || !s.translates() || len(s.ledger.pending) > 0 || !slices.Contains(s.ledger.uids, 0) {
			return nil
		}
		s.counted = nil
		for keys := "ALL"; keys != ""; {
			tag := s.newTag()
			s.censusTag = tag
			if _, err := s.send(tag, []segment{{text: "UID SEARCH RETURN (ALL) " + keys}}); err != nil {
				return err
			}
			if err := s.flush(); err != nil {
				return err
			}
			r, err := s.result(tag)
			if err != nil {
				return fmt.Errorf("asking for the UIDs: %w", err)
			}
			keys = belowLimit(r)
		}
	}
	return nil
}

// belowLimit returns the search key for the messages that a server did not look
// at, "" if there are none (RFC 9738 §3.1).
func belowLimit(r *Response) string {
	if r.codeName() != "MESSAGELIMIT" || len(r.Code) != 3 {
		return ""
	}
	uid, err := strconv.ParseUint(r.Code[2].Text, 10, 32)
	if err != nil || uid <= 1 {
		return ""
	}
	return fmt.Sprintf("UID 1:%d", uid-1)
}

// count takes the answer to a census, which is no part of the case.
func (s *session) count(r *Response) (wasCensus bool) {
	if s.censusTag == "" || r.Tag != s.censusTag && (r.Name != "ESEARCH" || correlator(r) != s.censusTag) {
		return false
	}
	if r.Name != "ESEARCH" {
		return r.codeName() != "HIGHESTMODSEQ" // that is for the client
	}
	for i := 1; i < len(r.Args); i++ {
		if !strings.EqualFold(r.Args[i-1].Text, "ALL") {
			continue
		}
		spans, err := parseSet(r.Args[i].Text)
		if err != nil {
			return true
		}
		for _, span := range spans {
			for uid := span.low; uid <= span.high && len(s.counted) <= len(s.ledger.uids); uid++ {
				s.counted = append(s.counted, uint32(uid))
			}
		}
	}
	if len(s.counted) == len(s.ledger.uids) {
		slices.Sort(s.counted)
		s.ledger.uids = slices.Clone(s.counted)
	}
	return true
}
