package transcript

import (
	"errors"
	"slices"
	"strings"
)

// isAnnounced reports that the message is one of those whose first FETCH this is since
// EXISTS told of them; that of an earlier one takes nothing from the later.
func (l *ledger) isAnnounced(seq int) bool {
	behind := len(l.uids) - seq
	if !l.known || behind >= l.announced {
		return false
	}
	l.announced = behind
	return true
}

// unsolicited judges a FETCH response that no FETCH asked for: what it must
// hold beside the flags. The first of a new message holds what NOTIFY asked for
// (RFC 5465 §5.2), whether or not it asked for MODSEQ: RFC 7162 §3.1 speaks of all
// FETCH responses "caused by" a STORE or an external agent, and of none that was asked
// for with its items, so other servers are left to read it as they do.
func (l *ledger) unsolicited(items []Value, first bool) error {
	if !hasItem(items, "FLAGS") || l.pendingAny("FETCH", "UID FETCH", "SEARCH", "raw") || l.selecting {
		return nil
	}
	named := l.enabled["UIDONLY"] || hasItem(items, "UID") // a UIDFETCH begins with it
	switch stored := l.pendingAny("STORE", "UID STORE"); {
	case l.notify.flags && !stored && !named:
		return errors.New("a notification of changed flags must hold UID (RFC 5465 §5.1)")
	case l.enabled["IMAP4REV2"] && !stored && !named:
		return errors.New("a FETCH response that nobody asked for must hold UID (RFC 9051 §7.5.2)")
	case l.enabled["QRESYNC"] && !named:
		return errors.New("under QRESYNC a change of flags must come with UID (RFC 7162 §3.2.4)")
	case first && l.notify.items && !l.strict:
	case (l.enabled["QRESYNC"] || l.enabled["CONDSTORE"]) && !hasItem(items, "MODSEQ"):
		return errors.New("under CONDSTORE a change of flags must come with MODSEQ (RFC 7162 §3.1)")
	}
	return nil
}

func hasItem(items []Value, name string) bool {
	for i := 0; i+1 < len(items); i += 2 {
		if strings.EqualFold(items[i].Text, name) {
			return true
		}
	}
	return false
}

// pendingAny reports whether one of these commands has no result yet.
func (l *ledger) pendingAny(names ...string) bool {
	return slices.ContainsFunc(l.pending, func(p pendingCommand) bool { return slices.Contains(names, p.name) })
}

// listAttributes refuses attributes that contradict each other.
func listAttributes(r *Response) error {
	if len(r.Args) == 0 {
		return nil
	}
	has := func(name string) bool {
		return slices.ContainsFunc(r.Args[0].List, func(v Value) bool { return strings.EqualFold(v.Text, name) })
	}
	switch {
	case has(`\HasChildren`) && has(`\HasNoChildren`):
		return errors.New(`\HasChildren and \HasNoChildren together (RFC 9051 §6.3.9.5)`)
	case has(`\HasChildren`) && has(`\NoInferiors`):
		return errors.New(`\HasChildren and \NoInferiors together (RFC 3348 §3)`)
	case has(`\Marked`) && has(`\Unmarked`):
		return errors.New(`\Marked and \Unmarked together (RFC 9051 §7.3.1)`)
	}
	return nil
}
