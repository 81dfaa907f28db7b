package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ledger is what a careful client would know from the responses alone. It
// holds every server to the demands that stand in no single case: message
// numbers that exist, EXPUNGE only where RFC 9051 §7.5.1 allows it, UIDs
// that do not move, and nothing of a dialect that was not enabled.
type ledger struct {
	selecting bool // a SELECT was sent; the numbers of the old mailbox are gone
	known     bool // EXISTS has come
	uids      []uint32
	enabled   map[string]bool
	pending   []pendingCommand
	// keywords are those of the last FLAGS response; strict refuses the use
	// of others, which clients rely on and no RFC demands in so many words.
	keywords map[string]bool
	strict   bool
	notify   notifyLedger
	// announced are the messages at the end that EXISTS told of and no FETCH yet.
	announced int
	// language says that one was chosen that is not i-default.
	language bool
}

type pendingCommand struct{ tag, name string }

func newLedger(strict bool) *ledger {
	return &ledger{enabled: map[string]bool{}, keywords: map[string]bool{}, strict: strict}
}

// sent notes a command before its first octet is written.
func (l *ledger) sent(tag, name string) {
	l.pending = append(l.pending, pendingCommand{tag, name})
	if name == "SELECT" || name == "EXAMINE" {
		l.selecting = true
		l.known = false
		l.uids, l.announced = nil, 0
	}
}

// isPending reports whether the command has no result yet.
func (l *ledger) isPending(tag string) bool {
	return slices.ContainsFunc(l.pending, func(p pendingCommand) bool { return p.tag == tag })
}

// observe takes a response and says what it breaks.
func (l *ledger) observe(r *Response) error {
	if err := l.judgeText(r); err != nil {
		return err
	}
	if err := l.inProgress(r); err != nil {
		return err
	}
	switch {
	case r.Tag == "+":
		return nil
	case r.Tag != "*":
		l.done(r)
		return nil
	}
	if err := l.uidOnly(r); err != nil {
		return err
	}
	switch r.Name {
	case "ENABLED":
		for _, v := range r.Args {
			l.enabled[strings.ToUpper(v.Text)] = true
		}
	case "FLAGS":
		l.announce(r)
	case "EXISTS":
		return l.exists(r)
	case "EXPUNGE":
		return l.expunge(r)
	case "VANISHED":
		return l.vanished(r)
	case "FETCH":
		return l.fetch(r)
	case "UIDFETCH":
		return l.uidFetch(r)
	case "CONVERTED":
		return l.converted(r)
	case "LIST":
		return listAttributes(r)
	case "METADATA":
		return l.metadata(r)
	case "ID":
		return identity(r)
	case "ESEARCH":
		return relevancy(r)
	case "RECENT", "SEARCH":
		if l.enabled["IMAP4REV2"] {
			return fmt.Errorf("%s must not be sent once IMAP4rev2 is enabled (RFC 9051 appendix E)", r.Name)
		}
	}
	return nil
}

func (l *ledger) done(r *Response) {
	i := slices.IndexFunc(l.pending, func(p pendingCommand) bool { return p.tag == r.Tag })
	if i < 0 {
		return
	}
	name := l.pending[i].name
	l.pending = slices.Delete(l.pending, i, i+1)
	if r.Name == "OK" && (name == "CLOSE" || name == "UNSELECT" || name == "UNAUTHENTICATE") {
		l.known, l.uids = false, nil
	}
	if r.Name == "OK" && name == "UNAUTHENTICATE" { // RFC 8437 §4.1
		clear(l.enabled)
		l.notify = notifyLedger{}
	}
	if r.Name == "OK" && name == "NOTIFY" {
		l.notify.took(r.Tag)
	}
	if name == "SELECT" || name == "EXAMINE" {
		l.selecting = false
	}
}

func (l *ledger) exists(r *Response) error {
	n, err := strconv.ParseUint(r.Number, 10, 32)
	if err != nil {
		return err
	}
	if l.known && int(n) < len(l.uids) {
		return fmt.Errorf("EXISTS falls from %d to %d without EXPUNGE (RFC 9051 §7.4.1)", len(l.uids), n)
	}
	if l.known && !l.selecting {
		l.announced += int(n) - len(l.uids)
	}
	l.known = true
	for uint64(len(l.uids)) < n {
		l.uids = append(l.uids, 0)
	}
	return nil
}

// mayRemove says whether EXPUNGE or VANISHED may come now.
func (l *ledger) mayRemove() error {
	if l.notify.atOnce {
		return nil
	}
	if len(l.pending) == 0 {
		return errors.New("a message is removed while no command is in progress (RFC 9051 §7.5.1)")
	}
	for _, p := range l.pending {
		if p.name != "FETCH" && p.name != "STORE" && p.name != "SEARCH" && p.name != "SORT" && p.name != "THREAD" && p.name != "CONVERT" {
			return nil
		}
	}
	return fmt.Errorf("a message is removed during %s (RFC 9051 §7.5.1)", l.pending[0].name)
}

