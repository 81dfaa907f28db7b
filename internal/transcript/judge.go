package transcript

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// judgement is the state of matching one step's S lines.
type judgement struct {
	r       *caseRun
	s       *session
	tags    []string // of the commands that the step waits for
	expects []expectation
	used    map[*Response]bool
	floor   int  // S= lines continue behind this response
	mayBye  bool // a line allows BYE and the end of the connection
	met     map[int]bool
}

// judge reads what the step's S lines need, and compares.
func (r *caseRun) judge(s *session, st *step, tags []string) error {
	j := &judgement{r: r, s: s, tags: tags, used: map[*Response]bool{}, met: map[int]bool{}, floor: -1}
	closes := false
	for _, e := range st.expects {
		if !e.when.holds(r.dialect) || e.kind == mayDecline && r.server.strict {
			continue
		}
		text, err := r.translate(e)
		if err != nil {
			return fmt.Errorf("line %d: %w", e.line, err)
		}
		e.text = text
		if text == "closed" {
			closes = true
			continue
		}
		j.mayBye = j.mayBye || strings.Contains(text, "|BYE")
		if len(tags) > 0 && e.isTagged() && isStatusAlternative(firstWord(text)) {
			e.text = tags[len(tags)-1] + " " + text
		}
		j.expects = append(j.expects, e)
	}
	if st.verb == "wait" || st.verb == "R" || st.verb == "connect" {
		return j.wait(closes)
	}
	return j.command(closes)
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

// command reads to the results of all commands, or to "+", then compares.
func (j *judgement) command(closes bool) error {
	plus := j.wantsPlus()
	deadline := j.r.deadline()
	for !j.complete(plus) {
		got, err := j.s.read(deadline)
		if errors.Is(err, io.EOF) && j.mayBye {
			return j.forbidden()
		}
		if errors.Is(err, io.EOF) && closes {
			break
		}
		if err != nil {
			return j.report(j.r.explain(j.s, err), 0)
		}
		plus = plus && got.Tag != "+"
	}
	if j.wantsPlus() && !plus && len(j.s.ledger.pending) > 0 {
		return j.wait(closes) // the command goes on; more may be due
	}
	return j.compare(closes)
}

// wantsPlus reports that a continuation request is due.
func (j *judgement) wantsPlus() bool {
	for _, e := range j.expects {
		if firstWord(e.text) == "+" && e.kind == mustCome {
			return true
		}
	}
	return false
}

// complete reports that nothing more is to be read for the commands.
func (j *judgement) complete(plus bool) bool {
	if plus {
		return len(j.tags) > 0 && !j.s.ledger.isPending(j.tags[len(j.tags)-1])
	}
	if j.wantsPlus() {
		return true // it has come
	}
	for _, tag := range j.tags {
		if j.s.ledger.isPending(tag) {
			return false
		}
	}
	return true
}

// compare matches all lines with all that was read.
func (j *judgement) compare(closes bool) error {
	if err := j.declined(); err != nil {
		return err
	}
	if closes {
		if err := j.drain(); err != nil {
			return err
		}
	}
	if missing, why := j.match(); missing != nil {
		return j.report(why, missing.line)
	}
	if err := j.results(); err != nil {
		return err
	}
	if err := j.forbidden(); err != nil {
		return err
	}
	j.s.inbox = nil
	return nil
}

// drain reads to the end of the connection.
func (j *judgement) drain() error {
	deadline := j.r.deadline()
	for {
		if _, err := j.s.read(deadline); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return j.report(fmt.Errorf("the server should have closed the connection: %w", j.r.explain(j.s, err)), 0)
		}
	}
}

