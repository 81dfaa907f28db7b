package imapserver

import (
	"time"

	"github.com/restante/restante/imap"
	"github.com/restante/restante/internal/query"
)

// progress tells the client from time to time how far a search has come, so that
// it neither gives up nor shows nothing (RFC 9585 §4). Other commands take no time
// that anyone would notice, or show their progress by what they send.
type progress struct {
	session *session
	done    uint32
	goal    uint32
	told    time.Time // last
}

// reporting is the source, with reports about how many of goal messages were
// looked at.
func (s *session) reporting(source query.Source, goal uint64) query.Source {
	if goal < progressStep {
		return source
	}
	p := &progress{session: s, goal: uint32(goal), told: s.now()}
	return func(yield func(query.Message, error) bool) {
		source(func(m query.Message, err error) bool {
			p.report()
			if gone := s.enc.Err(); gone != nil { // nobody waits for the answer
				yield(m, broken(gone))
				return false
			}
			return yield(m, err)
		})
	}
}

// report is called before each message. A report is a short line, which a client
// that listens at all has room for: the state that is open is not held up.
func (p *progress) report() {
	if p.done++; p.done%progressStep != 0 || p.done > p.goal {
		return
	}
	now := p.session.now()
	if now.Sub(p.told) < p.session.server.options.Limits.ProgressTime {
		return
	}
	p.told = now
	code := imap.CodeInProgress{Tag: p.session.tag, HasDone: true, Done: p.done - 1, Goal: p.goal}
	p.session.enc.Untagged(imap.StatusOK, code, "Still searching")
	_ = p.session.enc.Flush() // the error stays with the encoder
}