func (l *ledger) expunge(r *Response) error {
	if l.enabled["QRESYNC"] {
		return errors.New("EXPUNGE must not be sent once QRESYNC is enabled (RFC 7162 §3.2.10)")
	}
	seq, err := l.seq(r)
	if err != nil {
		return err
	}
	if l.known {
		l.isAnnounced(seq) // of a message that is gone no FETCH is due
		l.uids = slices.Delete(l.uids, seq-1, seq)
	}
	return l.mayRemove()
}

// seq is the response's message number, which must exist.
func (l *ledger) seq(r *Response) (int, error) {
	n, err := strconv.ParseUint(r.Number, 10, 32)
	if err != nil || n == 0 || l.known && int(n) > len(l.uids) {
		return 0, fmt.Errorf("message number %s, but there are %d messages", r.Number, len(l.uids))
	}
	return int(n), nil
}

func (l *ledger) vanished(r *Response) error {
	if !l.enabled["QRESYNC"] && (!l.enabled["UIDONLY"] || len(r.Args) == 2) {
		return errors.New("VANISHED came, but QRESYNC is not enabled (RFC 7162 §3.2.10, RFC 9586 §3.4)")
	}
	if len(r.Args) == 2 && r.Args[0].Kind == List {
		return nil // (EARLIER) takes nothing away
	}
	if len(r.Args) != 1 {
		return errors.New("VANISHED is followed by one set")
	}
	set, err := parseSet(r.Args[0].Text)
	if err != nil {
		return err
	}
	gone := 0
	for _, s := range set {
		gone += int(s.high - s.low + 1)
	}
	if l.known && gone > len(l.uids) {
		return fmt.Errorf("%d messages vanish of %d (RFC 7162 §3.2.10)", gone, len(l.uids))
	}
	if l.known {
		l.forget(set, gone)
	}
	return l.mayRemove()
}

// forget removes the UIDs of a set; where some are not known by number, it
// only keeps the count.
func (l *ledger) forget(set []span, gone int) {
	in := func(uid uint32) bool {
		return slices.ContainsFunc(set, func(s span) bool { return s.low <= uint64(uid) && uint64(uid) <= s.high })
	}
	left := slices.DeleteFunc(slices.Clone(l.uids), func(uid uint32) bool { return uid != 0 && in(uid) })
	switch want := len(l.uids) - gone; {
	case len(left) == want:
	case l.enabled["UIDONLY"] && len(left) > want:
		left = left[:want] // those without UIDs stand at the end
	default:
		left = make([]uint32, want)
	}
	l.uids = left
}

func (l *ledger) fetch(r *Response) error {
	seq, err := l.seq(r)
	if err != nil || len(r.Args) != 1 || r.Args[0].Kind != List {
		return err
	}
	items := r.Args[0].List
	if err := l.unsolicited(items, l.isAnnounced(seq)); err != nil {
		return err
	}
	for i := 0; i+1 < len(items); i += 2 {
		switch {
		case strings.EqualFold(items[i].Text, "FLAGS"):
			if err := l.flags(items[i+1].List); err != nil {
				return err
			}
		case strings.EqualFold(items[i].Text, "UID"):
			uid, err := strconv.ParseUint(items[i+1].Text, 10, 32)
			if err != nil || uid == 0 {
				return fmt.Errorf("UID %s", items[i+1].Text)
			}
			if err := l.setUID(seq, uint32(uid)); err != nil {
				return err
			}
		}
	}
	return nil
}

// announce notes the keywords of a FLAGS response.
func (l *ledger) announce(r *Response) {
	l.keywords = map[string]bool{}
	for _, v := range r.Args {
		for _, flag := range v.List {
			l.keywords[strings.ToUpper(flag.Text)] = true
		}
	}
}

// flags judges the flags of one message.
func (l *ledger) flags(flags []Value) error {
	for _, flag := range flags {
		name := strings.ToUpper(flag.Text)
		if name == `\RECENT` && l.enabled["IMAP4REV2"] {
			return errors.New(`\Recent must not be sent once IMAP4rev2 is enabled (RFC 9051 §2.3.2)`)
		}
		if l.strict && !strings.HasPrefix(name, `\`) && !l.keywords[name] {
			return fmt.Errorf("the keyword %s was not announced in FLAGS (RFC 9051 §7.3.5)", flag.Text)
		}
	}
	return nil
}

// setUID notes the UID of a number; it may not contradict what was said.
func (l *ledger) setUID(seq int, uid uint32) error {
	if !l.known {
		return nil
	}
	if before := l.uids[seq-1]; before != 0 && before != uid {
		return fmt.Errorf("message %d had UID %d and now has %d", seq, before, uid)
	}
	for i, other := range l.uids {
		if other != 0 && i != seq-1 && (i < seq-1) != (other < uid) {
			return fmt.Errorf("message %d has UID %d, message %d has %d: UIDs must rise (RFC 9051 §2.3.1.1)", i+1, other, seq, uid)
		}
	}
	l.uids[seq-1] = uid
	return nil
}
