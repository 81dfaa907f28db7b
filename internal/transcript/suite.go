package transcript

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// Verdict is what became of a case in one dialect.
type Verdict string

const (
	Passed     Verdict = "passed"
	Failed     Verdict = "failed"
	NotOffered Verdict = "not offered" // a capability that it needs is missing
)

// Outcome is one case played in one dialect.
type Outcome struct {
	Case    *Case
	Dialect Dialect
	Verdict Verdict
	Reason  string   // why it failed, or what is not offered
	Missing []string // the capabilities that are not offered
	Wire    string   // the last lines that were said, when it failed
	Took    time.Duration
}

// Suite plays the cases of a library against a server.
type Suite struct {
	Library  Library
	Server   Server
	Parallel int              // cases at once; at most one for each account; zero is 8
	Match    func(*Case) bool // nil plays every case
	Promises bool             // also cases that are promises of this project only
	Dialects []string         // names; empty is all of them
	Seed     uint64           // of the names of mailboxes; zero chooses one

	// Offered are the capabilities that the server has told of, in upper case,
	// in any state; Run sets it.
	Offered []string
}

// serverTimeout is how long the runner waits for any one response when the
// caller does not say: long enough for a busy machine, never slept through.
const serverTimeout = 10 * time.Second

type job struct {
	c *Case
	d Dialect
}

// Run plays everything and returns the outcomes by case and dialect. The
// error is about the server as a whole, such as a refused connection.
func (s *Suite) Run(ctx context.Context) ([]Outcome, error) {
	if s.Server.Timeout == 0 {
		s.Server.Timeout = serverTimeout
	}
	if len(s.Server.Accounts) == 0 {
		return nil, errors.New("no account was given")
	}
	if s.Seed == 0 {
		s.Seed = rand.Uint64()
	}
	s.Server.strict = s.Promises
	profile, err := probe(&s.Server)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Server.Address, err)
	}
	s.Offered = slices.Sorted(maps.Keys(profile.caps))
	jobs := s.jobs()
	outcomes := make([]Outcome, len(jobs))
	next := make(chan int)
	var workers sync.WaitGroup
	width := s.width(len(jobs))
	for i := range width {
		workers.Go(func() {
			for at := range next {
				outcomes[at] = s.one(jobs[at], profile, s.accountsOf(i, width), at)
			}
		})
	}
	for at := range jobs {
		if ctx.Err() != nil {
			break
		}
		next <- at
	}
	close(next)
	workers.Wait()
	return outcomes, ctx.Err()
}

func (s *Suite) width(jobs int) int {
	width := s.Parallel
	if width == 0 {
		width = 8
	}
	return max(1, min(width, len(s.Server.Accounts), jobs))
}

func (s *Suite) jobs() []job {
	var out []job
	for _, c := range s.Library.Cases {
		if s.Match != nil && !s.Match(c) || c.Promise && !s.Promises || s.Server.Variant != "" && c.Server != s.Server.Variant {
			continue
		}
		for _, d := range Dialects {
			if c.Runs(d) && (len(s.Dialects) == 0 || slices.Contains(s.Dialects, d.Name)) {
				out = append(out, job{c, d})
			}
		}
	}
	return out
}

// one plays one case in one dialect.
func (s *Suite) one(j job, p *profile, accounts []Account, number int) Outcome {
	out := Outcome{Case: j.c, Dialect: j.d, Verdict: NotOffered}
	if j.c.Server != s.Server.Variant {
		out.Reason = "not configured as " + j.c.Server
		return out
	}
	if missing := p.missing(j); len(missing) > 0 {
		out.Missing, out.Reason = missing, strings.Join(missing, " ")+" not offered"
		return out
	}
	for _, name := range j.c.Lacks {
		if p.caps[strings.ToUpper(name)] {
			out.Reason = name + " is offered"
			return out
		}
	}
	switch {
	case j.c.users() > len(accounts):
		out.Reason = "more accounts than cases at once are needed: three times as many"
		return out
	case j.c.namesOthers() && p.other == "":
		out.Reason = "no namespace of other users"
		return out
	}
	account := accounts[0]
	began := time.Now()
	r := &caseRun{
		c: j.c, dialect: j.d, server: &s.Server, profile: p, account: account, others: accounts[1:], from: s.Library,
		prefix:   fmt.Sprintf("%st%x-%d", p.prefix, s.Seed&0xffffff, number),
		sessions: map[string]*session{}, wire: &wireLog{account: account},
	}
	err := r.play()
	out.Took = time.Since(began)
	out.Verdict = Passed
	if refusal := (*declined)(nil); errors.As(err, &refusal) {
		out.Verdict, out.Reason = NotOffered, refusal.Error()
	} else if err != nil {
		out.Verdict = Failed
		out.Reason = strings.ReplaceAll(err.Error(), string(unboundMark), "$")
		out.Wire = r.wire.tail(wireTail)
	}
	return out
}

// wireTail is how many lines of the conversation a failure shows.
const wireTail = 14

// missing are the capabilities that the case or the dialect needs and that
// the server does not have.
func (p *profile) missing(j job) []string {
	caps := p.caps
	if j.d.has("rev2") && caps["IMAP4REV2"] {
		caps = capabilitySet{}
		for name := range p.caps {
			caps[name] = true
		}
		for _, name := range impliedByRev2 {
			caps[name] = true
		}
	}
	needs := slices.Concat(j.c.Needs, j.d.Enable)
	if len(j.d.Enable) > 0 {
		needs = append(needs, "ENABLE")
	}
	slices.Sort(needs)
	return caps.missing(slices.Compact(needs))
}