// wait reads until every line is met, then keeps what was not used.
func (j *judgement) wait(closes bool) error {
	deadline := j.r.deadline()
	for {
		missing, why := j.match()
		if missing == nil {
			break
		}
		if _, err := j.s.read(deadline); err != nil {
			if errors.Is(err, io.EOF) && j.mayBye {
				break
			}
			if !isTimeout(err) && !errors.Is(err, io.EOF) {
				why = err
			} else {
				why = fmt.Errorf("%w; %w", why, j.r.explain(j.s, err))
			}
			return j.report(why, missing.line)
		}
	}
	if closes {
		if err := j.drain(); err != nil {
			return err
		}
	}
	if err := j.forbidden(); err != nil {
		return err
	}
	var rest []*Response
	for _, r := range j.s.inbox {
		if !j.used[r] {
			rest = append(rest, r)
		}
	}
	j.s.inbox = rest
	return nil
}

// match tries every line that is not met yet, in the order of the case, and
// returns the first that must still come, with the reason.
func (j *judgement) match() (*expectation, error) {
	for i := range j.expects {
		e := &j.expects[i]
		if e.kind == mustNotCome || e.kind == mayDecline || j.met[i] {
			continue
		}
		err := j.find(e)
		if err == nil {
			j.met[i] = true
			continue
		}
		if e.kind != mayCome {
			return e, err
		}
	}
	return nil, nil
}

// find looks for a response that meets the line. FETCH, VANISHED and METADATA may meet
// several lines, because a server may join what a case writes apart.
func (j *judgement) find(e *expectation) error {
	var nearest error
	for i, r := range j.s.inbox {
		shared := r.tellsMessage() || r.Name == "VANISHED" || r.Name == "METADATA" || r.Name == "URLFETCH"
		if j.used[r] && !shared || e.kind == mustFollow && i <= j.floor {
			continue
		}
		vars, err := j.meets(e, r)
		if err == nil {
			j.r.vars = vars
			j.used[r] = true
			if e.kind == mustFollow {
				j.floor = i
			}
			return nil
		}
		var broken *badLine
		if errors.As(err, &broken) {
			return err
		}
		isResult := r.Tag != "*" && firstWord(e.text) == r.Tag
		if nearest == nil && (isResult || strings.Contains(" "+e.text+" ", " "+r.Name+" ")) {
			nearest = fmt.Errorf("in %q %w", fold(r.Raw), err)
		}
	}
	if nearest != nil {
		return nearest
	}
	return errors.New("no such response came")
}

// badLine is a mistake in the case, not in the server.
type badLine struct{ error }

// meets compares and returns the variables with what was bound.
func (j *judgement) meets(e *expectation, r *Response) (variables, error) {
	text, err := j.r.vars.expand(e.text)
	if err != nil {
		return nil, &badLine{err}
	}
	expected, err := parseExpected(text, j.r.message, j.tags)
	if err != nil {
		return nil, &badLine{err}
	}
	m := &matcher{vars: j.r.vars.clone()}
	err = m.response(expected, r)
	return m.vars, err
}

// results refuses NO and BAD for commands whose result no line mentions.
func (j *judgement) results() error {
	for _, r := range j.s.inbox {
		if j.used[r] || r.Name == "OK" {
			continue
		}
		for _, tag := range j.tags {
			if r.Tag == tag {
				return j.report(fmt.Errorf("the command should succeed, but: %q", fold(r.Raw)), 0)
			}
		}
	}
	return nil
}

// forbidden looks for S! lines among what no other line has met.
func (j *judgement) forbidden() error {
	for i := range j.expects {
		e := &j.expects[i]
		if e.kind != mustNotCome {
			continue
		}
		for _, r := range j.s.inbox {
			if j.used[r] {
				continue
			}
			_, err := j.meets(e, r)
			var broken *badLine
			if errors.As(err, &broken) {
				return j.report(err, e.line)
			}
			if err == nil {
				return j.report(fmt.Errorf("this must not come: %q", fold(r.Raw)), e.line)
			}
		}
	}
	return nil
}

// report adds to a problem what was expected and what came.
func (j *judgement) report(why error, line int) error {
	var b strings.Builder
	for _, e := range j.expects {
		if e.line == line {
			fmt.Fprintf(&b, "expected (line %d): %s\n    ", e.line, e.text)
		}
	}
	fmt.Fprintf(&b, "%v", why)
	return errors.New(b.String())
}
